"""Who counts as two people: who gave whom a way in, who confirmed from outside, and a school's published address.

Ways in from before are read from the invitations and new-password links that were used. Where an erasure took those, who let
somebody in stays unknown, and such a person counts as let in by nobody: decision 22 says why.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "sharing_0007"
VERSION = "1.38.0"
DESCRIPTION = "two people"

TWO_PEOPLE = (
    """CREATE TABLE sharing_way_in (
        id UUID PRIMARY KEY NOT NULL, person UUID NOT NULL REFERENCES sharing_person(id),
        school UUID REFERENCES sharing_school(id), given_by UUID REFERENCES sharing_person(id), given_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX sharing_way_in_school ON sharing_way_in (school)",
    """CREATE TABLE sharing_two_people (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id),
        person UUID NOT NULL REFERENCES sharing_person(id), other UUID NOT NULL REFERENCES sharing_person(id),
        asked_at TIMESTAMPTZ NOT NULL, confirmed_as TEXT CHECK (confirmed_as IN ('operator', 'trust', 'chair')),
        confirmed_by UUID REFERENCES sharing_person(id), confirmed_at TIMESTAMPTZ,
        CONSTRAINT two_people_are_two CHECK (person <> other),
        CONSTRAINT two_people_are_confirmed_by_a_third CHECK (
            confirmed_by IS NULL OR (confirmed_by <> person AND confirmed_by <> other)),
        CONSTRAINT two_people_are_confirmed_as_somebody CHECK (
            (confirmed_at IS NULL) = (confirmed_as IS NULL) AND (confirmed_by IS NULL OR confirmed_at IS NOT NULL)))""",
    "CREATE INDEX sharing_two_people_school ON sharing_two_people (school)",
    """CREATE TABLE sharing_published_address (
        school UUID PRIMARY KEY NOT NULL REFERENCES sharing_school(id), {text:email:254},
        set_by UUID NOT NULL REFERENCES sharing_person(id), set_at TIMESTAMPTZ NOT NULL)""",
    """CREATE TABLE sharing_outside_link (
        id UUID PRIMARY KEY NOT NULL, token_hash {bytes} NOT NULL UNIQUE,
        act TEXT NOT NULL CHECK (act IN ('two_people', 'erasure')), subject UUID NOT NULL,
        school UUID NOT NULL REFERENCES sharing_school(id),
        made_by UUID NOT NULL REFERENCES sharing_person(id), made_at TIMESTAMPTZ NOT NULL, expires_at TIMESTAMPTZ NOT NULL,
        used_at TIMESTAMPTZ)""",
    """INSERT INTO sharing_way_in (id, person, school, given_by, given_at)
        SELECT l.id, p.id, l.school, l.made_by, l.used_at FROM sharing_one_time_link l JOIN sharing_person p ON p.email = l.email
        WHERE l.purpose = 'invitation' AND l.used_at IS NOT NULL AND l.school IS NOT NULL AND l.auditor_grant IS NULL""",
    """INSERT INTO sharing_way_in (id, person, school, given_by, given_at)
        SELECT l.id, l.person, NULL, l.made_by, l.used_at FROM sharing_one_time_link l
        WHERE l.purpose = 'password' AND l.used_at IS NOT NULL AND l.person IS NOT NULL AND l.made_by IS NOT NULL""",
)

KEPT = ("sharing_way_in", "sharing_two_people")


async def forwards() -> MigrationManager:
    return ddl(ID, both=TWO_PEOPLE)
