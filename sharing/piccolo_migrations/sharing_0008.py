"""What the operator opens at a school: for a day, or for a new head whom the school may refuse. And a trust's own audits.

Nobody knows when somebody signed in before; everybody counts as having done so on the day of the upgrade, so that nobody's
school looks deserted because of it. A trust's grant from before keeps its 90 days, and its schools may end it as they could.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "sharing_0008"
VERSION = "1.38.0"
DESCRIPTION = "what the operator opens, and a trust's own audits"

BREAK_GLASS = (
    "ALTER TABLE sharing_membership ADD COLUMN begins_at TIMESTAMPTZ",
    "ALTER TABLE sharing_membership ADD COLUMN closes_at TIMESTAMPTZ",
    "ALTER TABLE sharing_last_school ADD COLUMN signed_in_on DATE",
    "UPDATE sharing_last_school SET signed_in_on = CURRENT_DATE",
    """CREATE TABLE sharing_break_glass (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id),
        kind TEXT NOT NULL CHECK (kind IN ('invitation', 'reset')), link UUID NOT NULL,
        person UUID REFERENCES sharing_person(id), {text:email:254}, {text:role:20}, {text:reason:500},
        made_by UUID REFERENCES sharing_person(id), made_at TIMESTAMPTZ NOT NULL,
        begun_at TIMESTAMPTZ, ends_at TIMESTAMPTZ,
        decided_by UUID REFERENCES sharing_person(id), decided_at TIMESTAMPTZ, kept BOOLEAN,
        CONSTRAINT what_has_begun_ends CHECK ((begun_at IS NULL) = (ends_at IS NULL)),
        CONSTRAINT nobody_keeps_themselves CHECK (kept IS NOT TRUE OR (decided_by IS NOT NULL AND decided_by <> person)))""",
    "CREATE INDEX sharing_break_glass_school ON sharing_break_glass (school)",
    "CREATE INDEX sharing_break_glass_link ON sharing_break_glass (link)",
)

SUCCESSION = (
    """CREATE TABLE sharing_succession (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id), link UUID NOT NULL,
        {text:email:254}, person UUID REFERENCES sharing_person(id),
        ground TEXT NOT NULL CHECK (ground IN ('silence', 'asked')), {text:address:200:null}, {text:seen:200:null},
        started_by UUID NOT NULL REFERENCES sharing_person(id), started_at TIMESTAMPTZ NOT NULL,
        in_force_at TIMESTAMPTZ NOT NULL, objected_by UUID REFERENCES sharing_person(id), {text:objection:500:null},
        stopped_at TIMESTAMPTZ,
        CONSTRAINT who_asks_does_so_from_a_published_address CHECK (
            (ground = 'asked') = (address IS NOT NULL) AND (ground = 'asked') = (seen IS NOT NULL)),
        CONSTRAINT an_objection_stops_it CHECK (objected_by IS NULL OR stopped_at IS NOT NULL),
        CHECK (in_force_at > started_at))""",
    "CREATE INDEX sharing_succession_school ON sharing_succession (school)",
    "CREATE INDEX sharing_succession_link ON sharing_succession (link)",
)

TRUSTS_AUDITS = (
    "ALTER TABLE sharing_auditor_grant ADD COLUMN {text:decided_by:200:null}",
    "ALTER TABLE sharing_auditor_grant ADD COLUMN {text:minute:200:null}",
    "ALTER TABLE sharing_auditor_grant ADD COLUMN {text:private_why:500:null}",
    "ALTER TABLE sharing_auditor_grant ADD COLUMN agreed_by UUID REFERENCES sharing_person(id)",
    """ALTER TABLE sharing_auditor_grant ADD COLUMN agreed_at TIMESTAMPTZ CONSTRAINT a_trusts_audit_takes_two CHECK (
        (agreed_at IS NULL) = (agreed_by IS NULL)
        AND (agreed_at IS NULL OR (agreed_by <> made_by AND decided_by IS NOT NULL AND minute IS NOT NULL)))""",
    """CREATE TABLE sharing_auditor_objection (
        id UUID PRIMARY KEY NOT NULL, auditor_grant UUID NOT NULL REFERENCES sharing_auditor_grant(id),
        school UUID NOT NULL REFERENCES sharing_school(id), person UUID NOT NULL REFERENCES sharing_person(id),
        {text:words:500}, made_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX sharing_auditor_objection_grant ON sharing_auditor_objection (auditor_grant)",
)

SQLITE = (
    "DROP TRIGGER sharing_auditor_grant_not_too_long",
    """CREATE TRIGGER sharing_auditor_grant_not_too_long BEFORE INSERT ON sharing_auditor_grant
        WHEN julianday(new.valid_until) - julianday(new.valid_from)
            > CASE WHEN new.decided_by IS NULL THEN 90.0001 ELSE 366.0001 END
        BEGIN SELECT RAISE(ABORT, 'a grant lasts 90 days at most, a trust''s for its own schools 366'); END""",
)
POSTGRES = (
    "ALTER TABLE sharing_auditor_grant DROP CONSTRAINT a_grant_lasts_90_days_at_most",
    """ALTER TABLE sharing_auditor_grant ADD CONSTRAINT a_grant_lasts_90_days_at_most_a_trusts_366 CHECK (
        valid_until <= valid_from + CASE WHEN decided_by IS NULL THEN INTERVAL '2160 hours' ELSE INTERVAL '8784 hours' END)""",
)

KEPT: Final = ("sharing_break_glass", "sharing_succession", "sharing_auditor_objection")


async def forwards() -> MigrationManager:
    return ddl(ID, both=(*BREAK_GLASS, *SUCCESSION, *TRUSTS_AUDITS), sqlite=SQLITE, postgres=POSTGRES)
