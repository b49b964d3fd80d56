"""The register on screen: found, added, changed, asked about; what was typed is never lost, what can't be so is never saved."""

from datetime import date
from typing import Any

import httpx
import pytest

from base.viewer import Role, Viewer
from contracts.fields.said import Said
from contracts.lists import listing
from contracts.register import reading, register
from suppliers.directory import directory
from suppliers.ours.listing import ours
from tests.given.builders import signed_in
from tests.given.page_text import text_of

pytestmark = pytest.mark.usefixtures("db")

SHORT: dict[str, str] = {
    "title": "Photocopiers",
    "supplier_name": "",
    "starts_on-day": "1", "starts_on-month": "9", "starts_on-year": "2025",
    "term-n": "3", "term-unit": "years",
    "renewal": "rolls", "roll-n": "1", "roll-unit": "years",
    "notice-1-n": "3", "notice-1-unit": "months",
    "annual_pence": "£1,200.50",
}  # fmt: skip


async def the_one(viewer: Viewer) -> reading.ContractView:
    (line,) = (await listing.page(viewer)).lines
    return await reading.contract(viewer, line.id)


async def send(viewer: Viewer, path: str, form: dict[str, str]) -> httpx.Response:
    async with signed_in(viewer) as browser:
        return await browser.post(path, data=form)


async def test_a_contract_is_added_with_the_short_form(ann: Viewer) -> None:
    answer = await send(ann, "/contracts/new", SHORT)
    assert answer.status_code == 303
    said = (await the_one(ann)).said
    found = {name: value for name, value in said.values.items() if value is not None}
    assert found == {
        "title": "Photocopiers",
        "starts_on": date(2025, 9, 1),
        "term": {"n": 3, "unit": "years"},
        "renewal": "rolls",
        "roll": {"n": 1, "unit": "years"},
        "notice": {"n": 3, "unit": "months"},
        "annual_pence": 120_050,
    }


async def test_a_supplier_of_our_list_is_found_by_its_name(ann: Viewer) -> None:
    tallow = (await directory.add(ann, name="Tallow Print Ltd")).id
    await send(ann, "/contracts/new", SHORT | {"supplier_name": "tallow print limited"})
    assert (await the_one(ann)).said.supplier == tallow


async def test_a_name_that_may_be_one_of_ours_is_asked_about_and_nothing_is_lost(ann: Viewer) -> None:
    tallow = (await directory.add(ann, name="Tallow Printing Services Ltd")).id
    form = SHORT | {"supplier_name": "Tallow Printing Service"}
    asked = await send(ann, "/contracts/new", form)
    assert "Which supplier is" in asked.text
    assert 'name="annual_pence" value="£1,200.50"' in asked.text
    assert (await send(ann, "/contracts/new", form | {"same_as": str(tallow), "asked": "yes"})).status_code == 303
    assert (await the_one(ann)).said.supplier == tallow


async def test_only_the_title_is_needed_and_the_rest_becomes_questions(ann: Viewer) -> None:
    await send(ann, "/contracts/new", {"title": "Grounds"})
    contract = await the_one(ann)
    names = [one.name for one in contract.said.questions]
    assert names[:4] == ["starts_on", "ends_on", "renewal", "notice"]
    async with signed_in(ann) as browser:
        for name in names:
            page = await browser.get(f"/contracts/{contract.id}/questions/{name}")
            assert page.status_code == 200, name


async def test_a_question_that_is_answered_leads_to_the_next(ann: Viewer) -> None:
    contract = await register.add(ann, Said({"title": "Grounds"}))
    form = {"version": "1", "starts_on-day": "1", "starts_on-month": "4", "starts_on-year": "2026"}
    answer = await send(ann, f"/contracts/{contract}/questions/starts_on", form)
    assert answer.headers["location"] == f"/contracts/{contract}/questions/ends_on"
    assert (await listing.page(ann)).lines[0].open_questions == 9


async def test_the_supplier_is_a_question_with_a_page(ann: Viewer) -> None:
    contract = await register.add(ann, Said({"title": "Grounds"}))
    form = {"version": "1", "supplier_name": "Meadow Grounds"}
    path = f"/contracts/{contract}/questions/supplier"
    assert "Add “Meadow Grounds” to our suppliers" in (await send(ann, path, form)).text
    assert (await send(ann, path, form | {"same_as": "add", "asked": "yes"})).status_code == 303
    assert (await reading.contract(ann, contract)).supplier_name == "Meadow Grounds"
    assert "supplier" not in [one.name for one in (await reading.contract(ann, contract)).said.questions]


@pytest.mark.both_engines
async def test_a_contract_that_is_refused_leaves_no_supplier_behind(ann: Viewer) -> None:
    ends_first = {"ends_on-day": "31", "ends_on-month": "8", "ends_on-year": "2024"}
    form = SHORT | {"supplier_name": "Meadow Grounds", "same_as": "add", "asked": "yes"}
    refused = await send(ann, "/contracts/new", form | ends_first)
    assert "The last day is before the first day." in refused.text
    assert (await ours(ann)).suppliers == ()
    assert (await send(ann, "/contracts/new", form)).status_code == 303
    (added,) = (await ours(ann)).suppliers
    assert (await the_one(ann)).said.supplier == added.supplier


async def test_an_answer_about_the_supplier_that_comes_too_late_adds_none(ann: Viewer) -> None:
    contract = await register.add(ann, Said({"title": "Grounds"}))
    await register.change(ann, contract, Said({"title": "Grounds", "officer": "Bea Birch"}), version=1)
    form = {"version": "1", "supplier_name": "Meadow Grounds", "same_as": "add", "asked": "yes"}
    path = f"/contracts/{contract}/questions/supplier"
    assert (await send(ann, path, form)).status_code == 409
    assert (await ours(ann)).suppliers == ()
    assert (await send(ann, path, form | {"version": "2"})).status_code == 303
    assert [one.name for one in (await ours(ann)).suppliers] == ["Meadow Grounds"]


async def test_a_change_says_what_moved(ann: Viewer) -> None:
    await send(ann, "/contracts/new", SHORT)
    contract = await the_one(ann)
    async with signed_in(ann) as browser:
        form = {
            "version": "1",
            "renewal": "rolls",
            "roll-n": "1",
            "roll-unit": "years",
            "notice-1-n": "6",
            "notice-1-unit": "months",
        }
        answer = await browser.post(f"/contracts/{contract.id}/edit/notice", data=form, follow_redirects=True)
    assert "Notice with the supplier by moved from 31 May 2028 to 29 February 2028." in answer.text


async def test_who_saves_second_sees_the_newer_and_what_they_typed(ann: Viewer) -> None:
    contract = await register.add(ann, Said({"title": "Grounds", "officer": "Ann Ash"}))
    path = f"/contracts/{contract}/edit/people"
    assert (await send(ann, path, {"version": "1", "officer": "Bea Birch"})).status_code == 303
    late = await send(ann, path, {"version": "1", "officer": "Cy Cedar"})
    assert late.status_code == 409
    assert "Bea Birch" in late.text
    assert 'value="Cy Cedar"' in late.text
    assert 'name="version" value="2"' in late.text
    assert (await send(ann, path, {"version": "2", "officer": "Cy Cedar"})).status_code == 303


async def test_what_a_form_can_not_show_stays_as_it_was(ann: Viewer) -> None:
    notices: Any = [{"n": 3, "unit": "months"}, {"n": 1, "unit": "terms"}, {"n": 2, "unit": "weeks"}]
    contract = await register.add(ann, Said({"title": "Grounds", "notice": notices}))
    form = {"version": "1", "notice-1-n": "3", "notice-1-unit": "months", "notice-2-n": "1", "notice-2-unit": "terms"}
    await send(ann, f"/contracts/{contract}/edit/notice", form | {"notice_clause": "14.2"})
    said = (await reading.contract(ann, contract)).said
    assert (said.values["notice"], said.values["notice_clause"]) == (notices, "14.2")


@pytest.mark.both_engines
async def test_a_list_is_filtered_by_what_somebody_looks_for(ann: Viewer) -> None:
    tallow = (await directory.add(ann, name="Tallow Print Ltd")).id
    dates: dict[str, Any] = {"starts_on": date(2020, 1, 1), "ends_on": date(2021, 1, 1), "renewal": "expires"}
    copiers = await register.add(ann, Said({"title": "Copiers", "officer": "Ann Ash", "category": "cleaning"}, supplier=tallow))
    old = await register.add(ann, Said({"title": "Old mowers 100%", **dates}))
    for wanted, found in (
        (listing.Wanted(text="tallow"), [copiers]),
        (listing.Wanted(text="100%"), [old]),
        (listing.Wanted(text="_"), []),
        (listing.Wanted(officer="Ann Ash"), [copiers]),
        (listing.Wanted(category="cleaning"), [copiers]),
        (listing.Wanted(listing.Showing.CURRENT), [copiers]),
        (listing.Wanted(listing.Showing.ENDED), [old]),
        (listing.Wanted(with_questions=True), [old, copiers]),
        (listing.Wanted(listing.Showing.SOON), []),
    ):
        lines = (await listing.page(ann, wanted=wanted)).lines
        assert {line.id for line in lines} == set(found), wanted
        assert (await listing.look(ann, wanted=wanted)).counts.contracts == len(found)


@pytest.mark.both_engines
async def test_a_confidential_price_is_not_on_the_list(ann: Viewer) -> None:
    values: dict[str, Any] = {"title": "Payroll", "annual_pence": 987_600, "is_price_confidential": True}
    contract = await register.add(ann, Said(values))
    async with signed_in(ann) as browser:
        shown = (await browser.get("/contracts")).text
        assert "9,876" not in shown
        assert "1 contract not ended" in text_of(shown)
        assert "£9,876" in (await browser.get(f"/contracts/{contract}")).text


async def test_a_contract_is_taken_out(ann: Viewer) -> None:
    contract = await register.add(ann, Said({"title": "Grounds"}))
    assert (await send(ann, f"/contracts/{contract}/take-out", {})).status_code == 303
    assert (await listing.page(ann)).lines == ()


async def test_governors_read_and_change_nothing(ann: Viewer) -> None:
    contract = await register.add(ann, Said({"title": "Grounds", "annual_pence": 120_000}))
    gus = Viewer(ann.person, "Gus", ann.school, ann.school_name, Role.GOVERNOR)
    assert (await reading.contract(gus, contract)).said.values["annual_pence"] == 120_000


# Of each: the part of the form, what is typed into it, and the beginning of the sentence that says why not.
REFUSED: tuple[tuple[str, dict[str, str], str], ...] = (
    ("identity", {"title": ""}, "Enter what the contract is for"),
    ("identity", {"title": "x" * 201}, "The text must be 200 characters or fewer"),
    ("identity", {"title": "Grounds", "category": "nonsense"}, "Choose one from the list"),
    ("identity", {"title": "Grounds", "form": "handshake"}, "Choose one from the list"),
    ("identity", {"title": "Grounds", "is_joint": "maybe"}, "Choose yes or no"),
    ("identity", {"title": "Grounds", "notes": "x" * 10_001}, "The text must be 10,000 characters or fewer"),
    ("people", {"officer": "x" * 201}, "The text must be 200 characters or fewer"),
    ("dates", {"starts_on-day": "31", "starts_on-month": "9", "starts_on-year": "2026"}, "Enter a real date"),
    ("dates", {"starts_on-day": "1", "starts_on-month": "9", "starts_on-year": "26"}, "Enter a real date"),
    ("dates", {"starts_on-day": "1", "starts_on-month": "", "starts_on-year": "2026"}, "Enter a real date"),
    ("dates", {"term-n": "3", "term-unit": ""}, "Enter both a number and what it counts"),
    ("dates", {"term-n": "", "term-unit": "years"}, "Enter both a number and what it counts"),
    ("dates", {"term-n": "0", "term-unit": "years"}, "Length"),
    ("dates", {"term-n": "-3", "term-unit": "years"}, "Enter a whole number"),
    ("dates", {"term-n": "2.5", "term-unit": "years"}, "Enter a whole number"),
    ("dates", {"term-n": "3", "term-unit": "moons"}, "Length is in"),
    ("dates", {"term-n": "10001", "term-unit": "days"}, "Length is longer than 10,000"),
    (
        "dates",
        {
            "starts_on-day": "1", "starts_on-month": "9", "starts_on-year": "2026",
            "ends_on-day": "31", "ends_on-month": "8", "ends_on-year": "2026",
        },
        "The last day is before the first day",
    ),
    (
        "dates",
        {
            "starts_on-day": "1", "starts_on-month": "9", "starts_on-year": "2026", "term-n": "3", "term-unit": "years",
            "ends_on-day": "31", "ends_on-month": "8", "ends_on-year": "2028",
        },
        "3 years from 1 September 2026 end on 31 August 2029",
    ),
    ("notice", {"notice-1-n": "0", "notice-1-unit": "months"}, "A notice needs a length"),
    ("notice", {"notice-1-n": "three", "notice-1-unit": "months"}, "Enter a whole number"),
    ("notice", {"notice-1-n": "3"}, "Enter both a number and what it counts"),
    ("notice", {"notice-by-day": "31", "notice-by-month": "2"}, "Enter a day and a month that there are"),
    ("notice", {"notice-by-day": "31"}, "Enter a day and a month that there are"),
    ("notice", {"notice-clear": "yes"}, "Enter both a number and what it counts"),
    ("notice", {"renewal": "perhaps"}, "Choose one from the list"),
    ("notice", {"renewal": "expires", "roll-n": "1", "roll-unit": "years"}, "Only a contract that renews by itself"),
    ("notice", {"most_rolls": "1001"}, "Enter a number from 0 to 1,000"),
    ("notice", {"most_rolls": "twice"}, "Enter a whole number"),
    ("notice", {"method": "pigeon"}, "Choose one from the list"),
    ("notice", {"nation": "FRA"}, "Choose one from the list"),
    ("notice", {"lead-n": "2"}, "Enter both a number and what it counts"),
    (
        "break",
        {"break_clause-from-day": "31", "break_clause-from-month": "2", "break_clause-from-year": "2027"},
        "Enter a real date",
    ),
    ("break", {"break_clause-on": "31 8 2027"}, "A break clause needs its notice"),
    ("break", {"break_clause-on": "the last day of August"}, "Enter each day on a line of its own"),
    ("break", {"break_clause-on": "31 2 2027"}, "Enter each day on a line of its own"),
    ("break", {"break_clause-on": "1 1 2027\n" * 41}, "Enter at most 40 days"),
    ("break", {"break_clause-cost": "1.2k"}, "Write the amount in full"),
    ("money", {"annual_pence": "1.2k"}, "Write the amount in full"),
    ("money", {"annual_pence": "-1,200"}, "An amount can’t be below nought"),
    ("money", {"annual_pence": "(1,200)"}, "An amount can’t be below nought"),
    ("money", {"annual_pence": "1,20"}, "Enter an amount in pounds"),
    ("money", {"annual_pence": "1.234"}, "Enter an amount in pounds"),
    ("money", {"annual_pence": "about 1,200"}, "Enter an amount in pounds"),
    ("money", {"annual_pence": "€1,200"}, "Enter an amount in pounds"),
    ("money", {"annual_pence": "1,000,000,000.01"}, "Enter an amount of at most £1,000,000,000"),
    ("money", {"is_approximate": "perhaps"}, "Choose yes or no"),
    ("route", {"quotes": "1001"}, "Enter a number from 0 to 1,000"),
    ("route", {"quotes": "3 or 4"}, "Enter a whole number"),
    ("signing", {"approval_limit_pence": "10 thousand"}, "Write the amount in full"),
    ("signing", {"signed_on-day": "x", "signed_on-month": "1", "signed_on-year": "2026"}, "Enter a real date"),
)  # fmt: skip


FORGED = {"nonsense", "handshake", "maybe", "perhaps", "pigeon", "FRA", "moons"}  # where a form offers a choice


@pytest.mark.parametrize(("part", "form", "sentence"), REFUSED)
async def test_what_can_not_be_so_is_refused_with_a_sentence_and_nothing_typed_is_lost(
    ann: Viewer, part: str, form: dict[str, str], sentence: str
) -> None:
    contract = await register.add(ann, Said({"title": "Grounds"}))
    answer = await send(ann, f"/contracts/{contract}/edit/{part}", {"version": "1", **form})
    assert answer.status_code == 422
    assert sentence in answer.text.replace("&#39;", "’").replace("'", "’") or sentence in answer.text
    for value in (one for one in form.values() if len(one) < 30 and one not in FORGED):
        assert value.split("\n")[0] in answer.text
    assert (await reading.contract(ann, contract)).version == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "1" * 20])
async def test_a_form_that_does_not_say_what_was_read_is_refused(ann: Viewer, version: str) -> None:
    contract = await register.add(ann, Said({"title": "Grounds"}))
    answer = await send(ann, f"/contracts/{contract}/edit/people", {"version": version, "officer": "Ann"})
    assert answer.status_code == 422
