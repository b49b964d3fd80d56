"""What a supplier is part of, for a hundred cards at once: by the text of its id, because SQLite would otherwise go by the
primary key and read a hundred suppliers of which none was ever merged.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations import ddl

ID = "suppliers_0007"
VERSION = "1.38.0"
DESCRIPTION = "suppliers that are part of another"

BOTH = ("CREATE INDEX suppliers_supplier_part ON suppliers_supplier (CAST(id AS TEXT), joined_to) WHERE joined_to IS NOT NULL",)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
