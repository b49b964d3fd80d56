"""Answers to requests under the Freedom of Information Act: what is given, what is left out, and what is kept of them."""

import csv
import io
import zipfile

import openpyxl
import pytest

from base.refusals import Forbidden, Invalid
from base.viewer import Role, Viewer
from contracts.fields.said import Said
from contracts.register import register
from disclosure.foi import answer, giving
from disclosure.foi.answer import BLANKED, GIVEN, NOT_ASKED, Wanted
from disclosure.foi.giving import Asked
from disclosure.foi.reasons import Ask
from disclosure.foi.sections import by_number
from disclosure.record_parts import Table
from disclosure.sheets import Part
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from tests.given.builders import a_person, a_school, school_of, signed_in
from tests.given.page_text import text_of
from tests.given.served import FROM, a_job

ALL = dict.fromkeys(range(15), GIVEN)
TABLE = Table(
    ("Supplier", "Rating", "What was good"),
    [["Ashby Boilers", 4, "Dave smith came. DAVE again, not Davenport."], ["Dene Drains", None, "=1+1 by Dave"]],
)


@pytest.mark.pure
def test_names_are_blanked_as_whole_words_and_columns_left_out_under_their_section() -> None:
    wanted = Wanted(about={"Ashby Boilers"}, columns={0: NOT_ASKED, 1: "43", 2: GIVEN}, blank=["Dave", "Dave Smith"])
    found = answer.of(TABLE, wanted)
    assert found.table == Table(["What was good"], [[f"{BLANKED} came. {BLANKED} again, not Davenport."]])
    assert (found.left_out, found.blanked) == ((("Rating", "43"),), 2)
    assert answer.of(TABLE, Wanted(columns=ALL)).table == Table(list(TABLE.headings), [list(row) for row in TABLE.rows])
    assert answer.of(TABLE, Wanted()).table.headings == []


@pytest.mark.pure
def test_each_section_is_cited_and_says_whether_it_is_absolute() -> None:
    sections = by_number()
    assert [number for number, one in sections.items() if one.kind == "absolute"] == ["21", "40", "41", "44"], "section 2(3)"
    weighed = [number for number, one in sections.items() if Ask.PUBLIC_INTEREST in one.asks]
    assert weighed == [number for number, one in sections.items() if one.kind == "qualified"]
    assert [number for number, one in sections.items() if one.kind == "cost limit"] == ["12"]
    assert sections["43"].address == "https://www.legislation.gov.uk/ukpga/2000/36/section/43"


@pytest.fixture
async def ann(db: object) -> Viewer:
    ann = await a_person(await a_school("Oakfield Primary"))
    boilers = (await directory.add(ann, name="Ashby Boilers")).id
    said = Opinion(interest=None, rating=2, praise="=Polite", criticism="Dave was late.")
    await reviews.review(ann, boilers, opinion=said, version=None)
    await notes.note(ann, boilers, about=About.PROBLEM, body="Dave lost the key.")
    return ann


async def given(viewer: Viewer, part: Part, wanted: Wanted, made_as: str = "zip") -> bytes:
    return await answered(viewer, Asked((part,), {part: wanted.columns}, "", wanted.blank, "FOI 2026/14", REASONS), made_as)


REASONS = {"public_interest-43": "Rivals would read their prices.", "source-41": "Dene Drains"}


async def answered(viewer: Viewer, asked: Asked, made_as: str = "zip") -> bytes:
    file = io.BytesIO()
    await giving.give(viewer, asked, made_as=made_as, to=file)
    return file.getvalue()


def tables(packed: bytes) -> dict[str, list[list[str]]]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")))) for name in archive.namelist()}


async def test_an_answer_says_what_was_left_out_and_its_entry_repeats_no_word(ann: Viewer) -> None:
    packed = await given(ann, Part.REVIEWS, Wanted(columns={**ALL, 3: "43"}, blank=["Dave"]))
    given_, left_out = tables(packed)["reviews.csv"], tables(packed)["left-out.csv"]
    assert given_[0][:5] == ["Supplier", "Rating", "Would use again", "What could be better", "Declared interest"]
    assert given_[1][:4] == ["Ashby Boilers", "2", "", f"{BLANKED} was late."]
    assert [row[1:3] for row in left_out[1:]] == [["What was good", "section 43"], ["Names in texts, in 1 place", "section 40"]]
    assert (
        left_out[1][-1]
        == "Why the public interest in keeping it back outweighs that in giving it: Rivals would read their prices."
    )
    book = openpyxl.load_workbook(io.BytesIO(await given(ann, Part.NOTES, Wanted(columns=ALL), "xlsx")))
    assert [sheet.title for sheet in book] == ["Notes", "What was left out"]
    async with signed_in(ann) as browser:
        shown = text_of((await browser.get("/foi")).text)
        trail = text_of((await browser.get("/trail")).text)
    assert "reviews: What was good: section 43" in shown
    assert "FOI 2026/14" in shown
    assert "Section 43: why the public interest in keeping it back outweighs that in giving it" in shown
    assert "Rivals would read their prices." in shown
    assert "Answered a request for information" in trail
    assert "Dave" not in shown + trail.partition("Wrote a note")[0]


async def test_what_is_wrong_comes_back_with_what_was_typed(ann: Viewer) -> None:
    async with signed_in(ann) as browser:
        sent = await browser.post("/foi/new", data={"list": "notes", "blank": "Mr Typed", "about": "Nobody"})
        assert sent.status_code == 422
        for sentence in (
            "Enter the reference",
            "Give at least one column",
            "Choose Excel or CSV",
            "what the answer is about",
            "Mr Typed",
        ):
            assert sentence in sent.text, sentence
        none = await browser.get("/foi/new?list=people")
        assert (none.status_code, 'href="#list"' in none.text, 'name="list"' in none.text) == (422, True, True)
        good = {"list": "notes", "reference": "14", "format": "xlsx", "column-notes-0": "give", "column-notes-3": "40"}
        sent = await browser.post("/foi/new", data=good)
        assert sent.headers["content-disposition"].endswith('"foi-answer.xlsx"')
        asked = (await browser.get("/foi/new?list=notes")).text
        once = {"list": "notes", "reference": "14", "give-notes": ["0", "2"], "others-notes": "40", "column-notes-1": "not_asked"}
        again = text_of((await browser.post("/foi/new", data=once)).text)
        sent = await browser.post("/foi/new", data=once | {"format": "zip"})
        not_offered = await browser.post("/foi/new", data=once | {"others-notes": "give", "format": "zip"})
    assert asked.count('name="give-notes"') == 6
    assert asked.count('name="others-notes"') == 1
    assert "Some of it for another reason" in again
    left_out = [(row[1], row[2]) for row in tables(sent.content)["left-out.csv"][1:]]
    assert left_out == [("What it says", "section 40"), ("Photos and files", "section 40"), ("Written on", "section 40")]
    assert not_offered.status_code == 422
    for wrong in (
        Wanted(columns={**ALL, 1: "99"}),
        Wanted(columns=ALL, blank=["x" * 101]),
        Wanted(columns=ALL, blank=["x"] * 101),
    ):
        with pytest.raises(Invalid):
            await given(ann, Part.NOTES, wrong)


async def test_a_section_asks_what_it_needs_and_it_is_kept_with_the_entry(ann: Viewer) -> None:
    sent_ = {"list": "notes", "reference": "14", "format": "zip", "column-notes-0": "give"}
    sent_ |= {"column-notes-1": "36", "column-notes-2": "43", "column-notes-3": "40", "column-notes-99": "21"}
    async with signed_in(ann) as browser:
        wrong = await browser.post("/foi/new", data=sent_ | {"public_interest-43": "Typed.", "opinion_on-36-day": "31"})
        missing = [f'href="#{ask.of("36")}"' for ask in by_number()["36"].asks]
        assert wrong.status_code == 422
        assert [one for one in missing if one not in wrong.text] == []
        assert "Typed." in wrong.text
        assert 'href="#public_interest-43"' not in wrong.text
        assert 'href="#where-21"' not in wrong.text, "no such column"
        day = {"opinion_on-36-day": "3", "opinion_on-36-month": "11", "opinion_on-36-year": "2025"}
        said = {"public_interest-36": "Candour.", "public_interest-43": "Prices.", "opinion_by-36": "Chair of governors"}
        right = await browser.post("/foi/new", data=sent_ | said | day)
        shown = text_of((await browser.get("/foi")).text)
    left_out = tables(right.content)["left-out.csv"]
    assert left_out[1][-1].endswith(
        "Whose opinion it is, by office: Chair of governors. On which day they gave it: 3 November 2025."
    )
    assert left_out[3][2:] == ["section 40", "Personal information", "absolute", by_number()["40"].address, ""]
    assert "Section 36: whose opinion it is, by office Chair of governors" in shown


async def test_nobody_answers_without_saying_what_they_do_not_read(ann: Viewer) -> None:
    school = await school_of(ann)
    with pytest.raises(Forbidden):
        await given(await a_person(school, Role.GOVERNOR, "Gus Green"), Part.NOTES, Wanted(columns=ALL))
    hal = await a_person(school, Role.HEAD, "Hal Hart")
    boilers = (await directory.suggestions(hal, "Ashby Boilers"))[0].supplier_id
    current = await reviews.current(hal, boilers)
    assert current is not None
    said = Opinion(interest="My brother's firm.", rating=2, praise="=Polite")
    await reviews.review(hal, boilers, opinion=said, version=current.version)
    with pytest.raises(Forbidden):
        await given(hal, Part.NOTES, Wanted(columns=ALL))
    assert await given(hal, Part.SUPPLIERS, Wanted(columns=ALL))


async def test_one_answer_is_made_of_several_lists_about_one_supplier(ann: Viewer) -> None:
    boilers = (await directory.suggestions(ann, "Ashby Boilers"))[0].supplier_id
    await directory.add(ann, name="Dene Drains")
    care = await register.add(ann, Said({"title": "Boiler care", "starts_on": FROM}, supplier=boilers))
    await register.add(ann, Said({"title": "Drains", "starts_on": FROM, "supplier_name": "Dene Drains"}))
    await a_job(ann, care)
    parts = (Part.SUPPLIERS, Part.REVIEWS, Part.NOTES, Part.CONTRACTS, Part.HAPPENED)
    columns = dict.fromkeys(parts, ALL) | {Part.NOTES: {3: "41"}}
    made = tables(await answered(ann, Asked(parts, columns, "Ashby Boilers", ["Dave"], "14", REASONS)))
    assert {name: len(rows) - 1 for name, rows in made.items()} == {
        "suppliers.csv": 1, "reviews.csv": 1, "contracts.csv": 1, "happened.csv": 1, "left-out.csv": 2,
    }  # fmt: skip
    assert [row[:3] for row in made["left-out.csv"][1:]] == [
        ["Notes", "What it says", "section 41"],
        ["Reviews and vouches", "Names in texts, in 1 place", "section 40"],
    ]
