"""A trust's contracts: schools that one covers read it, a lead of the trust reads its schools', nobody else does."""

import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

import database
from base import clock
from base.refusals import Invalid, NotFound
from base.spreadsheets.writing import TableFormat
from base.viewer import Role, Viewer
from contracts.access.access import Standing
from contracts.attainment import trust as roll_up
from contracts.documents import documents
from contracts.documents.answering import What
from contracts.documents.kinds import DocumentKind
from contracts.fields.said import Said
from contracts.judging.kinds import StampKind
from contracts.lists import listing, trust_suppliers
from contracts.promises import metrics
from contracts.promises.kinds import MetricKind, Period
from contracts.promises.metric import Promise
from contracts.register import reading, register
from contracts.reminders import decisions
from contracts.reminders.decisions import Choice, Deciding
from contracts.service_events import reading as events
from contracts.shares import shares
from contracts.sheets import exporting
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.tables import Network, NetworkMember, School
from suppliers.directory import directory
from suppliers.opinions.attachments import Upload
from tests.given.builders import a_person, a_school, signed_in
from tests.given.links import walk
from tests.given.page_text import text_of
from tests.given.served import a_contract, a_fix_time, a_job, stamped

pytestmark = pytest.mark.usefixtures("db")

PAYROLL: dict[str, Any] = {
    "title": "Payroll",
    "annual_pence": 900_000,
    "notes": "Slow in March.",
    "award_reason": "The cheapest.",
    "starts_on": date(2025, 9, 1),
    "ends_on": date(2028, 8, 31),
}
QUARTER = {"n": 3, "unit": "months"}
COVER = Upload("cover.pdf", b"%PDF-1.7 insured")
IN_DATE = {"kinds": ["Public liability insurance"], "target": 100, "mostly": 90}
WHY = ("Rude on the telephone.", "Wrens nested.")


class Trust:
    """Rose Trust with Ivy and Oak; Elm is a school by itself."""

    def __init__(self, people: dict[str, Viewer]) -> None:
        self.tom, self.lea, self.ida, self.ola, self.eve = (people[name] for name in ("tom", "lea", "ida", "ola", "eve"))


@pytest.fixture
async def trust(db: object) -> Trust:
    ivy = await a_school("Ivy Primary", trust="Rose Trust")
    oak = await a_school("Oak Primary", trust="Rose Trust")
    async with database.read():
        rose: Any = await School.objects().where(School.kind == "trust").first()
    return Trust(
        {
            "tom": await a_person(rose, name="Tom Rose"),
            "lea": await a_person(rose, Role.TRUST_LEAD, "Lea Long"),
            "ida": await a_person(ivy, name="Ida Ives"),
            "ola": await a_person(oak, name="Ola Oak"),
            "eve": await a_person(await a_school("Elm Primary"), name="Eve Elm"),
        }
    )


async def titles(viewer: Viewer) -> list[str]:
    return [line.title for line in (await listing.page(viewer)).lines]


async def test_a_covered_school_reads_the_trusts_contract_but_not_why_it_was_chosen(trust: Trust) -> None:
    contract = await register.add(trust.tom, Said(PAYROLL, covers=[trust.ida.school]))
    found = await reading.contract(trust.ida, contract)
    assert found.standing is Standing.COVERED
    assert found.said.values["annual_pence"] == 900_000
    assert (found.said.values["notes"], found.said.values["award_reason"]) == (None, None)
    assert (await titles(trust.ida), await titles(trust.ola), await titles(trust.eve)) == (["Payroll"], [], [])
    for viewer in (trust.ola, trust.eve):
        with pytest.raises(NotFound):
            await reading.contract(viewer, contract)
    with pytest.raises(NotFound):
        await register.withdraw(trust.ida, contract)


async def test_a_confidential_price_stays_with_the_trust(trust: Trust) -> None:
    contract = await register.add(trust.tom, Said({**PAYROLL, "is_price_confidential": True}, covers=[trust.ida.school]))
    assert (await reading.contract(trust.ida, contract)).said.values["annual_pence"] is None
    assert (await listing.page(trust.ida)).lines[0].annual_pence is None


async def test_only_schools_of_the_trust_are_covered(trust: Trust) -> None:
    for viewer, school in ((trust.tom, trust.eve.school), (trust.ida, trust.ola.school)):
        with pytest.raises(Invalid) as refusal:
            await register.add(viewer, Said(PAYROLL, covers=[school]))
        assert "covers" in refusal.value.fields


async def leaves_its_trust(school: UUID, *, until_at: datetime | None = None) -> None:
    async with database.write():
        of_trusts = Network.select(Network.id).where(Network.kind == "trust")
        its = (NetworkMember.school == school) & database.among(NetworkMember.network, of_trusts)
        await NetworkMember.update({NetworkMember.until_at: until_at}).where(its)


@pytest.mark.both_engines
async def test_a_school_that_leaves_the_trust_is_served_by_its_contracts_no_more(trust: Trust) -> None:
    """Neither side is told anything new of the other: the school what the trust pays, the trust what happens at the school."""
    contract = await register.add(trust.tom, Said(PAYROLL, covers=[trust.ida.school, trust.ola.school]))
    document = await documents.add(trust.tom, contract, COVER, What(DocumentKind.INSURANCE), is_letter=False)
    job = await a_job(trust.ida, contract, what="No pay slips")
    paths = (
        f"/contracts/{contract}",
        f"/contracts/{contract}/events",
        f"/contracts/documents/{document}",
        f"/service-events/{job}",
    )
    await leaves_its_trust(trust.ida.school, until_at=clock.now())
    async with signed_in(trust.ida) as browser:
        assert {path: (await browser.get(path)).status_code for path in paths} == dict.fromkeys(paths, 404)
        assert "Payroll" not in (await browser.get("/contracts")).text
    with pytest.raises(NotFound):
        await a_job(trust.ida, contract)
    assert (await titles(trust.ida), await titles(trust.ola)) == ([], ["Payroll"])
    assert (await events.event(trust.tom, job)).event.title == "No pay slips"
    await leaves_its_trust(trust.ida.school)
    assert await titles(trust.ida) == ["Payroll"], "back in the trust"


async def test_what_the_trust_shares_with_a_school_that_left_is_all_that_it_reads(trust: Trust) -> None:
    contract = await register.add(trust.tom, Said(PAYROLL, covers=[trust.ida.school]))
    terms = GrantChoice(GrantKind.SCHOOL, trust.ida.school, fields=Fields.TERMS)
    await shares.share(trust.tom, contract, AudienceChoice((terms,)))
    await leaves_its_trust(trust.ida.school, until_at=clock.now())
    found = await reading.contract(trust.ida, contract)
    assert (found.standing, found.said.values["title"]) == (Standing.SHARED, "Payroll")
    assert (found.said.values["annual_pence"], found.said.values["ends_on"]) == (None, None)


async def test_a_contract_that_names_a_school_that_left_is_still_kept(trust: Trust) -> None:
    contract = await register.add(trust.tom, Said(PAYROLL, covers=[trust.ida.school]))
    await leaves_its_trust(trust.ida.school, until_at=clock.now())
    found = await reading.contract(trust.tom, contract)
    renamed = replace(found.said, values={**found.said.values, "title": "Pay"})
    await register.change(trust.tom, contract, renamed, version=found.version)
    assert (await reading.contract(trust.tom, contract)).said.values["title"] == "Pay"
    with pytest.raises(Invalid):
        await register.change(trust.tom, contract, replace(renamed, covers=[trust.eve.school]), version=found.version + 1)


async def test_a_lead_reads_the_schools_contracts_with_prices_and_changes_none(trust: Trust) -> None:
    contract = await register.add(trust.ida, Said(PAYROLL))
    found = await reading.contract(trust.lea, contract)
    assert found.standing is Standing.LED
    assert (found.said.values["annual_pence"], found.said.values["notes"]) == (900_000, None)
    assert await titles(trust.lea) == ["Payroll"]
    assert await titles(trust.tom) == []
    with pytest.raises(NotFound):
        await register.withdraw(trust.lea, contract)
    elms = await register.add(trust.eve, Said(PAYROLL))
    with pytest.raises(NotFound):
        await reading.contract(trust.lea, elms)


async def test_a_lead_keeps_the_trusts_own(trust: Trust) -> None:
    contract = await register.add(trust.lea, Said(PAYROLL))
    assert (await reading.contract(trust.tom, contract)).said.values["title"] == "Payroll"
    assert [name for _, name in (await listing.look(trust.lea)).schools] == ["Ivy Primary", "Oak Primary"]


async def test_a_lead_reads_what_happened_and_how_the_service_did_and_writes_none_of_it(trust: Trust) -> None:
    contract = await a_contract(trust.ida)
    await a_fix_time(trust.ida, contract)
    job = await a_job(trust.ida, contract, what="No heating in the hall")
    paths = (
        f"/contracts/{contract}",
        f"/contracts/{contract}/events",
        f"/contracts/{contract}/service",
        f"/service-events/{job}",
    )
    async with signed_in(trust.lea) as browser:
        shown = {path: await browser.get(path) for path in (*paths, f"/contracts/{contract}/promises")}
        assert {path: answer.status_code for path, answer in shown.items()} == dict.fromkeys(shown, 200)
        assert all("No heating in the hall" in shown[path].text for path in (paths[0], paths[1], paths[3]))
        assert [one.event.title for one in [await events.event(trust.lea, job)]] == ["No heating in the hall"]
        for path in (f"/contracts/{contract}/log", f"/service-events/{job}/correct", f"/service-events/{job}/stamp?kind=fixed"):
            assert (await browser.get(path)).status_code == 404
    for attempt in (
        a_job(trust.lea, contract),
        stamped(trust.lea, job, StampKind.FIXED, "2026-01-20 12:00"),
        a_fix_time(trust.lea, contract, name="Sooner"),
    ):
        with pytest.raises(NotFound):
            await attempt
    for other in (trust.tom, trust.ola, trust.eve):
        with pytest.raises(NotFound):
            await events.event(other, job)


async def test_a_lead_sees_the_day_by_which_each_school_decides_next(trust: Trust) -> None:
    for title, ends in (("Payroll", date(2028, 8, 31)), ("Meals", date(2027, 8, 31)), ("Mowing", None)):
        await register.add(trust.ida, Said({**PAYROLL, "title": title, "ends_on": ends, "notice": QUARTER}))
    found = await roll_up.roll_up(trust.lea)
    (ivy,) = (one for one in found.schools if one.contracts)
    assert (ivy.name, ivy.contracts, ivy.next_to_decide and ivy.next_to_decide.title) == ("Ivy Primary", 3, "Meals")
    assert [one.title for one in found.dates] == ["Meals", "Payroll"]


async def test_a_lead_sees_whom_the_schools_of_the_trust_have_contracts_with(trust: Trust) -> None:
    ivys = (await directory.add(trust.ida, name="Ashby  Boilers")).id
    await register.add(trust.ida, Said({"title": "Care", "annual_pence": 120_000}, supplier=ivys))
    await register.add(trust.tom, Said({"title": "Repairs", "supplier_name": "ashby boilers", "starts_on": date(2026, 1, 1)}))
    await register.add(trust.tom, Said({**PAYROLL, "title": "Payroll", "supplier_name": "Zest Pay", "notice": QUARTER}))
    await register.add(trust.eve, Said({"title": "Not of the trust", "supplier_name": "Zest Pay"}))
    boilers, pay = await trust_suppliers.listed(trust.lea)
    assert (boilers.supplier, boilers.schools) == (None, ("Ivy Primary", "Rose Trust"))
    assert (boilers.annual_pence, boilers.without_price) == (120_000, 1)
    assert [one.title for one in pay.contracts] == ["Payroll"]
    async with signed_in(trust.lea) as browser:
        shown = text_of((await browser.get("/contracts/trust/suppliers")).text)
        assert "2 schools, 2 contracts, £1,200 a year and 1 contract without a price" in shown
    for other in (trust.tom, trust.ida):
        with pytest.raises(NotFound):
            await trust_suppliers.listed(other)


@pytest.mark.one_engine
async def test_every_link_that_a_lead_and_a_covered_school_are_shown_opens(trust: Trust) -> None:
    """From contracts with documents that a promise rests on, days to decide by, and something that happened."""
    since = clock.today() - timedelta(days=300)
    dates: dict[str, Any] = {"starts_on": since, "ends_on": clock.today() + timedelta(days=300), "notice": QUARTER}
    ivys = await a_contract(trust.ida, **dates)
    covering = await register.add(trust.tom, Said({"title": "Payroll", **dates}, covers=[trust.ida.school]))
    for viewer, contract in ((trust.ida, ivys), (trust.tom, covering)):
        promise = Promise(MetricKind.DOCUMENT, "In date", from_day=since, terms=IN_DATE, period=Period.YEAR)
        await metrics.add(viewer, contract, promise)
        await documents.add(viewer, contract, COVER, What(DocumentKind.INSURANCE), is_letter=False)
        await decisions.decide(viewer, contract, Deciding(Choice.RENEW, clock.today()))
        await a_job(trust.ida, contract)
    for viewer in (trust.lea, trust.ida, trust.tom):
        async with signed_in(viewer) as browser:
            found = await walk(browser, f"/contracts/{ivys}", f"/contracts/{covering}", "/contracts")
        assert found.dead == [], viewer.name
        assert len(found.opened) > 30


async def test_a_register_that_holds_a_trusts_contract_is_exported(trust: Trust) -> None:
    await register.add(trust.tom, Said(PAYROLL, covers=[trust.ida.school]))
    sheet = io.BytesIO()
    assert await exporting.export(trust.ida, TableFormat.CSV, to=sheet) == 1
    assert all(words in sheet.getvalue().decode() for words in ("Payroll", "Rose Trust"))


async def test_what_a_school_decided_is_read_at_others_but_not_why(trust: Trust) -> None:
    """A covered school and a lead of the trust read the decision, on the contract's page and on the governors'."""
    since, ends = clock.today() - timedelta(days=900), clock.today() + timedelta(days=150)
    said = {**PAYROLL, "starts_on": since, "ends_on": ends, "notice": QUARTER}
    covering = await register.add(trust.tom, Said({**said, "title": "Payroll"}, covers=[trust.ida.school]))
    ivys = await register.add(trust.ida, Said({**said, "title": "Mowing"}))
    for viewer, contract in ((trust.tom, covering), (trust.ida, ivys)):
        for reason in WHY:
            await decisions.decide(viewer, contract, Deciding(Choice.LEAVE, clock.today(), reason, "Minute 4"))
    for viewer, contract, is_own in ((trust.tom, covering, True), (trust.ida, covering, False), (trust.lea, ivys, False)):
        async with signed_in(viewer) as browser:
            page = (await browser.get(f"/contracts/{contract}")).text
            year = (await browser.get("/contracts/governors")).text
        assert "We leave" in page
        assert [words in page for words in WHY] == [is_own, is_own]
        assert is_own or not any(words in year for words in WHY)
