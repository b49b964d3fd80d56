"""The same file of contracts at several schools of one person: at which it may wait, and at which it does.

A trust's file names its schools already, and what it says of them stands in the trust's own register. So a central team is none
of the schools for which a file may be brought together with others.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

import database
from base.viewer import Viewer
from contracts.imports import imports
from contracts.imports.tables import RegisterImport
from contracts.register_rows.states import ImportState
from contracts.sheets.row_spelt import SchoolNamed, Schools
from sharing.sign_in import my_schools
from sharing.tables import School

CENTRAL_TEAM: Final = "trust"  # the kind of a school that is one
_OVER: Final = [ImportState.DONE.value, ImportState.REFUSED.value]


async def of(viewer: Viewer) -> tuple[Viewer, ...]:
    """The person's other schools whose contracts they may keep, by name; none for a central team. Opens its own units."""
    there = [one for one in await my_schools.elsewhere(viewer) if one.role.keeps_contracts]
    teams = await _central_teams([viewer.school, *(one.school for one in there)]) if there else set()
    return () if viewer.school in teams else tuple(one for one in there if one.school not in teams)


async def with_the_file(viewer: Viewer, import_id: UUID) -> tuple[tuple[Viewer, UUID], ...]:
    """Where the person brought the same file too, by the school's name, with the import there. Raises NotFound."""
    there = await of(viewer)
    if not there:
        return ()
    async with database.read():
        ids = await imports.files.at_schools(viewer.school, import_id, viewer.person, [one.school for one in there])
    return tuple((one, ids[one.school]) for one in there if one.school in ids)


async def waiting(viewer: Viewer) -> tuple[tuple[Viewer, UUID], ...]:
    """What the person brought to their other schools and is not over, the newest first."""
    there = {one.school: one for one in await of(viewer)}
    if not there:
        return ()
    async with database.read():
        theirs = database.among(RegisterImport.school, list(there)) & (RegisterImport.person == viewer.person)
        going_on = theirs & database.outside(RegisterImport.state, _OVER)
        columns = (RegisterImport.id, RegisterImport.school)
        found = await RegisterImport.select(*columns).where(going_on).order_by(RegisterImport.made_at, ascending=False)
    return tuple((there[row["school"]], row["id"]) for row in found)


async def named(viewer: Viewer) -> tuple[Schools, frozenset[UUID]]:
    """The viewer's school and the person's other ones, as a file may name them; and which are the other ones."""
    elsewhere = [one.school for one in await my_schools.elsewhere(viewer)]
    async with database.read():
        ids = [viewer.school, *elsewhere]
        rows = await School.select(School.id, School.name, School.urn).where(database.among(School.id, ids))
    return {row["id"]: SchoolNamed(row["name"], row["urn"]) for row in rows}, frozenset(elsewhere)


async def _central_teams(ids: Collection[UUID]) -> set[UUID]:
    async with database.read():
        rows = await School.select(School.id).where(database.among(School.id, list(ids)) & (School.kind == CENTRAL_TEAM))
    return {row["id"] for row in rows}
