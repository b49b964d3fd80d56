"""A list that is imported again brings what is new; who is no supplier starts unticked; one supplier of two codes is told."""

from uuid import UUID

import pytest

from base.refusals import Invalid
from base.viewer import Viewer
from suppliers.directory import directory
from suppliers.imports import background, imports
from suppliers.imports import rows as import_rows
from suppliers.imports.imports import ImportView
from suppliers.imports.states import ImportState, RowKind
from suppliers.lists.doubtful import doubt
from suppliers.matching.identifiers import Scheme
from suppliers.ours import listing
from tests.given.patience import PATIENCE
from tests.given.supplier_lists import checked

pytestmark = pytest.mark.usefixtures("db")


async def imported(viewer: Viewer, import_id: UUID) -> ImportView:
    await imports.start(viewer, import_id)
    await background.carry_on(viewer, import_id, wait=PATIENCE)
    return await imports.look(viewer, import_id)


async def rows(viewer: Viewer, found: ImportView, which: str) -> list[import_rows.ShownRow]:
    return list((await import_rows.page_of(viewer, found.id, which)).rows)


async def our_facts(viewer: Viewer) -> dict[str, directory.SupplierView]:
    return {one.name: await directory.supplier(viewer, one.supplier) for one in (await listing.ours(viewer)).suppliers}


@pytest.mark.both_engines
async def test_what_is_new_of_an_own_record_is_offered_and_taken(ann: Viewer) -> None:
    first = await checked(ann, "Supplier Name,Postcode", "Oak Carpets Ltd,LS1 4AP", "Elm Windows,")
    await imported(ann, first.id)
    header = "Supplier Name,Postcode,Company number,Website,Category"
    again = await checked(ann, header, "Oak Carpets Ltd,LS1 4AP,01234567,www.oakcarpets.example,cleaners", "Elm Windows,,,,")
    (news,) = await rows(ann, again, "more")
    assert news.said == "3 facts are new: take them?"
    assert news.options[0].why == "Company number 01234567; Web site oakcarpets.example; supplies cleaning"
    assert (again.count("ours"), again.to_import) == (1, 0)
    await import_rows.answer(ann, again.id, {news.number: news.options[0].choice})
    assert (await imports.look(ann, again.id)).to_import == 1
    done = await imported(ann, again.id)
    assert (done.state, done.count("refreshed")) == (ImportState.DONE, 1)
    oak = (await our_facts(ann))["Oak Carpets Ltd"]
    assert dict(oak.identifiers) == {
        Scheme.COMPANY_NUMBER: "01234567", Scheme.DOMAIN: "oakcarpets.example", Scheme.POSTCODE: "LS1 4AP",
    }  # fmt: skip
    assert oak.categories == ("cleaning",)
    third = await checked(ann, header, "Oak Carpets Ltd,LS1 4AP,01234567,www.oakcarpets.example,cleaners", "Elm Windows,,,,x")
    assert (third.count("more"), third.count("ours")) == (0, 2)


@pytest.mark.both_engines
async def test_news_that_is_left_out_changes_nothing(ann: Viewer) -> None:
    await directory.add(ann, name="Oak Carpets Ltd")
    found = await checked(ann, "Supplier Name,Postcode", "Oak Carpets Ltd,LS1 4AP")
    await import_rows.answer_all(ann, found.id, "skip", kind=RowKind.MORE)
    assert (await imported(ann, found.id)).count("refreshed") == 0
    assert (await our_facts(ann))["Oak Carpets Ltd"].identifiers == ()


async def test_all_news_may_be_taken_at_once(ann: Viewer) -> None:
    for name in ("Oak Carpets Ltd", "Elm Windows"):
        await directory.add(ann, name=name)
    found = await checked(ann, "Supplier Name,Postcode", "Oak Carpets Ltd,LS1 4AP", "Elm Windows,LS1 4AQ")
    assert await import_rows.answer_all(ann, found.id, import_rows.LIKELIEST, kind=RowKind.MORE) == 2
    assert (await imported(ann, found.id)).count("refreshed") == 2


async def test_what_somebody_said_of_an_own_record_is_not_asked_again(ann: Viewer) -> None:
    await directory.add(ann, name="Hazelmere Joinery Ltd")
    lines = ("Supplier Name,Phone", "Haselmere Joinery & Sons,")
    first = await checked(ann, *lines)
    (asked,) = await rows(ann, first, "ask")
    await import_rows.answer(ann, first.id, {asked.number: asked.options[0].choice})
    await imported(ann, first.id)
    assert (await our_facts(ann))["Hazelmere Joinery Ltd"].aliases == ("Haselmere Joinery & Sons",)
    again = await checked(ann, *lines)
    assert (again.count("ask"), again.count("ours")) == (0, 1)


async def test_an_empty_answer_is_refused_at_its_question(ann: Viewer) -> None:
    await directory.add(ann, name="Hazelmere Joinery Ltd")
    first = await checked(ann, "Supplier Name,Phone", "Haselmere Joinery & Sons,")
    with pytest.raises(Invalid, match="Choose one of the answers"):
        await import_rows.answer(ann, first.id, {})


async def test_news_is_no_new_supplier(ann: Viewer) -> None:
    await directory.add(ann, name="Oak Carpets Ltd")
    found = await checked(ann, "Supplier Name,Postcode", "Oak Carpets Ltd,LS1 4AP")
    (news,) = await rows(ann, found, "more")
    with pytest.raises(Invalid):
        await import_rows.answer(ann, found.id, {news.number: "new"})


async def test_who_is_no_supplier_starts_unticked_with_the_reason_and_may_be_ticked(ann: Viewer) -> None:
    names = ["HM Revenue & Customs", "Petty Cash", "Mrs J Smith - staff expenses", "Mr J Smith Plumbing", "Oak Carpets Ltd"]
    found = await checked(ann, "Supplier Name,Phone", *(f"{name},01632 96010{n}" for n, name in enumerate(names)))
    by_name = {row.name: row for row in await rows(ann, found, "new")}
    assert {name: row.choice for name, row in by_name.items()} == {
        "HM Revenue & Customs": "skip", "Petty Cash": "skip", "Mrs J Smith - staff expenses": "skip",
        "Mr J Smith Plumbing": "new", "Oak Carpets Ltd": "new",
    }  # fmt: skip
    assert by_name["HM Revenue & Customs"].said == "it is left out unless you say so: it is tax"
    assert by_name["Mr J Smith Plumbing"].said == "a person who trades"
    assert by_name["Oak Carpets Ltd"].values == ("Phone: 01632960104",)
    assert found.to_import == 2
    await import_rows.answer(ann, found.id, {by_name["Petty Cash"].number: "new", by_name["Oak Carpets Ltd"].number: "skip"})
    await imported(ann, found.id)
    assert sorted(await our_facts(ann)) == ["Mr J Smith Plumbing", "Petty Cash"]


async def test_one_supplier_under_two_codes_is_told(ann: Viewer) -> None:
    found = await checked(
        ann, "Supplier Code,Supplier Name", "OAK01,Oak Carpets Ltd", "OAK02,OAK CARPETS LIMITED", "OAK01,Oak Carpets Ltd"
    )
    said = [row.said for row in await rows(ann, found, "double")]
    assert ["two codes: OAK01 and OAK02" in one for one in said] == [True, False]


async def test_a_row_of_no_supplier_is_quoted_and_the_headings_are_called_so(ann: Viewer) -> None:
    found = await checked(ann, "Creditors of June,", "Supplier Name,Postcode", "Oak Carpets Ltd,LS1 4AP", ",end of page 1")
    noise = {row.number: (row.name, row.said) for row in await rows(ann, found, "noise")}
    assert noise[1][1] == "it stands above the headings"
    assert noise[2] == ("Supplier Name · Postcode", "it holds the headings")


DOUBTFUL = (
    ("HMRC", "tax"), ("PAYE", "tax"), ("West Yorkshire Pension Fund", "pension"), ("Teachers' Pensions", "pension"),
    ("LGPS", "pension"), ("NEST", "pension"), ("Petty cash - office", "petty cash"), ("SUNDRY SUPPLIERS", "several"),
    ("Various", "several"), ("Suspense account", "several"), ("J. Bloggs (Supply Teacher)", "employee"), ("Payroll", "employee"),
    ("Staff expenses", "employee"), ("Refund - trip", "got something back"), ("Miss K Dovey", "person"), ("J Smith", "person"),
    ("SMITH, J A", "person"), ("Mr & Mrs A Patel", "person"), ("Dr P. Jones", "person"),
    ("SMITH JOHN MR", "person"), ("Lunt, Rachel (Mrs)", "person"), ("LUNT, MRS R", "person"),
    ("Bank charges", "bank"), ("Transfer to savings", "bank"),
    ("DfE sports premium funding", "grant"),
    ("National Education Union", "trade union"), ("Creditors control a/c", "several"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "word"), DOUBTFUL)
def test_who_is_paid_and_is_no_supplier_is_doubted(name: str, word: str) -> None:
    found = doubt(name)
    assert found is not None
    assert found.starts_out
    assert word in found.why


async def test_what_the_file_itself_calls_an_employee_or_a_customer_starts_left_out(ann: Viewer) -> None:
    found = await checked(
        ann,
        "Payee Name,Payee Type",
        "Fennock Pottery,Supplier",
        "Whitlock Robin,Employee",
        "Hillside Parents,CUSTOMER",
        "Oak Ltd,",
    )
    said = {row.name: (row.choice, row.said) for row in await rows(ann, found, "new")}
    assert [choice for choice, _ in said.values()] == ["new", "skip", "skip", "new"]
    assert said["Whitlock Robin"][1] == "it is left out unless you say so: the file calls it “Employee”"


@pytest.mark.parametrize("name", ["Mr J Smith Plumbing", "Mrs A Jones t/a Jones Cleaning", "Dr Bike Services",
    "D. J. Pugh (Tree Surgeon)", "JONES ALAN PLUMBING MR"])  # fmt: skip
def test_a_person_who_trades_is_a_supplier_and_marked_so(name: str) -> None:
    found = doubt(name)
    assert found is not None
    assert (found.why, found.starts_out) == ("a person who trades", False)


@pytest.mark.parametrize(
    "name",
    ["Pension Advice Ltd", "Payroll Services Ltd", "Dr Oetker UK Ltd", "B & Q", "E.ON", "JCB", "Cash for Kids", "HP GROUNDWORKS",
     "Test Valley Borough Council", "General Electric", "A Plan Insurance", "Miscellaneous Books", "J Smith Plumbing",
     "Access Control Systems", "Pest Control", "Fennock Credit Union", "Students' Union Bar"],
)  # fmt: skip
def test_a_business_is_not_doubted(name: str) -> None:
    assert doubt(name) is None
