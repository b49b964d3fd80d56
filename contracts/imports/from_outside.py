"""Whoever runs the installation brings a register to a school or trust: at the command line only.

What needs no answer is imported; the rest waits for the school's own people. The entries and the home page say who did it.
"""

from dataclasses import dataclass
from typing import Final

import database
from base import settings
from base.refusals import Invalid
from base.viewer import OUTSIDE, Role, Viewer
from contracts.imports import background, imports
from contracts.imports.imports import ImportView
from contracts.register_rows.states import ImportState
from sharing.tables import School

TO_THE_END: Final = 24 * 3600.0  # seconds that the command waits
NO_SCHOOL: Final = "There is no school with the URN {} here. vouch schools import brings the register of schools up to date."
NO_TRUST: Final = "There is no trust with the UID {} here. vouch schools import brings the register of schools up to date."


@dataclass(frozen=True, slots=True)
class Brought:
    """How many rows came to what; ``refused`` and ``stopped`` are sentences, "" where it went well."""

    school: str
    added: int
    changed: int
    the_same: int
    waiting: int
    left_out: int
    digest: str
    page: str
    refused: str = ""
    stopped: str = ""


async def bring(content: bytes, *, urn: int | None, uid: str | None) -> Brought:
    """For the school with a URN, or the trust with a UID. Raises Invalid, TooLarge, Conflict."""
    viewer = await _whose(urn, uid)
    import_id = await imports.upload(viewer, content)
    await background.carry_on(viewer, import_id, wait=TO_THE_END)
    found = await imports.look(viewer, import_id)
    if found.state.takes_answers and found.to_import:
        await imports.start(viewer, import_id)
        await background.carry_on(viewer, import_id, wait=TO_THE_END)
        found = await imports.look(viewer, import_id)
    return _brought(viewer, found)


async def _whose(urn: int | None, uid: str | None) -> Viewer:
    """Somebody who may write there, and is nobody."""
    one = School.urn == urn if uid is None else (School.kind == "trust") & (School.uid == uid)
    async with database.read():
        found = await School.select(School.id, School.name).where(one).first()
    if found is None:
        raise Invalid(NO_SCHOOL.format(urn) if uid is None else NO_TRUST.format(uid))
    return Viewer(OUTSIDE, "", found["id"], found["name"], Role.BUSINESS_MANAGER)


def _brought(viewer: Viewer, found: ImportView) -> Brought:
    return Brought(
        school=viewer.school_name,
        added=found.count("added"),
        changed=found.count("changed"),
        the_same=found.count("same"),
        waiting=found.count("ask"),
        left_out=found.count("left_out"),
        digest=f"sha256:{found.digest}",
        page=f"{settings.current().origin}/contracts/imports/{found.id}",
        refused=found.sentence if found.state is ImportState.REFUSED else "",
        stopped=found.sentence if found.state is ImportState.STOPPED else "",
    )
