"""A form in which two answers are wrong says so of both at once, each at its own question."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid4

import pytest

from base import clock
from base.refusals import Invalid
from base.viewer import Viewer
from contracts.changes import varying
from contracts.documents import documents
from contracts.documents.answering import What
from contracts.documents.kinds import DocumentKind
from contracts.imports import imports as register_imports
from contracts.improvement import concerns, crediting
from contracts.improvement.concerns import Next, Raised, Step
from contracts.improvement.crediting import Proposed
from contracts.judging.kinds import Agreed, Discussed, Side
from contracts.promises import metric_form
from contracts.promises.kinds import EventKind
from contracts.reminders import decisions
from contracts.reminders.decisions import Choice, Deciding
from contracts.review import meetings
from contracts.review import typed as reviews_typed
from contracts.review.meetings import Minutes, ToDo
from contracts.service_events import agreeing
from contracts.service_events import typed as events_typed
from contracts.service_events.agreeing import Agreement, Discussion
from sharing.networks import networks
from sharing.sign_in import api_keys, sign_in
from tests.given.builders import a_person, a_school, signed_in
from tests.given.served import a_contract, a_job
from web.pages.forms import Form

pytestmark = pytest.mark.usefixtures("db")

TOMORROW: Final = clock.today() + timedelta(days=1)
WORDS: Final = "x" * 5_000
Attempt = Callable[[Viewer, UUID], Awaitable[object]]


async def holds(ann: Viewer, contract: UUID) -> None:
    action = ToDo("", "", Side.SCHOOL, None)
    await meetings.hold(ann, contract, Minutes(TOMORROW, "", "", {"went_well": WORDS}, date(2050, 1, 1), (action,)))


async def corrects(ann: Viewer, contract: UUID) -> None:
    meeting = await meetings.hold(ann, contract, Minutes(date(2026, 3, 12), "Ann", "Bo", {}, None, ()))
    new = Minutes(None, "Ann", "", {}, None, ())
    await meetings.correct(ann, meeting, new, row=uuid4(), reason=" ")


async def adds(ann: Viewer, contract: UUID) -> None:
    await documents.add(ann, contract, None, What(DocumentKind.SIGNED_COPY, expires_on=date(1066, 10, 14)), is_letter=False)


async def agrees(ann: Viewer, contract: UUID) -> None:
    new = Agreement(Agreed.MET, TOMORROW, "", "", "", "x" * 61, uuid4())
    await agreeing.agree(ann, await a_job(ann, contract), new)


async def discusses(ann: Viewer, contract: UUID) -> None:
    await agreeing.discuss(ann, await a_job(ann, contract), Discussion(Discussed.DISPUTED, TOMORROW))


async def extends(ann: Viewer, contract: UUID) -> None:
    await varying.take_extension(ann, contract, decided_by="", decided_on=TOMORROW, minute=WORDS, version=1)


async def raises_a_concern(ann: Viewer, contract: UUID) -> None:
    await concerns.raise_concern(ann, contract, Raised(TOMORROW, "", "", None, None))


async def goes_on_with_it(ann: Viewer, contract: UUID) -> None:
    concern = await concerns.raise_concern(ann, contract, Raised(date(2026, 3, 12), "Late.", "By letter.", None, None))
    await concerns.step(ann, concern, Next(Step.PLANNED, TOMORROW, "", None, None))


async def proposes_a_credit(ann: Viewer, contract: UUID) -> None:
    await crediting.propose(ann, contract, Proposed(0, TOMORROW, "", None))


async def decides(ann: Viewer, contract: UUID) -> None:
    await decisions.decide(ann, contract, Deciding(Choice.RENEW, TOMORROW, WORDS, WORDS))


async def changes_a_password(ann: Viewer, contract: UUID) -> None:
    await sign_in.change_password(ann, current="", new="short")


async def starts_a_network(ann: Viewer, contract: UUID) -> None:
    await networks.start(ann, name="", kind="x")


async def makes_a_key(ann: Viewer, contract: UUID) -> None:
    await api_keys.create(ann, name="", days=3, scopes=())


FORMS: Final[dict[str, tuple[Attempt, set[str]]]] = {
    "a meeting": (holds, {"held_on", "next_on", "ours", "theirs", "went_well", "what_1", "owner_1", "due_1"}),
    "a correction of its record": (corrects, {"held_on", "theirs", "reason"}),
    "a document": (adds, {"file", "expires_on"}),
    "what was agreed": (agrees, {"on", "reason", "ours", "theirs", "clause", "metric"}),
    "what was said": (discusses, {"on", "theirs"}),
    "an extension": (extends, {"decided_by", "decided_on", "minute"}),
    "a concern": (raises_a_concern, {"raised_on", "what", "how"}),
    "what came of it": (goes_on_with_it, {"on_day", "what", "due_on"}),
    "a credit": (proposes_a_credit, {"pence", "on_day", "why"}),
    "a decision": (decides, {"decided", "reason", "minute"}),
    "a password": (changes_a_password, {"current", "new"}),
    "a network": (starts_a_network, {"name", "kind"}),
    "an API key": (makes_a_key, {"name", "scopes", "days"}),
}


IN_FEBRUARY: Final = {"day": "31", "month": "2", "year": "2026"}  # no day of any year


def typed(*days: str, **texts: str) -> Form:
    """A form with these days, which there are not, and these texts."""
    boxes = {f"{name}-{box}": value for name in days for box, value in IN_FEBRUARY.items()}
    return Form({name: (value,) for name, value in {**boxes, **texts}.items()})


READ: Final[dict[str, tuple[Callable[[], object], set[str]]]] = {
    "a pack": (lambda: reviews_typed.order(typed("first"), uuid4()), {"first", "last", "edition"}),
    "a fault": (
        lambda: events_typed.logged(typed("happened", happened_time="10:00", notes=WORDS), EventKind.JOB, None),
        {"happened", "what", "notes", "priority"},
    ),
    "a stamp": (lambda: events_typed.stamping(typed("at", reason="x", kind="waiting", at_time="10:00")), {"at", "reason"}),
    "a stamp of nothing": (lambda: events_typed.stamping(typed("at", at_time="10:00")), {"at", "kind"}),
    "a document's days": (
        lambda: events_typed.logged(typed("happened", "from", "to", what="x"), EventKind.DOCUMENT, None),
        {"happened", "from", "to"},
    ),
    "a milestone": (
        lambda: events_typed.logged(typed("happened", "done", offset="x", what="x"), EventKind.MILESTONE, None),
        {"happened", "done", "offset"},
    ),
    "a promise of time": (
        lambda: metric_form.promise(
            typed(
                "from", kind="time_to_event", time_P1="soon", time_P3="later", target="x", mostly="y", period="z",
                cut_off="noon", same_job_days="a week", told_by="pigeon",
            )
        ),
        {"from", "name", "stage", "time_P1", "time_P3", "target", "mostly", "period", "cut_off", "same_job_days", "told_by"},
    ),
    "a promise of money": (
        lambda: metric_form.promise(typed("from", kind="money", pounds="much", mostly_within_percent="x", clause=WORDS)),
        {"from", "name", "clause", "measure", "pounds", "mostly_within_percent"},
    ),
    "a promise of visits": (
        lambda: metric_form.promise(typed(kind="schedule", name="x", window_days="few", planned="31 2 2026", target="950")),
        {"from", "window_days", "planned"},
    ),
    "a promise of documents": (
        lambda: metric_form.promise(typed("from", kind="document", name="x", target="101")), {"from", "target"},
    ),
    "a promise of nothing": (lambda: metric_form.promise(typed("from", period="x")), {"from", "kind", "name", "period"}),
    "columns of a register": (
        lambda: register_imports.require_one_of_each({0: "title", 1: "title", 2: "x", 3: "notes", 4: "notes", 5: "title"}),
        {"column-1", "column-2", "column-5"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", READ)
def test_everything_that_is_mistyped_is_said_at_once(form: str) -> None:
    read, wrong = READ[form]
    with pytest.raises(Invalid) as refused:
        read()
    assert set(refused.value.fields) == wrong


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.both_engines
async def test_everything_that_is_wrong_is_said_at_once(form: str) -> None:
    attempt, wrong = FORMS[form]
    ann = await a_person(await a_school("Oakfield Primary"))
    with pytest.raises(Invalid) as refused:
        await attempt(ann, await a_contract(ann))
    assert set(refused.value.fields) == wrong


async def test_the_page_shows_each_at_its_question() -> None:
    ann = await a_person(await a_school("Oakfield Primary"))
    job = await a_job(ann, await a_contract(ann))
    on = {"on-day": "31", "on-month": "2", "on-year": "2026"}
    for page, wrong in (("discussed", 2), ("agreed", 5)):
        async with signed_in(ann) as browser:
            answer = await browser.post(f"/service-events/{job}/{page}", data=on)
        assert answer.text.count("govuk-error-message") == wrong, page
    contract = await a_contract(ann, "LIFTS-1")
    async with signed_in(ann) as browser:
        boxes = {f"{name}-{box}": value for name in ("begins_on", "expires_on") for box, value in IN_FEBRUARY.items()}
        answer = await browser.post(f"/contracts/{contract}/documents", data=boxes)
    assert answer.text.count("govuk-error-message") == 4  # the file, what it is, and two days
