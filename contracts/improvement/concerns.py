"""A formal concern, what the supplier answered, the improvement plan, and what it was like when it was looked at again.

Each is on a day and stays, so that the record shows that the supplier was told, and had its chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from base import clock
from base.refusals import NotFound, read_together
from base.viewer import Viewer, must_keep_contracts
from base.words import count, in_words
from contracts.access import served
from contracts.access.served import NOBODYS, ServedContract
from contracts.events import Event
from contracts.improvement import kept
from contracts.improvement.tables import Concern, ConcernStep
from contracts.service_events import stored

LONGEST_WAIT: Final = timedelta(days=366)
MOST_STEPS: Final = 100  # of one concern


class Step(StrEnum):
    ANSWERED = "answered"
    PLANNED = "planned"
    REASSESSED = "reassessed"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    PUT_RIGHT = "put_right"
    BETTER = "better"
    NOT_BETTER = "not_better"


STEP_WORDS: Final = {
    Step.ANSWERED: "They answered", Step.PLANNED: "Improvement plan agreed", Step.REASSESSED: "Looked at again",
    Step.WITHDRAWN: "We took the concern back",
}  # fmt: skip
OUTCOME_WORDS: Final = {
    Outcome.PUT_RIGHT: "Put right", Outcome.BETTER: "Better, not yet put right", Outcome.NOT_BETTER: "Not better",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Raised:
    """``what`` is wrong, ``how`` they were told; ``answer_by`` None: no day was set."""

    raised_on: date | None
    what: str
    how: str
    answer_by: date | None = None
    metric: UUID | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """``due_on`` of a plan is when it is looked at again; ``outcome`` of looking."""

    kind: Step
    on_day: date | None
    what: str = ""
    due_on: date | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    kind: Step
    on_day: date
    due_on: date | None
    outcome: Outcome | None
    what: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ConcernView:
    """``chance`` says in sentences that the supplier was told and what it had time for: what somebody outside asks for."""

    id: UUID
    metric: UUID | None
    raised_on: date
    answer_by: date | None
    what: str
    how: str
    steps: tuple[Taken, ...]
    recorded_at: datetime

    @property
    def is_closed(self) -> bool:
        return any(one.kind is Step.WITHDRAWN or one.outcome is Outcome.PUT_RIGHT for one in self.steps)

    @property
    def look_again_on(self) -> date | None:
        """The day of the last plan that nobody looked at since."""
        for one in reversed(self.steps):
            if one.kind is Step.REASSESSED:
                return None
            if one.kind is Step.PLANNED:
                return one.due_on
        return None

    @property
    def chance(self) -> tuple[str, ...]:
        return tuple(_chance(self, clock.today()))


async def raise_concern(viewer: Viewer, contract: UUID, new: Raised) -> UUID:
    """Raises Forbidden, NotFound, Invalid that names each wrong field."""
    must_keep_contracts(viewer)
    async with audit.recording(viewer) as record:
        about = await kept.ours(viewer, contract)
        return await raise_one(record, viewer, about, new, since=about.starts_on)


async def raise_one(record: Record, viewer: Viewer, about: ServedContract, new: Raised, *, since: date | None) -> UUID:
    """As ``raise_concern``, inside the caller's unit. ``since`` None: also on a day before the contract starts."""
    promise = await kept.promise(about.id, new.metric)
    raised_on, what, how, answer_by = checked(new, since=since)
    said = {"what": what, "how": how}
    if await Concern.count().where(Concern.contract == about.id) >= kept.MOST_OF_A_KIND:
        kept.refuse("what", f"At most {kept.MOST_OF_A_KIND} concerns are kept of one contract.")
    made = uuid4()
    await Concern(
        id=made, contract=about.id, metric=new.metric, raised_on=raised_on, answer_by=answer_by, author=viewer.person,
        recorded_at=clock.now(),
    ).save()  # fmt: skip
    await stored.keep_words(made, about.id, said)
    facts: dict[str, Any] = {"concern": str(made), "on": raised_on.isoformat()}
    facts |= {"answer_by": answer_by.isoformat()} if answer_by else {}
    facts |= {"metric": str(new.metric)} if new.metric else {}
    words = {**said, **({"promise": promise} if promise else {})}
    await served.tell(record, Event.CONCERN_RAISED, about, viewer, facts, words, moves_figures=False)
    return made


def checked(new: Raised, *, since: date | None = None) -> tuple[date, str, str, date | None]:
    """Since when, what, how, and by when they answer, fit to keep. Raises Invalid that names each wrong field."""
    raised_on, what, how = read_together(
        lambda: kept.past(new.raised_on, "raised_on", since=since),
        lambda: kept.words(new.what, "what", missing="Write down what is wrong, as you told them."),
        lambda: kept.words(new.how, "how", missing="Write down how you told them, and whom."),
    )
    return raised_on, what, how, _later(new.answer_by, raised_on, "answer_by")


async def step(viewer: Viewer, concern: UUID, new: Next) -> UUID:
    """What came of a concern; the contract's id. Raises Forbidden, NotFound, Invalid that names each wrong field."""
    must_keep_contracts(viewer)
    async with audit.recording(viewer) as record:
        return await step_one(record, viewer, concern, new)


async def step_one(record: Record, viewer: Viewer, concern: UUID, new: Next) -> UUID:
    """As ``step``, inside the caller's unit."""
    row = await Concern.select().where(Concern.id == concern).first()
    about = await kept.ours(viewer, row["contract"] if row else NOBODYS)
    if row is None:
        raise NotFound
    (view,) = await _views([row])
    checked, what = _checked(view, new)
    made, recorded_at = uuid4(), clock.after(max((one.recorded_at for one in view.steps), default=None))
    await ConcernStep(
        id=made, concern=concern, contract=about.id, author=viewer.person, recorded_at=recorded_at, **checked
    ).save()  # fmt: skip
    await stored.keep_words(made, about.id, {"what": what})
    told = {"on": checked["on_day"], "due": checked["due_on"]}
    facts = {"concern": str(concern), "step": str(made), "kind": new.kind.value}
    facts |= {name: day.isoformat() for name, day in told.items() if day}
    facts |= {"outcome": new.outcome.value} if new.outcome else {}
    await served.tell(record, Event.CONCERN_STEP, about, viewer, facts, {"what": what} if what else {}, moves_figures=False)
    return about.id


async def of_contract(viewer: Viewer, contract: UUID) -> tuple[ConcernView, ...]:
    """The latest first. Inside the caller's unit. Raises NotFound unless it is the viewer's school's."""
    await kept.ours(viewer, contract, lock=False)
    rows = await Concern.select().where(Concern.contract == contract).order_by(Concern.raised_on, Concern.id, ascending=False)
    return await _views(rows)


async def contract_of(viewer: Viewer, concern: UUID) -> UUID:
    """Opens its own unit. Raises NotFound."""
    async with database.read():
        row = await Concern.select(Concern.contract).where(Concern.id == concern).first()
        return (await kept.ours(viewer, row["contract"] if row else NOBODYS, lock=False)).id


async def _views(rows: Sequence[Mapping[str, Any]]) -> tuple[ConcernView, ...]:
    ids = [row["id"] for row in rows]
    order = (ConcernStep.on_day, ConcernStep.recorded_at)
    steps = await ConcernStep.select().where(database.among(ConcernStep.concern, ids)).order_by(*order)
    words = await stored.words_of([*ids, *(row["id"] for row in steps)])
    taken = {one: [_taken(row, words) for row in steps if row["concern"] == one] for one in ids}
    return tuple(
        ConcernView(
            row["id"], row["metric"], row["raised_on"], row["answer_by"], words.get(row["id"], {}).get("what", ""),
            words.get(row["id"], {}).get("how", ""), tuple(taken[row["id"]]), row["recorded_at"],
        )
        for row in rows
    )  # fmt: skip


def _taken(row: Mapping[str, Any], words: Mapping[UUID, Mapping[str, str]]) -> Taken:
    outcome = Outcome(row["outcome"]) if row["outcome"] else None
    what = words.get(row["id"], {}).get("what", "")
    return Taken(Step(row["kind"]), row["on_day"], row["due_on"], outcome, what, row["recorded_at"])


def _checked(view: ConcernView, new: Next) -> tuple[dict[str, Any], str]:
    if view.is_closed:
        kept.refuse("kind", "This concern is closed. Raise another one if it is there again.")
    if len(view.steps) >= MOST_STEPS:
        kept.refuse("kind", f"At most {MOST_STEPS} steps are kept of one concern.")
    on_day, what = checked_next(new, since=view.raised_on)
    due_on = _later(new.due_on, on_day, "due_on") if new.kind is Step.PLANNED else None
    outcome = new.outcome.value if new.outcome and new.kind is Step.REASSESSED else None
    return {"kind": new.kind.value, "on_day": on_day, "due_on": due_on, "outcome": outcome}, what


def checked_next(new: Next, *, since: date | None = None) -> tuple[date, str]:
    """On which day and what, fit to keep. Raises Invalid that names each wrong field."""
    missing = "Write down what was agreed or found." if new.kind in (Step.PLANNED, Step.REASSESSED) else ""
    on_day, what, _ = read_together(
        lambda: kept.past(new.on_day, "on_day", since=since),
        lambda: kept.words(new.what, "what", missing=missing),
        lambda: _require_its_own(new),
    )
    return on_day, what


def _require_its_own(new: Next) -> None:
    """What only one kind of step has."""
    if new.kind is Step.PLANNED and new.due_on is None:
        kept.refuse("due_on", "Enter the day on which you look at it again.")
    if new.kind is Step.REASSESSED and new.outcome is None:
        kept.refuse("outcome", "Say what you found.")


def _later(day: date | None, than: date, field: str) -> date | None:
    if day is None:
        return None
    if day < than:
        kept.refuse(field, "This is before the day on which you told them. Check both days.")
    if day > than + LONGEST_WAIT:
        kept.refuse(field, "This is more than a year later. Check the year.")
    return kept.real(day, field)


def _chance(view: ConcernView, today: date) -> Any:
    given = f", and given {count((view.answer_by - view.raised_on).days, 'day')} to answer" if view.answer_by else ""
    yield f"Told on {in_words(view.raised_on)}{given}."
    answered = next((one for one in view.steps if one.kind is Step.ANSWERED), None)
    if answered:
        late = view.answer_by is not None and answered.on_day > view.answer_by
        yield f"Answered on {in_words(answered.on_day)}{', after the day that was set' if late else ''}."
    elif view.answer_by and view.answer_by < today:
        yield f"No answer is written down; the day for it was {in_words(view.answer_by)}."
    for one in view.steps:
        if one.kind is Step.PLANNED and one.due_on:
            had = count((one.due_on - one.on_day).days, "day")
            yield f"A plan was agreed on {in_words(one.on_day)}, with {had} to put it right."
        if one.kind is Step.REASSESSED and one.outcome:
            yield f"Looked at again on {in_words(one.on_day)}: {OUTCOME_WORDS[one.outcome].lower()}."
