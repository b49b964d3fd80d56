"""Telephone numbers of the suppliers that a school uses: what anybody there may look up, site staff too. Nothing of opinions."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import database
from base.viewer import Viewer
from suppliers.directory.our_list import PAGE, After, rows_of_ours
from suppliers.matching.identifiers import Scheme
from suppliers.record import facts
from suppliers.record.labels import shown_identifier


@dataclass(frozen=True, slots=True)
class Number:
    supplier: UUID
    name: str
    phones: tuple[str, ...]  # as dialled in the United Kingdom; empty: nobody wrote one down


@dataclass(frozen=True, slots=True)
class NumberList:
    numbers: tuple[Number, ...]
    next_after: After | None


async def numbers(viewer: Viewer, *, text: str = "", after: After | None = None) -> NumberList:
    """A page of those that the viewer's school uses, by name. ``text`` is part of a name, or empty."""
    async with database.read():
        rows = await rows_of_ours(viewer, text=text, after=after, limit=PAGE + 1)
        known = await facts.load([row["id"] for row in rows[:PAGE]])
    shown = tuple(Number(row["id"], known[row["id"]].name, phones(known[row["id"]].identifiers)) for row in rows[:PAGE])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return NumberList(shown, (last["exact_name"], str(last["id"])) if last else None)


def phones(identifiers: Iterable[tuple[Scheme, str]]) -> tuple[str, ...]:
    return tuple(shown_identifier(scheme, value) for scheme, value in identifiers if scheme is Scheme.PHONE)
