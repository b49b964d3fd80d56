"""`vouch trail fsck` knows what the page Check knows: what the signer remembers, and triggers that are not ours."""

from pathlib import Path

import pytest

import database
from audit.checking import questions
from audit.seals import keys, seals, signer
from audit.tables import Entry
from tests.given import sealing as given
from tests.given.sealing import TRAIL, sealed
from tests.given.tampered_database import behind_the_triggers

pytestmark = pytest.mark.usefixtures("db")
LOST = "a seal of 5 entries was signed, and the trail does not lead on from it"


async def findings() -> list[str]:
    asked = [await questions.of_trail(trail) for trail in await questions.trails()]
    return [found.what for answer in asked for found in answer.findings]


async def test_a_trail_that_was_sealed_and_is_as_it_was_has_no_finding() -> None:
    await sealed(5)
    await given.grow(3)
    assert await findings() == []
    assert questions.unasked() == ()


async def test_a_tail_that_was_cut_off_with_its_seals_is_named() -> None:
    await sealed(2)
    await sealed(3)
    await given.forget_from(2)
    assert [what for what in await findings() if what.startswith(LOST)]


async def test_a_trail_that_was_removed_altogether_is_named() -> None:
    await sealed(5)
    async with given.triggers_off():
        for table in ("opening", "entry", "stream", "node", "checkpoint", "head", "trail"):
            where = "" if table == "opening" else f" WHERE {'owner' if table == 'trail' else 'trail'} = '{TRAIL}'"
            await Entry.raw(f"DELETE FROM audit_{table}{where}")  # noqa: S608 - our own names
    assert TRAIL in await questions.trails()
    assert [what for what in await findings() if what.startswith(LOST)]


async def test_history_that_was_rebuilt_is_named_though_its_seals_are_gone() -> None:
    await sealed(5)
    await given.forget_from(0)
    await given.grow(6, word="b")
    assert [what for what in await findings() if what.startswith(LOST)]


async def test_a_seal_that_left_and_was_deleted_is_named_though_it_was_put_back() -> None:
    made = await sealed(5)
    await seals.note_delivery(made, "file")
    assert await findings() == []
    await behind_the_triggers("DELETE FROM audit_checkpoint")
    await given.sealing_of()
    assert await seals.latest(TRAIL) is not None
    assert await findings() == ["1 seals of which a copy left were deleted, whether or not they were put back since"]


async def test_a_head_row_that_is_gone_is_named() -> None:
    await sealed(5)
    async with given.triggers_off():
        await Entry.raw("DELETE FROM audit_head")
    assert [what for what in await findings() if what.startswith(LOST)]


async def test_where_the_memory_is_not_here_that_is_said_and_no_trail_is_blamed(tmp_path: Path) -> None:
    await sealed(5)
    (keys.folder() / signer.FILE).rename(tmp_path / "elsewhere")
    assert await findings() == []
    (said,) = questions.unasked()
    assert said.startswith("Not asked: whether these are the trails that were sealed.")


async def test_triggers_are_asked_of_the_installation() -> None:
    if database.is_postgres():
        return  # tests/database/test_triggers.py: what was dropped there can't be put back for the next test
    async with database.write():
        await database.engine().run_ddl("DROP TRIGGER audit_entry_no_update")
    assert [found.what for found in await questions.of_installation()] == ["the trigger audit_entry_no_update is missing"]
