"""How the service did, in the browser and for programs: a contract's page, its periods, and a trust's schools side by side."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

import database
from base import clock
from base.refusals import NotFound
from base.viewer import Role, Viewer
from contracts.attainment import trust
from contracts.judging.kinds import StampKind
from sharing.tables import School
from tests.given.builders import a_person, a_school, signed_in
from tests.given.served import a_calendar_of_september, a_colleague, a_contract, a_fix_time, a_job, stamped

pytestmark = pytest.mark.usefixtures("db")

NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def easter() -> Any:
    with clock.at(NOW):
        yield


async def boilers_of(viewer: Viewer) -> UUID:
    """A contract under which one call of three was fixed late."""
    await a_calendar_of_september(viewer)
    contract = await a_contract(viewer)
    await a_fix_time(viewer, contract)
    for happened, done in (("2026-01-20 09:00", "2026-01-20 10:00"), ("2026-02-03 09:00", "2026-02-03 10:00")):
        await stamped(viewer, await a_job(viewer, contract, happened), StampKind.FIXED, done)
    await stamped(viewer, await a_job(viewer, contract, "2026-03-03 09:00"), StampKind.FIXED, "2026-03-04 16:00")
    return contract


async def a_lead() -> tuple[Viewer, Viewer]:
    """A trust lead, and somebody of a school of the trust."""
    ivo = await a_person(await a_school("Ivy Primary", trust="Rose Trust"), name="Ivo Ives")
    async with database.read():
        rose: Any = await School.objects().where(School.kind == "trust").first()
    return await a_person(rose, Role.TRUST_LEAD, "Tess Tate"), ivo


async def test_a_contracts_page_says_how_the_service_did_and_leads_to_each_breach(ann: Viewer) -> None:
    contract = await boilers_of(ann)
    async with signed_in(ann) as browser:
        shown = (await browser.get(f"/contracts/{contract}")).text
        assert "0 of 1 promise met, 1 not met." in shown
        assert f'href="/contracts/{contract}/service"' in shown
        page = (await browser.get(f"/contracts/{contract}/service")).text
    assert "Not met: 2 of 3 (66.6 per cent); the target is 95 per cent." in page
    assert page.count("/service-events/") == 1
    assert "vouch-chart__target" in page
    assert "attain" not in page.lower()


@pytest.mark.both_engines
async def test_days_in_the_wrong_order_come_back_with_a_sentence(ann: Viewer) -> None:
    contract = await boilers_of(ann)
    days = "first-day=1&first-month=3&first-year=2026&last-day=1&last-month=2&last-year=2026"
    async with signed_in(ann) as browser:
        page = (await browser.get(f"/contracts/{contract}/service?{days}")).text
    assert "The period ends before it begins." in page
    assert 'value="2026"' in page


async def test_a_program_reads_the_same_figures(ann: Viewer) -> None:
    contract = await boilers_of(ann)
    async with signed_in(ann) as browser:
        (metric,) = (await browser.get(f"/api/v1/contracts/{contract}/attainment")).json()["metrics"]
    *_, period = metric["periods"]
    assert (period["whole"]["n"], period["whole"]["said"], len(period["breaches"])) == (3, "not met", 1)
    assert period["sentence"] == "Not met: 2 of 3 (66.6 per cent); the target is 95 per cent."


async def test_a_trust_lead_sees_its_schools_and_the_worst_promises(db: object) -> None:
    tess, ivo = await a_lead()
    await boilers_of(ivo)
    found = await trust.roll_up(tess)
    assert [(one.name, one.contracts, dict(one.said)) for one in found.schools if one.contracts] == [
        ("Ivy Primary", 1, {"not met": 1})
    ]
    assert [(one.metric.name, one.contract.title) for one in found.worst] == [("Fixed", "Boilers")]
    assert found == await trust.roll_up(tess)
    async with signed_in(tess) as browser:
        page = (await browser.get("/contracts/trust")).text
    assert "Not met: 2 of 3 (66.6 per cent)" in page


async def test_what_changes_at_a_school_changes_what_the_trust_sees(db: object) -> None:
    tess, ivo = await a_lead()
    contract = await boilers_of(ivo)
    await trust.roll_up(tess)
    await a_job(ivo, contract, "2026-03-10 09:00")
    (worst,) = (await trust.roll_up(tess)).worst
    assert (worst.period.figure.n, worst.period.figure.breaches) == (4, 2)
    with clock.at(datetime(2026, 8, 1, 12, tzinfo=UTC)):  # a term later, of which nothing is recorded
        (later,) = [one for one in (await trust.roll_up(tess)).schools if one.contracts]
    assert dict(later.said) == {"no data": 1}


async def test_nobody_else_sees_a_trusts_page(ann: Viewer) -> None:
    with pytest.raises(NotFound):
        await trust.roll_up(ann)


async def test_site_staff_read_no_figures(ann: Viewer) -> None:
    contract = await boilers_of(ann)
    sam = await a_colleague(ann, Role.SITE_STAFF, "Sam Sage")
    async with signed_in(sam) as browser:
        assert (await browser.get(f"/contracts/{contract}/service")).status_code in (403, 404)
