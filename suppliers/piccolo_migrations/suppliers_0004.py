"""Spreadsheets of suppliers on their way in: a school's own, kept for some days, gone when they are imported."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0004"
VERSION = "1.38.0"
DESCRIPTION = "imports of a school's suppliers"

STATES = "'reading', 'mapping', 'checking', 'checked', 'importing', 'stopped', 'done', 'refused'"
KINDS = "'read', 'new', 'known', 'ours', 'ask', 'double', 'wrong', 'noise', 'added', 'adopted'"

IMPORTS = (
    f"""CREATE TABLE suppliers_import (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id),
        person UUID NOT NULL REFERENCES sharing_person(id), state TEXT NOT NULL CHECK (state IN ({STATES})),
        digest {{bytes}} NOT NULL CHECK (length(digest) = 32), size BIGINT NOT NULL CHECK (size BETWEEN 1 AND 10485760),
        file {{bytes}}, {{text:understood:400000}}, {{text:fields:10000}}, {{text:sentence:1000}},
        done BIGINT NOT NULL, total BIGINT NOT NULL, lease TIMESTAMPTZ, leased_by UUID,
        made_at TIMESTAMPTZ NOT NULL, ends_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX suppliers_import_school ON suppliers_import (school, made_at)",
    "CREATE INDEX suppliers_import_end ON suppliers_import (ends_at)",
    f"""CREATE TABLE suppliers_import_row (
        id UUID PRIMARY KEY NOT NULL, import_id UUID NOT NULL REFERENCES suppliers_import(id),
        number BIGINT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ({KINDS})), {{text:cells:500000}}, {{text:name:400}},
        {{text:said:1000}}, {{text:flaws:4000}}, {{text:facts:40000}}, {{text:options:20000}}, {{text:choice:60}},
        lead BIGINT, supplier UUID REFERENCES suppliers_supplier(id))""",
    "CREATE UNIQUE INDEX suppliers_import_row_number ON suppliers_import_row (import_id, number)",
    "CREATE INDEX suppliers_import_row_kind ON suppliers_import_row (import_id, kind, number)",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=IMPORTS)
