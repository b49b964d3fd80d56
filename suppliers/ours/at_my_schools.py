"""The suppliers of every school of a person who belongs to several, as one list: who uses whom, and each school's own word.

Each list is read as that person reads it at that school. Nothing that one school wrote is shown to another: who belongs to one of
them alone sees that one's.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import database
from base.viewer import Role, Viewer
from sharing.sign_in import my_schools
from suppliers.directory.our_list import PAGE
from suppliers.ours import listing
from suppliers.ours.arranging import Line, Wanted

MOST_SCHOOLS: Final = 50  # of one person: the largest federations have a handful, and a trust has a page of its own


@dataclass(frozen=True, slots=True)
class Used:
    """A supplier, with the line of each school that uses it. ``is_here``: the school worked for now can open it."""

    supplier: UUID
    name: str
    needs: tuple[str, ...]
    is_here: bool
    at: tuple[tuple[str, Line], ...]  # by name of school


@dataclass(frozen=True, slots=True)
class ListOfMySchools:
    """``count`` suppliers on ``pages``."""

    schools: tuple[str, ...]
    suppliers: tuple[Used, ...]
    count: int
    pages: int


async def ours(viewer: Viewer, *, text: str = "", number: int = 1) -> ListOfMySchools:
    """The page of that number, by name. Opens its own units."""
    there = [one for one in await my_schools.elsewhere(viewer) if one.role is not Role.SITE_STAFF]
    viewers = sorted((viewer, *there[: MOST_SCHOOLS - 1]), key=lambda one: (one.school_name, one.school))
    lines: dict[UUID, list[tuple[Viewer, Line]]] = {}
    for one in viewers:
        for line in await listing.lines_of(one, Wanted(text=text)):
            lines.setdefault(line.supplier, []).append((one, line))
    ordered = sorted(lines.values(), key=lambda its: (its[0][1].exact_name, its[0][1].supplier))
    page = ordered[(number - 1) * PAGE : number * PAGE]
    async with database.read():
        known = {line.supplier: line for line in await listing.with_needs([its[0][1] for its in page])}
    used = tuple(_used(viewer, its, known[its[0][1].supplier]) for its in page)
    return ListOfMySchools(tuple(one.school_name for one in viewers), used, len(ordered), -(-len(ordered) // PAGE))


def _used(viewer: Viewer, its: list[tuple[Viewer, Line]], known: Line) -> Used:
    is_here = not known.is_own or any(one.school == viewer.school for one, _ in its)
    at = tuple((one.school_name, line) for one, line in its)
    return Used(known.supplier, known.name, known.needs, is_here, at)
