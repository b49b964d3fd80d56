"""Metrics of a contract and what happened under it: events, their stamps, what was agreed, and the words beside them."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0003"
VERSION = "1.38.0"
DESCRIPTION = "metrics and service events"

OF_A_CONTRACT: Final = "contract UUID NOT NULL REFERENCES contracts_contract(id)"
BY_SOMEBODY: Final = "author UUID NOT NULL REFERENCES sharing_person(id)"
CLAIMED: Final = "claimed_by TEXT NOT NULL CHECK (claimed_by IN ('school', 'supplier'))"
PRIORITY: Final = "priority TEXT CHECK (priority IN ('P1', 'P2', 'P3', 'P4'))"

BOTH: Final = (
    f"""CREATE TABLE contracts_metric (
        id UUID PRIMARY KEY NOT NULL, metric UUID NOT NULL, {OF_A_CONTRACT}, {{text:kind:20}}, {{text:name:200}},
        {{text:clause:60:null}}, {{text:terms:10000}}, {{text:rules:2000}},
        period TEXT NOT NULL CHECK (period IN ('month', 'half_term', 'term', 'quarter', 'year')),
        from_day DATE NOT NULL, until_day DATE, {BY_SOMEBODY}, written_at TIMESTAMPTZ NOT NULL)""",
    "CREATE UNIQUE INDEX contracts_metric_version ON contracts_metric (metric, from_day)",
    "CREATE INDEX contracts_metric_contract ON contracts_metric (contract)",
    f"""CREATE TABLE contracts_service_event (
        id UUID PRIMARY KEY NOT NULL, job UUID NOT NULL, {OF_A_CONTRACT},
        school UUID NOT NULL REFERENCES sharing_school(id), metric UUID, {{text:kind:20}}, on_day DATE NOT NULL,
        happened_at TIMESTAMPTZ, told_at TIMESTAMPTZ, {{text:told_how:20:null}}, {{text:job_number:60:null}}, {PRIORITY},
        {{text:said:2000:null}}, {CLAIMED}, corrects UUID REFERENCES contracts_service_event(id),
        is_withdrawn BOOLEAN NOT NULL, {BY_SOMEBODY}, recorded_at TIMESTAMPTZ NOT NULL,
        CONSTRAINT an_event_was_told_in_some_way CHECK ((told_at IS NULL) = (told_how IS NULL)))""",
    "CREATE INDEX contracts_service_event_day ON contracts_service_event (contract, on_day)",
    "CREATE INDEX contracts_service_event_job ON contracts_service_event (job)",
    "CREATE INDEX contracts_service_event_author ON contracts_service_event (author, on_day)",
    "CREATE UNIQUE INDEX contracts_an_event_is_corrected_once ON contracts_service_event (corrects)",
    f"""CREATE TABLE contracts_service_stamp (
        id UUID PRIMARY KEY NOT NULL, job UUID NOT NULL REFERENCES contracts_service_event(id), {OF_A_CONTRACT},
        {{text:kind:20}}, at TIMESTAMPTZ NOT NULL, {PRIORITY}, {{text:reason:20:null}}, {CLAIMED},
        agrees UUID REFERENCES contracts_service_stamp(id), corrects UUID REFERENCES contracts_service_stamp(id),
        is_withdrawn BOOLEAN NOT NULL, {BY_SOMEBODY}, recorded_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX contracts_service_stamp_job ON contracts_service_stamp (job)",
    "CREATE UNIQUE INDEX contracts_a_stamp_is_corrected_once ON contracts_service_stamp (corrects)",
    f"""CREATE TABLE contracts_outcome (
        id UUID PRIMARY KEY NOT NULL, job UUID NOT NULL REFERENCES contracts_service_event(id), {OF_A_CONTRACT}, metric UUID,
        state TEXT CHECK (state IN ('not_discussed', 'agreed', 'disputed')),
        outcome TEXT CHECK (outcome IN ('met', 'missed', 'left_out')), {{text:clause:60:null}}, on_day DATE NOT NULL,
        {BY_SOMEBODY}, recorded_at TIMESTAMPTZ NOT NULL,
        CONSTRAINT discussed_or_agreed CHECK ((state IS NULL) <> (outcome IS NULL)))""",
    "CREATE INDEX contracts_outcome_job ON contracts_outcome (job)",
    f"""CREATE TABLE contracts_service_words (
        id UUID PRIMARY KEY NOT NULL, about UUID NOT NULL, {OF_A_CONTRACT}, {{text:name:40}}, {{text:words:4000}})""",
    "CREATE UNIQUE INDEX contracts_service_words_about ON contracts_service_words (about, name)",
)

APPEND_ONLY = ("contracts_service_event", "contracts_service_stamp", "contracts_outcome")
UNCHANGING = (*APPEND_ONLY, "contracts_service_words")  # words may be erased
KEPT = ("contracts_metric",)  # ended, never deleted


# What makes two rows the same beside the rowid, for INSERT OR REPLACE, which passes UPDATE and DELETE triggers on SQLite.
TAKEN: Final = {
    "contracts_service_event": "id = NEW.id OR corrects = NEW.corrects",
    "contracts_service_stamp": "id = NEW.id OR corrects = NEW.corrects",
    "contracts_outcome": "id = NEW.id",
    "contracts_service_words": "id = NEW.id OR (about = NEW.about AND name = NEW.name)",
}

SQLITE = (
    *(
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in UNCHANGING
    ),
    *(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in APPEND_ONLY
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
