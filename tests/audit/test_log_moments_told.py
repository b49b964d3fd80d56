"""Who reads of a clock that was behind: whoever checks the trail, receives its seals, or asks for a record as it is."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Final

import pytest

from audit.log import moments
from audit.reading import as_of
from audit.seals import recipients, seals
from audit.times import SomeEntries
from base import clock, settings
from base.viewer import Role, Viewer
from tests.given.builders import a_person, a_school, signed_in
from tests.given.sealing import TRAIL, grow

pytestmark = pytest.mark.usefixtures("db")

TOMORROW: Final = timedelta(days=1, hours=2)
NOON: Final = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR: Final = 3_600_000_000


@pytest.fixture
async def ann(db: object) -> Viewer:
    """Of a school whose clock was a day ahead for one entry, so that the next two are held."""
    ann = await a_person(await a_school(), Role.HEAD)
    with clock.at(clock.now() + TOMORROW):
        await grow(1, str(ann.school))
    await grow(2, str(ann.school))
    return ann


def texts() -> list[str]:
    folder = settings.current().data / "mail" / "outbox"
    found = [message_from_bytes(path.read_bytes(), policy=policy.SMTP) for path in sorted(folder.glob("*.eml"))]
    bodies = [letter.get_body() for letter in found]
    return [body.get_content() for body in bodies if body]


async def test_the_check_of_the_trail_holds_and_says_so(ann: Viewer) -> None:
    async with signed_in(ann) as browser:
        told = (await browser.get("/trail/check")).text
    assert "Complete and unchanged" in told
    assert "About the clock." in told
    assert "as the clock was behind the entry before, by 1 day at most" in told


async def test_less_than_a_minute_is_not_worth_a_word() -> None:
    for seconds in (0, -59, -60):
        with clock.at(NOON + timedelta(seconds=seconds)):
            await grow()
    assert await moments.held(TRAIL, 0, 99) is None


async def test_only_what_was_held_for_more_than_a_minute_between_two_sizes_is_told() -> None:
    for minutes in (0, 120, 60, 60, 121, 0):
        with clock.at(NOON + timedelta(minutes=minutes)):
            await grow()
    assert await moments.held(TRAIL, 0, 4) == SomeEntries(2, 3, 2, HOUR)
    assert await moments.held(TRAIL, 3, 4) == SomeEntries(3, 3, 1, HOUR)
    assert await moments.held(TRAIL, 4, 5) is None
    assert await moments.held(TRAIL, 0, 9) == SomeEntries(2, 5, 3, 121 * HOUR // 60)


async def test_the_next_seals_letter_says_so_and_the_one_after_it_does_not(ann: Viewer) -> None:
    await recipients.add(ann, "chair@school.example")
    await recipients.send_now(ann)
    (first,) = texts()
    with clock.at(clock.now() + 2 * TOMORROW):
        await grow(1, str(ann.school))
        await recipients.send_now(ann)
    (second,) = set(texts()) - {first}
    assert "The computer's clock was behind since the last letter. Times held: 3 entries, from " in first
    assert "clock" not in second


async def test_what_was_recorded_a_moment_ago_belongs_to_now_whatever_its_time(ann: Viewer) -> None:
    async with signed_in(ann) as browser:
        now = (await browser.get("/api/v1/trail/as-of", params={"subject": "thing:1"})).json()
        page = (await browser.get("/trail/as-of", params={"subject": "thing:1"})).text
    assert len(now["entries"]) == 3
    assert page.count("<td") > 0
    by_the_clock = await as_of.record_at(ann, "thing:1", clock.now())
    assert by_the_clock.steps == ()  # a view of a day goes by the recorded time


async def test_nothing_is_said_where_no_clock_was_behind(db: object) -> None:
    ann = await a_person(await a_school(), Role.HEAD)
    await recipients.add(ann, "chair@school.example")
    await recipients.send_now(ann)
    (told,) = texts()
    assert "clock" not in told
    assert (await seals.state(str(ann.school))).latest is not None
    async with signed_in(ann) as browser:
        assert "About the clock." not in (await browser.get("/trail/check")).text
