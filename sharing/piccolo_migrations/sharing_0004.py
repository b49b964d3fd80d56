"""A grant to a person is to one membership of theirs, and ends with it.

Before, it named the person alone and followed them to every school. Each such grant is bound to the membership that the
person had when it was given, if that was at exactly one school other than the owner's (an auditor's is no membership). Where
it was at none or at several, nobody knows which was meant: the grant stays unbound, and opens nothing. A membership that was
erased since is not known any more. ``membership`` has no foreign key, because an erasure deletes memberships.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "sharing_0004"
VERSION = "1.38.0"
DESCRIPTION = "a grant to a person is to a membership"

THEN: Final = """FROM sharing_membership m WHERE m.person = sharing_audience_grant.subject
    AND m.school <> sharing_audience_grant.owner AND m.auditor_grant IS NULL
    AND m.valid_from <= sharing_audience_grant.valid_from
    AND (m.valid_until IS NULL OR m.valid_until > sharing_audience_grant.valid_from)"""

BOTH: Final = (
    "ALTER TABLE sharing_audience_grant ADD COLUMN at_school UUID REFERENCES sharing_school(id)",
    """ALTER TABLE sharing_audience_grant ADD COLUMN membership UUID CONSTRAINT only_a_person_is_named_at_a_school CHECK (
        (membership IS NULL) = (at_school IS NULL) AND (membership IS NULL OR kind = 'person'))""",
    f"""UPDATE sharing_audience_grant SET membership = (SELECT m.id {THEN}), at_school = (SELECT m.school {THEN})
        WHERE kind = 'person' AND (SELECT COUNT(*) {THEN}) = 1""",  # noqa: S608 - our own text
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
