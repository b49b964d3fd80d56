"""A copy of what is held about somebody holds their own words, and nothing that a colleague wrote and they left as it was."""

import io
import zipfile
from uuid import UUID

import pytest

from base.settings import Settings
from base.viewer import Role
from privacy import subject_access
from suppliers.directory import directory
from suppliers.opinions import reviews
from suppliers.opinions.opinion import Opinion
from tests.given.builders import a_person, a_school

WORD = "zirconium"
INTEREST = "My uncle owns it."


async def copied(viewer: object, person: UUID) -> str:
    packed = await subject_access.give(viewer, person)  # type: ignore[arg-type]  # a Viewer
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


@pytest.mark.parametrize("then", ["kept", "overwritten"])
async def test_whoever_declared_an_interest_reads_no_colleagues_criticism_in_their_own_copy(db: Settings, then: str) -> None:
    """They revise the review over and over: the criticism that they were not shown stays in it."""
    oakfield = await a_school()
    ann, hal = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Hal Hart")
    supplier = (await directory.add(ann, name="Ashby Boilers")).id
    mine = Opinion(interest=INTEREST, rating=5, praise="Tidy.")
    await reviews.review(ann, supplier, opinion=mine, version=None)
    await reviews.review(hal, supplier, opinion=Opinion(interest=INTEREST, rating=2, criticism=f"{WORD} in the hall."), version=1)
    await reviews.review(ann, supplier, opinion=Opinion(interest=INTEREST, rating=4, praise="Quick."), version=2)
    if then == "overwritten":
        await reviews.review(hal, supplier, opinion=Opinion(interest=INTEREST, rating=2, criticism="Slow."), version=3)
    held = await copied(ann, ann.person)
    assert "Quick." in held
    assert WORD not in held
