"""A clock that is put back keeps nobody from sending a seal, and makes none look older than the one before it."""

from datetime import date

import pytest

import database
from audit.erasing import retention
from audit.erasing.retention import RecordKind
from audit.log import origins
from audit.seals import origin_lists, recipients, seals
from audit.tables import Entry, OriginsNote
from base.refusals import TooMany
from base.settings import Settings
from base.viewer import Role, Viewer
from suppliers.directory import directory
from tests.given.builders import a_person, a_school, travel
from vouch import jobs

pytestmark = pytest.mark.both_engines


@pytest.fixture
async def ann(db: Settings) -> Viewer:
    return await a_person(await a_school(urn=123_456), Role.HEAD)


async def size(viewer: Viewer) -> int:
    async with database.read():
        return int(await Entry.count().where(Entry.trail == str(viewer.school)))


async def test_after_the_clock_was_put_back_a_seal_can_be_sent_at_once(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    await recipients.add(ann, "chair@school.example")
    assert await recipients.send_now(ann) == 1
    with pytest.raises(TooMany):
        await recipients.send_now(ann)
    travel(monkeypatch, days=-1)
    assert await recipients.send_now(ann) == 1


async def test_a_seal_that_was_made_after_the_clock_was_put_back_is_the_latest(
    ann: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    for back in (0, 1, 24, 24 * 400):
        travel(monkeypatch, hours=-back)
        await directory.add(ann, name=f"Boilers of {back} Ltd")
        made = await seals.seal(str(ann.school))
        assert made is not None
        assert made.size == await size(ann)


async def test_the_weekly_letter_goes_after_the_clock_was_put_back(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    await recipients.add(ann, "chair@school.example")
    await seals.seal(str(ann.school))
    assert await recipients.write_to_all_due() == 1
    travel(monkeypatch, days=-400)
    assert await recipients.write_to_all_due() == 0, "nothing is new"
    await directory.add(ann, name="Boilers Ltd")
    await seals.seal(str(ann.school))
    assert await recipients.write_to_all_due() == 1
    await directory.add(ann, name="Gutters Ltd")
    await seals.seal(str(ann.school))
    assert await recipients.write_to_all_due() == 0, "one a week"
    travel(monkeypatch, days=8)
    assert await recipients.write_to_all_due() == 1


async def test_a_list_of_origins_made_after_the_clock_was_put_back_is_the_newest(
    ann: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    assert (await jobs.run_due()).failed == ()
    async with database.read():
        now = await origins.current(str(ann.school))
        before = await origin_lists.of_number("123456")
    assert now is not None
    assert before is not None
    travel(monkeypatch, days=-400)
    await origin_lists._store({"school 123456": before + b"\n"})
    assert await origin_lists.of_number("123456") == before + b"\n"
    async with database.read():
        assert await OriginsNote.count().where(OriginsNote.about == "school 123456") == 2


async def test_of_two_settings_for_one_day_the_last_one_holds(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    for years in (7, 8, 9):
        await retention.keep(ann, kind=RecordKind.CONTRACTS, years=years, from_date=date(2024, 1, 1), source="Our policy")
        travel(monkeypatch, hours=-1)
    async with database.read():
        in_force = await retention.in_force_at(str(ann.school), date(2024, 6, 1))
    assert in_force[RecordKind.CONTRACTS].years == 9
