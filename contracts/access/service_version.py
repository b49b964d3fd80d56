"""Which version of a contract's events, metrics and hours its attainment was reckoned from. Inside the caller's unit of work."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import database
from contracts.access import access
from contracts.access.tables import ServiceVersion

_NEXT: Final = """INSERT INTO contracts_service_version (contract, version) VALUES ({}, 1)
    ON CONFLICT (contract) DO UPDATE SET version = contracts_service_version.version + 1"""
_NEXT_OF_ALL: Final = """INSERT INTO contracts_service_version (contract, version)
    SELECT contracts_contract.id, 1 FROM contracts_contract WHERE {}
    ON CONFLICT (contract) DO UPDATE SET version = contracts_service_version.version + 1"""


async def next_of(contract: UUID) -> None:
    """What was attained under the contract has to be reckoned anew."""
    await ServiceVersion.raw(_NEXT, contract)


async def next_of_all(school: UUID) -> None:
    """The same for every contract that a school has."""
    await ServiceVersion.raw(_NEXT_OF_ALL, access.ours(school).querystring)


async def of_contracts(contracts: Iterable[UUID]) -> dict[UUID, int]:
    """0 for one under which nothing was written down yet."""
    wanted = list(contracts)
    rows = await ServiceVersion.select().where(database.among(ServiceVersion.contract, wanted))
    return dict.fromkeys(wanted, 0) | {row["contract"]: row["version"] for row in rows}
