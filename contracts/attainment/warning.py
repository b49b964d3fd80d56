"""An early warning: a promise that is kept worse three times in a row, or worse with the day to decide near."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from base import clock
from base.viewer import Viewer
from base.words import in_words
from contracts.attainment import attainment
from contracts.attainment.figures import MetricAttained, PeriodAttained
from contracts.lists import listing
from contracts.lists.listing import Showing, Wanted
from web.pages.notices import Notice

FALLS: Final = 3  # in a row
LEAST: Final = 5  # events of a period: of fewer one more or less says nothing
NEAR: Final = timedelta(days=120)  # before the day to decide by
MOST_LOOKED_AT: Final = 20  # contracts of a school, the soonest decision first


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    """``reasons`` are sentences, the most telling first."""

    contract: UUID
    title: str
    reasons: tuple[str, ...]


def reasons(metrics: Sequence[MetricAttained], decide_by: date | None, today: date) -> tuple[str, ...]:
    """Why to look at a contract now; none where there is nothing to warn of."""
    near = decide_by if decide_by is not None and today <= decide_by <= today + NEAR else None
    return tuple(said for metric in metrics for said in _of_one(metric, near))


def _of_one(metric: MetricAttained, near: date | None) -> Iterator[str]:
    counted = [one for one in metric.told if not one.figure.is_money]
    falls = 0
    for later, before in pairwise(reversed(counted)):
        if not _falls(before, later):
            break
        falls += 1
    if falls >= FALLS:
        yield f"{metric.name} was kept worse {falls} times in a row: {_line(counted[-falls - 1 :])}."
    elif falls and near is not None:
        yield f"{metric.name} was kept worse than before ({_line(counted[-2:])}), and you decide by {in_words(near)}."


def _falls(before: PeriodAttained, later: PeriodAttained) -> bool:
    is_enough = min(before.figure.n, later.figure.n) >= LEAST
    return is_enough and (later.figure.measured or 0) < (before.figure.measured or 0)


def _line(periods: Sequence[PeriodAttained]) -> str:
    return ", ".join(f"{one.figure.measured:g} per cent of {one.figure.n:,}" for one in periods)


async def of_school(viewer: Viewer) -> tuple[EarlyWarning, ...]:
    """Of the contracts that go on, one each, the soonest decision first. Opens its own units."""
    lines = [one for one in (await listing.page(viewer, wanted=Wanted(Showing.CURRENT))).lines if one.school == viewer.school]
    looked_at = lines[:MOST_LOOKED_AT]
    if not looked_at:
        return ()
    metrics = await attainment.of_own(viewer, [line.id for line in looked_at])
    found = [(line, reasons(metrics[line.id], line.decide_by, clock.today())) for line in looked_at if line.id in metrics]
    return tuple(EarlyWarning(line.id, line.title, said) for line, said in found if said)


async def notices(viewer: Viewer) -> tuple[Notice, ...]:
    """Of the home page: one a contract, for whoever keeps contracts."""
    if not viewer.role.keeps_contracts:
        return ()
    return tuple(
        Notice(f"{one.title}: {' '.join(one.reasons)}", f"/contracts/{one.contract}/service", f"How the service did: {one.title}")
        for one in await of_school(viewer)
    )
