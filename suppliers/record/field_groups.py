"""When, and by whom, what a reader may see of an opinion was last said: edits of what is hidden move nothing that is shown.

Each field group of a review or note remembers its last change as ``<group>_at`` and ``<group>_by``, both null while it is as
first written. What somebody is shown as the date, the order and the writer is the newest change among the groups open to
them, and no date or writer of anything else. Pure.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sharing.access.fields import Fields

# By group, the bits of which any one opens it.
REVIEW: Final[Mapping[str, int]] = {
    "rating": int(Fields.RATING),
    "interest": int(Fields.RATING | Fields.PRAISE),  # it says how far to trust either
    "praise": int(Fields.PRAISE),
    "criticism": int(Fields.CRITICISM),
    "dates": int(Fields.DATES),
}
NOTE: Final = ("text", "dates", "files")


def open_of_review(mask: int) -> tuple[str, ...]:
    """The groups of a review that the mask opens."""
    return _OPEN_OF_REVIEW[mask]


def open_of_note(mask: int, *, is_problem: bool) -> tuple[str, ...]:
    """The groups of a note that the mask opens: of a problem the text is criticism, and files need criticism too."""
    text = Fields.CRITICISM if is_problem else Fields.PRAISE
    files = Fields.ATTACHMENTS | (Fields.CRITICISM if is_problem else Fields.NONE)
    needed = zip(NOTE, (int(text), int(Fields.DATES), int(files)), strict=True)
    return tuple(group for group, bits in needed if mask & bits == bits)


def shown_at(row: Mapping[str, Any], groups: Iterable[str]) -> datetime:
    """When the newest of these groups was said; with none of them, or none changed, when the opinion was first written."""
    newest: datetime = row["written_at"]
    for group in groups:
        changed = row[f"{group}_at"]
        if changed is not None and changed > newest:
            newest = changed
    return newest


def shown_by(row: Mapping[str, Any], groups: Iterable[str]) -> UUID:
    """Who said the newest of these groups."""
    newest, by = row["written_at"], row["author"]
    for group in groups:
        changed = row[f"{group}_at"]
        if changed is not None and changed >= newest:
            newest, by = changed, row[f"{group}_by"]
    found: UUID = by
    return found


def last_said(row: Any, group: str) -> tuple[datetime, UUID]:
    """When and by whom one group of a whole row was last said; "revised" for its latest version, of whichever group."""
    at, by = getattr(row, f"{group}_at"), getattr(row, f"{group}_by")
    return (row.written_at, row.author) if at is None else (at, by)


def writers(row: Any, groups: Iterable[str]) -> tuple[UUID, ...]:
    """Who wrote a whole row first, and who said any of these groups or its latest version; nobody twice."""
    by = (row.author, *(getattr(row, f"{group}_by") for group in (*groups, "revised")))
    return tuple(dict.fromkeys(one for one in by if one is not None))


def changed(groups: Iterable[str], *, at: datetime, by: UUID) -> dict[str, Any]:
    """The columns of a row whose groups these are that somebody changes now, and of its latest version."""
    return {f"{name}_{column}": value for name in (*groups, "revised") for column, value in (("at", at), ("by", by))}


_OPEN_OF_REVIEW: Final = tuple(
    tuple(group for group, bits in REVIEW.items() if mask & bits) for mask in range(max(Fields) * 2)
)  # looked up for each of the thousands of rows of a search
