"""Two roles more: trust leads and site staff.

That a trust lead belongs to a trust's central team is a matter of two tables, so no CHECK says it; people/people.py does.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "sharing_0012"
VERSION = "1.38.0"
DESCRIPTION = "trust leads and site staff"

ROLES = "role IN ('business_manager', 'head', 'trust_lead', 'governor', 'site_staff', 'auditor')"
AUDITORS = "(role = 'auditor') = (auditor_grant IS NOT NULL) AND (role <> 'auditor' OR valid_until IS NOT NULL)"
COLUMNS = "id, person, school, role, valid_from, valid_until, auditor_grant, begins_at, closes_at"

# SQLite can't alter a CHECK: the table is made anew, with its rows and its indexes. Nothing refers to it.
SQLITE = (
    f"""CREATE TABLE sharing_membership_anew (
        id UUID PRIMARY KEY NOT NULL,
        person UUID NOT NULL REFERENCES sharing_person(id), school UUID NOT NULL REFERENCES sharing_school(id),
        role TEXT NOT NULL CHECK ({ROLES}), valid_from TIMESTAMPTZ NOT NULL, valid_until TIMESTAMPTZ,
        auditor_grant UUID REFERENCES sharing_auditor_grant(id), begins_at TIMESTAMPTZ, closes_at TIMESTAMPTZ,
        CONSTRAINT an_auditor_comes_by_a_grant CHECK ({AUDITORS}))""",
    f"INSERT INTO sharing_membership_anew ({COLUMNS}) SELECT {COLUMNS} FROM sharing_membership",  # noqa: S608 - our own text
    "DROP TABLE sharing_membership",
    "ALTER TABLE sharing_membership_anew RENAME TO sharing_membership",
    "CREATE UNIQUE INDEX sharing_one_live_role_at_a_school ON sharing_membership (person, school) WHERE valid_until IS NULL",
    "CREATE INDEX sharing_membership_school ON sharing_membership (school)",
    """CREATE UNIQUE INDEX sharing_a_grant_is_taken_up_once
        ON sharing_membership (auditor_grant, school) WHERE auditor_grant IS NOT NULL""",
)

POSTGRES = (
    "ALTER TABLE sharing_membership DROP CONSTRAINT sharing_membership_role_check",
    f"ALTER TABLE sharing_membership ADD CONSTRAINT sharing_membership_role_check CHECK ({ROLES})",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=(), sqlite=SQLITE, postgres=POSTGRES)
