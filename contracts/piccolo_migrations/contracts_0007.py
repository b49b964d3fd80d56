"""What was attained under contracts, kept while it holds; concerns, credits, ratings; rules of buying."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0007"
VERSION = "1.38.0"
DESCRIPTION = "attainment of contracts, and what follows from it"

OF_A_CONTRACT: Final = "contract UUID NOT NULL REFERENCES contracts_contract(id)"
BY_SOMEBODY: Final = "author UUID NOT NULL REFERENCES sharing_person(id), recorded_at TIMESTAMPTZ NOT NULL"

BOTH: Final = (
    """CREATE TABLE contracts_service_version (
        contract UUID PRIMARY KEY NOT NULL REFERENCES contracts_contract(id), version BIGINT NOT NULL CHECK (version > 0))""",
    """CREATE TABLE contracts_attained (
        id UUID PRIMARY KEY NOT NULL, contract UUID NOT NULL REFERENCES contracts_contract(id),
        metric UUID NOT NULL REFERENCES contracts_metric(id), first_day DATE NOT NULL, last_day DATE NOT NULL,
        is_between BOOLEAN NOT NULL, service_version BIGINT NOT NULL, holds_until TIMESTAMPTZ, figures TEXT NOT NULL)""",
    "CREATE INDEX contracts_attained_contract ON contracts_attained (contract, metric, last_day)",
    "CREATE INDEX contracts_attained_metric ON contracts_attained (metric, last_day)",
    """CREATE TABLE contracts_buying_rules (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id),
        version BIGINT NOT NULL CHECK (version > 0), {text:data:2000},
        made_by UUID NOT NULL REFERENCES sharing_person(id), made_at TIMESTAMPTZ NOT NULL)""",
    "CREATE UNIQUE INDEX contracts_buying_rules_version ON contracts_buying_rules (school, version)",
    f"""CREATE TABLE contracts_concern (
        id UUID PRIMARY KEY NOT NULL, {OF_A_CONTRACT}, metric UUID, raised_on DATE NOT NULL, answer_by DATE,
        {BY_SOMEBODY}, CONSTRAINT answered_after_it_was_raised CHECK (answer_by IS NULL OR answer_by >= raised_on))""",
    "CREATE INDEX contracts_concern_contract ON contracts_concern (contract)",
    f"""CREATE TABLE contracts_concern_step (
        id UUID PRIMARY KEY NOT NULL, concern UUID NOT NULL REFERENCES contracts_concern(id), {OF_A_CONTRACT},
        kind TEXT NOT NULL CHECK (kind IN ('answered', 'planned', 'reassessed', 'withdrawn')), on_day DATE NOT NULL,
        due_on DATE, outcome TEXT CHECK (outcome IN ('put_right', 'better', 'not_better')), {BY_SOMEBODY},
        CONSTRAINT a_reassessment_has_an_outcome CHECK ((kind = 'reassessed') = (outcome IS NOT NULL)))""",
    "CREATE INDEX contracts_concern_step_concern ON contracts_concern_step (concern)",
    f"""CREATE TABLE contracts_credit (
        id UUID PRIMARY KEY NOT NULL, credit UUID NOT NULL, {OF_A_CONTRACT}, metric UUID,
        state TEXT NOT NULL CHECK (state IN ('proposed', 'agreed', 'received', 'dropped')),
        pence BIGINT NOT NULL CHECK (pence BETWEEN 1 AND 100000000000), on_day DATE NOT NULL, {BY_SOMEBODY})""",
    "CREATE UNIQUE INDEX contracts_credit_state ON contracts_credit (credit, state)",
    "CREATE INDEX contracts_credit_contract ON contracts_credit (contract)",
    f"""CREATE TABLE contracts_assessment (
        id UUID PRIMARY KEY NOT NULL, {OF_A_CONTRACT}, first_day DATE NOT NULL, last_day DATE NOT NULL,
        {{text:data:200000}}, {BY_SOMEBODY})""",
    "CREATE INDEX contracts_assessment_contract ON contracts_assessment (contract)",
)

APPEND_ONLY = (
    "contracts_concern",
    "contracts_concern_step",
    "contracts_credit",
    "contracts_buying_rules",
)
UNCHANGING = (*APPEND_ONLY, "contracts_assessment")  # a rating holds names and reasons, which may be erased

# What makes two rows the same beside the rowid, for INSERT OR REPLACE, which passes UPDATE and DELETE triggers on SQLite.
TAKEN: Final = {
    "contracts_concern": "id = NEW.id",
    "contracts_concern_step": "id = NEW.id",
    "contracts_credit": "id = NEW.id OR (credit = NEW.credit AND state = NEW.state)",
    "contracts_assessment": "id = NEW.id",
    "contracts_buying_rules": "id = NEW.id OR (school = NEW.school AND version = NEW.version)",
}

SQLITE = (
    *(
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in UNCHANGING
        for verb in ("update", "delete")
        if verb == "update" or table in APPEND_ONLY
    ),
    *(
        f"CREATE TRIGGER {table}_once BEFORE INSERT ON {table} "  # noqa: S608 - our own names
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid OR {same}) "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table, same in TAKEN.items()
    ),
)

_REFUSED: Final = (
    *((table, verb) for table in UNCHANGING for verb in ("update", "truncate")),
    *((table, "delete") for table in APPEND_ONLY),
)

POSTGRES = (
    *(
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        for table, verb in _REFUSED
    ),
    *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_{verb}" for table, verb in _REFUSED),
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH, sqlite=SQLITE, postgres=POSTGRES)
