"""The list of contracts is read from an index: whose the days of a contract are, and by when to decide, stand beside them."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0010"
VERSION = "1.38.0"
DESCRIPTION = "the list of contracts by an index"

IN_SIGHT: Final = "withdrawn_at IS NULL AND hidden_at IS NULL"
BOTH: Final = (
    "ALTER TABLE contracts_dates_from ADD COLUMN school UUID REFERENCES sharing_school(id)",
    "ALTER TABLE contracts_dates_from ADD COLUMN due DATE NOT NULL DEFAULT '9999-12-31'",
    """UPDATE contracts_dates_from SET due = COALESCE(next_decide_by, decide_by, due),
        school = (SELECT c.school FROM contracts_contract c WHERE c.id = contracts_dates_from.contract)""",
    # In the order of the list, with what says whether a row holds today: the others are passed over without being read.
    "CREATE INDEX contracts_dates_from_due ON contracts_dates_from (school, due, contract, from_day, until_day)",
    "CREATE INDEX contracts_dates_from_missed ON contracts_dates_from (school, from_day) WHERE is_missed",
    f"CREATE INDEX contracts_contract_asking ON contracts_contract (school, id) WHERE open_questions > 0 AND {IN_SIGHT}",
    f"CREATE INDEX contracts_contract_officer ON contracts_contract (school, officer) WHERE {IN_SIGHT}",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
