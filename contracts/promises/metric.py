"""A metric as it holds on a day: what it asks, and when its clock starts and stands still. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from contracts.promises.kinds import EVENT_OF, EventKind, MetricKind, Period


@dataclass(frozen=True, slots=True)
class Rules:
    """When the clock of a promise runs, as the contract has it. Without a word of it: from when they were told, in any way."""

    starts_when_it_happens: bool = False
    told_by: tuple[str, ...] = ()  # the ways that the contract names; empty: any
    cut_off: str = ""  # "15:00": whoever is told later counts as told on the next day
    parts_pause: bool = False  # waiting for parts stops the clock
    same_job_days: int | None = None  # back again within so many days is the same job; None: always

    @classmethod
    def of_json(cls, text: str) -> "Rules":
        given = json.loads(text)
        return cls(**{**given, "told_by": tuple(given.get("told_by", ()))})

    def to_json(self) -> str:
        given = {
            "starts_when_it_happens": self.starts_when_it_happens,
            "told_by": list(self.told_by),
            "cut_off": self.cut_off,
            "parts_pause": self.parts_pause,
            "same_job_days": self.same_job_days,
        }
        return as_json({name: value for name, value in given.items() if value not in (False, [], "", None)})


@dataclass(frozen=True, slots=True)
class Promise:
    """What somebody says that a contract promises, from a day on. ``terms`` as ``attain`` takes them."""

    kind: MetricKind
    name: str
    terms: Mapping[str, Any]
    from_day: date
    period: Period = Period.TERM
    clause: str = ""
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True, slots=True)
class MetricVersion:
    """``terms`` are those that ``attain`` takes as its metric."""

    metric: UUID
    version: UUID
    contract: UUID
    kind: MetricKind
    name: str
    clause: str
    terms: Mapping[str, Any]
    rules: Rules
    period: Period
    from_day: date
    until_day: date | None = None

    @property
    def event(self) -> EventKind:
        return EVENT_OF[self.kind]

    @property
    def is_about_credits(self) -> bool:
        return self.kind is MetricKind.MONEY and self.terms.get("measure") == "credits"

    def holds_on(self, day: date) -> bool:
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)

    @property
    def targets(self) -> Mapping[str, Any]:
        """By priority; empty for what is no promise of time."""
        found: Mapping[str, Any] = self.terms.get("targets") or {}
        return found

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "MetricVersion":
        return cls(
            row["metric"], row["id"], row["contract"], MetricKind(row["kind"]), row["name"], row["clause"] or "",
            json.loads(row["terms"]), Rules.of_json(row["rules"]), Period(row["period"]), row["from_day"], row["until_day"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Metrics:
    """All versions of a contract's metrics."""

    versions: tuple[MetricVersion, ...] = field(default=())

    def on(self, day: date) -> tuple[MetricVersion, ...]:
        return tuple(one for one in self.versions if one.holds_on(day))

    def versions_of(self, metric: UUID) -> tuple[MetricVersion, ...]:
        """The oldest first."""
        return tuple(sorted((one for one in self.versions if one.metric == metric), key=lambda one: one.from_day))

    def one_on(self, metric: UUID, day: date) -> MetricVersion | None:
        return next((one for one in self.on(day) if one.metric == metric), None)

    def timing(self, day: date) -> tuple[MetricVersion, ...]:
        """The promises of time in force on a day."""
        return tuple(one for one in self.on(day) if one.kind is MetricKind.TIME_TO_EVENT)


def as_json(value: Any) -> str:
    """One text for one value. Not the trail's: a target may be 99.5."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def applying(versions: Iterable[MetricVersion], kind: EventKind, metric: UUID | None) -> tuple[MetricVersion, ...]:
    """Those that an event of a kind says something of: the one that it names, or every promise of time."""
    return tuple(one for one in versions if one.event is kind and metric in (None, one.metric))
