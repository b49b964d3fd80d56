"""What of a timeline somebody chose to see, as it stands in the address: by thing, kind, person and day. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from audit.reading import days
from audit.reading.only import Only
from base.refusals import Invalid

NO_SUCH_KIND: Final = "Choose what happened from the list."


@dataclass(frozen=True, slots=True)
class Kind:
    """What happened, in a few words, and the types of the entries that say so."""

    name: str
    types: tuple[str, ...]


Kinds = Mapping[str, Kind]  # by the word in the address


@dataclass(frozen=True, slots=True)
class Filters:
    """``first`` and ``last`` are days by English clocks, both included."""

    stream: str | None = None
    kind: str = ""
    person: UUID | None = None
    first: date | None = None
    last: date | None = None

    @property
    def are_set(self) -> bool:
        """Whether anything is chosen beside what it is about."""
        return bool(self.kind or self.person or self.first or self.last)

    def only(self, kinds: Kinds) -> Only:
        """Raises Invalid for ``kind``, ``first`` and ``last``."""
        if self.kind and self.kind not in kinds:
            raise Invalid(NO_SUCH_KIND, kind=NO_SUCH_KIND)
        since, until = days.half_open(self.first, self.last)
        types = kinds[self.kind].types if self.kind else ()
        return Only(stream=self.stream, types=types, person=self.person, since=since, until=until)

    def by(self, person: UUID) -> "Filters":
        return replace(self, person=person)

    def about(self) -> "Filters":
        """Only what it is about."""
        return Filters(stream=self.stream)

    def address(self, *, without: str = "", before: int | None = None) -> str:
        """The page of the timeline with these filters, or with all ``without`` one."""
        asked = {"before": before, **{name: getattr(self, name) for name in self.__slots__ if name != without}}
        query = urlencode({name: str(value) for name, value in asked.items() if value or value == 0})
        return f"/trail?{query}" if query else "/trail"
