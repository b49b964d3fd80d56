"""Service calendars: each save is a version that holds from a day on; none is changed."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0002"
VERSION = "1.38.0"
DESCRIPTION = "service calendars"

BOTH: Final = (
    """CREATE TABLE contracts_calendar_version (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id),
        version BIGINT NOT NULL CHECK (version >= 1), from_day DATE NOT NULL, {text:data:100000},
        made_by UUID NOT NULL REFERENCES sharing_person(id), made_at TIMESTAMPTZ NOT NULL)""",
    "CREATE UNIQUE INDEX contracts_calendar_version_number ON contracts_calendar_version (school, version)",
)
TABLE: Final = "contracts_calendar_version"
UNCHANGING = (TABLE,)  # since contracts_0014 a row may go, so that one without an erased name takes its place

SQLITE: Final = (
    *(
        f"CREATE TRIGGER {TABLE}_no_{verb} BEFORE {verb.upper()} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
        for verb in ("update", "delete")
    ),
    f"""CREATE TRIGGER {TABLE}_once BEFORE INSERT ON {TABLE}
        WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id OR rowid = NEW.rowid
            OR (school = NEW.school AND version = NEW.version))
        BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END""",  # noqa: S608 - our own name
)
POSTGRES: Final = (
    *(
        f"CREATE TRIGGER {TABLE}_no_{verb} BEFORE {verb.upper()} ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        for verb in ("update", "delete", "truncate")
    ),
    *(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {TABLE}_no_{verb}" for verb in ("update", "delete", "truncate")),
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH, sqlite=SQLITE, postgres=POSTGRES)
