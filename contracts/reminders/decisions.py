"""What a school decided about a contract's end: we renew, we leave, we re-tender. Said on the contract's page, by a person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from audit.log.subjects import Subject
from base import clock, text
from base.refusals import Invalid, read_together
from base.viewer import Viewer, must_keep_contracts
from contracts.access import naming
from contracts.events import Event
from contracts.lists import ahead
from contracts.register import register
from contracts.reminders.tables import Decision as DecisionRow
from sharing.tables import Person

LONGEST_REASON: Final = 2_000
LONGEST_MINUTE: Final = 200


class Choice(StrEnum):
    """Stored and told to programs: never change a value."""

    RENEW = "renew"
    LEAVE = "leave"
    RETENDER = "retender"

    @property
    def words(self) -> str:
        return {"renew": "We renew", "leave": "We leave", "retender": "We re-tender"}[self.value]

    @property
    def ends_it(self) -> bool:
        return self is not Choice.RENEW


@dataclass(frozen=True, slots=True)
class Decision:
    """``end_on`` is the end that it is about, ``decide_by`` the day by which it was wanted, both as they stood then."""

    id: UUID
    choice: Choice
    end_on: date | None
    decide_by: date | None
    decided_on: date
    reason: str
    minute: str
    by: str
    recorded_at: datetime

    @property
    def was_late(self) -> bool:
        return self.decide_by is not None and self.decided_on > self.decide_by

    def read_at(self, *, is_ours: bool) -> "Decision":
        """As the school that decided reads it; without why at a school that its contract covers, and for a lead of its trust."""
        return self if is_ours else replace(self, reason="")


@dataclass(frozen=True, slots=True)
class Deciding:
    choice: Choice
    decided_on: date
    reason: str = ""
    minute: str = ""


async def decide(viewer: Viewer, contract: UUID, new: Deciding) -> UUID:
    """About the end that the contract has now. Raises Forbidden, NotFound, Invalid that names the wrong field."""
    must_keep_contracts(viewer)
    async with audit.recording(viewer) as record:
        row = await register.own(viewer, contract)
        end_on, decide_by = await _target(viewer, contract, clock.today())
        if there := await _already(viewer, contract, new, end_on):
            record.unchanged()
            return there
        return await decide_one(record, viewer, row, new, end_on, decide_by)


async def decide_one(
    record: Record, viewer: Viewer, row: Mapping[str, Any], new: Deciding, end_on: date | None, decide_by: date | None
) -> UUID:
    """About that end of the contract whose ``row`` ``register.own`` gave. Inside the caller's unit. Raises Invalid."""
    reason, minute = checked(new)
    made, last = uuid4(), await _latest(row["id"])
    await DecisionRow(
        id=made, contract=row["id"], choice=new.choice.value, end_on=end_on, decide_by=decide_by, decided_on=new.decided_on,
        reason=reason or None, minute=minute or None, author=viewer.person,
        recorded_at=clock.after(last["recorded_at"] if last else None),
    ).save()  # fmt: skip
    facts = {"decision": str(made), "choice": new.choice.value, "decided_on": new.decided_on.isoformat()}
    facts |= {name: day.isoformat() for name, day in (("end_on", end_on), ("decide_by", decide_by)) if day}
    named = await naming.named(row["title"], row["supplier"], row["supplier_name"])
    words = {name: said for name, said in (("reason", reason), ("minute", minute)) if said}
    about_it = Subject.CONTRACT.of(row["id"])
    record(Event.CONTRACT_DECIDED, stream=about_it, subject=about_it, facts=facts, personal={**named.personal, **words})
    return made


def checked(new: Deciding) -> tuple[str, str]:
    """Why and the minute, fit to keep. Raises Invalid that names each wrong field."""

    def not_to_come() -> None:
        if new.decided_on > clock.today():
            sentence = "This is in the future. Enter the day on which it was decided."
            raise Invalid(sentence, decided=sentence)

    reason, minute, _ = read_together(
        lambda: text.prose(new.reason, field="reason", longest=LONGEST_REASON),
        lambda: text.line(new.minute, field="minute", longest=LONGEST_MINUTE, required=False),
        not_to_come,
    )
    return reason, minute


async def of(contract: UUID) -> tuple[Decision, ...]:
    """The latest first. Inside the caller's unit, which knows that the viewer may read the contract."""
    return (await of_each({contract})).get(contract, ())


async def of_each(contracts: Collection[UUID]) -> dict[UUID, tuple[Decision, ...]]:
    """By contract, the latest first; a contract about which nothing was decided is left out. Inside the caller's unit."""
    chosen = DecisionRow.select().where(database.among(DecisionRow.contract, contracts))
    rows = await chosen.order_by(DecisionRow.recorded_at, ascending=False).order_by(DecisionRow.id)
    people = await Person.select(Person.id, Person.name).where(database.among(Person.id, {row["author"] for row in rows}))
    names = {row["id"]: row["name"] for row in people}
    found: dict[UUID, list[Decision]] = {}
    for row in rows:
        found.setdefault(row["contract"], []).append(_decision(row, names))
    return {contract: tuple(each) for contract, each in found.items()}


def about(decided: Collection[Decision], end: date | None) -> Decision | None:
    """The latest about an end."""
    return next((one for one in decided if one.end_on == end), None)


def ends_decided(decided: Collection[Decision]) -> frozenset[date]:
    """The ends about which something was decided before they came."""
    return frozenset(one.end_on for one in decided if one.end_on and one.decided_on <= one.end_on)


async def _already(viewer: Viewer, contract: UUID, new: Deciding, end_on: date | None) -> UUID | None:
    """The latest decision, where the viewer decided exactly that."""
    reason, minute = checked(new)
    found = await _latest(contract)
    if found is None:
        return None
    said = (found["choice"], found["end_on"], found["decided_on"], found["reason"] or "", found["minute"] or "", found["author"])
    is_same = said == (new.choice.value, end_on, new.decided_on, reason, minute, viewer.person)
    return found["id"] if is_same else None


async def _latest(contract: UUID) -> Mapping[str, Any] | None:
    about_it = DecisionRow.select().where(DecisionRow.contract == contract)
    found: Mapping[str, Any] | None = await about_it.order_by(DecisionRow.recorded_at, ascending=False).first()
    return found


async def _target(viewer: Viewer, contract: UUID, today: date) -> tuple[date | None, date | None]:
    """The end that can still be decided about, and by when."""
    for one in await ahead.serving(viewer.school, today, contract):
        return (one.next_end, one.next_decide_by) if one.is_missed else (one.current_end, one.decide_by)
    return None, None


def _decision(row: Mapping[str, Any], names: Mapping[UUID, str]) -> Decision:
    return Decision(
        row["id"], Choice(row["choice"]), row["end_on"], row["decide_by"], row["decided_on"], row["reason"] or "",
        row["minute"] or "", names.get(row["author"], ""), row["recorded_at"],
    )  # fmt: skip
