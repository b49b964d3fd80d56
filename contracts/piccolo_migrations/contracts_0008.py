"""Contract review meetings: who was there, what was said and agreed, and the actions that come back next time."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0008"
VERSION = "1.38.0"
DESCRIPTION = "review meetings of contracts"

BY_SOMEBODY: Final = "author UUID NOT NULL REFERENCES sharing_person(id), recorded_at TIMESTAMPTZ NOT NULL"

BOTH: Final = (
    f"""CREATE TABLE contracts_meeting (
        id UUID PRIMARY KEY NOT NULL, meeting UUID NOT NULL, contract UUID NOT NULL REFERENCES contracts_contract(id),
        held_on DATE NOT NULL, next_on DATE, {{text:ours:400:null}}, {{text:theirs:400:null}}, {{text:agreed:4000:null}},
        {{text:decided:4000:null}}, {{text:went_well:4000:null}}, {{text:complaints:4000:null}}, {{text:staffing:4000:null}},
        {{text:accidents:4000:null}}, {{text:invoices:4000:null}}, {{text:supplier_words:4000:null}},
        {{text:changes:4000:null}}, {{text:notes:4000:null}}, corrects UUID REFERENCES contracts_meeting(id), {BY_SOMEBODY})""",
    "CREATE INDEX contracts_meeting_contract ON contracts_meeting (contract, held_on)",
    "CREATE UNIQUE INDEX contracts_a_meeting_is_corrected_once ON contracts_meeting (corrects)",
    f"""CREATE TABLE contracts_action (
        id UUID PRIMARY KEY NOT NULL, meeting UUID NOT NULL REFERENCES contracts_meeting(id),
        contract UUID NOT NULL REFERENCES contracts_contract(id), {{text:what:500:null}}, {{text:owner:200:null}},
        side TEXT NOT NULL CHECK (side IN ('school', 'supplier')), due_on DATE NOT NULL, done_on DATE, {{text:note:500:null}},
        {BY_SOMEBODY})""",
    "CREATE INDEX contracts_action_contract ON contracts_action (contract, due_on)",
)
KEPT = ("contracts_meeting", "contracts_action")  # a record is corrected by another one; its words may be erased


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
