"""The demo town's contracts: a year in which something is near, missed, late, corrected, disputed and agreed."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

import database
from base import clock
from base.viewer import Role, Viewer
from contracts.changes import linking
from contracts.clock import school_calendar
from contracts.clock.periods import plus_months
from contracts.documents.tables import Document
from contracts.judging.kinds import Discussed
from contracts.lists import listing
from contracts.lists.listing import Line, Showing, Wanted
from contracts.promises.kinds import EventKind
from contracts.register import reading
from contracts.service_events import reading as what_happened
from contracts.service_events.reading import EventView
from contracts.tables import Contract
from demo import DemoAccount
from demo import contracts as demo_contracts
from demo import federation as demo_federation
from demo import service as demo_service
from demo import terms as demo_terms
from tests.given.demo_accounts import the, viewer_of

TRUST = "Harrow Beacon Academies Trust"


@pytest.fixture
async def joanne(town: tuple[DemoAccount, ...]) -> Viewer:
    return await viewer_of(the(town, Role.BUSINESS_MANAGER))


async def titled(title: str) -> UUID:
    async with database.read():
        found: list[UUID] = await Contract.select(Contract.id).where(Contract.title == title).output(as_list=True)
    (one,) = found
    return one


async def listed(viewer: Viewer, showing: Showing) -> tuple[Line, ...]:
    return (await listing.page(viewer, wanted=Wanted(showing))).lines


async def jobs_of_the_copiers(joanne: Viewer) -> dict[str, EventView]:
    page = await what_happened.page(joanne, await titled("Photocopiers: service and copies"))
    return {one.title: one for one in page.events if one.job.kind is EventKind.JOB}


async def test_oakfolds_register_has_one_near_one_missed_and_one_with_open_questions(joanne: Viewer) -> None:
    assert "Boiler servicing and call-outs" in {one.title for one in await listed(joanne, Showing.SOON)}
    assert [one.title for one in await listed(joanne, Showing.MISSED)] == ["Water hygiene"]
    windows = await reading.contract(joanne, await titled("Window cleaning"))
    assert {"starts_on", "notice", "supplier"} <= {one.name for one in windows.said.questions}
    assert len([one for one in await listed(joanne, Showing.ALL) if one.school == joanne.school]) == 9


async def test_the_copiers_lease_ends_after_their_service_and_the_page_warns(joanne: Viewer) -> None:
    (lease,) = await linking.links(joanne, await titled("Photocopiers: service and copies"))
    assert lease.title == "Photocopiers: lease of four machines"
    assert lease.warning


async def test_a_year_of_the_copiers_has_late_ones_and_what_was_said_of_them(joanne: Viewer) -> None:
    jobs = await jobs_of_the_copiers(joanne)
    assert len(jobs) == len(demo_service.COPIERS)
    assert sum(any(said.word == "missed" for said in one.verdicts) for one in jobs.values()) >= 5
    assert any(said.missed_by_minutes == 80 for said in jobs[demo_service.HALF_TERM].verdicts)
    assert "corrected" in jobs[demo_service.CORRECTED].flags
    discussed = jobs[demo_service.DISPUTED].job.discussed()
    assert discussed is not None
    assert discussed.state is Discussed.DISPUTED
    assert jobs[demo_service.AGREED].job.is_left_out()
    assert "approved by the person who logged it" not in jobs[demo_service.AGREED].flags


async def test_some_documents_run_out_soon_and_one_has(joanne: Viewer) -> None:
    async with database.read():
        days = await Document.select(Document.expires_on).where(Document.school == joanne.school).output(as_list=True)
    left = [(day - clock.today()).days for day in days if day]
    assert any(one < 0 for one in left)
    assert any(0 < one <= 60 for one in left)


async def test_a_trust_lead_reads_the_trusts_contracts_and_those_of_its_schools(town: tuple[DemoAccount, ...]) -> None:
    dominic = await viewer_of(the(town, Role.TRUST_LEAD, TRUST))
    found = await listed(dominic, Showing.ALL)
    assert {"Payroll for the trust", "Cleaning", "Grounds and pitches", "Photocopiers"} <= {one.title for one in found}
    async with database.read():
        assert len(found) == await Contract.count() - len(demo_federation.CONTRACTS)


async def test_a_site_manager_sees_what_he_logged_himself(town: tuple[DemoAccount, ...]) -> None:
    ray = await viewer_of(the(town, Role.SITE_STAFF))
    his = [job for job in demo_service.JOBS if job.by_site_staff]
    assert len(await what_happened.logged_by(ray)) == len(his)


async def test_a_neighbour_reads_the_dates_of_one_contract_and_no_price(town: tuple[DemoAccount, ...]) -> None:
    priya = await viewer_of(the(town, Role.BUSINESS_MANAGER, "Hexby Village School"))
    grounds = await reading.contract(priya, await titled("Grounds maintenance"))
    assert grounds.said.values["ends_on"]
    assert not grounds.said.values.get("annual_pence")


@pytest.mark.pure
@given(st.dates(date(2020, 1, 1), date(2049, 12, 31)))
def test_its_terms_and_its_contracts_hold_on_any_day(today: date) -> None:
    calendar = demo_terms.calendar(today)
    assert school_calendar.problems(calendar) == {}
    friday = demo_terms.before_half_term(calendar, today)
    off = demo_terms.school_days_later(calendar, friday, 1) - friday
    assert timedelta(days=7) < off < timedelta(days=14)
    by_key = {one.key: one for one in demo_contracts.every(today)}
    for key, is_near in (("boilers", True), ("water", False)):
        ends = by_key[key].values["ends_on"]
        notice = plus_months(ends, -3)
        assert (notice > today) is is_near
        assert ends > today
