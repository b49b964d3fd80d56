"""A school that has something of everything that a copy of its records has."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import database
from base.viewer import Role, Viewer
from contracts.calendars import calendars
from contracts.changes import linking, varying
from contracts.clock.school_calendar import SchoolCalendar
from contracts.documents import documents
from contracts.documents.answering import What
from contracts.documents.kinds import DocumentKind
from contracts.endings import ending
from contracts.endings.ending import Sends
from contracts.exceptions import exceptions
from contracts.exceptions.scheme import Band, Scheme
from contracts.fields.dates_asked import Extension
from contracts.fields.said import Said
from contracts.improvement import assessment, concerns, crediting
from contracts.improvement.assessment import New, Rated
from contracts.improvement.concerns import Next, Outcome, Raised, Step
from contracts.improvement.crediting import Proposed, State
from contracts.improvement.duty import Rating
from contracts.judging.kinds import Agreed, Discussed, PauseReason, Side, StampKind
from contracts.promises import metrics, stored_metrics
from contracts.promises.kinds import EventKind, MetricKind
from contracts.promises.metric import Promise
from contracts.register import register
from contracts.reminders import decisions, governors_questions, timing
from contracts.reminders.decisions import Choice, Deciding
from contracts.reminders.governors_questions import Answer
from contracts.review import meetings
from contracts.review.meetings import Minutes, ToDo
from contracts.service_events import agreeing, logging_one, photos, stamping
from contracts.service_events.agreeing import Agreement, Discussion
from contracts.service_events.logging_one import Logged
from contracts.shares import shares as contract_shares
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.tables import Network
from suppliers.asking import answering, asking, whom
from suppliers.asking.asking import Wanted
from suppliers.asking.seen import AnswersWith
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school
from tests.given.served import FIX, FROM, a_calendar, a_fix_time, a_job, stamped

PDF: Final = b"%PDF-1.4 insured for two million"
CHECKS: Final = {"target": 90, "mostly": 50, "least": 2}
OVER_THE_LIMIT: Final[dict[str, Any]] = {"law": "act_2023", "form": "contract", "total_pence": 500_000_001, "has_kpis": True}


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
    agreed = varying.NewVariation(date(2026, 2, 1), "A visit more.", "Ann", "Bo Brook", 120_000, date(2027, 8, 31))
    await varying.vary(viewer, contract, agreed, version=1)
    await varying.vary(viewer, contract, varying.NewVariation(date(2026, 2, 2), "Bo is now the manager."), version=2)
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


async def followed_from(viewer: Viewer, contract: Any) -> None:
    """Credits, one agreed for less; a rating; questions, one still open; a linked contract, a notice, and the school's ways."""
    fix = next(one.metric for one in await metrics_of(contract) if one.name == "Fixed")
    owed = await crediting.propose(viewer, contract, Proposed(5_000, date(2026, 2, 6), "Late twice, 9.2", fix))
    await crediting.move(viewer, owed, State.AGREED, on_day=date(2026, 2, 20), pence=4_000)
    await crediting.move(viewer, owed, State.RECEIVED, on_day=date(2026, 3, 1))
    await crediting.propose(viewer, contract, Proposed(100, date(2026, 2, 7), "A missed visit"))
    building = await register.add(viewer, Said({"title": "Building", "starts_on": FROM, **OVER_THE_LIMIT}))
    rated = Rated(await a_fix_time(viewer, building, name="Mended"), Rating.APPROACHING, "8 of 9 in time.")
    await assessment.sign(viewer, building, New(FROM, date(2026, 3, 29), (rated,), "Ann Archer", "ocds-1", "C-7"))
    question = await governors_questions.ask(viewer, contract, "Is it worth it?")
    await governors_questions.answer(viewer, question, Answer("It is.", date(2026, 3, 1), "GB 15"))
    await governors_questions.ask(viewer, building, "Who built it?")
    await linking.link(viewer, building, contract, "call_off")
    await ending.sent(viewer, contract, Sends(date(2026, 3, 2), "post", date(2026, 8, 31), "Bo Brook", "Signed for"))
    await timing.choose(viewer, months=["9"], meetings=[date(2027, 2, 2)], seen="")
    await exceptions.save_scheme(viewer, Scheme((Band(100_000, 3),), supplier_pence=5_000_000), version=0)


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


async def somebody_with_everything() -> Viewer:
    """A head in the network of Lincolnshire, whose review and contract others see; the school has something of everything."""
    ann = await a_person(await a_school("Oakfield Primary"), Role.HEAD)
    elm = await a_school("Elmwood School", urn=123_456)
    await a_calendar(ann)
    again = SchoolCalendar(
        weekly={"mon": (("08:00", "18:00"),)}, inset=(date(2026, 9, 1),), half_days={date(2026, 12, 18): (("08:00", "12:00"),)}
    )
    await calendars.save_version(ann, again, from_day=date.today() + timedelta(days=30), version=1)  # noqa: DTZ011 - any day to come
    known = {"company_number": "01234567"}
    boilers = (await directory.add(ann, name="Ashby Boilers", aliases=["AB"], identifiers=known, categories=["heating"])).id
    said: dict[str, Any] = {"title": "Boilers", "starts_on": FROM, "ends_on": date(2026, 8, 31), "annual_pence": 100_000}
    extensions = (Extension(to_day=date(2028, 8, 31)),)
    contract = await register.add(ann, Said(said, supplier=boilers, extensions=extensions))
    await promised(ann, contract)
    await talked_about(ann, contract)
    await decided_about(ann, contract)
    await followed_from(ann, contract)
    await documents.add(ann, contract, Upload("cover.pdf", PDF), What(DocumentKind.INSURANCE, date(2027, 8, 31)), is_letter=False)
    review = (await reviews.review(ann, boilers, opinion=Opinion(interest=None, rating=4, praise="Quick"), version=None)).id
    slip = [Upload("what they said.txt", b"We will come on Monday.")]
    await notes.note(ann, boilers, about=About.RECORD, body="They said so.", happened_on=FROM, files=slip)
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
