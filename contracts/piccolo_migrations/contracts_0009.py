"""What was decided about contracts, when a school decides, what governors asked; and how often a contract's days moved."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0009"
VERSION = "1.38.0"
DESCRIPTION = "decisions, reminders and governors' questions"

BOTH: Final = (
    "ALTER TABLE contracts_contract ADD COLUMN days_moved BIGINT NOT NULL DEFAULT 0 CHECK (days_moved >= 0)",
    "ALTER TABLE contracts_contract ADD COLUMN days_moved_at TIMESTAMPTZ",
    "ALTER TABLE contracts_document ADD COLUMN corrections BIGINT NOT NULL DEFAULT 0 CHECK (corrections >= 0)",
    "ALTER TABLE contracts_document ADD COLUMN corrected_at TIMESTAMPTZ",
    """CREATE TABLE contracts_decision (
        id UUID PRIMARY KEY NOT NULL, contract UUID NOT NULL REFERENCES contracts_contract(id),
        choice TEXT NOT NULL CHECK (choice IN ('renew', 'leave', 'retender')), end_on DATE, decide_by DATE,
        decided_on DATE NOT NULL, {text:reason:2000:null}, {text:minute:200:null},
        author UUID NOT NULL REFERENCES sharing_person(id), recorded_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX contracts_decision_contract ON contracts_decision (contract, recorded_at)",
    """CREATE TABLE contracts_timing (
        school UUID PRIMARY KEY NOT NULL REFERENCES sharing_school(id), {text:months:100}, {text:meetings:10000},
        saved_by UUID NOT NULL REFERENCES sharing_person(id), saved_at TIMESTAMPTZ NOT NULL)""",
    """CREATE TABLE contracts_question (
        id UUID PRIMARY KEY NOT NULL, contract UUID NOT NULL REFERENCES contracts_contract(id),
        school UUID NOT NULL REFERENCES sharing_school(id), {text:question:2000},
        asked_by UUID NOT NULL REFERENCES sharing_person(id), asked_at TIMESTAMPTZ NOT NULL,
        {text:answer:10000:null}, {text:minute:200:null}, answered_on DATE,
        answered_by UUID REFERENCES sharing_person(id), answered_at TIMESTAMPTZ,
        CONSTRAINT an_answer_has_its_day_and_its_person
            CHECK ((answered_at IS NULL) = (answered_on IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL)))""",
    "CREATE INDEX contracts_question_school ON contracts_question (school, asked_at)",
    "CREATE INDEX contracts_question_contract ON contracts_question (contract)",
)
KEPT = ("contracts_decision", "contracts_question")  # what is said anew is another row, never deleted


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
