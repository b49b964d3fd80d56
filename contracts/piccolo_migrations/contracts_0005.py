"""Documents of contracts: the file as it was sent, what kind it is, and when it runs out."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0005"
VERSION = "1.38.0"
DESCRIPTION = "documents of contracts"

BOTH: Final = (
    """CREATE TABLE contracts_document (
        id UUID PRIMARY KEY NOT NULL, contract UUID NOT NULL REFERENCES contracts_contract(id),
        school UUID NOT NULL REFERENCES sharing_school(id),
        kind TEXT NOT NULL CHECK (kind IN ('signed_copy', 'insurance', 'letter_of_assurance', 'risk_assessment',
            'data_agreement', 'proof_of_sending', 'variation', 'other')),
        expires_on DATE, {text:filename:200}, {text:media_type:100},
        digest {bytes} NOT NULL CHECK (length(digest) = 32), size BIGINT NOT NULL CHECK (size BETWEEN 1 AND 31457280),
        data {bytes} NOT NULL, author UUID NOT NULL REFERENCES sharing_person(id), added_at TIMESTAMPTZ NOT NULL,
        hidden_at TIMESTAMPTZ, hidden_by UUID REFERENCES sharing_person(id))""",
    "CREATE INDEX contracts_document_contract ON contracts_document (contract)",
    "CREATE INDEX contracts_document_school ON contracts_document (school, expires_on)",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
