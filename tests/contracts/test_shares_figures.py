"""How the service did is shared as figures: of periods that are over, where the group is open, and nothing beside them."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import reduce
from itertools import combinations
from operator import or_
from typing import Any, Final
from uuid import UUID

import pytest

from base import clock
from base.refusals import NotFound
from base.viewer import Role, Viewer
from contracts.attainment import shown
from contracts.judging.kinds import Agreed, Discussed, StampKind
from contracts.promises import metrics
from contracts.promises.kinds import MetricKind
from contracts.promises.metric import Promise
from contracts.service_events import agreeing
from contracts.service_events.agreeing import Agreement, Discussion
from contracts.shares import shares
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import CONTRACT, Fields, GrantKind
from sharing.networks import connections
from tests.given.builders import signed_in
from tests.given.served import FIX, a_calendar_of_september, a_colleague, a_contract, a_fix_time, a_job, stamped

pytestmark = pytest.mark.usefixtures("db")

SUBSETS: Final = [reduce(or_, chosen) for n in range(1, 5) for chosen in combinations(CONTRACT, n)]
LOOKED: Final = datetime(2026, 3, 30, 12, tzinfo=UTC)  # in the Easter holidays


@pytest.fixture
async def ann(ann: Viewer) -> Viewer:
    await a_calendar_of_september(ann)
    return ann


@pytest.fixture
async def boilers(ann: Viewer) -> UUID:
    contract = await a_contract(ann)
    await a_fix_time(ann, contract)
    for n in (20, 21, 22):
        done = await a_job(ann, contract, f"2026-01-{n} 09:30", what=f"Zebrano {n}", notes="Larkspur key")
        await stamped(ann, done, StampKind.FIXED, f"2026-01-{n} {'19:00' if n == 22 else '11:00'}")
    return contract


async def share(viewer: Viewer, contract: UUID, other: Viewer, fields: Fields) -> None:
    choice = AudienceChoice((GrantChoice(GrantKind.SCHOOL, other.school, fields=fields),))
    with clock.at(LOOKED):
        await shares.share(viewer, contract, choice)


async def read(viewer: Viewer, contract: UUID) -> list[dict[str, Any]]:
    with clock.at(LOOKED):
        return [asdict(one) for one in await shown.with_us(viewer, contract)]


async def seen_by(viewer: Viewer, contract: UUID) -> tuple[str, str]:
    """The page and the answer to a program."""
    with clock.at(LOOKED):
        async with signed_in(viewer) as browser:
            page = await browser.get(f"/contracts/{contract}")
            answer = await browser.get(f"/api/v1/contracts/{contract}/attainment")
    return page.text, answer.text


async def test_the_other_school_reads_target_measured_count_and_verdict_by_promise_and_period(
    ann: Viewer, bob: Viewer, boilers: UUID
) -> None:
    await share(ann, boilers, bob, Fields.ATTAINMENT)
    autumn, spring = await read(bob, boilers)
    assert (autumn["said"], autumn["n"], autumn["measured"]) == ("no data", 0, None)
    assert (spring["name"], spring["target"], spring["measured"], spring["n"]) == ("Fixed", 95, 66.6, 3)
    assert (spring["said"], spring["counts"]) == ("not met", "jobs")
    page, answer = await seen_by(bob, boilers)
    assert "66.6 per cent" in page
    assert '"measured":66.6' in answer
    for kept_back in ("Zebrano", "Larkspur", "4.2", "Boilers", "Ashby", "Ann Archer", "Spring 2026"):
        assert kept_back not in page + answer


@pytest.mark.parametrize("fields", [one for one in SUBSETS if Fields.ATTAINMENT not in one], ids=str)
async def test_without_the_group_nothing_tells_of_the_service(ann: Viewer, bob: Viewer, boilers: UUID, fields: Fields) -> None:
    await share(ann, boilers, bob, fields)
    with pytest.raises(NotFound):
        await read(bob, boilers)
    before = await seen_by(bob, boilers)
    await everything_happens(ann, boilers)
    assert await seen_by(bob, boilers) == before


@pytest.mark.parametrize("fields", [one for one in SUBSETS if Fields.ATTAINMENT in one], ids=str)
async def test_two_worlds_that_differ_in_words_and_in_what_still_runs_give_the_same_figures(
    ann: Viewer, bob: Viewer, boilers: UUID, fields: Fields
) -> None:
    await share(ann, boilers, bob, fields)
    before = await seen_by(bob, boilers)
    await only_words_change(ann, boilers)
    assert await seen_by(bob, boilers) == before
    await a_job(ann, boilers, "2026-02-03 09:30")  # and it is not the same where a period that is over moves
    assert await seen_by(bob, boilers) != before


async def only_words_change(viewer: Viewer, contract: UUID) -> None:
    late = await a_job(viewer, contract, "2026-04-14 09:30", what="Pipe burst")  # after the day on which it is looked at
    with clock.at(datetime(2026, 4, 20, 12, tzinfo=UTC)):
        await agreeing.discuss(viewer, late, Discussion(Discussed.DISPUTED, date(2026, 4, 15), "The gate was shut."))


async def everything_happens(viewer: Viewer, contract: UUID) -> None:
    await only_words_change(viewer, contract)
    another = Promise(MetricKind.TIME_TO_EVENT, "Another", {**FIX, "target": 92}, date(2025, 9, 1))
    await metrics.add(viewer, contract, another)
    job = await a_job(viewer, contract, "2026-02-03 09:30")
    left_out = Agreement(Agreed.LEFT_OUT, date(2026, 2, 10), "Recalled.", "Ann", "Bo")
    await agreeing.agree(viewer, job, left_out)


async def test_it_ends_at_once_with_the_share_and_with_a_block(ann: Viewer, bob: Viewer, boilers: UUID) -> None:
    await share(ann, boilers, bob, Fields.ATTAINMENT)
    with clock.at(LOOKED):
        await connections.block(ann, bob.school)
    with pytest.raises(NotFound):
        await read(bob, boilers)
    with clock.at(LOOKED):
        await connections.unblock(ann, bob.school)
    await shares.unshare(ann, boilers)
    with pytest.raises(NotFound):
        await read(bob, boilers)


async def test_site_staff_of_the_other_school_and_ours_by_this_way_read_nothing(ann: Viewer, bob: Viewer, boilers: UUID) -> None:
    await share(ann, boilers, bob, Fields.ATTAINMENT)
    for viewer in (await a_colleague(bob, Role.SITE_STAFF), ann):
        with pytest.raises(NotFound):
            await shown.with_us(viewer, boilers)


async def test_who_shares_it_sees_beforehand_what_they_will_see(ann: Viewer, bob: Viewer, boilers: UUID) -> None:
    with clock.at(LOOKED):
        async with signed_in(ann) as browser:
            asked = {"with": "school", "school": str(bob.school), "fields-school": "attainment"}
            page = (await browser.get(f"/contracts/{boilers}/share/check", params=asked)).text
        figures = await shown.as_others_see(ann, boilers)
    assert "66.6 per cent" in page
    await share(ann, boilers, bob, Fields.ATTAINMENT)
    assert [asdict(one) for one in figures] == await read(bob, boilers)
