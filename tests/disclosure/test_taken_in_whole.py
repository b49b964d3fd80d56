"""All that a school owns goes out and comes in elsewhere, value by value, with promises, calendars, documents and shares."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import openpyxl
import pytest

import database
from base.refusals import Forbidden, Invalid
from base.viewer import Role, Viewer
from contracts.calendars import calendars
from contracts.changes import varying
from contracts.clock.school_calendar import SchoolCalendar
from contracts.documents import documents
from contracts.documents.answering import What
from contracts.documents.kinds import DocumentKind
from contracts.fields.said import Said
from contracts.improvement import concerns
from contracts.improvement.concerns import Next, Outcome, Raised, Step
from contracts.judging.kinds import Agreed, Discussed, PauseReason, Side, StampKind
from contracts.promises import metrics, stored_metrics
from contracts.promises.kinds import EventKind, MetricKind
from contracts.promises.metric import Promise
from contracts.register import register
from contracts.reminders import decisions
from contracts.reminders.decisions import Choice, Deciding
from contracts.review import meetings
from contracts.review.meetings import Minutes, ToDo
from contracts.service_events import agreeing, logging_one, photos, stamping
from contracts.service_events.agreeing import Agreement, Discussion
from contracts.service_events.logging_one import Logged
from contracts.shares import shares as contract_shares
from disclosure import exporting, shares_to_confirm, taking_in
from disclosure.exporting import EVERYTHING
from disclosure.tables import ShareToConfirm
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.tables import Network, School
from suppliers.asking import answering, asking, whom
from suppliers.asking.asking import Wanted
from suppliers.asking.seen import AnswersWith
from suppliers.directory import directory
from suppliers.opinions import reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, events_of, signed_in
from tests.given.every_check import findings
from tests.given.page_text import text_of
from tests.given.served import FIX, FROM, a_calendar, a_fix_time, a_job, stamped

pytestmark = pytest.mark.usefixtures("db")

PDF: Final = b"%PDF-1.4 insured for two million"
CHECKS: Final = {"target": 90, "mostly": 50, "least": 2}
NAMED: Final = ("suppliers", "reviews", "notes", "contracts", "promises", "documents", "happened")


async def promised(viewer: Viewer, contract: Any) -> None:
    """Promises of three kinds, one changed and ended, with what happened under them."""
    fix = await a_fix_time(viewer, contract)
    version = (await stored_metrics.metric(viewer, fix))[1].version
    tighter = Promise(MetricKind.TIME_TO_EVENT, "Fixed", {**FIX, "target": 97}, date(2026, 3, 1), clause="4.2")
    await metrics.change(viewer, fix, tighter, version=version)
    await metrics.end(viewer, fix, date(2026, 7, 21))
    checks = await metrics.add(viewer, contract, Promise(MetricKind.SAMPLE_RATIO, "Rooms pass", CHECKS, FROM))
    owed = {"measure": "credits", "per_breach_pence": 5_000, "fee_pence": 100_000, "of": str(fix)}
    await metrics.add(viewer, contract, Promise(MetricKind.MONEY, "Credits", owed, FROM))
    insured = Promise(MetricKind.DOCUMENT, "Insured", {"target": 100, "kinds": ["Public liability insurance"]}, FROM)
    await metrics.add(viewer, contract, insured)
    looked_at = Logged(EventKind.SAMPLE, metric=checks, on_day=date(2026, 2, 2), what="Hall", said={"n": 10, "good": 9})
    await logging_one.log(viewer, contract, looked_at)


async def talked_about(viewer: Viewer, contract: Any) -> None:
    late = await a_job(viewer, contract, "2026-02-03 09:30", notes="Hall only")
    await stamped(viewer, late, StampKind.ATTENDED, "2026-02-03 09:45")
    claim = await stamped(
        viewer, late, StampKind.WAITING, "2026-02-03 10:00", reason=PauseReason.US, claimed_by=Side.SUPPLIER, note="No key"
    )
    await stamping.agree(viewer, late, claim)
    await stamped(viewer, late, StampKind.RESUMED, "2026-02-03 11:00")
    await stamped(viewer, late, StampKind.FIXED, "2026-02-05 12:00")
    await agreeing.discuss(viewer, late, Discussion(Discussed.DISPUTED, date(2026, 2, 10), "The gate was shut."))
    await agreeing.agree(viewer, late, Agreement(Agreed.LEFT_OUT, date(2026, 2, 12), "Recalled.", "Ann", "Bo Brook", "9.1"))
    await photos.add(viewer, late, Upload("slip.txt", b"Signed for at noon."))
    open_claim = await a_job(viewer, contract, "2026-02-04 09:30")
    await stamped(viewer, open_claim, StampKind.WAITING, "2026-02-04 10:00", reason=PauseReason.US, claimed_by=Side.SUPPLIER)


async def decided_about(viewer: Viewer, contract: Any) -> None:
    """A meeting that was corrected, with an action done and an open one; decisions, variations and a concern with its steps."""
    to_do = (
        ToDo("Send the register", "Bo Brook", Side.SUPPLIER, date(2026, 3, 1)),
        ToDo("Open the gate", "Ann", Side.SCHOOL, date(2026, 4, 1)),
    )
    minutes = Minutes(
        date(2026, 2, 10), "Ann", "Bo Brook", {"agreed": "Two visits", "notes": "They try."}, date(2026, 5, 1), to_do
    )
    meeting = await meetings.hold(viewer, contract, minutes)
    _, there, reviews_ = await meetings.of_meeting(viewer, meeting)
    await meetings.correct(viewer, meeting, replace(minutes, theirs="Bo Brook, Cy"), row=there.row, reason="Cy came too.")
    await meetings.settle(viewer, reviews_.actions[0].id, date(2026, 2, 20), "By post")
    agreed = varying.Agreed(date(2026, 2, 1), "A visit more.", "Ann", "Bo Brook", 120_000, date(2027, 8, 31))
    await varying.vary(viewer, contract, agreed, version=1)
    await varying.vary(viewer, contract, varying.Agreed(date(2026, 2, 2), "Bo is now the manager."), version=2)
    await decisions.decide(viewer, contract, Deciding(Choice.RETENDER, date(2026, 2, 11), "Too dear.", "GB 14"))
    await decisions.decide(viewer, contract, Deciding(Choice.RENEW, date(2026, 2, 12)))
    fix = next(one.metric for one in await metrics_of(contract) if one.name == "Fixed")
    raised = Raised(date(2026, 2, 6), "Late twice.", "By e-mail to Bo", date(2026, 2, 20), fix)
    concern = await concerns.raise_concern(viewer, contract, raised)
    for step in (
        Next(Step.PLANNED, date(2026, 2, 21), "A second fitter.", date(2026, 4, 1)),
        Next(Step.ANSWERED, date(2026, 2, 19)),
        Next(Step.REASSESSED, date(2026, 4, 2), "On time since.", outcome=Outcome.PUT_RIGHT),
    ):
        await concerns.step(viewer, concern, step)
    await concerns.raise_concern(viewer, contract, Raised(date(2026, 3, 6), "No register.", "At the meeting"))


async def asked(viewer: Viewer, other: Viewer, network: UUID) -> None:
    """One that is open, one that was closed about a supplier of the directory that the school doesn't use, and an answer."""
    firm = (await directory.add(other, name="Kite Roofing")).id
    to_all = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING),))
    given = await reviews.review(other, firm, opinion=Opinion(interest=None, rating=5), version=None)
    await shares.share(other, OpinionKind.REVIEW, given.id, to_all)
    closed = await asking.ask(viewer, Wanted(supplier=firm, words="Are they quick?", to=whom.network(network)))
    await asking.close(viewer, closed.id)
    await asking.ask(viewer, Wanted(category="roofing", words="Who mends slates?", to=whom.near(5)))
    theirs = await asking.ask(other, Wanted(category="heating", words="Who keeps us warm?", to=whom.near(5)))
    await answering.answer(viewer, theirs.id, AnswersWith.SUPPLIER, firm)


async def metrics_of(contract: Any) -> Any:
    async with database.read():
        return (await stored_metrics.metrics_of(contract)).versions


@pytest.fixture
async def ann(db: object) -> Viewer:
    """A head in the network of Lincolnshire, whose review and contract others see."""
    ann = await a_person(await a_school("Oakfield Primary"), Role.HEAD)
    elm = await a_school("Elmwood School", urn=123_456)
    await a_calendar(ann)
    again = SchoolCalendar(
        weekly={"mon": (("08:00", "18:00"),)}, inset=(date(2026, 9, 1),), half_days={date(2026, 12, 18): (("08:00", "12:00"),)}
    )
    await calendars.save_version(ann, again, from_day=date.today() + timedelta(days=30), version=1)  # noqa: DTZ011 - any day to come
    boilers = (await directory.add(ann, name="Ashby Boilers")).id
    contract = await register.add(ann, Said({"title": "Boilers", "starts_on": FROM, "annual_pence": 100_000}, supplier=boilers))
    await promised(ann, contract)
    await talked_about(ann, contract)
    await decided_about(ann, contract)
    await documents.add(ann, contract, Upload("cover.pdf", PDF), What(DocumentKind.INSURANCE, date(2027, 8, 31)), is_letter=False)
    review = (await reviews.review(ann, boilers, opinion=Opinion(interest=None, rating=4, praise="Quick"), version=None)).id
    async with database.read():
        network: Any = await Network.select(Network.id).where(Network.code == "Lincolnshire").first()
    to_two = (
        GrantChoice(GrantKind.NETWORK, network["id"], fields=Fields.RATING),
        GrantChoice(GrantKind.SCHOOL, elm.id, fields=Fields.RATING | Fields.PRAISE),
    )
    await shares.share(ann, OpinionKind.REVIEW, review, AudienceChoice(to_two))
    to_all = GrantChoice(GrantKind.EVERYONE, fields=Fields.TERMS | Fields.DATES)
    await contract_shares.share(ann, contract, AudienceChoice((to_all,)))
    await asked(ann, await a_person(elm), network["id"])
    return ann


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


async def test_everything_comes_in_again_and_is_seen_by_nobody_until_the_head_says_so(ann: Viewer) -> None:
    packed = await taken(ann, "zip")
    bob = await a_person(await a_school("Dale School"), Role.BUSINESS_MANAGER, "Bob Brown")
    there = await taking_in.take_in(bob, packed)
    assert [one.partition(":")[0] for one in there.left_out] == ["1"], "the answer, of which the enquiry is not ours"
    assert there.to_confirm == 3
    assert there.counts == {
        "suppliers": 2, "reviews": 1, "contracts": 1, "promises": 4, "documents": 1, "calendars": 2, "happened": 3, "files": 2,
        "meetings": 1, "decisions": 2, "variations": 2, "concerns": 2, "enquiries": 2,
    }  # fmt: skip
    before, after = [json.loads(await taken(who, "json")) for who in (ann, bob)]
    assert [len(before[part]) for part in ("promises", "calendars", "documents", "shares")] == [5, 2, 1, 3]
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
    assert [one["choice"] for one in before["decisions"]] == ["retender", "renew"]
    assert {one["end_on"] for one in before["decisions"]} == {"2027-08-31"}
    assert [one["done_on"] for one in before["meetings"][0]["actions"]] == ["2026-02-20", None]
    assert [one["annual_before_pence"] for one in before["variations"]] == [100_000, None]
    assert [step["kind"] for step in before["concerns"][0]["steps"]] == ["planned", "answered", "reassessed"]
    assert [[said["outcome"] for said in one["outcomes"]] for one in before["happened"]] == [[], [None, "left_out"], []]
    assert [one["is_counted"] for job in before["happened"] for one in job["stamps"] if one["claimed_by"] == "supplier"] == [
        False, True,
    ]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(await taken(bob, "zip"))) as archive:
        files = {archive.read(name) for name in archive.namelist() if name.startswith("files/")}
    assert files == {PDF, b"Signed for at noon."}
    assert await findings() == (), "today's rows are what the trail tells"
    with pytest.raises(Forbidden):
        await shares_to_confirm.waiting(bob)
    async with database.read():
        dale: Any = await School.objects().where(School.id == bob.school).first()
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
        await shares.share(head, OpinionKind.REVIEW, review.id, AudienceChoice(review.grants), same_as=entry.supplier_id)
        done = text_of((await browser.post("/our-records/shares", data={"share": keys, "do": "share"})).text)
    assert "2 things shared." in done
    assert await shares_to_confirm.waiting(head) == ()
    again = json.loads(await taken(head, "json"))
    before["shares"], before["suppliers"][0]["listed"] = shared, True
    assert mapped(again)["shares"] == mapped(before)["shares"]
    assert (await events_of(bob.school)).count("share.given") == 1


async def test_the_sheets_say_what_was_decided_and_asked(ann: Viewer) -> None:
    book = openpyxl.load_workbook(io.BytesIO(await taken(ann, "xlsx")))
    meetings_, decided, varied, raised = (
        [[*row] for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets[-6:-2]
    )
    assert meetings_[1][:5] == ["Boilers", datetime(2026, 2, 10), datetime(2026, 5, 1), "Ann", "Bo Brook, Cy"]  # noqa: DTZ001 - a day
    assert meetings_[1][-1] == (
        "Send the register (Bo Brook, by 1 March 2026). Done on 20 February 2026. By post\nOpen the gate (Ann, by 1 April 2026)."
    )
    assert [row[2] for row in decided] == ["Decision", "We re-tender", "We renew"]
    assert [row[5:7] for row in varied[1:]] == [["£1,000", "£1,200"], [None, None]]
    assert raised[1][1] == "Fixed"
    assert raised[1][-1].endswith("\n2 April 2026: Looked at again (put right). On time since.")
    put, answers = ([[*row] for row in sheet.iter_rows(values_only=True)][1:] for sheet in book.worksheets[-2:])
    assert [row[:5] for row in put] == [
        ["Kite Roofing", None, "Are they quick?", "Schools in Lincolnshire", 1],
        [None, "Roofing", "Who mends slates?", "Schools within 5 miles of ours", 1],
    ]
    assert [row[:3] for row in answers] == [["Elmwood School", "Only a name", "Kite Roofing"]]


async def test_a_share_that_can_not_be_is_named_and_waits_and_another_is_dropped(ann: Viewer) -> None:
    packed = await taken(ann, "json")
    hal = await a_person(await a_school("Dale School"), Role.HEAD, "Hal Hart")
    await taking_in.take_in(hal, packed)
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
