"""Registers on their way in: the file, its rows, and the names in it. A contract that the operator imported has no author."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

import database
from database.migrations import ddl, make_anew

ID = "contracts_0006"
VERSION = "1.38.0"
DESCRIPTION = "imports of registers"

STATES: Final = "'reading', 'checking', 'checked', 'importing', 'stopped', 'done', 'refused'"
KINDS: Final = "'read', 'ask', 'new', 'change', 'same', 'left_out', 'skipped', 'added', 'changed'"

BOTH: Final = (
    f"""CREATE TABLE contracts_import (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id),
        person UUID REFERENCES sharing_person(id), state TEXT NOT NULL CHECK (state IN ({STATES})),
        digest {{bytes}} NOT NULL CHECK (length(digest) = 32), size BIGINT NOT NULL CHECK (size BETWEEN 1 AND 10485760),
        file {{bytes}}, {{text:understood:4000000}}, {{text:chosen:400000}}, {{text:sentence:1000}},
        done BIGINT NOT NULL, total BIGINT NOT NULL, lease TIMESTAMPTZ, leased_by UUID,
        made_at TIMESTAMPTZ NOT NULL, ends_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX contracts_import_school ON contracts_import (school, made_at)",
    "CREATE INDEX contracts_import_end ON contracts_import (ends_at)",
    f"""CREATE TABLE contracts_import_row (
        id UUID PRIMARY KEY NOT NULL, import_id UUID NOT NULL REFERENCES contracts_import(id),
        place BIGINT NOT NULL, number BIGINT NOT NULL, {{text:sheet:100}}, kind TEXT NOT NULL CHECK (kind IN ({KINDS})),
        {{text:title:200}}, {{text:said:1000}}, {{text:read:500000}}, {{text:answers:200000}}, {{text:choice:60}},
        twin UUID REFERENCES contracts_contract(id), twin_place BIGINT, contract UUID REFERENCES contracts_contract(id))""",
    "CREATE UNIQUE INDEX contracts_import_row_place ON contracts_import_row (import_id, place)",
    "CREATE INDEX contracts_import_row_kind ON contracts_import_row (import_id, kind, place)",
    """CREATE TABLE contracts_import_name (
        id UUID PRIMARY KEY NOT NULL, import_id UUID NOT NULL REFERENCES contracts_import(id),
        kind TEXT NOT NULL CHECK (kind IN ('supplier', 'school')), {text:name:300}, {text:options:20000}, {text:choice:60})""",
    "CREATE UNIQUE INDEX contracts_import_name_once ON contracts_import_name (import_id, kind, name)",
)
POSTGRES: Final = ("ALTER TABLE contracts_contract ALTER COLUMN author DROP NOT NULL",)


async def forwards() -> MigrationManager:
    manager = ddl(ID, both=BOTH, postgres=POSTGRES)
    manager.add_raw(_may_have_no_author)
    return manager


async def _may_have_no_author() -> None:
    if not database.is_postgres():
        await make_anew("contracts_contract", {"author UUID NOT NULL": "author UUID"})
