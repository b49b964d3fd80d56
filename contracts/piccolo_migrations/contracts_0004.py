"""What happens to a contract after it is signed: variations, links to others, notices sent; and how much of it isn't known."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0004"
VERSION = "1.38.0"
DESCRIPTION = "variations, links and notices of contracts"

BOTH: Final = (
    "ALTER TABLE contracts_contract ADD COLUMN open_questions BIGINT NOT NULL DEFAULT 0 CHECK (open_questions >= 0)",
    "ALTER TABLE contracts_extension ADD COLUMN {text:decided_by:200:null}",
    """CREATE TABLE contracts_variation (
        id UUID PRIMARY KEY NOT NULL, contract UUID NOT NULL REFERENCES contracts_contract(id), agreed_on DATE NOT NULL,
        {text:what:10000}, {text:agreed_by:200:null}, {text:supplier_agreed_by:200:null},
        annual_before_pence BIGINT CHECK (annual_before_pence BETWEEN 0 AND 100000000000),
        annual_pence BIGINT CHECK (annual_pence BETWEEN 0 AND 100000000000), end_before DATE, new_end DATE,
        author UUID NOT NULL REFERENCES sharing_person(id), written_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX contracts_variation_contract ON contracts_variation (contract, agreed_on)",
    """CREATE TABLE contracts_link (
        id UUID PRIMARY KEY NOT NULL, one UUID NOT NULL REFERENCES contracts_contract(id),
        other UUID NOT NULL REFERENCES contracts_contract(id), kind TEXT NOT NULL CHECK (kind IN ('together', 'call_off')),
        linked_by UUID NOT NULL REFERENCES sharing_person(id), linked_at TIMESTAMPTZ NOT NULL,
        ended_by UUID REFERENCES sharing_person(id), ended_at TIMESTAMPTZ,
        CONSTRAINT a_contract_is_linked_with_another CHECK (one <> other))""",
    "CREATE INDEX contracts_link_one ON contracts_link (one)",
    "CREATE INDEX contracts_link_other ON contracts_link (other)",
    """CREATE TABLE contracts_sending (
        id UUID PRIMARY KEY NOT NULL, contract UUID NOT NULL REFERENCES contracts_contract(id), sent_on DATE NOT NULL,
        how TEXT NOT NULL CHECK (how IN ('email', 'hand', 'portal', 'post', 'recorded')), to_end_on DATE,
        {text:sent_to:200:null}, {text:note:10000:null},
        author UUID NOT NULL REFERENCES sharing_person(id), written_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX contracts_sending_contract ON contracts_sending (contract, sent_on)",
)
KEPT = ("contracts_variation", "contracts_link", "contracts_sending")  # a mistake is followed by another row, never deleted


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
