"""What takes two hands: a school's first head, and a new password for somebody of several schools."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "sharing_0005"
VERSION = "1.38.0"
DESCRIPTION = "two hands"

TWO_HANDS = (
    """CREATE TABLE sharing_head_naming (
        id UUID PRIMARY KEY NOT NULL,
        school UUID NOT NULL REFERENCES sharing_school(id), person UUID NOT NULL REFERENCES sharing_person(id),
        named_by UUID NOT NULL REFERENCES sharing_person(id), named_at TIMESTAMPTZ NOT NULL,
        confirmed_by UUID REFERENCES sharing_person(id), ended_at TIMESTAMPTZ,
        CONSTRAINT a_head_takes_two_hands CHECK (
            confirmed_by IS NULL OR (confirmed_by <> named_by AND confirmed_by <> person AND ended_at IS NOT NULL)))""",
    "CREATE UNIQUE INDEX sharing_one_open_naming_at_a_school ON sharing_head_naming (school) WHERE ended_at IS NULL",
    """CREATE TABLE sharing_reset_agreement (
        id UUID PRIMARY KEY NOT NULL,
        person UUID NOT NULL REFERENCES sharing_person(id), school UUID NOT NULL REFERENCES sharing_school(id),
        agreed_by UUID NOT NULL REFERENCES sharing_person(id), agreed_at TIMESTAMPTZ NOT NULL, used_at TIMESTAMPTZ,
        CONSTRAINT nobody_agrees_about_themselves CHECK (agreed_by <> person))""",
    "CREATE INDEX sharing_reset_agreement_person ON sharing_reset_agreement (person)",
    # Made under rules by which they could lift somebody above whoever sent them.
    """DELETE FROM sharing_one_time_link WHERE used_at IS NULL
        AND (purpose = 'password' OR (purpose = 'invitation' AND role = 'head'))""",
)

KEPT = ("sharing_head_naming", "sharing_reset_agreement")


async def forwards() -> MigrationManager:
    return ddl(ID, both=TWO_HANDS)
