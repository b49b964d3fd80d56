"""A check that takes long: it may be stopped and goes on, runs beside the pages, and once each night."""

from datetime import datetime, timedelta

import pytest

from audit.checking import background, checkpointed, compared, nightly, questions
from audit.seals import keys, signer
from audit.tables import Entry
from base import clock, settings
from tests.given import sealing as given
from tests.given.builders import a_person, a_school, signed_in
from tests.given.patience import until
from tests.given.sealing import TRAIL, sealed
from vouch import fitness

pytestmark = pytest.mark.usefixtures("db")
NIGHT = datetime(2026, 12, 1, 2, 30, tzinfo=clock.LONDON)


async def checked(name: str, *, is_resumed: bool, stop_after: int = 99) -> list[tuple[str, int]]:
    """What was answered of each trail; the run is stopped after so many of them."""
    found: list[tuple[str, int]] = []
    run = checkpointed.answers(name, await questions.trails(), is_resumed=is_resumed)
    async for answer in run:
        found.append((answer.trail, answer.entries))
        if len(found) == stop_after:
            await run.aclose()  # type: ignore[attr-defined]  # it is a generator
            break
    return found


async def test_a_run_that_was_stopped_goes_on_after_the_last_whole_trail() -> None:
    for n in range(1, 4):
        await given.grow(n, trail=str(n))
    assert await checked("a", is_resumed=False, stop_after=2) == [("1", 1), ("2", 2)]
    for n in range(1, 4):
        await given.grow(1, trail=str(n))
    assert await checked("a", is_resumed=True) == [("1", 1), ("2", 2), ("3", 4)]
    assert await checked("a", is_resumed=True) == [("1", 2), ("2", 3), ("3", 4)]  # that one ended


async def test_a_line_that_was_cut_off_is_checked_anew_and_without_resuming_all_are() -> None:
    for n in range(1, 4):
        await given.grow(n, trail=str(n))
    await checked("a", is_resumed=False, stop_after=2)
    kept = checkpointed.path("a")
    kept.write_text(kept.read_text()[:-20])
    await given.grow(1, trail="2")
    assert await checked("a", is_resumed=True, stop_after=3) == [("1", 1), ("2", 3), ("3", 3)]
    await given.grow(1, trail="1")
    assert (await checked("a", is_resumed=False))[0] == ("1", 2)


async def test_the_night_checks_once_and_the_operator_is_told_what_it_found() -> None:
    await sealed(5)
    with clock.at(NIGHT - timedelta(hours=6)):
        assert await nightly.check_if_due() == 0
        assert checkpointed.last_nights() is None
    with clock.at(NIGHT):
        assert await nightly.check_if_due() == 0
        assert not [one for one in await fitness.warnings(settings.current()) if "night" in one]
    async with given.triggers_off():
        await Entry.raw("UPDATE audit_entry SET at = 0 WHERE trail = {} AND idx = 2", TRAIL)
    with clock.at(NIGHT + timedelta(hours=1)):
        assert await nightly.check_if_due() == 0  # it has been asked tonight
    with clock.at(NIGHT + timedelta(days=1)):
        assert await nightly.check_if_due() == 1
        (said,) = [one for one in await fitness.warnings(settings.current()) if "night" in one]
        assert said.startswith("The check in the night of 2026-12-02 found what does not hold (1).")


async def test_after_the_clock_was_put_back_the_check_of_the_night_is_not_left_out_until_it_has_come_round() -> None:
    await sealed(5)
    async with given.triggers_off():
        await Entry.raw("UPDATE audit_entry SET at = 0 WHERE trail = {} AND idx = 2", TRAIL)
    with clock.at(NIGHT + timedelta(days=400)):
        assert await nightly.check_if_due() == 1
    with clock.at(NIGHT + timedelta(hours=9)):
        assert await nightly.check_if_due() == 1
        assert await nightly.check_if_due() == 0
    with clock.at(NIGHT + timedelta(days=1)):
        assert await nightly.check_if_due() == 0, "not twenty hours since"
    with clock.at(NIGHT + timedelta(days=1, hours=2.4)):
        assert await nightly.check_if_due() == 0, "five o'clock is no night"
    with clock.at(NIGHT + timedelta(days=2)):
        assert await nightly.check_if_due() == 1


async def test_the_night_leaves_pages_their_turn_between_stretches_of_derived_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []

    async def derived(rest: float) -> tuple[str, ...]:
        rests.append(rest)
        return ()

    await sealed(5)
    monkeypatch.setattr(compared._registered, "derived", (derived,))
    with clock.at(NIGHT):
        await nightly.check_if_due()
    await questions.of_installation()
    assert rests == [nightly.REST, 0]


async def test_a_long_trail_is_checked_beside_the_page_which_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school())
    monkeypatch.setattr(background, "SHORT", 1)
    async with signed_in(ann) as browser:
        first = (await browser.get("/trail/check")).text
        assert "Checking your trail" in first
        assert '<meta http-equiv="refresh" content="4">' in first

        async def ended() -> bool:
            return "Complete and unchanged" in (await browser.get("/trail/check")).text

        await until(ended)
        assert "recomputed at" not in first
        with clock.at(clock.now() + background.KEPT + timedelta(minutes=1)):
            assert "Checking your trail" in (await browser.get("/trail/check")).text
    await background.stop()


async def test_a_check_that_broke_off_is_told_once_and_then_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks_off(*_: object, **__: object) -> None:
        raise OSError("the disk went away")

    with monkeypatch.context() as patched:
        patched.setattr(questions, "of_trail", breaks_off)
        run = background.of(TRAIL, 30_000)
        assert run.task
        with pytest.raises(OSError, match="the disk went away"):
            await run.task
        with pytest.raises(OSError, match="the disk went away"):
            background.of(TRAIL, 30_000)
    await sealed(5)
    again = background.of(TRAIL, 30_000)
    assert again.task
    await again.task
    assert again.answer
    assert again.answer.entries == 5
    await background.stop()


async def test_nothing_is_said_to_be_left_out_where_nobody_has_sealed_yet() -> None:
    ann = await a_person(await a_school())
    async with signed_in(ann) as browser:
        assert "Not asked on this computer" not in (await browser.get("/trail/check")).text
        await sealed(5)
        (keys.folder() / signer.FILE).unlink()
        assert "Not asked on this computer" in (await browser.get("/trail/check")).text
