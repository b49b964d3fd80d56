"""Everything that a review pack can be composed of, read once: for one contract and some days. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from contracts.attainment.figures import MetricAttained
from contracts.improvement.crediting import CreditView
from contracts.promises.kinds import EventKind
from contracts.promises.metric import Metrics
from contracts.reminders.decisions import Decision
from contracts.review.stored import Reviews
from contracts.service_events.reading import EventView


@dataclass(frozen=True, slots=True)
class ContractSaid:
    """``values`` by the names of the register's fields; ``days`` are those ahead, each with what it is and its sentence."""

    title: str
    supplier: str
    school: str
    values: Mapping[str, Any]
    days: tuple[tuple[str, date, str], ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Varied:
    agreed_on: date
    what: str
    annual_before_pence: int | None
    annual_pence: int | None
    new_end: date | None


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of the contract, as the register keeps it: not the file."""

    what: str
    added_on: date
    expires_on: date | None


@dataclass(frozen=True)  # no slots: what is looked up often is kept
class Gathered:
    """``events`` of the days and of the periods that reach beyond them, the latest first; ``said`` are the words beside what
    was agreed of them and beside their stamps, by id. ``staff`` are the names that the supplier is not told.
    """

    contract: ContractSaid
    first: date
    last: date
    now: datetime
    today: date
    promises: tuple[MetricAttained, ...]
    metrics: Metrics
    events: tuple[EventView, ...]
    said: Mapping[UUID, Mapping[str, str]]
    reviews: Reviews
    variations: tuple[Varied, ...]
    papers: tuple[Paper, ...]
    credits: tuple[CreditView, ...]
    decisions: tuple[Decision, ...]  # about its end, the latest first
    staff: tuple[str, ...]

    @cached_property
    def by_id(self) -> Mapping[UUID, EventView]:
        return {one.job.job: one for one in self.events}

    @cached_property
    def in_the_days(self) -> tuple[EventView, ...]:
        return tuple(one for one in self.events if self.first <= one.job.on_day <= self.last)

    def of_kind(self, kind: EventKind) -> tuple[EventView, ...]:
        return tuple(one for one in self.in_the_days if one.job.kind is kind)
