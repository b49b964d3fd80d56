"""How the service did, over JSON: figures by promise, period and priority. null is what nobody knows."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.params import FromPath, FromQuery

from base.refusals import NotFound
from base.viewer import KeyScope
from contracts.attainment import attainment, resting, shown, wording
from contracts.attainment.attainment import Days
from contracts.attainment.figures import Figure, MetricAttained, PeriodAttained
from contracts.attainment.resting import RestsOn
from web.pages.handlers import CurrentViewer


class FigureOut(msgspec.Struct, frozen=True, kw_only=True):
    """``target`` and ``measured`` are per cent, of money pence. ``verdict`` counts nothing that is missing as met: met, mostly
    met, not met, no data, not due. ``said`` is what the page says: also can't tell, where the missing decide, not recorded, and
    too few, where less was counted than the promise asks for.
    """

    target: float | None
    measured: float | None
    n: int
    breaches: int
    missing: int
    pending: int
    verdict: str
    said: str


class BreachOut(msgspec.Struct, frozen=True, kw_only=True):
    event: UUID
    priority: str | None
    agreed: str | None
    discussed: str | None


class LeftOutOut(msgspec.Struct, frozen=True, kw_only=True):
    event: UUID
    reason: str
    agreed_for_school: str
    agreed_for_supplier: str
    written_down_by: str
    is_self_approved: bool


class PeriodOut(msgspec.Struct, frozen=True, kw_only=True):
    first: date
    last: date
    label: str
    is_running: bool
    whole: FigureOut
    excluded: int
    by_priority: dict[str, FigureOut]
    breaches: tuple[BreachOut, ...]
    not_recorded: tuple[UUID, ...]
    left_out: tuple[LeftOutOut, ...]
    sentence: str
    problem: str | None


class RestsOnOut(msgspec.Struct, frozen=True, kw_only=True):
    """A document that a promise asks for, and what counts for it: ``document`` is kept with the contract, ``event`` was logged.
    Neither: nothing yet. ``last`` null: it does not run out.
    """

    promised: str
    document: UUID | None = None
    event: UUID | None = None
    first: date | None = None
    last: date | None = None


class AttainedOut(msgspec.Struct, frozen=True, kw_only=True):
    metric: UUID
    name: str
    clause: str | None
    kind: str
    period: str
    counts: str
    trend: str | None
    periods: tuple[PeriodOut, ...]
    rests_on: tuple[RestsOnOut, ...] = ()


class SharedFigureOut(msgspec.Struct, frozen=True, kw_only=True):
    """Of a period that is over. ``target`` and ``measured`` are per cent, of money pence; ``n`` are so many of what ``counts``
    names.
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


class AttainmentOut(msgspec.Struct, frozen=True, kw_only=True):
    """``metrics`` of a contract that serves your school; ``shared`` of another school's that shares how the service did."""

    metrics: tuple[AttainedOut, ...]
    shared: tuple[SharedFigureOut, ...] = ()


@get(
    "/contracts/{contract_id:uuid}/attainment",
    operation_id="listAttainment",
    summary="How the service did under a contract, by promise and period",
    key_scope=KeyScope.READ,
)
async def list_attainment(
    viewer: CurrentViewer, contract_id: FromPath[UUID], first: FromQuery[date | None] = None, last: FromQuery[date | None] = None
) -> AttainmentOut:
    """Whole periods in which the days from ``first`` to ``last`` lie, the oldest first; without these the last six. A school
    that a trust's contract covers reads figures of what happened there. A promise of documents in date says in ``rests_on`` what
    it rests on. Of a contract that another school shares with yours, ``shared`` has the figures of periods that are over.
    """
    try:
        found = await attainment.of_contract(viewer, contract_id, Days(first, last))
    except NotFound:
        figures = await shown.with_us(viewer, contract_id, Days(first, last))
        return AttainmentOut(
            metrics=(), shared=tuple(msgspec.convert(figures, tuple[SharedFigureOut, ...], from_attributes=True))
        )
    rests_on = await resting.by_promise(viewer, contract_id)
    return AttainmentOut(metrics=tuple(_metric(one, rests_on.get(one.metric, ())) for one in found))


def _metric(one: MetricAttained, rests_on: Iterable[RestsOn]) -> AttainedOut:
    return AttainedOut(
        metric=one.metric, name=one.name, clause=one.clause or None, kind=one.kind.value, period=one.period.value,
        counts=one.unit, trend=one.trend or None, periods=tuple(_period(one, period) for period in one.periods),
        rests_on=tuple(_rests_on(rests_on)),
    )  # fmt: skip


def _rests_on(found: Iterable[RestsOn]) -> Iterator[RestsOnOut]:
    for one in found:
        if not one.seen:
            yield RestsOnOut(promised=one.promised)
        for seen in one.seen:
            yield RestsOnOut(promised=one.promised, document=seen.document, event=seen.event, first=seen.first, last=seen.last)


def _period(metric: MetricAttained, one: PeriodAttained) -> PeriodOut:
    return PeriodOut(
        first=one.first, last=one.last, label=one.label, is_running=one.is_running, whole=_figure(one.figure),
        excluded=one.figure.excluded, by_priority={name: _figure(part) for name, part in one.by_priority.items()},
        breaches=tuple(
            BreachOut(event=each.event, priority=each.priority, agreed=each.agreed or None, discussed=each.state or None)
            for each in one.breaches
        ),
        not_recorded=one.missing,
        left_out=tuple(
            LeftOutOut(
                event=each.event, reason=each.reason, agreed_for_school=each.ours, agreed_for_supplier=each.theirs,
                written_down_by=each.by_name, is_self_approved=each.is_self_approved,
            )
            for each in one.left_out
        ),
        sentence=wording.sentence(metric, one), problem=one.problem or None,
    )  # fmt: skip


def _figure(one: Figure) -> FigureOut:
    return FigureOut(**{name: getattr(one, name) for name in FigureOut.__struct_fields__})


api = Router(path="/api/v1", route_handlers=[list_attainment], tags=["Contracts"])
