"""Auditors: what they are let in to, for how long, and a membership that ends by itself."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "sharing_0002"
VERSION = "1.38.0"
DESCRIPTION = "auditors"

GRANTS = (
    """CREATE TABLE sharing_auditor_grant (
        id UUID PRIMARY KEY NOT NULL,
        granted_by UUID NOT NULL REFERENCES sharing_school(id), made_by UUID NOT NULL REFERENCES sharing_person(id),
        {text:email:254}, {text:reason:500}, valid_from TIMESTAMPTZ NOT NULL, valid_until TIMESTAMPTZ NOT NULL,
        CHECK (valid_from < valid_until))""",
    "CREATE INDEX sharing_auditor_grant_granted_by ON sharing_auditor_grant (granted_by)",
    """CREATE TABLE sharing_auditor_scope (
        id UUID PRIMARY KEY NOT NULL, auditor_grant UUID NOT NULL REFERENCES sharing_auditor_grant(id),
        school UUID NOT NULL REFERENCES sharing_school(id), {text:stream:200:null}, revoked_at TIMESTAMPTZ)""",
    "CREATE INDEX sharing_auditor_scope_grant ON sharing_auditor_scope (auditor_grant, school)",
    "CREATE INDEX sharing_auditor_scope_school ON sharing_auditor_scope (school)",
    "ALTER TABLE sharing_one_time_link ADD COLUMN auditor_grant UUID REFERENCES sharing_auditor_grant(id)",
)

KEPT = ("sharing_auditor_grant", "sharing_auditor_scope")

ROLES = "role IN ('business_manager', 'head', 'governor', 'auditor')"
AUDITORS = "(role = 'auditor') = (auditor_grant IS NOT NULL) AND (role <> 'auditor' OR valid_until IS NOT NULL)"
ONCE_A_SCHOOL = """CREATE UNIQUE INDEX sharing_a_grant_is_taken_up_once
    ON sharing_membership (auditor_grant, school) WHERE auditor_grant IS NOT NULL"""

# SQLite can't alter a CHECK: the table is made anew, with its rows and its indexes. Nothing refers to it.
SQLITE = (
    f"""CREATE TABLE sharing_membership_anew (
        id UUID PRIMARY KEY NOT NULL,
        person UUID NOT NULL REFERENCES sharing_person(id), school UUID NOT NULL REFERENCES sharing_school(id),
        role TEXT NOT NULL CHECK ({ROLES}), valid_from TIMESTAMPTZ NOT NULL, valid_until TIMESTAMPTZ,
        auditor_grant UUID REFERENCES sharing_auditor_grant(id), CONSTRAINT an_auditor_comes_by_a_grant CHECK ({AUDITORS}))""",
    """INSERT INTO sharing_membership_anew (id, person, school, role, valid_from, valid_until)
        SELECT id, person, school, role, valid_from, valid_until FROM sharing_membership""",
    "DROP TABLE sharing_membership",
    "ALTER TABLE sharing_membership_anew RENAME TO sharing_membership",
    "CREATE UNIQUE INDEX sharing_one_live_role_at_a_school ON sharing_membership (person, school) WHERE valid_until IS NULL",
    "CREATE INDEX sharing_membership_school ON sharing_membership (school)",
    ONCE_A_SCHOOL,
    """CREATE TRIGGER sharing_auditor_grant_not_too_long BEFORE INSERT ON sharing_auditor_grant
        WHEN julianday(new.valid_until) - julianday(new.valid_from) > 90.0001
        BEGIN SELECT RAISE(ABORT, 'a grant lasts 90 days at most'); END""",
    *(
        f"""CREATE TRIGGER sharing_{table}_no_delete BEFORE DELETE ON sharing_{table}
        BEGIN SELECT RAISE(ABORT, 'a grant is revoked, never deleted'); END"""
        for table in ("auditor_grant", "auditor_scope")
    ),
)

POSTGRES = (
    "ALTER TABLE sharing_membership ADD COLUMN auditor_grant UUID REFERENCES sharing_auditor_grant(id)",
    "ALTER TABLE sharing_membership DROP CONSTRAINT sharing_membership_role_check",
    f"ALTER TABLE sharing_membership ADD CONSTRAINT sharing_membership_role_check CHECK ({ROLES})",
    f"ALTER TABLE sharing_membership ADD CONSTRAINT an_auditor_comes_by_a_grant CHECK ({AUDITORS})",
    ONCE_A_SCHOOL,
    """ALTER TABLE sharing_auditor_grant ADD CONSTRAINT a_grant_lasts_90_days_at_most
        CHECK (valid_until <= valid_from + INTERVAL '2160 hours')""",
    *(
        f"""CREATE TRIGGER sharing_{table}_no_delete BEFORE DELETE ON sharing_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION sharing_grant_refuse()"""
        for table in ("auditor_grant", "auditor_scope")
    ),
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=GRANTS, sqlite=SQLITE, postgres=POSTGRES)
