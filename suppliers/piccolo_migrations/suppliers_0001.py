"""Suppliers, opinions and key tables. The key tables have no surrogate id: they are read by key, millions of rows of them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0001"
VERSION = "1.38.0"
DESCRIPTION = "suppliers, reviews, notes"

DIRECTORY = (
    """CREATE TABLE suppliers_supplier (
        id UUID PRIMARY KEY NOT NULL, owner UUID REFERENCES sharing_school(id),
        {text:name:300}, {text:exact_name:400}, joined_to UUID REFERENCES suppliers_supplier(id),
        made_at TIMESTAMPTZ NOT NULL,
        CONSTRAINT only_an_own_record_joins_the_directory CHECK (joined_to IS NULL OR owner IS NOT NULL))""",
    "CREATE UNIQUE INDEX suppliers_one_own_name ON suppliers_supplier (owner, exact_name) WHERE owner IS NOT NULL",
    "CREATE INDEX suppliers_supplier_exact_name ON suppliers_supplier (exact_name)",
    """CREATE TABLE suppliers_alias (
        id UUID PRIMARY KEY NOT NULL, supplier UUID NOT NULL REFERENCES suppliers_supplier(id), {text:name:300},
        kind TEXT NOT NULL CHECK (kind IN ('also', 'trading_as', 'formerly')))""",
    "CREATE UNIQUE INDEX suppliers_alias_name ON suppliers_alias (supplier, name)",
    """CREATE TABLE suppliers_identifier (
        id UUID PRIMARY KEY NOT NULL, supplier UUID NOT NULL REFERENCES suppliers_supplier(id),
        scheme TEXT NOT NULL CHECK (scheme IN ('company_number', 'charity_number', 'vat_number', 'domain', 'phone', 'postcode')),
        {text:value:120})""",
    "CREATE UNIQUE INDEX suppliers_one_identifier_a_scheme ON suppliers_identifier (supplier, scheme, value)",
    "CREATE INDEX suppliers_identifier_value ON suppliers_identifier (scheme, value)",
    """CREATE TABLE suppliers_supplies (
        id UUID PRIMARY KEY NOT NULL, supplier UUID NOT NULL REFERENCES suppliers_supplier(id), {text:category:60})""",
    "CREATE UNIQUE INDEX suppliers_supplies_once ON suppliers_supplies (supplier, category)",
    "CREATE INDEX suppliers_supplies_category ON suppliers_supplies (category)",
    """CREATE TABLE suppliers_use (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id),
        supplier UUID NOT NULL REFERENCES suppliers_supplier(id),
        since_at TIMESTAMPTZ NOT NULL, until_at TIMESTAMPTZ)""",
    "CREATE UNIQUE INDEX suppliers_one_live_use ON suppliers_use (school, supplier) WHERE until_at IS NULL",
)

KEYS_SQLITE = (
    "CREATE TABLE suppliers_key (owner TEXT NOT NULL, key TEXT NOT NULL, supplier BLOB NOT NULL,"
    " PRIMARY KEY (owner, key, supplier)) WITHOUT ROWID",
    "CREATE INDEX suppliers_key_supplier ON suppliers_key (supplier)",
    "CREATE TABLE suppliers_word (word TEXT PRIMARY KEY NOT NULL, n BIGINT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE suppliers_deletion (signature TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (signature, word)) WITHOUT ROWID",
)

KEYS_POSTGRES = (
    'CREATE TABLE suppliers_key (owner TEXT COLLATE "C" NOT NULL, key TEXT COLLATE "C" NOT NULL, supplier BYTEA NOT NULL,'
    " PRIMARY KEY (owner, key, supplier))",
    "CREATE INDEX suppliers_key_supplier ON suppliers_key (supplier)",
    'CREATE TABLE suppliers_word (word TEXT COLLATE "C" PRIMARY KEY NOT NULL, n BIGINT NOT NULL)',
    'CREATE TABLE suppliers_deletion (signature TEXT COLLATE "C" NOT NULL, word TEXT COLLATE "C" NOT NULL,'
    " PRIMARY KEY (signature, word))",
)

_SAID = """rating BIGINT CHECK (rating BETWEEN 1 AND 5), would_use_again BOOLEAN, {text:interest:500:null},
        {text:praise:4000}, {text:criticism:4000}, used_from DATE, used_until DATE,
        author UUID NOT NULL REFERENCES sharing_person(id)"""

OPINIONS = (
    f"""CREATE TABLE suppliers_review (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id),
        supplier UUID NOT NULL REFERENCES suppliers_supplier(id), {_SAID},
        audience UUID REFERENCES sharing_audience(id), version BIGINT NOT NULL CHECK (version >= 1),
        written_at TIMESTAMPTZ NOT NULL, lapses_at TIMESTAMPTZ, withdrawn_at TIMESTAMPTZ,
        CONSTRAINT a_review_says_something CHECK (rating IS NOT NULL OR would_use_again IS NOT NULL))""",
    "CREATE UNIQUE INDEX suppliers_one_current_review_a_school ON suppliers_review (school, supplier) WHERE withdrawn_at IS NULL",
    "CREATE INDEX suppliers_review_supplier ON suppliers_review (supplier, written_at)",
    "CREATE INDEX suppliers_review_audience ON suppliers_review (audience)",
    f"""CREATE TABLE suppliers_past_review (
        id UUID PRIMARY KEY NOT NULL, review UUID NOT NULL REFERENCES suppliers_review(id),
        version BIGINT NOT NULL, {_SAID}, written_at TIMESTAMPTZ NOT NULL)""",
    "CREATE UNIQUE INDEX suppliers_past_review_version ON suppliers_past_review (review, version)",
    """CREATE TABLE suppliers_note (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id),
        supplier UUID NOT NULL REFERENCES suppliers_supplier(id),
        about TEXT NOT NULL CHECK (about IN ('good', 'problem', 'record')), {text:body:4000}, happened_on DATE NOT NULL,
        author UUID NOT NULL REFERENCES sharing_person(id), audience UUID REFERENCES sharing_audience(id),
        version BIGINT NOT NULL CHECK (version >= 1), written_at TIMESTAMPTZ NOT NULL, withdrawn_at TIMESTAMPTZ)""",
    "CREATE INDEX suppliers_note_supplier ON suppliers_note (supplier, happened_on)",
    "CREATE INDEX suppliers_note_school ON suppliers_note (school, supplier)",
    """CREATE TABLE suppliers_attachment (
        id UUID PRIMARY KEY NOT NULL, note UUID NOT NULL REFERENCES suppliers_note(id),
        school UUID NOT NULL REFERENCES sharing_school(id), {text:filename:200}, {text:media_type:100},
        digest {bytes} NOT NULL CHECK (length(digest) = 32), size BIGINT NOT NULL CHECK (size BETWEEN 1 AND 10485760),
        data {bytes} NOT NULL)""",
    "CREATE INDEX suppliers_attachment_note ON suppliers_attachment (note)",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=(*DIRECTORY, *OPINIONS), sqlite=KEYS_SQLITE, postgres=KEYS_POSTGRES)
