"""A school's own records, taken away and taken in again elsewhere."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import openpyxl
import pytest

import database
from audit.erasing.erasure import ErasureReason
from base import clock
from base.refusals import Conflict, Forbidden, Invalid, TooLarge
from base.viewer import Role, Viewer
from contracts.fields.said import Said
from contracts.judging.kinds import StampKind
from contracts.promises.kinds import How
from contracts.register import register
from contracts.service_events import logging_one, stamping
from contracts.service_events.logging_one import Logged
from contracts.service_events.stamping import Stamping
from disclosure import enquiries, exporting, taking_in
from disclosure.exporting import EVERYTHING
from disclosure.taking import ERASED
from privacy import erasure
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.asking import answering, asking, whom
from suppliers.asking.asking import Wanted
from suppliers.asking.seen import AnswersWith
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.record.criteria import Stage
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from suppliers.tables import Review
from tests.given.builders import a_person, a_school, events_of, school_of, signed_in
from tests.given.every_check import findings

pytestmark = pytest.mark.usefixtures("db")

EVERYONE: Final = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING),))
FORMULA: Final = '=HYPERLINK("http://evil.example","Look")'


@pytest.fixture
async def ann(db: object) -> Viewer:
    """A business manager at a school that has something of everything."""
    ann = await a_person(await a_school("Oakfield Primary"))
    known = {"company_number": "01234567", "phone": "01522 496000"}
    boilers = (await directory.add(ann, name="Ashby Boilers", aliases=["AB"], identifiers=known, categories=["heating"])).id
    drains, left = (await directory.add(ann, name="Dene Drains")).id, (await directory.add(ann, name="Carr Catering")).id
    await directory.stop_using(ann, left)
    await reviews.vouch(ann, drains)
    said = Opinion(
        interest=None, rating=4, would_use_again=True, praise=FORMULA, criticism="Late twice.", used_from=date(2024, 9, 1)
    )
    said = replace(said, quality=5, stage=Stage.IN_SERVICE, evidence="Invoice 17", extras={"comes_soon": "same_day"})
    review = (await reviews.review(ann, boilers, opinion=said, version=None)).id
    await shares.share(ann, OpinionKind.REVIEW, review, EVERYONE)
    day = clock.today() - timedelta(days=40)
    photo = [Upload("what they said.txt", b"We will come on Monday.")]
    await notes.note(ann, boilers, about=About.PROBLEM, body="Nobody came.", happened_on=day, files=photo)
    terms: dict[str, Any] = {
        "title": "Boiler care",
        "starts_on": date(2025, 9, 1),
        "ends_on": date(2028, 8, 31),
        "annual_pence": 486_000,
    }
    terms |= {"notice": {"n": 3, "unit": "months"}, "notes": "Ask for Dave."}
    contract = await register.add(ann, Said(terms, supplier=boilers))
    then = clock.now() - timedelta(days=3)
    job = Logged(happened_at=then, told_at=then, told_how=How.TELEPHONE, priority="P2", what="No heating", notes="Hall only.")
    event = await logging_one.log(ann, contract, job)
    await stamping.stamp(ann, event, Stamping(StampKind.ATTENDED, then + timedelta(hours=2), note="With a van"))
    return ann


async def taken(viewer: Viewer, what: str, made_as: str) -> bytes:
    file = io.BytesIO()
    await exporting.export(viewer, what, made_as, to=file)
    return file.getvalue()


def mapped(content: bytes) -> Any:
    """What it says, with each id as the place at which it is first named, and without what belongs to an installation."""
    found = json.loads(content)
    found["shares"], found["made_at"], found["school"] = [], "", ""
    names: dict[str, str] = {}
    for part in ("suppliers", "reviews", "notes", "contracts", "happened"):
        for place, one in enumerate(found[part]):
            names[one["id"]] = f"{part} {place}"
            one.pop("listed", None)
            for file in one.get("files", ()):
                names[file["path"].removeprefix("files/")] = f"file of {part} {place}"
    text = json.dumps(found)
    for known, name in names.items():
        text = text.replace(known, name)
    return json.loads(text)


async def test_what_is_taken_in_elsewhere_gives_the_same_again(ann: Viewer) -> None:
    packed = await taken(ann, EVERYTHING, "zip")
    bob = await a_person(await a_school("Elmwood School"), Role.HEAD, "Bob Brown")
    there = await taking_in.take_in(bob, packed, whose="Oakfield Primary")
    assert there.counts == {"suppliers": 3, "reviews": 2, "notes": 1, "files": 1, "contracts": 1, "happened": 1}
    assert (there.left_out, there.to_confirm) == ((), 1), "the share waits for the head"
    before, after = [mapped(await taken(who, EVERYTHING, "json")) for who in (ann, bob)]
    assert after == before
    assert before["reviews"][1]["said"]["criticism"] == "Late twice."
    assert before["happened"][0]["stamps"][0]["note"] == "With a van"
    assert await findings() == (), "today's rows are what the trail tells"
    recorded = await events_of(bob.school)
    assert recorded.count("supplier.added") == 3
    assert recorded[-4:-1] == ["service.logged", "service.stamped", "records.taken_in"]
    with pytest.raises(Conflict):
        await taking_in.take_in(bob, packed, whose="Oakfield Primary")


async def test_what_was_erased_comes_in_as_such(ann: Viewer) -> None:
    hal = await a_person(await school_of(ann), Role.HEAD, "Hal Hart")
    for typed in ("Nobody came", "Late twice", "No heating", "Invoice 17", "Ask for Dave", "Boiler care"):
        look = await erasure.look(ann, person=None, typed=typed)
        chosen = [one.find.key for one in look.offers if not one.kept]
        if chosen:
            asked = await erasure.ask(ann, person=None, typed=typed, chosen=chosen, reason=ErasureReason.ASKED, words="")
            await erasure.approve(hal, asked)
    packed = await taken(ann, EVERYTHING, "zip")
    bob = await a_person(await a_school("Elmwood School"), Role.HEAD, "Bob Brown")
    there = await taking_in.take_in(bob, packed, whose="Oakfield Primary")
    assert (there.counts["reviews"], there.counts["notes"], there.counts["contracts"]) == (2, 1, 1)
    found = json.loads(await taken(bob, EVERYTHING, "json"))
    assert [one["body"] for one in found["notes"]] == [ERASED]
    assert await findings() == ()


async def test_what_can_not_be_kept_is_named_and_nothing_is_taken_in(ann: Viewer) -> None:
    good = json.loads(await taken(ann, EVERYTHING, "json"))
    bob = await a_person(await a_school("Elmwood School"), Role.HEAD, "Bob Brown")
    before = await events_of(bob.school)
    spoilt: dict[str, Any] = {
        "Ashby Boilers": {"suppliers": [good["suppliers"][0] | {"identifiers": {"company_number": ["x"]}}]},
        "The review of a supplier that is not in it": {"suppliers": []},
        "The review of Dene Drains: Choose a rating from 1 to 5": {
            "reviews": [good["reviews"][0] | {"said": {"interest": None, "rating": 9}}]
        },
        "no “colour” of a contract": {"contracts": [good["contracts"][0] | {"values": {"title": "Boilers", "colour": "red"}}]},
        "another installation": {"version": 6},
        "“urn” must be 9999999 or less": {"school": {"name": "Oakfield Primary", "urn": 2**60}},  # more than a trail holds
        "there is no field “mood”": {"reviews": [good["reviews"][0] | {"said": {"interest": None, "rating": 4, "mood": "good"}}]},
    }
    for expected, change in spoilt.items():
        with pytest.raises(Invalid) as refused:
            await taking_in.take_in(bob, json.dumps(good | change).encode(), whose="Oakfield Primary")
        assert expected in " ".join((refused.value.sentence, *refused.value.fields.values())), expected
    for wrong in (b"", b"PK\x03\x04 no zip", b"{}", b"[" * 100_000):
        with pytest.raises(Invalid) as refused:
            await taking_in.take_in(bob, wrong)
        assert refused.value.sentence == refused.value.fields["file"]
        assert "truncated" not in refused.value.sentence
    with pytest.raises(TooLarge):
        await taking_in.take_in(bob, b" " * (taking_in.LARGEST + 1))
    with pytest.raises(Forbidden):
        await taking_in.take_in(await a_person(await a_school("Fern School"), Role.GOVERNOR, "Gus Green"), b"{}")
    assert await events_of(bob.school) == before


async def test_who_reads_no_criticism_takes_none_away(ann: Viewer) -> None:
    gus = await a_person(await school_of(ann), Role.GOVERNOR, "Gus Green")
    found = json.loads(await taken(gus, EVERYTHING, "json"))
    assert found["kept_back"] == 2
    assert found["notes"] == []
    assert "Late twice" not in json.dumps(found)
    assert [one["said"]["criticism"] for one in found["reviews"]] == ["", ""]


async def test_a_trust_lead_takes_no_answers_and_what_a_network_was_asked_comes_in_where_it_is(ann: Viewer) -> None:
    elm = await a_person(await a_school("Elmwood School"), Role.HEAD, "Bob Brown")
    theirs = await asking.ask(elm, Wanted(category="roofing", words="Who mends slates?", to=whom.near(5)))
    await answering.answer(ann, theirs.id, AnswersWith.NOTHING)
    lead = await a_person(await school_of(ann), Role.TRUST_LEAD, "Lea Lund")
    answers = [json.loads(await taken(who, EVERYTHING, "json"))["answers"] for who in (ann, lead)]
    assert [[one["supplier"] for one in each] for each in answers] == [[None], []]
    await asking.ask(ann, Wanted(category="roofing", words="Who is quick?", to=whom.near(5)))
    found = json.loads(await taken(ann, EVERYTHING, "json"))
    (near,) = found["enquiries"]
    elsewhere = near | {"to": near["to"] | {"kind": "network", "miles": None, "network_kind": "cluster", "network_name": "Gone"}}
    never = [{"closes_at": when} for when in ("2020-01-01T00:00:00Z", "2030-01-01T00:00:00", "9999-12-31T23:59:59-14:00")]
    for wrong in ({"to": near["to"] | {"miles": 5_000}}, *never, {"words": "x" * 201}):
        with pytest.raises(Invalid, match="The enquiry of"):
            await taking_in.take_in(elm, json.dumps(found | {"enquiries": [near | wrong]}).encode(), whose="Oakfield Primary")
    there = await taking_in.take_in(elm, json.dumps(found | {"enquiries": [near, elsewhere]}).encode(), whose="Oakfield Primary")
    assert there.counts["enquiries"] == 1
    assert f"1: {enquiries.NOT_HERE}" in there.left_out


async def test_tables_hold_no_formula_and_the_entry_no_word(ann: Viewer) -> None:
    (line,) = [row for row in csv.reader(io.StringIO((await taken(ann, "reviews", "csv")).decode("utf-8-sig"))) if row[1] == "4"]
    assert line[3] == f"'{FORMULA}"
    book = openpyxl.load_workbook(io.BytesIO(await taken(ann, EVERYTHING, "xlsx")))
    assert book.sheetnames[0] == "Suppliers"
    texts = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == FORMULA]
    assert [cell.data_type for cell in texts] == ["s"]
    assert [row[0].value for row in book["What happened under contracts"].iter_rows()] == ["Contract", "Boiler care"]
    with zipfile.ZipFile(io.BytesIO(await taken(ann, EVERYTHING, "zip"))) as archive:
        names = archive.namelist()
        files = [archive.read(name) for name in names if name.startswith("files/")]
    assert files == [b"We will come on Monday."]
    assert {"records.json", "suppliers.csv", "happened.csv"} < set(names)
    with pytest.raises(Invalid):
        await taken(ann, "suppliers", "zip")
    async with signed_in(ann) as browser:
        shown = (await browser.get("/our-records")).text
        assert 'value="everything.zip"' in shown
        sent = await browser.post("/our-records/copy", data={"copy": ".json", "list": "suppliers"})
        assert sent.headers["content-disposition"] == 'attachment; filename="oakfield-primary-suppliers.json"'
        assert len(sent.json()["suppliers"]) == 3
        assert sent.json()["reviews"] == []
        trail = (await browser.get("/trail")).text
    assert trail.count("Took away a copy") == 4
    assert "Ashby" not in trail.partition("Took away a copy")[2].partition("</li>")[0]


async def test_a_copy_says_who_sees_what_of_a_review_as_its_own_page_does(ann: Viewer) -> None:
    rows = list(csv.DictReader(io.StringIO((await taken(ann, "shares", "csv")).decode("utf-8-sig"))))
    async with database.read():
        review: Any = await Review.objects().where(Review.audience.is_not_null()).first()
    shown = await shares.state(ann, OpinionKind.REVIEW, review.id)
    assert [row["Who can see what"] for row in rows if row["What"] == "Review"] == [line.sentence for line in shown.lines]
    assert "that you have evidence" in shown.sentence
