"""What was attained under contracts, kept until something that it rests on changes."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0007"
VERSION = "1.38.0"
DESCRIPTION = "attainment of contracts"

BOTH: Final = (
    """CREATE TABLE contracts_service_version (
        contract UUID PRIMARY KEY NOT NULL REFERENCES contracts_contract(id), version BIGINT NOT NULL CHECK (version > 0))""",
    """CREATE TABLE contracts_attained (
        id UUID PRIMARY KEY NOT NULL, contract UUID NOT NULL REFERENCES contracts_contract(id),
        metric UUID NOT NULL REFERENCES contracts_metric(id), first_day DATE NOT NULL, last_day DATE NOT NULL,
        is_between BOOLEAN NOT NULL, service_version BIGINT NOT NULL, holds_until TIMESTAMPTZ, figures TEXT NOT NULL)""",
    "CREATE INDEX contracts_attained_contract ON contracts_attained (contract, metric, last_day)",
    "CREATE INDEX contracts_attained_metric ON contracts_attained (metric, last_day)",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
