"""What there is to see of a review or note of ours: the sentence of a share names that, and what may come to it.

A share stands when more is written, and opens that too. Whoever reads no criticism of the supplier
isn't told whether there is any.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from base.viewer import Viewer
from sharing.access.fields import WORDS, Fields
from suppliers.opinions import attachments
from suppliers.opinions.notes import About
from suppliers.record.criteria import Criterion
from suppliers.tables import Note, Review

Called = tuple[tuple[Fields, str], ...]  # what is opened by any of the groups, in words


USE: Final = "that you use this supplier"


@dataclass(frozen=True, slots=True)
class There:
    """``now`` is there, ``later`` isn't yet and is seen once it is."""

    now: Called
    later: Called = ()
    is_a_note: bool = False  # whose text is one, whichever of the two groups opens it
    least: str = USE  # what any share tells

    def has(self, field: Fields) -> bool:
        """Whether one group opens something that is there."""
        return any(field in fields for fields, _ in self.now)

    def words(self, fields: Fields) -> str:
        """What these groups open: "the rating and, once you add it, what was good"."""
        whole = self.is_a_note and Fields.PRAISE | Fields.CRITICISM in fields
        now, later = _opened(_with_text(self.now) if whole else self.now, fields), _opened(self.later, fields)
        if not later:
            return _in_a_list(now) if now else f"{self.least}, and nothing more"
        return f"{_in_a_list(now or [self.least])} and, once you add {'it' if len(later) == 1 else 'them'}, {_in_a_list(later)}"


RATING: Final = (Fields.RATING, WORDS[Fields.RATING])
AGAIN: Final = (Fields.RATING, "whether you would use them again")
CRITERIA: Final = (Fields.RATING, "what you say of value, reliability, quality and communication")
EXTRAS: Final = (Fields.RATING, "your answers about this kind of supplier")
EVIDENCE: Final = (Fields.RATING, "that you have evidence")
INTEREST: Final = (Fields.RATING | Fields.PRAISE, "your declared interest")
PRAISE: Final = (Fields.PRAISE, WORDS[Fields.PRAISE])
CRITICISM: Final = (Fields.CRITICISM, WORDS[Fields.CRITICISM])
DATES: Final = (Fields.DATES, "when you used them")
AUTHOR: Final = (Fields.AUTHOR, WORDS[Fields.AUTHOR])
STAGE: Final = (Fields.DATES, "how far it had come")
DAY: Final = (Fields.DATES, "its date")
FILES: Final = (Fields.ATTACHMENTS, WORDS[Fields.ATTACHMENTS])
UNLESS_PROBLEM: Final = (Fields.PRAISE, "its text, unless it is about a problem")
IF_PROBLEM: Final = (Fields.CRITICISM, "its text, if it is about a problem")

ONLY_IF_THERE: Final = (AGAIN, CRITERIA, EXTRAS, EVIDENCE, INTEREST, STAGE)  # else a sentence would name what few schools say

# Of any review, and of any note: for whoever may not learn what a certain one says, and for the trail, which they read too.
A_REVIEW: Final = There((RATING, PRAISE, CRITICISM, DATES, AUTHOR))
A_NOTE: Final = There(
    (UNLESS_PROBLEM, IF_PROBLEM, DAY, AUTHOR, (Fields.ATTACHMENTS, "photos and files, if it has any")), is_a_note=True
)


async def of_rows(viewer: Viewer, rows: Sequence[Review | Note], interested: Collection[UUID]) -> dict[UUID, There]:
    """By id, of ours; ``interested`` are the suppliers whose criticism the viewer's interest keeps from them. In a unit."""
    files = await attachments.of_notes([row.id for row in rows if isinstance(row, Note)])
    return {
        row.id: _there(row, has_files=row.id in files, reads=viewer.reads_criticism and row.supplier not in interested)
        for row in rows
    }


def any_of(row: Review | Note) -> There:
    return A_NOTE if isinstance(row, Note) else A_REVIEW


def _there(row: Review | Note, *, has_files: bool, reads: bool) -> There:
    if isinstance(row, Note):
        return a_note(About(row.about), has_files=has_files) if reads else A_NOTE
    is_said: Mapping[tuple[Fields, str], bool] = {
        AGAIN: not row.rating and row.would_use_again in (True, False),
        RATING: bool(row.rating),
        CRITERIA: any(getattr(row, one) for one in Criterion),
        EXTRAS: row.extras is not None,
        EVIDENCE: row.evidence is not None,
        INTEREST: bool(row.interest),
        PRAISE: bool(row.praise),
        CRITICISM: bool(row.criticism) or not reads,
        DATES: any((row.used_from, row.used_until)),
        STAGE: bool(row.stage),
        AUTHOR: True,
    }
    missing = tuple(one for one in is_said if not is_said[one] and one not in ONLY_IF_THERE)
    return There(tuple(one for one in is_said if is_said[one]), missing)


def a_note(about: About, *, has_files: bool) -> There:
    is_problem = about is About.PROBLEM
    text = (IF_PROBLEM[0], "its text, which is about a problem") if is_problem else (UNLESS_PROBLEM[0], "its text")
    other = UNLESS_PROBLEM if is_problem else IF_PROBLEM
    now = (text, DAY, AUTHOR, *((FILES,) if has_files else ()))
    return There((*now, other), () if has_files else (FILES,), is_a_note=True)


def _with_text(called: Called) -> Called:
    of_text = Fields.PRAISE | Fields.CRITICISM
    return ((of_text, "its text"), *((group, words) for group, words in called if not group & of_text))


def _opened(called: Called, fields: Fields) -> list[str]:
    return [words for group, words in called if group & fields]


def _in_a_list(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
