"""What is hidden: a review, a note or a file that nobody reads until it is shown again or erased."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0009"
VERSION = "1.38.0"
DESCRIPTION = "hidden texts and files"

HIDDEN = tuple(
    f"ALTER TABLE {table} ADD COLUMN {column}"
    for table in ("suppliers_review", "suppliers_note", "suppliers_attachment")
    for column in ("hidden_at TIMESTAMPTZ", "hidden_by UUID REFERENCES sharing_person(id)")
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=HIDDEN)
