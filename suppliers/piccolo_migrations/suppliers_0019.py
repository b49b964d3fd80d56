"""Schools may ask other schools about a supplier or a need, and answer."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0019"
VERSION = "1.38.0"
DESCRIPTION = "what schools ask each other"

BOTH: Final = (
    """CREATE TABLE suppliers_enquiry (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id),
        {text:category:60:null}, supplier UUID REFERENCES suppliers_supplier(id), {text:words:200},
        schools BIGINT NOT NULL CHECK (schools >= 1), author UUID NOT NULL REFERENCES sharing_person(id),
        revised_by UUID REFERENCES sharing_person(id), audience UUID NOT NULL REFERENCES sharing_audience(id),
        asked_at TIMESTAMPTZ NOT NULL, closes_at TIMESTAMPTZ NOT NULL, withdrawn_at TIMESTAMPTZ,
        hidden_at TIMESTAMPTZ, hidden_by UUID REFERENCES sharing_person(id),
        CONSTRAINT an_enquiry_is_about_one_thing CHECK ((category IS NULL) <> (supplier IS NULL)))""",
    "CREATE INDEX suppliers_enquiry_school ON suppliers_enquiry (school, asked_at)",
    "CREATE INDEX suppliers_enquiry_closes ON suppliers_enquiry (closes_at)",
    "CREATE INDEX suppliers_enquiry_audience ON suppliers_enquiry (audience, closes_at)",
    "CREATE INDEX suppliers_enquiry_supplier ON suppliers_enquiry (supplier)",
    """CREATE TABLE suppliers_enquiry_answer (
        id UUID PRIMARY KEY NOT NULL, enquiry UUID NOT NULL REFERENCES suppliers_enquiry(id),
        school UUID NOT NULL REFERENCES sharing_school(id),
        answers_with TEXT NOT NULL CHECK (answers_with IN ('vouch', 'review', 'supplier', 'nothing')),
        supplier UUID REFERENCES suppliers_supplier(id), author UUID NOT NULL REFERENCES sharing_person(id),
        answered_at TIMESTAMPTZ NOT NULL,
        CONSTRAINT nothing_names_no_supplier CHECK ((answers_with = 'nothing') = (supplier IS NULL)))""",
    "CREATE UNIQUE INDEX suppliers_one_answer_a_school ON suppliers_enquiry_answer (enquiry, school)",
    "CREATE INDEX suppliers_enquiry_answer_school ON suppliers_enquiry_answer (school)",
    "CREATE INDEX suppliers_enquiry_answer_supplier ON suppliers_enquiry_answer (supplier)",
)
KEPT = ("suppliers_enquiry", "suppliers_enquiry_answer")


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
