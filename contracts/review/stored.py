"""Records of meetings and their actions, as rows say them now. Inside the caller's unit of work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import database
from contracts.access.served import NOBODYS
from contracts.judging.kinds import Side
from contracts.review.tables import Action, Meeting
from contracts.review.topics import TOPICS
from sharing.tables import Person


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """``row`` is that of the latest correction; ``words`` are by topic, those that say something. "" where it was erased."""

    id: UUID
    row: UUID
    held_on: date
    next_on: date | None
    ours: str
    theirs: str
    words: Mapping[str, str]
    is_corrected: bool
    by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class AgreedAction:
    id: UUID
    meeting: UUID
    what: str
    owner: str
    side: Side
    due_on: date
    done_on: date | None
    note: str

    def is_overdue(self, today: date) -> bool:
        return self.done_on is None and self.due_on < today


@dataclass(frozen=True, slots=True)
class Reviews:
    """Of a contract: its meetings, the latest first, and all actions, the soonest due first."""

    meetings: tuple[HeldMeeting, ...]
    actions: tuple[AgreedAction, ...]

    @property
    def open_actions(self) -> tuple[AgreedAction, ...]:
        return tuple(one for one in self.actions if one.done_on is None)

    def of_meeting(self, meeting: UUID) -> tuple[AgreedAction, ...]:
        return tuple(one for one in self.actions if one.meeting == meeting)


async def reviews_of(contract: UUID) -> Reviews:
    rows = await Meeting.select().where(Meeting.contract == contract).order_by(Meeting.held_on, Meeting.meeting, ascending=False)
    replaced = {row["corrects"] for row in rows}
    standing = [row for row in rows if row["id"] not in replaced]
    names = await _names({row["author"] for row in standing})
    actions = await Action.select().where(Action.contract == contract).order_by(Action.due_on, Action.id)
    return Reviews(tuple(_meeting(row, names) for row in standing), tuple(map(_action, actions)))


async def contract_of_meeting(meeting: UUID) -> UUID:
    """NOBODYS where there is none."""
    return await _contract_of(Meeting, meeting)


async def contract_of_action(action: UUID) -> UUID:
    """As ``contract_of_meeting``."""
    return await _contract_of(Action, action)


async def _contract_of(table: Any, which: UUID) -> UUID:
    rows = await table.select(table.contract).where(table.id == which)
    found: UUID = rows[0]["contract"] if rows else NOBODYS
    return found


async def _names(people: set[UUID]) -> dict[UUID, str]:
    if not people:
        return {}
    rows = await Person.select(Person.id, Person.name).where(database.among(Person.id, people))
    return {row["id"]: row["name"] for row in rows}


def _meeting(row: Mapping[str, Any], names: Mapping[UUID, str]) -> HeldMeeting:
    words = {one.name: row[one.name] for one in TOPICS if row[one.name]}
    return HeldMeeting(
        row["meeting"], row["id"], row["held_on"], row["next_on"], row["ours"] or "", row["theirs"] or "", words,
        row["corrects"] is not None, names.get(row["author"], "a former colleague"), row["recorded_at"],
    )  # fmt: skip


def _action(row: Mapping[str, Any]) -> AgreedAction:
    return AgreedAction(
        row["id"], row["meeting"], row["what"] or "An action, whose words were erased", row["owner"] or "", Side(row["side"]),
        row["due_on"], row["done_on"], row["note"] or "",
    )  # fmt: skip
