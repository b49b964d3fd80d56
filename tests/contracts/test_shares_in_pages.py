"""What is shared of contracts is never cut short without a word: it comes in pages, or says so with one's own first."""

from uuid import UUID

import pytest

from base.viewer import Viewer
from contracts.changes import linking
from contracts.fields.said import Said
from contracts.register import register
from contracts.shares import seen_by, shares, shown
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.directory import directory
from tests.given.builders import signed_in
from tests.given.page_text import text_of

pytestmark = pytest.mark.usefixtures("db")


async def shared_with(bob: Viewer, ann: Viewer, supplier: UUID, *titles: str) -> list[UUID]:
    """Contracts of Ann's school whose terms Bob's sees."""
    made = [await register.add(ann, Said({"title": title}, supplier=supplier)) for title in titles]
    for contract in made:
        to = AudienceChoice((GrantChoice(GrantKind.SCHOOL, bob.school, fields=Fields.TERMS),))
        await shares.share(ann, contract, to)
    return made


async def test_what_one_school_sees_of_our_contracts_comes_in_pages(
    ann: Viewer, bob: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen_by, "PAGE", 2)
    await shared_with(bob, ann, (await directory.add(ann, name="Ashby Lifts")).id, "Lifts", "Alarms", "Boilers")
    here = f"/schools/{bob.school}/sees"
    async with signed_in(ann) as browser:
        first = (await browser.get(here)).text
        second = text_of((await browser.get(f"{here}?number=2")).text)
    assert (">Lifts<" in first, f"{here}?number=2" in first) == (False, True)
    assert ("Lifts" in second, "Boilers" in second, "Next" in second) == (True, False, False)


@pytest.mark.both_engines
async def test_our_own_contract_with_a_supplier_is_listed_whatever_others_share(
    ann: Viewer, bob: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    supplier = (await directory.add(ann, name="Ashby Lifts")).id
    await shared_with(bob, ann, supplier, "Lifts", "Alarms", "Boilers", "Doors", "Escalators")
    mine = await register.add(bob, Said({"title": "Repairs"}, supplier=supplier))
    monkeypatch.setattr(shown, "MOST_SHOWN", 1)
    assert [card.id for card in await shown.with_supplier(bob, supplier)] == [mine]
    async with signed_in(bob) as browser:
        page = text_of((await browser.get(f"/suppliers/{supplier}")).text)
    assert "Not more than 1 are listed here, those of your school before others." in page


async def test_a_contract_to_link_with_is_found_by_its_name_where_there_are_many(
    ann: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    lifts, *_ = [await register.add(ann, Said({"title": title})) for title in ("Lifts", "Alarms", "Boilers", "Lift repairs")]
    monkeypatch.setattr(linking, "OFFERED", 2)
    async with signed_in(ann) as browser:
        page = (await browser.get(f"/contracts/{lifts}/link")).text
        found = (await browser.get(f"/contracts/{lifts}/link?named=LIFT")).text
        none = text_of((await browser.get(f"/contracts/{lifts}/link?named=catering")).text)
    assert ("more contracts than are offered" in page, "Lift repairs" in page) == (True, False)
    assert ("Lift repairs" in found, ">Alarms<" in found) == (True, False)
    assert "No other contract in your register is called so." in none
