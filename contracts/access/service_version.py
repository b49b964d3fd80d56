"""Which version of a contract's events, metrics and hours its attainment was reckoned from. Inside the caller's unit of work."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from piccolo.querystring import QueryString

from contracts.access import access
from contracts.access.tables import ServiceVersion

_NEXT: Final = """INSERT INTO contracts_service_version (contract, version) VALUES ({}, 1)
    ON CONFLICT (contract) DO UPDATE SET version = contracts_service_version.version + 1"""
_NEXT_OF_ALL: Final = """INSERT INTO contracts_service_version (contract, version)
    SELECT contracts_contract.id, 1 FROM contracts_contract WHERE {}
    ON CONFLICT (contract) DO UPDATE SET version = contracts_service_version.version + 1"""
_HAPPENED_AT: Final = """contracts_contract.school <> {} AND contracts_contract.id IN (
    SELECT contract FROM contracts_service_event WHERE school = {})"""
# Joining and leaving a trust change what calendar a school has, and no slice below knows of contracts: so both are counted with
# the version. Either only grows, and so does their sum.
_VERSIONS: Final = """SELECT c.id AS contract, COALESCE(v.version, 0) + (
        SELECT COUNT(*) + COUNT(m.until_at) FROM sharing_network_member m JOIN sharing_network n ON n.id = m.network
        WHERE m.school = c.school AND n.kind = 'trust' AND n.source = 'register') AS version
    FROM contracts_contract c LEFT JOIN contracts_service_version v ON v.contract = c.id WHERE c.id IN ({})"""


async def next_of(contract: UUID) -> None:
    """What was attained under the contract has to be reckoned anew."""
    await ServiceVersion.raw(_NEXT, contract)


async def next_of_all(school: UUID) -> None:
    """The same for every contract that a school has, and for those of others under which something happened there."""
    await ServiceVersion.raw(_NEXT_OF_ALL, access.ours(school).querystring)
    await ServiceVersion.raw(_NEXT_OF_ALL, QueryString(_HAPPENED_AT, school, school))


async def of_contracts(contracts: Iterable[UUID]) -> dict[UUID, int]:
    """A greater number for each change of what figures rest on."""
    wanted = list(contracts)
    if not wanted:
        return {}
    rows = await ServiceVersion.raw(_VERSIONS, QueryString(", ".join("{}" for _ in wanted), *wanted))
    return {row["contract"]: row["version"] for row in rows}
