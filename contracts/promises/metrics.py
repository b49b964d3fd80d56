"""What a contract promises: metrics added, from starter sets or by hand, changed from a day on, and ended."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NoReturn
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from base import clock, text
from base.refusals import Conflict, Invalid, NotFound, read_together, refuse_together
from base.viewer import Viewer, must_keep_contracts
from contracts.access import served
from contracts.access.served import ServedContract
from contracts.clock.reading import EARLIEST, LATEST
from contracts.events import Event
from contracts.promises import metric_terms, starter_sets, stored_metrics
from contracts.promises.metric import MetricVersion, Promise
from contracts.promises.tables import Metric

LONGEST_NAME: Final = 200
LONGEST_CLAUSE: Final = 60
MOST_METRICS: Final = 60  # of a contract: the longest schedule of promises read has some thirty
MOST_VERSIONS: Final = 500  # of all of them
ONE: Final = timedelta(days=1)


async def add(viewer: Viewer, contract_id: UUID, new: Promise) -> UUID:
    """The metric's id. Raises Forbidden, NotFound, Invalid that names each wrong field."""
    must_keep_contracts(viewer)
    async with audit.recording(viewer) as record:
        about = await _ours(viewer, contract_id)
        return await _add(record, viewer, about, new)


async def add_starter_set(viewer: Viewer, contract_id: UUID, name: str, from_day: date) -> int:
    """All metrics of a set that the contract has not got by name; how many that were. Raises as ``add``."""
    must_keep_contracts(viewer)
    async with audit.recording(viewer) as record:
        about = await _ours(viewer, contract_id)
        there = {one.name for one in (await stored_metrics.metrics_of(contract_id)).versions}
        wanted = [one for one in starter_sets.promises(name, from_day) if one.name not in there]
        for one in wanted:
            await _add(record, viewer, about, one)
        if not wanted:
            record.unchanged()
        return len(wanted)


async def add_versions(
    record: Record, viewer: Viewer, about: ServedContract, versions: Sequence[Promise], until: date | None
) -> UUID:
    """A promise with all that it ever said, the oldest version first, inside the caller's unit. The last holds until ``until``.

    The contract is the viewer's school's. Raises Invalid, also for versions that are not of one kind or not in order.
    """
    days = [one.from_day for one in versions]
    if len({one.kind for one in versions}) != 1 or days != sorted(set(days)) or (until is not None and until < days[-1]):
        _refuse("from", "The versions of a promise are of one kind, each from a later day than the one before it.")
    metric = await _add(record, viewer, about, versions[0])
    for new in versions[1:]:
        latest = (await stored_metrics.metrics_of(about.id)).versions_of(metric)[-1]
        await _change(record, viewer, about, latest, new)
    if until is not None:
        await _end(record, viewer, about, (await stored_metrics.metrics_of(about.id)).versions_of(metric)[-1], until)
    return metric


async def change(viewer: Viewer, metric_id: UUID, new: Promise, *, version: UUID) -> None:
    """From ``new.from_day`` on. What happened before is judged as it was. Raises as ``add``, Conflict for a stale version."""
    must_keep_contracts(viewer)
    async with audit.recording(viewer) as record:
        about, latest = await _latest(viewer, metric_id)
        if latest.version != version:
            raise Conflict("This promise was changed after you read it. Read it again, then change it.")
        if new.kind is not latest.kind:
            _refuse("kind", "A promise stays of its kind. End this one and add another.")
        refuse_together(lambda: require_later(new.from_day, latest), lambda: checked(new))
        await _change(record, viewer, about, latest, new)


async def end(viewer: Viewer, metric_id: UUID, last_day: date) -> None:
    """After ``last_day`` nothing is judged by it. Raises as ``add``."""
    must_keep_contracts(viewer)
    async with audit.recording(viewer) as record:
        about, latest = await _latest(viewer, metric_id)
        if last_day < latest.from_day:
            _refuse("until", f"The promise holds from {latest.from_day:%-d %B %Y}: it can't end before that.")
        if last_day == latest.until_day:
            record.unchanged()
            return
        await _end(record, viewer, about, latest, last_day)


def require_later(day: date, latest: MetricVersion) -> None:
    """That a promise changes on a day after that from which it holds. Raises Invalid."""
    if day < latest.from_day:
        _refuse("from", f"The promise as it stands holds from {latest.from_day:%-d %B %Y}: enter a later day.")
    if day == latest.from_day:
        _refuse("from", "A promise changes from a later day on than that from which it holds. Enter the day of the change.")


def checked(new: Promise) -> dict[str, str]:
    """The texts to keep. Raises Invalid that names each wrong field."""
    (name, clause), terms, rules, _ = read_together(
        lambda: checked_words(new.name, new.clause),
        lambda: metric_terms.checked(new.kind, new.terms),
        lambda: metric_terms.checked_rules(new.rules),
        lambda: _require_real(new.from_day),
    )
    return {"name": name, "clause": clause, "terms": terms, "rules": rules}


def checked_words(name: str, clause: str) -> tuple[str, str]:
    """Name and clause, fit to keep. Raises Invalid that names each wrong field."""
    missing = "Enter what is promised, such as Fix a fault."
    name, clause = read_together(
        lambda: text.line(name, field="name", longest=LONGEST_NAME, missing=missing),
        lambda: text.line(clause, field="clause", longest=LONGEST_CLAUSE, required=False),
    )
    return name, clause


def _require_real(day: date) -> None:
    if not EARLIEST <= day <= LATEST:
        _refuse("from", "Enter a real day.")


async def _add(record: Record, viewer: Viewer, about: ServedContract, new: Promise) -> UUID:
    values, there = checked(new), (await stored_metrics.metrics_of(about.id)).versions
    if len({one.metric for one in there}) >= MOST_METRICS or len(there) >= MOST_VERSIONS:
        _refuse("name", f"A contract has {MOST_METRICS} promises at most.")
    metric = uuid4()
    await _keep(viewer, about.id, metric, new, values)
    await _tell(record, Event.METRIC_ADDED, about, viewer, metric, new, values)
    return metric


async def _change(record: Record, viewer: Viewer, about: ServedContract, latest: MetricVersion, new: Promise) -> None:
    values = checked(new)
    await Metric.update({Metric.until_day: new.from_day - ONE}).where(Metric.id == latest.version)
    await _keep(viewer, about.id, latest.metric, new, values)
    await _tell(record, Event.METRIC_CHANGED, about, viewer, latest.metric, new, values)


async def _end(record: Record, viewer: Viewer, about: ServedContract, latest: MetricVersion, last_day: date) -> None:
    await Metric.update({Metric.until_day: last_day}).where(Metric.id == latest.version)
    facts = {"metric": str(latest.metric), "until": last_day.isoformat()}
    await served.tell(record, Event.METRIC_ENDED, about, viewer, facts, {"name": latest.name})


async def _keep(viewer: Viewer, contract: UUID, metric: UUID, new: Promise, values: dict[str, str]) -> None:
    with database.duplicates(Conflict("This promise was changed after you read it. Read it again, then change it.")):
        await Metric(
            id=uuid4(), metric=metric, contract=contract, kind=new.kind.value, name=values["name"],
            clause=values["clause"] or None, terms=values["terms"], rules=values["rules"], period=new.period.value,
            from_day=new.from_day, until_day=None, author=viewer.person, written_at=clock.now(),
        ).save()  # fmt: skip


async def _tell(
    record: Record, event: Event, about: ServedContract, viewer: Viewer, metric: UUID, new: Promise, values: dict[str, str]
) -> None:
    facts = {"metric": str(metric), "kind": new.kind.value, "period": new.period.value, "from": new.from_day.isoformat()}
    facts |= {name: values[name] for name in ("clause", "terms", "rules") if values[name]}
    await served.tell(record, event, about, viewer, facts, {"name": values["name"]})


async def _ours(viewer: Viewer, contract_id: UUID) -> ServedContract:
    """Only the school that has the contract says what it promises."""
    about = await served.contract(viewer, contract_id, lock=True)
    if about.school != viewer.school:
        raise NotFound
    return about


async def _latest(viewer: Viewer, metric_id: UUID) -> tuple[ServedContract, MetricVersion]:
    rows = await Metric.select(Metric.contract).where(Metric.metric == metric_id).limit(1)
    if not rows:
        raise NotFound
    about = await _ours(viewer, rows[0]["contract"])
    return about, (await stored_metrics.metrics_of(about.id)).versions_of(metric_id)[-1]


def _refuse(field: str, sentence: str) -> NoReturn:
    raise Invalid(sentence, **{field: sentence})
