"""No entry is recorded before the entry before it: where the clock says less, both times are kept."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from structlog.testing import capture_logs

import audit
import database
from audit import entry, merkle
from audit.canonical import canonical_json
from audit.log import fsck
from audit.tables import Entry, HeadRow, Opening
from audit.times import SomeEntries, id_time
from base import clock
from tests.given.entries import Event, a_viewer
from tests.given.sealing import TRAIL, fault_of, grow, triggers_off

pytestmark = pytest.mark.usefixtures("db")

NOON: Final = datetime(2026, 11, 28, 12, tzinfo=UTC)
AT_NOON: Final = clock.microseconds(NOON)
MINUTE: Final = 60_000_000
MINUTES: Final = (0, 5, 3, -600, 5, 6, 2, 9)  # what the clock says at each entry, after noon


async def events() -> list[dict[str, Any]]:
    async with database.read():
        rows = await Entry.raw(
            """SELECT o.value AS value FROM audit_entry e JOIN audit_opening o ON o.event_id = e.event_id AND o.field = 'event'
            WHERE e.trail = {} ORDER BY e.idx""",
            TRAIL,
        )
    return [json.loads(row["value"]) for row in rows]


async def grown() -> None:
    for minutes in MINUTES:
        with clock.at(NOON + timedelta(minutes=minutes)):
            await grow()


async def test_a_clock_that_goes_back_leaves_times_that_do_not() -> None:
    await grown()
    told = await events()
    assert [(one["at"] - AT_NOON) // MINUTE for one in told] == [0, 5, 5, 5, 5, 6, 6, 9]  # the greatest so far
    said = [(one["clock"] - AT_NOON) // MINUTE if "clock" in one else None for one in told]
    assert said == [None, None, 3, -600, None, None, 2, None]
    async with database.read():
        columns = await Entry.select(Entry.at).where(Entry.trail == TRAIL).order_by(Entry.idx).output(as_list=True)
        head = await HeadRow.select().where(HeadRow.trail == TRAIL).first()
    assert columns == [one["at"] for one in told]
    assert head is not None
    assert head["last_at"] == columns[-1]


async def test_an_id_is_made_by_the_clock_that_the_entry_names() -> None:
    await grown()
    for one in await events():
        assert id_time(one["id"]) == one.get("clock", one["at"])


async def test_fsck_holds_and_says_what_was_held() -> None:
    await grown()
    verdict = await fsck.check(TRAIL)
    assert verdict.finding is None
    assert verdict.times.held == SomeEntries(2, 6, 3, 605 * MINUTE)


async def test_all_entries_of_one_change_are_held_alike() -> None:
    with clock.at(NOON):
        await grow()
    with clock.at(NOON - timedelta(hours=1)):
        await grow(3)
    assert {(one["at"], one.get("clock")) for one in (await events())[1:]} == {(AT_NOON, AT_NOON - 60 * MINUTE)}
    assert await fault_of() == ""


async def test_each_trail_has_a_time_of_its_own() -> None:
    with clock.at(NOON):
        await grow(trail="22222222-2222-4222-8222-222222222222")
    with clock.at(NOON - timedelta(hours=1)):
        await grow()
    assert "clock" not in (await events())[0]


async def test_more_than_a_minute_is_logged_and_names_nobody() -> None:
    viewer = a_viewer()
    with capture_logs() as lines:
        for minutes in (0, -1, -2):
            with clock.at(NOON + timedelta(minutes=minutes)):
                async with audit.recording(viewer) as record:
                    record(Event.THING_DONE, stream="school", subject="thing:1", personal={"body": "A word"})
    held = [line for line in lines if line["event"] == "trail_time_held"]
    assert held == [{"event": "trail_time_held", "log_level": "warning", "trail": str(viewer.school), "seconds": 120}]


async def rewritten(idx: int, *, at: int | None = None, clock_said: int | None = None) -> None:
    """As somebody does who has the database in their hands, and works every hash out anew."""
    async with database.read():
        rows = await Entry.select().where(Entry.trail == TRAIL).order_by(Entry.idx)
        openings = {row["event_id"]: row for row in await Opening.select().where(Opening.field == "event")}
    opening = openings[rows[idx]["event_id"]]
    event = json.loads(opening["value"])
    event |= {} if at is None else {"at": at}
    event |= {} if clock_said is None else {"clock": clock_said}
    old = entry.commitment("event", bytes(opening["salt"]), opening["value"].encode()).hex()
    value = canonical_json(event).decode()
    header = json.loads(bytes(rows[idx]["header"]))
    made = entry.commitment("event", bytes(opening["salt"]), value.encode()).hex()
    header["c"] = sorted({*header["c"], made} - {old})
    text = canonical_json(header)
    frontier = merkle.Frontier()
    for n, row in enumerate(rows):
        leaf = merkle.leaf_hash(text) if n == idx else bytes(row["leaf_hash"])
        frontier.push(leaf)
    async with triggers_off():
        await Opening.update({Opening.value: value}).where(Opening.id == opening["id"])
        await Entry.update({Entry.header: text, Entry.leaf_hash: merkle.leaf_hash(text), Entry.at: event["at"]}).where(
            Entry.event_id == rows[idx]["event_id"]
        )
        await HeadRow.update({HeadRow.frontier: frontier.hashes}).where(HeadRow.trail == TRAIL)


@pytest.mark.parametrize(
    ("idx", "at", "said", "fault"),
    [
        (2, AT_NOON + 4 * MINUTE, None, "it says what the clock said, and that doesn't account for its time"),
        (2, None, AT_NOON + 6 * MINUTE, "it says what the clock said, and that doesn't account for its time"),
        (4, AT_NOON + 4 * MINUTE, None, "its time lies before that of the entry before it"),
        (1, None, AT_NOON, "it says what the clock said, and that doesn't account for its time"),
    ],
)
async def test_fsck_names_a_time_that_no_clock_accounts_for(idx: int, at: int | None, said: int | None, fault: str) -> None:
    await grown()
    await rewritten(idx, at=at, clock_said=said)
    finding = (await fsck.check(TRAIL)).finding
    assert finding is not None
    assert (finding.idx, finding.what) == (idx, fault)


async def test_a_time_that_fell_before_any_was_held_is_told_and_no_fault() -> None:
    for minutes in (0, 1, 5):
        with clock.at(NOON + timedelta(minutes=minutes)):
            await grow()
    await rewritten(1, at=AT_NOON - MINUTE)
    verdict = await fsck.check(TRAIL)
    assert verdict.finding is None
    assert verdict.times.falling == SomeEntries(1, 1, 1, MINUTE)
