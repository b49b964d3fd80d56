"""What governors ask about contracts, and what they are answered: with the day and the minute, kept side by side."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import Subject
from base import clock, text
from base.refusals import Conflict, Forbidden, Invalid, NotFound, refuse_together
from base.viewer import Viewer, must_keep_contracts
from contracts.access import naming, served
from contracts.access.served import ServedContract
from contracts.events import Event
from contracts.reminders.tables import GovernorQuestion
from sharing.tables import Person

LONGEST_QUESTION: Final = 2_000
LONGEST_ANSWER: Final = 10_000
LONGEST_MINUTE: Final = 200
MOST: Final = 200  # of a contract at a school
NOT_YOURS: Final = "Governors and those who keep the contracts ask here."


@dataclass(frozen=True, slots=True)
class Question:
    """``answer`` is "" while nobody has answered."""

    id: UUID
    contract: UUID
    title: str
    question: str
    asked_by: str
    asked_at: datetime
    answer: str
    minute: str
    answered_on: date | None
    answered_by: str


@dataclass(frozen=True, slots=True)
class Answer:
    answer: str
    answered_on: date
    minute: str = ""


def must_ask(viewer: Viewer) -> None:
    """Raises Forbidden for whoever may not read what contracts cost. Governors ask, though they write nothing else."""
    if not viewer.role.reads_prices:
        raise Forbidden(NOT_YOURS)


async def ask(viewer: Viewer, contract: UUID, question: str) -> UUID:
    """Raises Forbidden, Invalid, NotFound for a contract that does not serve the viewer's school."""
    must_ask(viewer)
    async with audit.recording(viewer) as record:
        about = await served.contract(viewer, contract, lock=True)
        return await ask_one(record, viewer, about, question, at=clock.now())


async def ask_one(record: audit.Record, viewer: Viewer, about: ServedContract, question: str, *, at: datetime) -> UUID:
    """As ``ask``, inside the caller's unit."""
    question = a_question(question)
    if await GovernorQuestion.count().where(_asked(viewer, about.id)) >= MOST:
        raise Conflict(f"A contract has at most {MOST} questions here.")
    made = uuid4()
    await GovernorQuestion(
        id=made, contract=about.id, school=viewer.school, question=question, asked_by=viewer.person, asked_at=at
    ).save()
    await _tell(record, Event.CONTRACT_QUESTION_ASKED, about, {"question": str(made)}, {"question": question})
    return made


def a_question(typed: str) -> str:
    """Raises Invalid."""
    return text.prose(typed, field="question", longest=LONGEST_QUESTION, required=True, missing="Enter your question.")


def _checked(new: Answer) -> tuple[str, str]:
    """What is said, and the minute. Raises Invalid that names each wrong field."""

    def said() -> str:
        return text.prose(new.answer, field="answer", longest=LONGEST_ANSWER, required=True, missing="Enter your answer.")

    def minute() -> str:
        return text.line(new.minute, field="minute", longest=LONGEST_MINUTE, required=False)

    refuse_together(said, minute)
    return said(), minute()


async def answer(viewer: Viewer, question: UUID, new: Answer) -> UUID:
    """Once; returns the contract's id. Raises Forbidden, Invalid, NotFound, Conflict for what was answered before."""
    must_keep_contracts(viewer)
    _checked(new)
    async with audit.recording(viewer) as record:
        return await answer_one(record, viewer, question, new)


async def answer_one(record: audit.Record, viewer: Viewer, question: UUID, new: Answer) -> UUID:
    """As ``answer``, inside the caller's unit."""
    said, minute = _checked(new)
    ours = (GovernorQuestion.id == question) & (GovernorQuestion.school == viewer.school)
    rows: list[dict[str, Any]] = await database.locked(GovernorQuestion.select().where(ours))
    if not rows:
        raise NotFound
    about = await served.contract(viewer, rows[0]["contract"])
    _require_answerable(rows[0], new.answered_on)
    columns: dict[Any, Any] = {
        "answer": said, "minute": minute or None, "answered_on": new.answered_on, "answered_by": viewer.person,
        "answered_at": clock.now(),
    }  # fmt: skip
    await GovernorQuestion.update(columns).where(ours)
    words = {"answer": said} | ({"minute": minute} if minute else {})
    facts = {"question": str(question), "on": new.answered_on.isoformat()}
    await _tell(record, Event.CONTRACT_QUESTION_ANSWERED, about, facts, words)
    return about.id


async def one(viewer: Viewer, question: UUID) -> Question:
    """Raises NotFound."""
    found = [one for one in await listed(viewer) if one.id == question]
    if not found:
        raise NotFound
    return found[0]


async def listed(viewer: Viewer) -> tuple[Question, ...]:
    """Of the viewer's school, about contracts that serve it still; what waits for an answer first, then the newest first."""
    async with database.read():
        rows = await GovernorQuestion.select().where(GovernorQuestion.school == viewer.school)
        titles = dict(await served.titles(viewer.school))
        people = {row[name] for row in rows for name in ("asked_by", "answered_by")} - {None}
        named = await Person.select(Person.id, Person.name).where(database.among(Person.id, people))
    names = {row["id"]: row["name"] for row in named}
    found = [_question(row, titles[row["contract"]], names) for row in rows if row["contract"] in titles]
    return tuple(sorted(found, key=lambda one: (one.answered_on is not None, -one.asked_at.timestamp())))


def _require_answerable(row: dict[str, Any], day: date) -> None:
    if row["answered_at"] is not None:
        raise Conflict("This was answered already. Ask again where there is more to say.")
    if day > clock.today():
        sentence = "This is in the future. Enter the day on which it was answered."
        raise Invalid(sentence, answered=sentence)


def _asked(viewer: Viewer, contract: UUID) -> Any:
    return (GovernorQuestion.school == viewer.school) & (GovernorQuestion.contract == contract)


async def _tell(record: audit.Record, event: Event, about: ServedContract, facts: dict[str, str], words: dict[str, str]) -> None:
    """In the trail of the school where it was asked alone."""
    named = await naming.named(about.title, about.supplier, about.supplier_name)
    subject = Subject.CONTRACT.of(about.id)
    record(event, stream=subject, subject=subject, facts=facts, personal={**named.personal, **words})


def _question(row: dict[str, Any], title: str, names: dict[UUID, str]) -> Question:
    return Question(
        row["id"], row["contract"], title, row["question"], names.get(row["asked_by"], ""), row["asked_at"], row["answer"] or "",
        row["minute"] or "", row["answered_on"], names.get(row["answered_by"], ""),
    )  # fmt: skip
