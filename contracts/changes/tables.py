"""What happened to a contract while it ran: variations, and other contracts that it belongs to."""

from piccolo.columns import UUID, BigInt, Date, Text, Timestamptz
from piccolo.table import Table


class Variation(Table, tablename="contracts_variation"):
    """A change that both sides agreed to while the contract ran: what it was, and the price or end that it gave."""

    id = UUID(primary_key=True)
    contract = UUID(default=None, null=False)
    agreed_on = Date(default=None, null=False)
    what = Text(default=None, null=False)
    agreed_by = Text(default=None, null=True)
    supplier_agreed_by = Text(default=None, null=True)
    annual_before_pence = BigInt(default=None, null=True)
    annual_pence = BigInt(default=None, null=True)  # null: the price stayed
    end_before = Date(default=None, null=True)
    new_end = Date(default=None, null=True)  # null: the end stayed
    author = UUID(default=None, null=False)
    written_at = Timestamptz(default=None, null=False)


class Link(Table, tablename="contracts_link"):
    """Two contracts of one owner that belong together: ``kind`` together (neither is useful alone), or ``one`` a call-off of
    the framework ``other``.
    """

    id = UUID(primary_key=True)
    one = UUID(default=None, null=False)
    other = UUID(default=None, null=False)
    kind = Text(default=None, null=False)
    linked_by = UUID(default=None, null=False)
    linked_at = Timestamptz(default=None, null=False)
    ended_by = UUID(default=None, null=True)
    ended_at = Timestamptz(default=None, null=True)


TABLES = (
    Variation,
    Link,
)
