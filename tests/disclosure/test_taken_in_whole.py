"""All that a school owns goes out and comes in elsewhere, value by value, with promises, calendars, documents and shares."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any, Final

import openpyxl
import pytest

import database
from base.refusals import Forbidden, Invalid
from base.viewer import Role, Viewer
from disclosure import exporting, left_out, shares_to_confirm, taking_in
from disclosure.exporting import EVERYTHING
from disclosure.tables import ShareToConfirm
from sharing.access.audiences import AudienceChoice
from suppliers.directory import directory
from suppliers.shares import shares
from suppliers.shares.publishing import SaidOfEntries
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, events_of, school_of, signed_in
from tests.given.every_check import findings
from tests.given.every_table import every_table
from tests.given.page_text import text_of
from tests.given.whole_records import PDF, somebody_with_everything

pytestmark = pytest.mark.usefixtures("db")

NAMED: Final = ("suppliers", "reviews", "notes", "contracts", "promises", "documents", "happened")


@pytest.fixture
async def ann(db: object) -> Viewer:
    return await somebody_with_everything()


async def taken(viewer: Viewer, made_as: str) -> bytes:
    file = io.BytesIO()
    await exporting.export(viewer, EVERYTHING, made_as, to=file)
    return file.getvalue()


def mapped(found: dict[str, Any]) -> dict[str, Any]:
    """What it says, with each id as the place at which it is first named, and without what belongs to an installation."""
    names: dict[str, str] = {}
    for part in NAMED:
        for place, one in enumerate(found[part]):
            names.setdefault(one["id"], f"{part} {place}")
            one.pop("listed", None)
            for file in [*one.get("files", ()), *([one["file"]] if "file" in one else ())]:
                names[file["path"].removeprefix("files/")] = f"file of {part} {place}"
    for share in found["shares"]:
        share["grant"] = ""  # ids of schools and networks: `to` says who they are
    for grown in ("made_at", "school"):
        found.pop(grown, None)
    found["shares"].sort(key=lambda one: (one["what"], one["to"]["kind"]))
    text = json.dumps(found)
    for known, name in names.items():
        text = text.replace(known, name)
    mapped_: dict[str, Any] = json.loads(text)
    return mapped_


async def rows_in_the_copy() -> dict[str, int]:
    """How many there are in each table that a copy has."""
    tables = {one._meta.tablename: one for one in every_table()}
    async with database.read():
        return {name: await tables[name].count() for its in left_out.IN_THE_COPY.values() for name in its}


async def test_everything_comes_in_again_and_is_seen_by_nobody_until_the_head_says_so(ann: Viewer) -> None:
    packed = await taken(ann, "zip")
    bob = await a_person(await a_school("Dale School"), Role.BUSINESS_MANAGER, "Bob Brown")
    rows = await rows_in_the_copy()
    there = await taking_in.take_in(bob, packed, whose="Oakfield Primary")
    grown = {table for table, number in (await rows_in_the_copy()).items() if number > rows[table]}
    assert set(rows) - grown == {"contracts_covered", "suppliers_enquiry_answer"}, "of a trust, and what stays behind"
    assert [one.partition(":")[0] for one in there.left_out] == ["1"], "the answer, of which the enquiry is not ours"
    assert there.to_confirm == 3
    assert there.counts == {
        "suppliers": 2, "reviews": 1, "notes": 1, "contracts": 2, "promises": 5, "documents": 1, "calendars": 2, "happened": 3,
        "files": 3, "meetings": 1, "decisions": 2, "variations": 2, "concerns": 2, "credits": 2, "ratings": 1, "questions": 2,
        "links": 1, "notices": 1, "deciding": 1, "buying_rules": 1, "enquiries": 2,
    }  # fmt: skip
    before, after = [json.loads(await taken(who, "json")) for who in (ann, bob)]
    assert [len(before[part]) for part in ("promises", "calendars", "documents", "shares")] == [6, 2, 1, 3]
    assert after["shares"] == [], "nobody sees anything"
    shared, before["shares"] = before["shares"], []
    assert before["answers"] == [
        {"asked_by": {"name": "Elmwood School", "urn": 123_456}, "answers_with": "supplier", "supplier": "Kite Roofing",
         "answered_at": before["answers"][0]["answered_at"]},
    ]  # fmt: skip
    assert [(one["schools"], one["closed_at"] is None) for one in before["enquiries"]] == [(1, False), (1, True)]
    assert after["enquiries"][1]["closed_at"] is not None, "nobody is asked anew"
    before["answers"], before["enquiries"][1]["closed_at"] = [], after["enquiries"][1]["closed_at"]
    assert mapped(after) == mapped(before)
    _check_values(before)
    with zipfile.ZipFile(io.BytesIO(await taken(bob, "zip"))) as archive:
        files = {archive.read(name) for name in archive.namelist() if name.startswith("files/")}
    assert files == {PDF, b"Signed for at noon.", b"We will come on Monday."}
    assert await findings() == (), "today's rows are what the trail tells"
    with pytest.raises(Forbidden):
        await shares_to_confirm.waiting(bob)
    dale = await school_of(bob)
    head = await a_person(dale, Role.HEAD, "Hal Hart")
    async with signed_in(head) as browser:
        assert "Decide who sees them" in text_of((await browser.get("/")).text)
        page = text_of((await browser.get("/our-records/shares")).text)
        assert "Elmwood School" in page
        assert "Every school on Vouch can see what it is for, the supplier, how it was chosen and its dates." in page
        proposed = await shares_to_confirm.waiting(head)
        keys = [one.key for one in proposed]
        for wrong in ({"do": "share"}, {"do": "", "share": keys}, {"do": "shared", "share": keys}):
            assert (await browser.post("/our-records/shares", data=wrong)).status_code == 422
        assert len(await shares_to_confirm.waiting(head)) == len(keys)
        (review,) = [one for one in proposed if one.what == "review"]
        (entry,) = [one for one in await directory.suggestions(head, "Ashby Boilers") if not one.is_own]
        said, choice = SaidOfEntries(same_as=entry.supplier_id), AudienceChoice(review.grants)
        await shares.share(head, OpinionKind.REVIEW, review.id, choice, of_entries=said)
        done = text_of((await browser.post("/our-records/shares", data={"share": keys, "do": "share"})).text)
    assert "2 things shared." in done
    assert await shares_to_confirm.waiting(head) == ()
    again = json.loads(await taken(head, "json"))
    before["shares"], before["suppliers"][0]["listed"] = shared, True
    assert mapped(again)["shares"] == mapped(before)["shares"]
    assert (await events_of(bob.school)).count("share.given") == 1


def _check_values(before: dict[str, Any]) -> None:
    assert [one["choice"] for one in before["decisions"]] == ["retender", "renew"]
    assert {one["end_on"] for one in before["decisions"]} == {"2027-08-31"}
    assert [one["done_on"] for one in before["meetings"][0]["actions"]] == ["2026-02-20", None]
    assert [one["annual_before_pence"] for one in before["variations"]] == [100_000, None]
    assert [[each["pence"] for each in one["states"]] for one in before["credits"]] == [[5_000, 4_000, 4_000], [100]]
    assert [one["indicators"][0]["rating"] for one in before["ratings"]] == ["Approaching target"]
    assert [one["answered_on"] for one in before["questions"]] == ["2026-03-01", None]
    assert [step["kind"] for step in before["concerns"][0]["steps"]] == ["planned", "answered", "reassessed"]
    assert [[said["outcome"] for said in one["outcomes"]] for one in before["happened"]] == [[], [None, "left_out"], []]
    assert [one["is_counted"] for job in before["happened"] for one in job["stamps"] if one["claimed_by"] == "supplier"] == [
        False, True,
    ]  # fmt: skip


async def test_the_sheets_say_what_was_decided_and_asked(ann: Viewer) -> None:
    book = openpyxl.load_workbook(io.BytesIO(await taken(ann, "xlsx")))
    meetings_, decided, varied, raised = (
        [[*row] for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets[9:13]
    )
    assert meetings_[1][:5] == ["Boilers", datetime(2026, 2, 10), datetime(2026, 5, 1), "Ann", "Bo Brook, Cy"]  # noqa: DTZ001 - a day
    assert meetings_[1][-1] == (
        "Send the register (Bo Brook, by 1 March 2026). Done on 20 February 2026. By post\nOpen the gate (Ann, by 1 April 2026)."
    )
    assert [row[2] for row in decided] == ["Decision", "We re-tender", "We renew"]
    assert [row[5:7] for row in varied[1:]] == [["£1,000", "£1,200"], [None, None]]
    assert raised[1][1] == "Fixed"
    assert raised[1][-1].endswith("\n2 April 2026: Looked at again (put right). On time since.")
    credited, rated, asked, linked, sent, deciding, rules = (
        [[*row] for row in sheet.iter_rows(values_only=True)][1:] for sheet in book.worksheets[13:20]
    )
    assert [row[3:] for row in credited][1] == ["Agreed", datetime(2026, 2, 20), "£40"]  # noqa: DTZ001 - a day
    assert [row[:6] for row in rated] == [
        ["Building", datetime(2025, 9, 1), datetime(2026, 3, 29), "Mended", "Approaching target", "8 of 9 in time."],  # noqa: DTZ001
    ]
    assert [row[3] for row in asked] == ["It is.", None]
    assert linked == [["Building", "A call-off from", "Boilers"]]
    assert sent[0][2:] == ["By post", datetime(2026, 8, 31), "Bo Brook", "Signed for"]  # noqa: DTZ001 - a day
    assert deciding + rules == [["9", "2 February 2027"], ["3 from £1,000", None, "£50,000"]]
    put, answers = ([[*row] for row in sheet.iter_rows(values_only=True)][1:] for sheet in book.worksheets[-2:])
    assert [row[:5] for row in put] == [
        ["Kite Roofing", None, "Are they quick?", "Schools in Lincolnshire", 1],
        [None, "Roofing", "Who mends slates?", "Schools within 5 miles of ours", 1],
    ]
    assert [row[:3] for row in answers] == [["Elmwood School", "Only a name", "Kite Roofing"]]


async def test_a_share_that_can_not_be_is_named_and_waits_and_another_is_dropped(ann: Viewer) -> None:
    packed = await taken(ann, "json")
    hal = await a_person(await a_school("Dale School"), Role.HEAD, "Hal Hart")
    await taking_in.take_in(hal, packed, whose="Oakfield Primary")
    review, contract = sorted(await shares_to_confirm.waiting(hal), key=lambda one: one.what, reverse=True)
    async with database.read():
        rows = await ShareToConfirm.select().where(ShareToConfirm.about == review.id)
    assert len(rows) == 2
    done = await shares_to_confirm.confirm(hal, [contract.key])
    assert (done.shared, [why for _, why in done.refused]) == (0, [shares_to_confirm.MAY_BE_LISTED])
    assert await shares_to_confirm.drop(hal, [contract.key]) == 1
    assert [one.key for one in await shares_to_confirm.waiting(hal)] == [review.key]
    with pytest.raises(Invalid):
        await shares_to_confirm.drop(hal, [contract.key])
