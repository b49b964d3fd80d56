"""Merges as edges, people's decisions about pairs, and links between suppliers that stay two."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0003"
VERSION = "1.38.0"
DESCRIPTION = "merges, decisions, links"

KEPT = ("suppliers_merge", "suppliers_decision", "suppliers_link")  # undone and ended, never deleted

_PAIR = """owner UUID REFERENCES sharing_school(id),
        {one} UUID NOT NULL REFERENCES suppliers_supplier(id), {other} UUID NOT NULL REFERENCES suppliers_supplier(id)"""
_ENDS = _PAIR.format(one="from_supplier", other="to_supplier")
_SIDES = _PAIR.format(one="left_supplier", other="right_supplier")

BOTH = (
    f"""CREATE TABLE suppliers_merge (
        id UUID PRIMARY KEY NOT NULL, {_ENDS}, {{text:dropped:20000}},
        merged_at TIMESTAMPTZ NOT NULL, merged_by UUID REFERENCES sharing_person(id),
        undone_at TIMESTAMPTZ, undone_by UUID REFERENCES sharing_person(id),
        CONSTRAINT a_merge_joins_two CHECK (from_supplier <> to_supplier))""",
    "CREATE UNIQUE INDEX suppliers_merged_once ON suppliers_merge (from_supplier) WHERE undone_at IS NULL",
    "CREATE INDEX suppliers_merge_from ON suppliers_merge (from_supplier)",
    "CREATE INDEX suppliers_merge_to ON suppliers_merge (to_supplier)",
    f"""CREATE TABLE suppliers_decision (
        id UUID PRIMARY KEY NOT NULL, {_SIDES},
        judgement TEXT NOT NULL CHECK (judgement IN ('same', 'different', 'unsure')),
        {{text:reason:300}}, {{text:seen:64}},
        decided_at TIMESTAMPTZ NOT NULL, decided_by UUID NOT NULL REFERENCES sharing_person(id),
        undone_at TIMESTAMPTZ, undone_by UUID REFERENCES sharing_person(id),
        CONSTRAINT a_pair_is_kept_one_way_round CHECK (left_supplier < right_supplier))""",
    """CREATE UNIQUE INDEX suppliers_one_decision_a_school ON suppliers_decision (owner, left_supplier, right_supplier)
        WHERE undone_at IS NULL AND owner IS NOT NULL""",
    """CREATE UNIQUE INDEX suppliers_one_decision_of_the_directory ON suppliers_decision (left_supplier, right_supplier)
        WHERE undone_at IS NULL AND owner IS NULL""",
    "CREATE INDEX suppliers_decision_left ON suppliers_decision (left_supplier)",
    "CREATE INDEX suppliers_decision_right ON suppliers_decision (right_supplier)",
    f"""CREATE TABLE suppliers_link (
        id UUID PRIMARY KEY NOT NULL, {_ENDS},
        kind TEXT NOT NULL CHECK (kind IN ('site_of', 'successor_of', 'part_of', 'trading_name_of')),
        made_at TIMESTAMPTZ NOT NULL, made_by UUID NOT NULL REFERENCES sharing_person(id),
        ended_at TIMESTAMPTZ, ended_by UUID REFERENCES sharing_person(id),
        CONSTRAINT a_link_is_between_two CHECK (from_supplier <> to_supplier))""",
    """CREATE UNIQUE INDEX suppliers_one_link_a_school ON suppliers_link (owner, from_supplier, to_supplier)
        WHERE ended_at IS NULL AND owner IS NOT NULL""",
    """CREATE UNIQUE INDEX suppliers_one_link_of_the_directory ON suppliers_link (from_supplier, to_supplier)
        WHERE ended_at IS NULL AND owner IS NULL""",
    "CREATE INDEX suppliers_link_from ON suppliers_link (from_supplier)",
    "CREATE INDEX suppliers_link_to ON suppliers_link (to_supplier)",
    """CREATE TABLE suppliers_pair (
        id UUID PRIMARY KEY NOT NULL, left_supplier UUID NOT NULL REFERENCES suppliers_supplier(id),
        right_supplier UUID NOT NULL REFERENCES suppliers_supplier(id), probability DOUBLE PRECISION NOT NULL,
        {text:model:64}, found_at TIMESTAMPTZ NOT NULL,
        CONSTRAINT a_pair_is_kept_one_way_round CHECK (left_supplier < right_supplier))""",
    "CREATE UNIQUE INDEX suppliers_pair_once ON suppliers_pair (left_supplier, right_supplier)",
    "CREATE INDEX suppliers_pair_likeliest ON suppliers_pair (probability)",
    "CREATE INDEX suppliers_supplier_joined ON suppliers_supplier (joined_to, owner) WHERE joined_to IS NOT NULL",
    *(
        f"ALTER TABLE suppliers_{table} ADD COLUMN written_for UUID REFERENCES suppliers_supplier(id)"
        for table in ("review", "note", "use")
    ),
)

_OLD = "CONSTRAINT only_an_own_record_joins_the_directory CHECK (joined_to IS NULL OR owner IS NOT NULL)"
_NEW = "CONSTRAINT none_joins_itself CHECK (joined_to IS NULL OR joined_to <> id)"


def _earlier_joins(at: str) -> tuple[str, ...]:
    """Own records that joined an entry become edges, dated by the entry of the trail that tells it.

    What was written before the joining is known by the stream of its first entry; of the uses it can't be known.
    """
    told = """SELECT min(e.at) FROM audit_entry e WHERE e.trail = CAST(s.owner AS TEXT) AND e.type = 'supplier.joined'
        AND e.subject = 'supplier:' || CAST(s.id AS TEXT)"""
    return (
        f"""INSERT INTO suppliers_merge (id, owner, from_supplier, to_supplier, dropped, merged_at)
        SELECT s.id, s.owner, s.id, s.joined_to, '[]', {at.format(told=told)}
        FROM suppliers_supplier s WHERE s.joined_to IS NOT NULL""",  # noqa: S608 - our own text
        *(
            f"""UPDATE suppliers_{what} SET written_for = (SELECT s.id FROM suppliers_supplier s
                WHERE s.joined_to = suppliers_{what}.supplier AND s.owner = suppliers_{what}.school AND EXISTS (
                    SELECT 1 FROM audit_entry e WHERE e.trail = CAST(s.owner AS TEXT)
                    AND e.subject = '{what}:' || CAST(suppliers_{what}.id AS TEXT)
                    AND e.stream = 'supplier:' || CAST(s.id AS TEXT)))
            WHERE supplier IN (SELECT joined_to FROM suppliers_supplier WHERE joined_to IS NOT NULL)"""  # noqa: S608 - our own text
            for what in ("review", "note")
        ),
    )


# SQLite can't drop a CHECK, and a table that others refer to can't be made anew while references are watched. So its text
# is changed in place (sqlite.org/lang_altertable.html, section 7): no row has to move for a rule that asks for less.
SQLITE = (
    "PRAGMA writable_schema = ON",
    f"UPDATE sqlite_schema SET sql = replace(sql, '{_OLD}', '{_NEW}') WHERE name = 'suppliers_supplier'",  # noqa: S608 - our own text
    "PRAGMA writable_schema = RESET",
    *_earlier_joins(
        "coalesce(strftime('%Y-%m-%d %H:%M:%f+00:00', ({told}) / 1000000.0, 'unixepoch'), s.made_at)",
    ),
)

POSTGRES = (
    "ALTER TABLE suppliers_supplier DROP CONSTRAINT only_an_own_record_joins_the_directory",
    f"ALTER TABLE suppliers_supplier ADD {_NEW}",
    *_earlier_joins("coalesce(to_timestamp(({told}) / 1000000.0), s.made_at)"),
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH, sqlite=SQLITE, postgres=POSTGRES)
