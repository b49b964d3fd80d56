"""A waiting list of suppliers has its file's name, and rows that bring news of a supplier that the school has."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0010"
VERSION = "1.38.0"
DESCRIPTION = "names of waiting files, and news of known suppliers"

KINDS: Final = "'read', 'new', 'known', 'ours', 'more', 'ask', 'double', 'wrong', 'noise', 'added', 'adopted', 'refreshed'"
COLUMNS: Final = "id, import_id, number, kind, cells, name, said, flaws, facts, options, choice, lead, supplier"
BOTH: Final = (
    f"""CREATE TABLE suppliers_import_row_anew (
        id UUID PRIMARY KEY NOT NULL, import_id UUID NOT NULL REFERENCES suppliers_import(id),
        number BIGINT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ({KINDS})), {{text:cells:500000}}, {{text:name:400}},
        {{text:said:1000}}, {{text:flaws:4000}}, {{text:facts:40000}}, {{text:options:20000}}, {{text:choice:60}},
        lead BIGINT, supplier UUID REFERENCES suppliers_supplier(id))""",
    f"INSERT INTO suppliers_import_row_anew ({COLUMNS}) SELECT {COLUMNS} FROM suppliers_import_row",  # noqa: S608
    "DROP TABLE suppliers_import_row",
    "ALTER TABLE suppliers_import_row_anew RENAME TO suppliers_import_row",
    "CREATE UNIQUE INDEX suppliers_import_row_number ON suppliers_import_row (import_id, number)",
    "CREATE INDEX suppliers_import_row_kind ON suppliers_import_row (import_id, kind, number)",
    "ALTER TABLE suppliers_import ADD COLUMN {text:name:200:null}",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
