"""Schools propose corrections of directory entries, and curators change them."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0011"
VERSION = "1.38.0"
DESCRIPTION = "corrections of the directory"

BOTH: Final = (
    """CREATE TABLE suppliers_correction (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id), supplier UUID NOT NULL,
        {text:before:40000}, {text:proposed:40000}, {text:why:300},
        state TEXT NOT NULL CHECK (state IN ('waiting', 'taken', 'refused', 'withdrawn')), {text:answer:300},
        made_at TIMESTAMPTZ NOT NULL, made_by UUID NOT NULL REFERENCES sharing_person(id),
        answered_at TIMESTAMPTZ, answered_by UUID REFERENCES sharing_person(id))""",
    """CREATE UNIQUE INDEX suppliers_one_waiting_correction ON suppliers_correction (school, supplier)
        WHERE state = 'waiting'""",
    "CREATE INDEX suppliers_correction_school ON suppliers_correction (school, made_at)",
    "CREATE INDEX suppliers_correction_waiting ON suppliers_correction (made_at, id) WHERE state = 'waiting'",
    """CREATE TABLE suppliers_directory_edit (
        id UUID PRIMARY KEY NOT NULL, supplier UUID NOT NULL, {text:before:40000}, {text:after:40000:null},
        listed_at TIMESTAMPTZ NOT NULL, correction UUID REFERENCES suppliers_correction(id),
        made_at TIMESTAMPTZ NOT NULL, made_by UUID NOT NULL REFERENCES sharing_person(id),
        undone_at TIMESTAMPTZ, undone_by UUID REFERENCES sharing_person(id))""",
    "CREATE INDEX suppliers_directory_edit_supplier ON suppliers_directory_edit (supplier, made_at)",
    "CREATE INDEX suppliers_directory_edit_made ON suppliers_directory_edit (made_at)",
)
KEPT = ("suppliers_correction", "suppliers_directory_edit")


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
