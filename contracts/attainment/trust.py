"""How the service did at all schools of a trust: by school what was met, and the promises that were kept worst."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import database
from base import clock
from base.viewer import Viewer
from contracts.access import service_version
from contracts.attainment import attainment, kept
from contracts.attainment.figures import CANT_TELL, NOT_RECORDED, TOO_FEW, PeriodAttained, period_of
from contracts.attainment.periods import Span
from contracts.attainment.tables import Attained
from contracts.lists import trust_contracts
from contracts.lists.trust_contracts import TrustContract
from contracts.promises.metric import MetricVersion
from contracts.promises.tables import Metric

MOST_WORST: Final = 10
MOST_DATES: Final = 60
RANK: Final = ("not met", "mostly met")
WORST_FIRST: Final = (*RANK, CANT_TELL, NOT_RECORDED, TOO_FEW, "no data", "not due", "met")
# Each version of a promise with the last period of it that is over; and the last that is kept at all, which tells whether one is
# lacking.
_STANDING: Final = """SELECT m.id AS version, m.metric, m.contract, m.from_day, m.until_day,
    a.id AS kept, a.last_day, a.is_between, a.said, a.share, a.service_version AS kept_for, a.reckoned_at,
    a.holds_until,
    (SELECT MAX(r.last_day) FROM contracts_attained r WHERE r.metric = m.id) AS reaches
    FROM (SELECT * FROM contracts_metric WHERE {}) m LEFT JOIN contracts_attained a ON a.metric = m.id AND a.last_day = COALESCE(
        (SELECT MAX(o.last_day) FROM contracts_attained o WHERE o.metric = m.id AND o.last_day < {} AND NOT o.is_between),
        (SELECT MAX(r.last_day) FROM contracts_attained r WHERE r.metric = m.id))
    ORDER BY m.from_day"""


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
    """Of contracts that have not ended. Opens its own units. Raises NotFound for whoever leads no school of a trust."""
    now = clock.now()
    async with database.read():
        names = await trust_contracts.schools(viewer)
        contracts = {one.id: one for one in await trust_contracts.contracts(names) if one.state != "ended"}
        standing = await _standing(contracts, now)
        versions = await service_version.of_contracts({row["contract"] for row in standing})
        stale = {row["contract"] for row in standing if not _holds(row, versions[row["contract"]], now)}
        worst = [] if stale else await _worst(standing, contracts, now)
    if stale:
        await _reckon([contracts[one] for one in stale], now)
        async with database.read():
            standing = await _standing(contracts, now)
            worst = await _worst(standing, contracts, now)
    return _told(names, contracts, standing, worst, now)


async def _standing(contracts: Collection[UUID], now: datetime) -> list[Mapping[str, Any]]:
    """Promises as they stand today or will, with what is kept of them."""
    rows = await Metric.raw(_STANDING, database.among(Metric.contract, contracts).querystring, _day_of(now))
    return list({row["metric"]: row for row in rows}.values())


def _day_of(now: datetime) -> date:
    return now.astimezone(clock.LONDON).date()


def _holds(row: Mapping[str, Any], version: int, now: datetime) -> bool:
    """Whether what is kept of a promise is all that it needs, and of this version of what it rests on."""
    if row["from_day"] > _day_of(now):
        return True
    if row["kept"] is None or row["kept_for"] != version:
        return False
    reaches = row["reaches"] if isinstance(row["reaches"], date) else date.fromisoformat(row["reaches"])
    is_whole = reaches >= min(row["until_day"] or date.max, _day_of(now))
    return is_whole and kept.holds(row, now)


def _is_over(row: Mapping[str, Any], now: datetime) -> bool:
    return row["kept"] is not None and row["last_day"] < _day_of(now) and not row["is_between"]


async def _reckon(stale: Iterable[TrustContract], now: datetime) -> None:
    """School by school: their contracts share a calendar."""
    by_school: dict[UUID, dict[UUID, date | None]] = {}
    for one in stale:
        by_school.setdefault(one.school, {})[one.id] = one.starts_on
    for school, starts in by_school.items():
        async with database.read():
            found = await attainment.reckoned_anew(school, starts, now)
        await kept.keep(found)


async def _worst(standing: Sequence[Mapping[str, Any]], contracts: Mapping[UUID, TrustContract], now: datetime) -> list[Kept]:
    """The figures of those alone that are shown."""
    bad = [row for row in standing if row["said"] in RANK and _is_over(row, now)]
    bad.sort(key=lambda row: (RANK.index(row["said"]), row["share"], contracts[row["contract"]].title))
    shown = bad[:MOST_WORST]
    metrics = {
        row["id"]: row for row in await Metric.select().where(database.among(Metric.id, [one["version"] for one in shown]))
    }
    figures = {
        row["id"]: row for row in await Attained.select().where(database.among(Attained.id, [one["kept"] for one in shown]))
    }
    return [_one(contracts[row["contract"]], metrics[row["version"]], figures[row["kept"]]) for row in shown]


def _told(
    names: Mapping[UUID, str], contracts: Mapping[UUID, TrustContract], standing: Iterable[Mapping[str, Any]],
    worst: Sequence[Kept], now: datetime,
) -> RollUp:  # fmt: skip
    today = _day_of(now)
    said: dict[UUID, Counter[str]] = {school: Counter() for school in names}
    for row in standing:
        if _is_over(row, now):
            said[contracts[row["contract"]].school][row["said"]] += 1
    ahead = [(one.decide_by, one.title, one) for one in contracts.values() if one.decide_by and one.decide_by >= today]
    dates = [one for _, _, one in sorted(ahead, key=lambda each: each[:2])]
    its: dict[UUID, list[TrustContract]] = {school: [] for school in names}
    for one in contracts.values():
        its[one.school].append(one)
    lines = (_school(school, name, its[school], said[school], dates) for school, name in names.items())
    bad = sum(each[one] for each in said.values() for one in RANK)
    return RollUp(tuple(lines), tuple(dates[:MOST_DATES]), max(0, len(dates) - MOST_DATES), tuple(worst), bad)


def _one(contract: TrustContract, metric: Mapping[str, Any], row: Mapping[str, Any]) -> Kept:
    version = MetricVersion.of_row(metric)
    span = Span(row["first_day"], row["last_day"], "")
    return Kept(contract, version, period_of(version, span, json.loads(row["figures"]), is_running=False))


def _school(
    school: UUID, name: str, its: Sequence[TrustContract], said: Mapping[str, int], dates: Sequence[TrustContract]
) -> SchoolLine:
    by_badness = {one: said[one] for one in WORST_FIRST if one in said}
    soonest = next((one for one in dates if one.school == school), None)
    return SchoolLine(school, name, len(its), soonest, sum(one.is_missed for one in its), by_badness)
