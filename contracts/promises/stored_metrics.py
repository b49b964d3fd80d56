"""Promises as they are stored: all versions of a contract's metrics, for people and for those who judge by them."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

import database
from base.refusals import NotFound
from base.viewer import Viewer
from contracts.access import served
from contracts.access.served import NOBODYS, ServedContract
from contracts.promises.metric import Metrics, MetricVersion
from contracts.promises.tables import Metric


async def metric_versions(viewer: Viewer, contract_id: UUID) -> tuple[ServedContract, Metrics]:
    """Raises NotFound."""
    async with database.read():
        return await served.contract(viewer, contract_id), await metrics_of(contract_id)


async def metrics_read(viewer: Viewer, contract_id: UUID) -> tuple[ServedContract, Metrics]:
    """The same, also for a lead of the trust, who only reads. Raises NotFound."""
    async with database.read():
        return await served.contract_read(viewer, contract_id), await metrics_of(contract_id)


async def metric(viewer: Viewer, metric_id: UUID, day: date | None = None) -> tuple[ServedContract, MetricVersion]:
    """As it stands on a day, or its latest version. Raises NotFound."""
    async with database.read():
        contract = await contract_of_metric(metric_id)
        about, metrics = await served.contract(viewer, contract), await metrics_of(contract)
    versions = [one for one in metrics.versions if one.metric == metric_id and (day is None or one.holds_on(day))]
    if not versions:
        raise NotFound
    return about, versions[-1]


async def metrics_of(contract: UUID) -> Metrics:
    """All versions, by name."""
    return (await metrics_of_several([contract]))[contract]


async def metrics_of_several(contracts: Collection[UUID]) -> dict[UUID, Metrics]:
    """The same by contract."""
    rows = await Metric.select().where(database.among(Metric.contract, contracts)).order_by(Metric.name, Metric.from_day)
    found: dict[UUID, list[MetricVersion]] = {contract: [] for contract in contracts}
    for row in rows:
        found[row["contract"]].append(MetricVersion.of_row(row))
    return {contract: Metrics(tuple(versions)) for contract, versions in found.items()}


async def contract_of_metric(metric: UUID) -> UUID:
    """NOBODYS where there is none."""
    rows = await Metric.select(Metric.contract).where(Metric.metric == metric).limit(1)
    found: UUID = rows[0]["contract"] if rows else NOBODYS
    return found
