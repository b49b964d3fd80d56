"""Up to four suppliers side by side: what the viewer may hear of each and no more, on the page and in the files alike."""

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest

from base import clock
from base.refusals import Invalid, NotFound
from base.viewer import Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.comparing import sheet
from suppliers.comparing.comparing import compare
from suppliers.directory import directory
from suppliers.opinions import reviews
from suppliers.opinions.opinion import Opinion
from suppliers.search.ticked import TOO_FEW, TOO_MANY
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import text_of
from tests.given.searching import EVERYONE, a_supplier, says

pytestmark = pytest.mark.usefixtures("db")

PRAISE = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.PRAISE),))


@pytest.fixture
async def oak(db: object) -> Viewer:
    return await a_person(await a_school("Oakfield Primary"), name="Ann Archer")


async def others(count: int) -> list[Viewer]:
    return [await a_person(await a_school(f"School {n} Primary"), name=f"Bea {n}") for n in range(count)]


async def judged(viewer: Viewer, supplier: object, *, rating: int, share: AudienceChoice = EVERYONE) -> None:
    said = Opinion(
        interest=None,
        rating=rating,
        would_use_again=rating > 2,
        praise="Came at once.",
        evidence="Invoice 12",
        value=rating,
        extras={"comes_soon": "same_day" if rating > 2 else "later"},
    )
    made = await reviews.review(viewer, supplier, opinion=said, version=None)  # type: ignore[arg-type]  # an id
    await shares.share(viewer, OpinionKind.REVIEW, made.id, share)


def told(rows: tuple[sheet.Row, ...]) -> dict[str, list[str]]:
    return {row.label: ["; ".join(words.text for words in cell) for cell in row.cells] for row in rows}


async def test_each_row_says_of_each_supplier_what_its_own_page_does(oak: Viewer) -> None:
    schools = await others(4)
    good, poor = await a_supplier(schools[0], "Good Boilers"), await a_supplier(schools[0], "Poor Boilers")
    for n, viewer in enumerate(schools):
        await judged(viewer, good, rating=5 if n else 2)
        await judged(viewer, poor, rating=1, share=PRAISE)  # the rating, evidence and criteria are kept back
    await says(oak, good, rating=4, share=None)
    rows = told(sheet.rows(await compare(oak, [good, poor]), {}, clock.now()))
    assert rows["Mean rating, of those given to every school"] == ["4.2 out of 5, from 4 schools", "Fewer than 3 schools"]
    assert rows["Value for money"] == ["4.2 out of 5, from 4 schools", "Fewer than 3 schools"]
    assert rows["How soon does somebody come when you call?"] == ["The same day: 3 schools; after more than a week: 1", ""]
    assert rows["Would use them again"] == ["3 of 4 schools", "Nothing yet"]
    assert rows["Other schools that you hear"] == ["4; 4 like yours"] * 2
    assert rows["Evidence given"] == ["by 4 schools", ""]
    assert rows["Our own school"][0].endswith("We rate them 4 out of 5; We would use them again")
    assert "Reliability" not in rows


async def test_a_program_reads_the_same_figures(oak: Viewer) -> None:
    schools = await others(4)
    good, poor = await a_supplier(schools[0], "Good Boilers"), await a_supplier(schools[0], "Poor Boilers")
    for n, viewer in enumerate(schools):
        await judged(viewer, good, rating=5 if n else 2)
        await judged(viewer, poor, rating=1, share=PRAISE)
    await says(oak, good, rating=4, share=None)
    async with signed_in(oak) as browser:
        first, second = (await browser.get(f"/api/v1/suppliers/side-by-side?supplier={good}&supplier={poor}")).json()
        refused = [
            (await browser.get(f"/api/v1/suppliers/side-by-side?{'&'.join(['supplier=' + str(good)] * n)}")).status_code
            for n in (0, 1, 2, 5)
        ]
    assert first["rating"] == {
        "mean": 4.25,
        "schools": 4,
        "criteria": [{"criterion": "value", "mean": 4.25, "schools": 4}],
    }
    assert (first["would_use_again"], first["would_not"], first["schools"], first["with_evidence"]) == (3, 1, 4, 4)
    answers = {"same_day": 3, "later": 1}
    assert (first["extras"], second["extras"]) == ([{"question": "comes_soon", "schools": 4, "answers": answers}], [])
    assert first["ours"] == {"rating": 4, "would_use_again": True, "lapses_at": None}
    assert (second["rating"], second["would_use_again"], second["schools"], second["with_evidence"]) == (None, 0, 4, 0)
    assert refused == [400, 400, 422, 400]


async def test_between_two_and_four_can_be_compared_and_what_is_hidden_is_not_there(oak: Viewer) -> None:
    five = [await a_supplier(oak, f"Boilers {letter}{letter}x") for letter in "ABCDE"]
    with pytest.raises(Invalid, match=TOO_MANY):
        await compare(oak, five)
    with pytest.raises(Invalid, match=TOO_FEW):
        await compare(oak, [five[0], five[0]])
    assert [one.supplier.id for one in await compare(oak, five[:4])] == five[:4]
    (elm,) = await others(1)
    with pytest.raises(NotFound):
        await compare(elm, five[:2])


async def test_suppliers_are_ticked_in_a_search_and_taken_away_as_files(oak: Viewer) -> None:
    named = [await a_supplier(oak, f"Boilers {letter}{letter}x") for letter in "ABC"]
    for supplier in named:
        await says(oak, supplier)
    ours = (await directory.add(oak, name="=Formula Boilers", categories=["heating"], identifiers={"phone": "01522 496012"})).id
    query = "&".join(f"supplier={one}" for one in [*named[:2], ours])
    async with signed_in(oak) as browser:
        found = await browser.get("/search?need=boilers")
        listed = await browser.get("/suppliers")
        page = await browser.get(f"/suppliers/side-by-side?{query}")
        none = await browser.get("/suppliers/side-by-side")
        as_csv = await browser.get(f"/suppliers/side-by-side/file?{query}&made_as=csv")
        as_xlsx = await browser.get(f"/suppliers/side-by-side/file?{query}&made_as=xlsx")
    async with signed_in(oak) as browser:
        one = await browser.get(
            "/suppliers/side-by-side", params={"supplier": str(named[0]), "back": "/search?need=boilers&miles=20"}
        )
        said = await browser.get(one.headers["location"])
        back = await browser.get(f"/suppliers/side-by-side?{query}&back=/search%3Fneed=boilers")
        elsewhere = await browser.get("/suppliers/side-by-side", params={"back": "//evil.example/search"})
        at_ours = await browser.get("/suppliers/side-by-side", params={"back": "/suppliers?text=formula"})
        ours_again = await browser.get(at_ours.headers["location"])
    assert one.headers["location"].startswith("/search?need=boilers&miles=20&supplier=")
    assert said.text.count(TOO_FEW) == 2  # above the page, which leads to the first box, and at the button
    assert (said.text.count(" checked"), 'value="20" selected' in said.text) == (1, True)
    assert 'href="/search?need=boilers">Back to the search' in back.text
    assert elsewhere.status_code == 422
    assert ours_again.text.count(TOO_FEW) == 2
    for ticks in (found, listed):
        assert ticks.text.count('type="checkbox" id=') >= len(named)
        assert 'action="/suppliers/side-by-side"' in ticks.text
    assert "3 suppliers side by side" in text_of(page.text)
    assert f'/suppliers/side-by-side?supplier={named[0]}&amp;supplier={named[1]}"' in page.text  # without the third
    assert none.status_code == 422
    assert TOO_FEW in text_of(none.text)
    table = list(csv.reader(StringIO(as_csv.text.lstrip("\ufeff"))))
    assert table[0] == ["", "Boilers AAx", "Boilers BBx", "'=Formula Boilers"]
    cells = [[cell.value or "" for cell in row] for row in openpyxl.load_workbook(BytesIO(as_xlsx.content)).active.rows]
    assert cells[0][3] == "=Formula Boilers"
    assert [row[0] for row in cells] == [row[0] for row in table]
