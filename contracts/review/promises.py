"""The figures of a promise as a report has them: those of `attainment`, in the words of the screen. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from base.words import count
from contracts.attainment import wording
from contracts.attainment.figures import COUNTED, SILENT, Figure, MetricAttained, PeriodAttained
from contracts.promises.kinds import METRIC_WORDS, PRIORITY_WORDS, MetricKind
from contracts.promises.metric import Metrics, MetricVersion
from contracts.review.report import FigureRow, PromiseReport

PENCE: Final = 100
WELL: Final = ("met", "mostly met")
# Elsewhere a breach is no one of what was counted: an outage is no minute, a gap no day, a sum that is too small no sum.
MISSED_ONE_BY_ONE: Final = COUNTED | {MetricKind.SCHEDULE, MetricKind.QUANTITY, MetricKind.MILESTONE}
TRENDS: Final = {"better": "Better than the period before", "worse": "Worse than the period before", "the same": "As before"}


def promise(found: MetricAttained, metrics: Metrics, last: date) -> PromiseReport:
    rows = tuple(_rows(found))
    version = metrics.one_on(found.metric, last) or next(one for one in reversed(metrics.versions) if one.metric == found.metric)
    latest = found.latest
    return PromiseReport(
        found.name, found.clause, _asks(version), found.unit, TRENDS.get(found.trend, ""),
        _row(found, latest, latest.figure) if latest else None, rows,
    )  # fmt: skip


def sentence(promises: Sequence[MetricAttained], supplier: str, days: str) -> str:
    """How it went, in one sentence for somebody who reads no more."""
    who = supplier or "The supplier"
    judged = [(one, one.latest.figure) for one in promises if one.latest and one.latest.figure.said not in SILENT]
    if not promises:
        return f"No promise of this contract is written down, so nobody can say how {who} did from {days}."
    if not judged:
        return f"Nothing was counted of what {who} promised from {days}."
    kept = [one for one, figure in judged if figure.said in WELL]
    fell_short = [(one, figure) for one, figure in judged if figure.said == "not met"]
    unknown = len(judged) - len(kept) - len(fell_short)
    parts = [f"From {days}, {who} kept {len(kept)} of {count(len(judged), 'promise')} when each was last counted"]
    if fell_short:
        worst, figure = max(fell_short, key=lambda each: each[1].breaches)
        parts.append(f"“{worst.name}” fell short" + (f": {_by_how_much(worst, figure)}" if figure.n else ""))
    if unknown:
        parts.append(f"{unknown} can't be told, because we did not write enough down")
    return "; ".join(parts) + "."


def _by_how_much(promise: MetricAttained, figure: Figure) -> str:
    if promise.kind in MISSED_ONE_BY_ONE:
        return f"{figure.breaches:,} of {figure.n:,} {promise.unit} missed"
    return f"{wording.measured(promise, figure)}, where {wording.target(figure)} was promised"


def _rows(found: MetricAttained) -> Iterator[FigureRow]:
    for period in found.periods:
        yield _row(found, period, period.figure)
        for priority, figure in sorted(period.by_priority.items()):
            yield _row(found, period, figure, PRIORITY_WORDS.get(priority, priority))


def _row(found: MetricAttained, period: PeriodAttained, figure: Figure, priority: str = "") -> FigureRow:
    def shown(value: float | None) -> float | None:
        return value / PENCE if value is not None and figure.is_money else value

    met = figure.met if found.kind in COUNTED else None  # elsewhere n counts days or sums, and a breach may be many of them
    label = f"{period.label} (so far)" if period.is_running else period.label
    return FigureRow(
        found.name, label, period.first, period.last, priority, "£" if figure.is_money else "%", shown(figure.target),
        shown(figure.measured), figure.n, met, figure.breaches, figure.missing, figure.excluded,
        figure.word,
    )  # fmt: skip


def _asks(version: MetricVersion) -> str:
    """At least 95 per cent in time."""
    target = version.terms.get("target")
    what = METRIC_WORDS[version.kind]
    if version.kind is MetricKind.MONEY or target is None:
        return what
    return f"{what}: at least {target} per cent"
