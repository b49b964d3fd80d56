"""A head's confirmation is of a text; and which schools were told criticism of a supplier one to one.

The wording that stands today counts as confirmed where a head confirmed a share of it. What schools could read by a line of
their own before today, and no more, is not known.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0008"
VERSION = "1.38.0"
DESCRIPTION = "confirmed criticism"

A_HEAD: Final = """(SELECT MAX(CAST(g.head_confirmed_by AS TEXT)) FROM sharing_audience_grant g WHERE g.audience = i.audience
    AND g.head_confirmed_by IS NOT NULL AND g.revoked_at IS NULL AND g.fields & 4 <> 0)"""
CONFIRMED_TODAY: Final = """INSERT INTO suppliers_confirmed_criticism (id, school, text, files, confirmed_by, confirmed_at)
    SELECT i.id, i.school, {text}, '', CAST({head} AS UUID), COALESCE(i.revised_at, i.written_at) FROM {table} i
    WHERE i.withdrawn_at IS NULL AND {head} IS NOT NULL {only}"""


def _confirmed(table: str, text: str, only: str = "") -> str:
    return CONFIRMED_TODAY.format(table=table, text=text, head=A_HEAD, only=only)


BOTH: Final = (
    """CREATE TABLE suppliers_confirmed_criticism (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id),
        {text:text:4000}, {text:files:2000}, confirmed_by UUID REFERENCES sharing_person(id), confirmed_at TIMESTAMPTZ,
        wanted UUID REFERENCES sharing_audience(id), waits_since TIMESTAMPTZ, changed_by UUID REFERENCES sharing_person(id))""",
    "CREATE INDEX suppliers_confirmed_criticism_school ON suppliers_confirmed_criticism (school)",
    """CREATE TABLE suppliers_told_criticism (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id),
        supplier UUID NOT NULL REFERENCES suppliers_supplier(id), reader UUID NOT NULL REFERENCES sharing_school(id),
        told_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX suppliers_told_criticism_supplier ON suppliers_told_criticism (school, supplier)",
)
SQLITE: Final = (
    _confirmed("suppliers_review", "i.criticism").replace("AS UUID", "AS TEXT"),
    _confirmed("suppliers_note", "i.body", "AND i.about = 'problem'").replace("AS UUID", "AS TEXT"),
)
POSTGRES: Final = (
    _confirmed("suppliers_review", "i.criticism"),
    _confirmed("suppliers_note", "i.body", "AND i.about = 'problem'"),
)
KEPT = ("suppliers_confirmed_criticism", "suppliers_told_criticism")


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH, sqlite=SQLITE, postgres=POSTGRES)
