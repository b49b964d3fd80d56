"""Figures in words, as a governor reads them: counts first below ten, and what can't be told said as that. Pure."""

from typing import Final

from contracts.attainment.figures import (
    BETTER,
    CANT_TELL,
    FEW,
    NOT_RECORDED,
    SAME,
    WORDS,
    WORSE,
    Figure,
    MetricAttained,
    PeriodAttained,
    Shown,
)
from contracts.fields.pounds import shown as pounds
from contracts.promises.kinds import MetricKind
from contracts.promises.metric import MetricVersion

KIND_OF_BAR: Final = {"met": "met", "mostly met": "mostly", "not met": "missed"}
TRENDS: Final = {BETTER: "Better than the time before", WORSE: "Worse than the time before", SAME: "As the time before", "": ""}
# What is counted, where it is not said by the promise's name.
BESIDE_N: Final = {MetricKind.AVAILABILITY: " minutes", MetricKind.DOCUMENT: " days"}
LONGEST_BESIDE: Final = 18  # letters, so that the number has room too
TAG_COLOURS: Final = {"met": "green", "mostly met": "yellow", "not met": "red"}


def sentence(metric: MetricAttained | MetricVersion, period: PeriodAttained) -> str:
    """Mostly met: 8 of 9 (88.8 per cent); the target is 95 per cent."""
    if period.problem:
        return period.problem
    so_far = " so far" if period.is_running and period.figure.n else ""
    return f"{period.figure.word}{so_far}{_detail(metric, period.figure)}."


def priority_sentence(metric: MetricAttained, figure: Figure) -> str:
    within = f" within {figure.within}" if figure.within else ""
    return f"{figure.word}{_detail(metric, figure)}{within}."


def measured(metric: MetricAttained | MetricVersion, figure: Figure) -> str:
    """In one cell of a table."""
    if figure.measured is None:
        return figure.word
    if figure.is_money:
        return pounds(round(figure.measured))
    share = f"{figure.measured:g} per cent"
    return (
        f"{_met(figure)} of {figure.n:,} ({share})"
        if _counts_one_by_one(metric) and figure.n < FEW
        else f"{share} of {figure.n:,}{BESIDE_N.get(metric.kind, '')}{_together(figure)}"
    )


def shown_row(one: Shown) -> tuple[str, str, str, str]:
    """Target, measured, out of how many, and in a word how it did: the cells of a figure that is shared."""
    said = (_amount(one, one.target), _amount(one, one.measured), f"{one.n:,} {one.counts}", WORDS[one.said])
    return said if one.n else (*said[:2], "", said[3])


def _amount(one: Shown, value: float | None) -> str:
    return "" if value is None else pounds(round(value)) if one.is_money else f"{value:g} per cent"


def target(figure: Figure) -> str:
    if figure.target is None:
        return ""
    return pounds(round(figure.target)) if figure.is_money else f"{figure.target:g} per cent"


def _detail(metric: MetricAttained | MetricVersion, figure: Figure) -> str:
    if figure.said == NOT_RECORDED and not _counts_one_by_one(metric):
        return " by us"
    if figure.said in (CANT_TELL, NOT_RECORDED) and figure.kinds:
        return f": {figure.missing} of {figure.kinds} documents not recorded by us"
    if figure.said in (CANT_TELL, NOT_RECORDED):
        return f": {figure.missing:,} of {max(figure.n, figure.missing):,} not recorded by us"
    if figure.measured is None:
        return f": {figure.pending:,} still open" if figure.pending else ""
    beside = f"; the target is {target(figure)}{_rounded(figure)}" if figure.target is not None else ""
    what = ("document " if figure.missing == 1 else "documents ") if figure.kinds else ""
    missing = f"; {figure.missing:,} {what}not recorded" if figure.missing else ""
    pending = f"; {figure.pending:,} still open" if figure.pending else ""
    return f": {measured(metric, figure)}{beside}{missing}{pending}"


def _rounded(figure: Figure) -> str:
    """99.96 of 99.95 that were promised is met, and shown as 99.9 (rule A3)."""
    is_below = not figure.is_money and figure.measured is not None and figure.measured < (figure.target or 0)
    return ", and was reached: what was measured is rounded down" if is_below and figure.said == "met" else ""


def _together(figure: Figure) -> str:
    """Days are counted for each document: a year of two has 730."""
    return f" ({figure.kinds} documents together)" if figure.kinds > 1 else ""


def _counts_one_by_one(metric: MetricAttained | MetricVersion) -> bool:
    return metric.kind not in (MetricKind.AVAILABILITY, MetricKind.QUANTITY, MetricKind.DOCUMENT)


def _met(figure: Figure) -> int:
    return max(0, figure.met)


def bars(metric: MetricAttained) -> list[tuple[str, float, str]]:
    """Per cent by period, for a chart; money in pounds."""
    return [
        (
            f"{_short(one)}{' (so far)' if one.is_running else ''}, of {one.figure.n:,}",
            round(one.figure.measured / 100) if one.figure.is_money else one.figure.measured,
            KIND_OF_BAR.get(one.figure.said, ""),
        )
        for one in metric.periods
        if one.figure.measured is not None and one.figure.said != NOT_RECORDED
    ]


def _short(period: PeriodAttained) -> str:
    """Its name beside a bar, on a phone: a year that is no calendar year names its months."""
    if len(period.label) <= LONGEST_BESIDE:
        return period.label
    return f"{period.first:%b %Y} to {period.last:%b %Y}"


def chart_target(metric: MetricAttained) -> float:
    """Where the line of the target stands; 0 for none."""
    targets = [one.figure.target for one in metric.periods if one.figure.target is not None]
    if not targets:
        return 0
    return targets[-1] / 100 if metric.kind is MetricKind.MONEY else targets[-1]


def headline(metrics: tuple[MetricAttained, ...]) -> str:
    """One sentence: of how many promises what can be said, each by its last period."""
    latest = [one.latest for one in metrics if one.latest is not None]
    said = [one.figure.said for one in latest]
    judged = [one for one in said if one in KIND_OF_BAR]
    if not judged:
        return "Nothing can be said yet: nothing is recorded of any promise." if metrics else ""
    met, missed = judged.count("met"), judged.count("not met")
    found = f"{met} of {len(judged)} promise{'' if len(judged) == 1 else 's'} met"
    found += f", {missed} not met" if missed else ""
    unknown = sum(one in (CANT_TELL, NOT_RECORDED) for one in said)
    return found + (f"; of {unknown} more it can't be told, because we did not record enough" if unknown else "") + "."
