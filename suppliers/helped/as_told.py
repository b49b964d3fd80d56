"""What a school says of other schools' reviews today, to be held against what its trail tells of that."""

from collections.abc import AsyncIterator
from typing import Final

from audit.checking import compared
from audit.checking.compared import Compared, Page
from audit.log.subjects import Subject
from suppliers.events import Event
from suppliers.helped.tables import Helped

FIELDS: Final = ("helped", "asked_for_quote", "tells_who")


async def _rows(trail: str) -> AsyncIterator[Page]:
    school = compared.school_of(trail)
    if school is None:
        return
    said = (Helped.school == school) & (Helped.helped.eq(True) | Helped.asked_for_quote.eq(True))
    columns = (Helped.review, *(getattr(Helped, name) for name in FIELDS))
    async for rows in compared.pages(Helped, said, *columns):
        yield {Subject.REVIEW.of(row["review"]): {name: row[name] or None for name in FIELDS} for row in rows}


HELPED: Final = Compared(
    "word on what a review did",
    begins=frozenset({Event.HELP_SAID.value}),
    ends=frozenset({Event.HELP_TAKEN_BACK.value}),
    fields=frozenset(FIELDS),
    rows=_rows,
)
