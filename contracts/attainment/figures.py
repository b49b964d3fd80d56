"""Figures as people and programs read them: measured, target, counts and a verdict, with what the verdict is worth. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from contracts.attaining.attained import BEST_FIRST, worst
from contracts.attainment.periods import Span
from contracts.promises.kinds import ATTAINED_WORDS, MetricKind, Period
from contracts.promises.metric import MetricVersion
from contracts.promises.metric_form import target_words

FEW: Final = 10  # below this, per cent would promise more than the counts hold
COUNTED: Final = frozenset({MetricKind.TIME_TO_EVENT, MetricKind.SAMPLE_RATIO})  # where what is missing is in n, one by one
CANT_TELL: Final = "can't tell"
NOT_RECORDED: Final = "not recorded"
TOO_FEW: Final = "too few"  # something was counted, and less than the promise asks for to judge it
SILENT: Final = frozenset({"no data", "not due", TOO_FEW})  # nothing happened, was to happen yet, or counts for a verdict
WORDS: Final[Mapping[str, str]] = {
    **ATTAINED_WORDS, CANT_TELL: "Can't be told", NOT_RECORDED: "Not recorded", TOO_FEW: "Too few to tell",
}  # fmt: skip
BETTER, WORSE, SAME = "better", "worse", "the same"


@dataclass(frozen=True, slots=True)
class Figure:
    """``target`` and ``measured`` are per cent, or pence for money. ``verdict`` is that of rules A, in which nothing missing is
    met; ``said`` is what is shown: "can't tell" where the missing decide, "not recorded" where there is nothing else, "too few"
    where something was counted and no verdict is due.
    """

    target: float | None
    measured: float | None
    n: int
    breaches: int
    missing: int
    excluded: int
    pending: int
    verdict: str
    said: str
    is_money: bool = False
    within: str = ""  # the time promised, of a figure of one priority
    kinds: int = 0  # of document that are to be in date: n counts the days of each, missing the kinds that nobody recorded

    @property
    def met(self) -> int:
        if self.kinds:
            return -(-Fraction(str(self.measured or 0)) * self.n // 100)
        return self.n - self.breaches - self.missing

    @property
    def met_at_best(self) -> int:
        """Were all that is missing as it should be."""
        return self.met + (self.missing * self.n // self.kinds if self.kinds else self.missing)

    @property
    def is_told(self) -> bool:
        return self.measured is not None and self.said in BEST_FIRST

    @property
    def word(self) -> str:
        return WORDS[self.said]

    @property
    def share(self) -> float:
        """How much of the target was measured, or of money, where more is worse, the reverse; 0 where either is not known."""
        measured, target = self.measured or 0, self.target or 0
        if self.is_money:
            measured, target = target, measured
        return measured / target if target else 0


@dataclass(frozen=True, slots=True)
class Breach:
    """``agreed`` is the outcome that both sides agreed ("met", "missed"), ``state`` whether it was discussed; "" for neither."""

    event: UUID
    priority: str | None
    agreed: str
    state: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """``said`` is the agreement's id; ``by`` wrote it down. ``reason``, ``ours`` and ``theirs`` are "" where they were erased."""

    event: UUID
    said: UUID
    by: UUID
    is_self_approved: bool
    reason: str = ""
    ours: str = ""
    theirs: str = ""
    by_name: str = ""


@dataclass(frozen=True, slots=True)
class PeriodAttained:
    """``problem`` says why there are no figures: then ``figure`` counts nothing."""

    first: date
    last: date
    label: str
    is_running: bool
    is_between: bool
    figure: Figure
    by_priority: Mapping[str, Figure] = field(default_factory=dict)
    breaches: tuple[Breach, ...] = ()
    missing: tuple[UUID, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    problem: str = ""

    @property
    def is_empty(self) -> bool:
        figure = self.figure
        return not (figure.n or figure.missing or figure.pending or figure.excluded or self.problem)


@dataclass(frozen=True, slots=True)
class MetricAttained:
    """A promise as it stands last, and its periods, the oldest first."""

    metric: UUID
    name: str
    clause: str
    kind: MetricKind
    period: Period
    unit: str  # what n counts: "jobs", "checks"
    periods: tuple[PeriodAttained, ...]

    @property
    def latest(self) -> PeriodAttained | None:
        """The last that is over and has something to say; where there is none the running one if it has; else the last one over.

        A term without a call-out says nothing of a boiler that failed in the one before.
        """
        over = [one for one in self.periods if not one.is_running]
        telling = [one for one in (*self.periods[len(over) :], *over) if one.problem or one.figure.said not in SILENT]
        return next(reversed(telling or over or self.periods), None)

    @property
    def told(self) -> tuple[PeriodAttained, ...]:
        """Those that are over and of which it can be told how they went: what we did not record makes a service no worse."""
        return tuple(one for one in self.periods if not one.is_running and one.figure.is_told)

    @property
    def trend(self) -> str:
        """Of the last two periods of which it can be told; "" where there are none."""
        if len(self.told) < 2:
            return ""
        before, last = (one.figure.measured or 0 for one in self.told[-2:])
        return SAME if before == last else BETTER if (last > before) is not self._less_is_better else WORSE

    @property
    def _less_is_better(self) -> bool:
        return self.kind is MetricKind.MONEY


@dataclass(frozen=True, slots=True)
class Shown:
    """What a share opens: a promise in a period that is over. ``target`` and ``measured`` are per cent, or pence for money.

    ``said`` is a key of WORDS, ``name`` what is promised, ``counts`` what ``n`` counts.
    """

    name: str
    first: date
    last: date
    target: float | None
    measured: float | None
    n: int
    counts: str
    said: str
    is_money: bool


def worst_of(figures: Sequence[Figure]) -> str:
    """The whole is as good as its worst part; where none was judged, what the first that says something says."""
    judged = worst(one.said for one in figures)
    if judged and judged != BEST_FIRST[0]:
        return judged
    for said in (CANT_TELL, NOT_RECORDED):
        if any(one.said == said for one in figures):
            return said
    return judged or next((one.said for one in figures if one.said in ("not due", TOO_FEW)), "no data")


def period_of(metric: MetricVersion, span: Span, found: Mapping[str, Any], *, is_running: bool) -> PeriodAttained:
    """``found`` are the figures of reckoning.py."""
    if "error" in found:
        return PeriodAttained(
            span.first, span.last, span.label, is_running, span.is_between, _nothing(metric), problem=found["sentence"]
        )
    by_priority = {name: _figure(metric, part, name) for name, part in found.get("by_priority", {}).items()}
    figure = _figure(metric, found)
    if by_priority:
        figure = _with_said(figure, worst_of(list(by_priority.values())))
    return PeriodAttained(
        span.first, span.last, span.label, is_running, span.is_between, figure, by_priority,
        tuple(map(_breach, found["breach_events"])),
        tuple(UUID(one) for one in found["missing_events"]),
        tuple(map(_left_out, found["left_out"])),
    )  # fmt: skip


def _breach(found: Mapping[str, Any]) -> Breach:
    return Breach(UUID(found["event"]), found["priority"], found["agreed"] or "", found["state"] or "")


def _left_out(found: Mapping[str, Any]) -> LeftOut:
    return LeftOut(UUID(found["event"]), UUID(found["said"]), UUID(found["by"]), found["is_self_approved"])


def _figure(metric: MetricVersion, found: Mapping[str, Any], priority: str = "") -> Figure:
    is_money = metric.kind is MetricKind.MONEY
    target = found.get("target", metric.terms.get("target_pence")) if is_money else metric.terms.get("target")
    figure = Figure(
        target, found["measured"], found["n"], found["breaches"], found["missing"], found.get("excluded", 0), found["pending"],
        found["verdict"], found["verdict"], is_money, target_words(metric.targets[priority]) if priority else "",
        len(metric.terms["kinds"]) if metric.kind is MetricKind.DOCUMENT else 0,
    )  # fmt: skip
    return _with_said(figure, _said(metric, figure))


def _said(metric: MetricVersion, figure: Figure) -> str:
    """Where all that is missing would be met and the verdict a better one, nobody can tell."""
    if figure.verdict == "no data" and figure.measured is not None and figure.n > figure.missing:
        return TOO_FEW
    if not figure.missing:
        return figure.verdict
    is_in_n = metric.kind in COUNTED or figure.kinds > 0
    if figure.verdict == "no data" or (is_in_n and figure.missing == (figure.kinds or figure.n)):
        return NOT_RECORDED
    if not is_in_n or figure.verdict not in BEST_FIRST:
        return figure.verdict
    at_best = Fraction(figure.met_at_best) * 100 / figure.n
    target = Fraction(str(metric.terms["target"]))
    mostly = Fraction(str(metric.terms.get("mostly") or metric.terms["target"]))
    best = "met" if at_best >= target else "mostly met" if at_best >= mostly else "not met"
    return figure.verdict if best == figure.verdict else CANT_TELL


def _with_said(figure: Figure, said: str) -> Figure:
    return replace(figure, said=said)


def _nothing(metric: MetricVersion) -> Figure:
    return Figure(None, None, 0, 0, 0, 0, 0, "no data", CANT_TELL, metric.kind is MetricKind.MONEY)
