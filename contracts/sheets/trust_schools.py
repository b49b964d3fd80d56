"""The schools that a trust's sheets may name."""

import database
from base.viewer import Viewer
from contracts.sheets.row_spelt import SchoolNamed, Schools
from sharing.members import members
from sharing.tables import School


async def schools_of(viewer: Viewer) -> Schools:
    """The schools of the viewer's trust, its own central team left out; none for a school. Inside the caller's unit."""
    there = await members.schools_of_trust(viewer.school) - {viewer.school}
    rows = await School.select(School.id, School.name, School.urn).where(database.among(School.id, list(there)))
    return {row["id"]: SchoolNamed(row["name"], row["urn"]) for row in sorted(rows, key=lambda row: str(row["name"]))}
