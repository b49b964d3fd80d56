"""How much a school may keep waiting: 40 MB of lists that are not imported yet, whoever uploaded them."""

from uuid import UUID

import pytest

import database
from base.refusals import Conflict
from base.viewer import Viewer
from suppliers.imports import imports
from suppliers.imports.states import ImportState
from suppliers.imports.tables import Import
from tests.given.builders import a_person, a_school

pytestmark = pytest.mark.usefixtures("db")

LARGEST = 10 * 1024 * 1024  # bytes of one file


@pytest.fixture
async def ann(db: object) -> Viewer:
    return await a_person(await a_school())


async def forty_megabytes(viewer: Viewer) -> list[UUID]:
    """As much as may wait, in four files of the largest size that one may have."""
    return [await imports.upload(viewer, str(n).encode() * LARGEST) for n in range(4)]


async def refused(viewer: Viewer) -> str:
    with pytest.raises(Conflict) as refusal:
        await imports.upload(viewer, b"x")
    return refusal.value.sentence


@pytest.mark.both_engines
async def test_forty_megabytes_may_wait_and_not_a_byte_more(ann: Viewer) -> None:
    waiting = await forty_megabytes(ann)
    assert "too large together" in await refused(ann)
    await imports.discard(ann, waiting[0])
    more = await imports.upload(ann, b"x")
    assert {found.id for found in await imports.listed(ann)} == {*waiting[1:], more}


@pytest.mark.both_engines
async def test_the_limit_is_the_schools_and_not_a_persons_or_everybodys(ann: Viewer) -> None:
    await forty_megabytes(ann)
    other = await a_person(await a_school("Elmwood Primary"), name="Bob Brown")
    await imports.upload(other, b"x")
    async with database.read():
        oakfield = ann.school
        assert await Import.count().where(Import.school == oakfield) == 4
    async with database.housekeeping():
        await Import.update({Import.person: other.person}).where(Import.school == oakfield)
    assert "too large together" in await refused(ann)


@pytest.mark.both_engines
async def test_what_is_imported_no_longer_counts_towards_it(ann: Viewer) -> None:
    waiting = await forty_megabytes(ann)
    async with database.housekeeping():
        await Import.update({Import.state: ImportState.DONE.value, Import.file: b""}).where(Import.id == waiting[0])
    more = await imports.upload(ann, b"x")
    assert {found.id for found in await imports.listed(ann)} == {*waiting, more}


async def test_the_same_file_again_is_the_same_import_even_when_nothing_more_may_wait(ann: Viewer) -> None:
    waiting = await forty_megabytes(ann)
    assert await imports.upload(ann, b"2" * LARGEST) == waiting[2]
