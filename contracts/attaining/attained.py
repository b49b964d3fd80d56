"""How much was attained, and the verdict: compared exactly, said floored to one decimal (rules A1 to A3)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from contracts.attaining.asked import PER_CENT, Row, amount
from contracts.clock.refused import bad_input

MET, MOSTLY, NOT_MET = "met", "mostly met", "not met"
NO_DATA, NOT_DUE = "no data", "not due"
BREACHED: Final = "breached"  # in an answer, for attaining.py to take out of it: the ids of the events that are breaches
BEST_FIRST: Final = (MET, MOSTLY, NOT_MET)


@dataclass(frozen=True, slots=True)
class Bounds:
    """In per cent: the target, and the lower bound from which on it is mostly met."""

    target: Fraction
    mostly: Fraction

    def verdict(self, above: Fraction, n: Fraction) -> str:
        share = above * PER_CENT / n
        return MET if share >= self.target else MOSTLY if share >= self.mostly else NOT_MET


@dataclass(slots=True)
class Attained:
    """``above`` of ``n`` was as it should be; what is missing is in ``n``, what is pending or left out is not."""

    above: Fraction = field(default_factory=Fraction)
    n: int = 0
    breaches: int = 0
    missing: int = 0
    excluded: int = 0
    pending: int = 0
    breached: list[Any] = field(default_factory=list)  # the ids of breaches, where events are judged one by one

    @property
    def measured(self) -> float | None:
        return floored(self.above, Fraction(self.n)) if self.n else None

    def verdict(self, bounds: Bounds) -> str:
        if not self.n:
            return NOT_DUE if self.pending else NO_DATA
        return bounds.verdict(self.above, Fraction(self.n))

    def answer(self, verdict: str) -> dict[str, Any]:
        return {
            "measured": self.measured,
            "n": self.n,
            "breaches": self.breaches,
            "missing": self.missing,
            "excluded": self.excluded,
            "pending": self.pending,
            "verdict": verdict,
        }


def floored(above: Fraction, n: Fraction) -> float:
    """Per cent, never rounded up: 94.96 is 94.9."""
    return (above * PER_CENT * 10 // n) / 10


def worst(verdicts: Iterable[str]) -> str | None:
    """The worst of those that were judged; None if there is none."""
    judged = [verdict for verdict in verdicts if verdict in BEST_FIRST]
    return max(judged, key=BEST_FIRST.index) if judged else None


def bounds_of(metric: Row) -> Bounds:
    """Raises Refused. A metric without a lower bound has none below its target."""
    target = amount(metric.get("target"), "A target", most=PER_CENT)
    mostly = amount(metric["mostly"], "A lower bound", most=PER_CENT) if metric.get("mostly") is not None else target
    if mostly > target:
        bad_input("The lower bound lies above the target.")
    return Bounds(target, mostly)
