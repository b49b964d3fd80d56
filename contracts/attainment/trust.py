"""How the service did at all schools of a trust: by school what was met, and the promises that were kept worst."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from base import clock
from base.viewer import Viewer
from contracts.access import service_version
from contracts.access.served import ServedContract
from contracts.attainment import attainment, kept
from contracts.attainment.figures import CANT_TELL, NOT_RECORDED, PeriodAttained, period_of
from contracts.attainment.periods import Span
from contracts.attainment.tables import Attained
from contracts.lists import trust_contracts
from contracts.lists.trust_contracts import TrustContract
from contracts.promises.metric import MetricVersion
from contracts.promises.tables import Metric

MOST_WORST: Final = 10
MOST_DATES: Final = 60
RANK: Final = ("not met", "mostly met")
WORST_FIRST: Final = (*RANK, CANT_TELL, NOT_RECORDED, "no data", "not due", "met")
# Of each promise the last period that is over; and the last that is kept at all, which tells whether one is lacking.
_LAST: Final = """SELECT a.*, k.reaches FROM contracts_attained a JOIN (
        SELECT metric, MAX(last_day) AS reaches, MAX(CASE WHEN last_day < {} AND NOT is_between THEN last_day END) AS over_by
        FROM contracts_attained WHERE {} GROUP BY metric) k
    ON k.metric = a.metric AND a.last_day = COALESCE(k.over_by, k.reaches)"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise and the last period of it that is over."""

    contract: TrustContract
    metric: MetricVersion
    period: PeriodAttained


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """``said`` counts promises by what was said of their last period, the worst first."""

    school: UUID
    name: str
    contracts: int
    next_to_decide: TrustContract | None
    missed: int
    said: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RollUp:
    schools: tuple[SchoolLine, ...]
    dates: tuple[TrustContract, ...]  # the soonest decision first
    later: int  # dates that are not among these
    worst: tuple[Kept, ...]
    unkept: int  # promises of which something is said below what was promised, those in ``worst`` included


async def roll_up(viewer: Viewer) -> RollUp:
    """Opens its own units. Raises NotFound for whoever leads no school of a trust."""
    now = clock.now()
    async with database.read():
        names = await trust_contracts.schools(viewer)
        contracts = await trust_contracts.contracts(names)
        metrics = await _metrics(contracts)
        rows, stale = await _kept(contracts, metrics, now)
    if stale:
        await _reckon(stale, now)
        async with database.read():
            rows, _ = await _kept(contracts, metrics, now)
    return _told(names, contracts, metrics, rows, now)


async def _metrics(contracts: Sequence[TrustContract]) -> dict[UUID, Mapping[str, Any]]:
    """The rows of promises as they stand, by the version's id."""
    chosen = Metric.select().where(database.among(Metric.contract, [one.id for one in contracts]))
    latest = {row["metric"]: row for row in await chosen.order_by(Metric.from_day)}
    return {row["id"]: row for row in latest.values()}


async def _kept(
    contracts: Sequence[TrustContract], metrics: Mapping[UUID, Mapping[str, Any]], now: datetime
) -> tuple[dict[UUID, Mapping[str, Any]], list[TrustContract]]:
    """By version, the row of its last period that is over; and the contracts of which something is out of date."""
    today = now.astimezone(clock.LONDON).date()
    versions = await service_version.of_contracts([one.id for one in contracts])
    with_promises = {row["contract"] for row in metrics.values()}
    which = database.among(Attained.contract, with_promises).querystring if with_promises else QueryString("1 = 0")
    rows = {row["metric"]: row for row in await Attained.raw(_LAST, today, which)}
    stale = {
        metric["contract"]
        for version, metric in metrics.items()
        if metric["from_day"] <= today and not _holds(rows.get(version), metric, versions, now)
    }
    return rows, [one for one in contracts if one.id in stale]


def _holds(row: Mapping[str, Any] | None, metric: Mapping[str, Any], versions: Mapping[UUID, int], now: datetime) -> bool:
    if row is None or row["service_version"] != versions[metric["contract"]]:
        return False
    ends = metric["until_day"] or date.max
    reaches = row["reaches"] if isinstance(row["reaches"], date) else date.fromisoformat(row["reaches"])
    is_whole = reaches >= min(ends, now.astimezone(clock.LONDON).date())
    return is_whole and (row["holds_until"] is None or now < row["holds_until"])


async def _reckon(stale: Iterable[TrustContract], now: datetime) -> None:
    for one in stale:
        async with database.read():
            about = ServedContract(one.id, one.school, one.title, one.supplier, one.supplier_name, one.starts_on)
            version, new = await attainment.reckoned_anew(about, now)
        await kept.keep(one.id, version, new)


def _told(
    names: Mapping[UUID, str], contracts: Sequence[TrustContract], metrics: Mapping[UUID, Mapping[str, Any]],
    rows: Mapping[UUID, Mapping[str, Any]], now: datetime,
) -> RollUp:  # fmt: skip
    today = now.astimezone(clock.LONDON).date()
    by_id = {one.id: one for one in contracts}
    found = [
        _one(by_id[row["contract"]], metrics[version], row)
        for version, row in rows.items()
        if version in metrics and row["last_day"] < today and not row["is_between"]
    ]
    ahead = [(one.decide_by, one.title, one) for one in contracts if one.decide_by and one.decide_by >= today]
    dates = [one for _, _, one in sorted(ahead, key=lambda each: each[:2])]
    worst = sorted((one for one in found if one.period.figure.said in RANK), key=_badness)
    return RollUp(
        tuple(
            _school(school, name, [one for one in contracts if one.school == school], found, dates)
            for school, name in names.items()
        ),
        tuple(dates[:MOST_DATES]),
        max(0, len(dates) - MOST_DATES),
        tuple(worst[:MOST_WORST]),
        len(worst),
    )


def _one(contract: TrustContract, metric: Mapping[str, Any], row: Mapping[str, Any]) -> Kept:
    version = MetricVersion.of_row(metric)
    span = Span(row["first_day"], row["last_day"], "")
    return Kept(contract, version, period_of(version, span, json.loads(row["figures"]), is_running=False))


def _badness(one: Kept) -> tuple[int, float, str]:
    figure = one.period.figure
    measured, target = figure.measured or 0, figure.target or 0
    if figure.is_money:  # the more, the worse
        measured, target = target, measured
    short = measured / target if target else 0
    return RANK.index(figure.said), short, one.contract.title


def _school(
    school: UUID, name: str, its: Sequence[TrustContract], found: Sequence[Kept], dates: Sequence[TrustContract]
) -> SchoolLine:
    said = Counter(one.period.figure.said for one in found if one.contract.school == school)
    by_badness = {one: said[one] for one in WORST_FIRST if one in said}
    soonest = next((one for one in dates if one.school == school), None)
    return SchoolLine(school, name, len(its), soonest, sum(one.is_missed for one in its), by_badness)
