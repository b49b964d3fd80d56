"""Reviews that say that they rest on logged jobs; photos and files of what happened."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0013"
VERSION = "1.38.0"
DESCRIPTION = "reviews that rest on logged jobs, and photos of these"

BOTH: Final = (
    """CREATE TABLE contracts_backing (
        review UUID PRIMARY KEY NOT NULL REFERENCES suppliers_review(id),
        school UUID NOT NULL REFERENCES sharing_school(id), shows_counts BOOLEAN NOT NULL,
        said_by UUID NOT NULL REFERENCES sharing_person(id), said_at TIMESTAMPTZ NOT NULL)""",
    """CREATE TABLE contracts_service_photo (
        id UUID PRIMARY KEY NOT NULL, job UUID NOT NULL REFERENCES contracts_service_event(id),
        contract UUID NOT NULL REFERENCES contracts_contract(id), school UUID NOT NULL REFERENCES sharing_school(id),
        {text:filename:200}, {text:media_type:100},
        digest {bytes} NOT NULL CHECK (length(digest) = 32), size BIGINT NOT NULL CHECK (size BETWEEN 1 AND 10485760),
        data {bytes} NOT NULL, author UUID NOT NULL REFERENCES sharing_person(id), added_at TIMESTAMPTZ NOT NULL,
        hidden_at TIMESTAMPTZ, hidden_by UUID REFERENCES sharing_person(id))""",
    "CREATE INDEX contracts_service_photo_job ON contracts_service_photo (job)",
    "CREATE INDEX contracts_service_photo_school ON contracts_service_photo (school, digest)",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
