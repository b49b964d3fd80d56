"""A job as it stands: its event and stamps without those that were corrected or taken back, and what was agreed. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.judging.kinds import Agreed, Discussed, PauseReason, Side, StampKind
from contracts.promises.kinds import EventKind, How


@dataclass(frozen=True, slots=True)
class Stamped:
    """A moment of a job. ``is_counted``: the school says so, or the supplier does and we agreed."""

    id: UUID
    kind: StampKind
    at: datetime
    priority: str | None
    reason: PauseReason | None
    claimed_by: Side
    agrees: UUID | None
    is_correction: bool
    author: UUID
    recorded_at: datetime
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class Wait:
    """``ended`` says that they went on, or that it was fixed; None: they still wait."""

    began: Stamped
    ended: Stamped | None


@dataclass(frozen=True, slots=True)
class SaidOfJob:
    """A state of discussion, or an agreed outcome: the other one is None."""

    id: UUID
    metric: UUID | None
    state: Discussed | None
    outcome: Agreed | None
    clause: str
    on_day: date
    author: UUID
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """``row`` is the id of the event's latest row, which a correction has to name; ``job`` stays the same.

    ``calendar`` is that of the school where it happened, where that has one of its own under another's contract.
    """

    job: UUID
    row: UUID
    contract: UUID
    school: UUID
    metric: UUID | None
    kind: EventKind
    on_day: date
    happened_at: datetime | None
    told_at: datetime | None
    told_how: How | None
    job_number: str
    priority: str | None
    said: Mapping[str, Any]
    claimed_by: Side
    is_corrected: bool
    author: UUID
    recorded_at: datetime
    stamps: tuple[Stamped, ...] = ()
    discussions: tuple[SaidOfJob, ...] = ()  # the latest last
    calendar: Mapping[str, Any] | None = None

    def of_kind(self, *kinds: StampKind) -> Iterator[Stamped]:
        return (one for one in self.stamps if one.kind in kinds and one.is_counted)

    @property
    def fixes(self) -> tuple[tuple[datetime, datetime | None], ...]:
        """Each time it was fixed, and when it was back again; None: it stayed so."""
        found: list[tuple[datetime, datetime | None]] = []
        for one in self.of_kind(StampKind.FIXED, StampKind.BACK_AGAIN):
            if one.kind is StampKind.FIXED and (not found or found[-1][1] is not None):
                found.append((one.at, None))
            elif one.kind is StampKind.BACK_AGAIN and found and found[-1][1] is None:
                found[-1] = (found[-1][0], one.at)
        return tuple(found)

    @property
    def is_fixed(self) -> bool:
        return bool(self.fixes) and self.fixes[-1][1] is None

    @property
    def waits(self) -> tuple[Wait, ...]:
        """Each time they waited, agreed or not. A fix ends a wait: what is back again later waits for nobody."""
        found: list[Wait] = []
        for one in self.stamps:
            if one.kind is StampKind.WAITING:
                found.append(Wait(one, None))
            elif one.kind in (StampKind.RESUMED, StampKind.FIXED):
                found = [wait if wait.ended else replace(wait, ended=one) for wait in found]
        return tuple(found)

    @property
    def is_waiting(self) -> bool:
        return bool(self.waits) and self.waits[-1].ended is None

    @property
    def current_priority(self) -> str | None:
        return next((one.priority for one in reversed(list(self.of_kind(StampKind.PRIORITY)))), self.priority)

    @property
    def claims(self) -> tuple[Stamped, ...]:
        """What the supplier says and we have not agreed to."""
        return tuple(one for one in self.stamps if not one.is_counted)

    def discussed(self) -> SaidOfJob | None:
        return next((one for one in reversed(self.discussions) if one.state is not None), None)

    def agreed(self, metric: UUID | None = None) -> SaidOfJob | None:
        """The outcome that both sides agreed for a metric, or for all that the job counts for."""
        for_it = (one for one in reversed(self.discussions) if one.outcome and one.metric in (None, metric))
        return next(for_it, None)

    def is_left_out(self, metric: UUID | None = None) -> bool:
        said = self.agreed(metric)
        return said is not None and said.outcome is Agreed.LEFT_OUT


def standing(stamps: Iterable[Stamped], priority: str | None) -> tuple[Stamped, ...]:
    """In order of time, with what counts marked: our own word, a priority that a supplier raised, and what we agreed to.

    ``priority`` is that with which the job began.
    """
    there = sorted(stamps, key=lambda one: (one.at, one.recorded_at, str(one.id)))
    agreed = {one.agrees for one in there if one.kind is StampKind.AGREED}
    found: list[Stamped] = []
    for one in there:
        if one.kind is StampKind.AGREED:
            continue
        counts = one.id in agreed or not _needs_our_yes(one, priority)
        found.append(one if counts else replace(one, is_counted=False))
        if counts and one.kind is StampKind.PRIORITY:
            priority = one.priority
    return tuple(found)


def _needs_our_yes(one: Stamped, priority: str | None) -> bool:
    if one.claimed_by is Side.SCHOOL:
        return False
    is_lowered = one.kind is StampKind.PRIORITY and (one.priority or "") > (priority or "")
    return one.kind is StampKind.WAITING or is_lowered
