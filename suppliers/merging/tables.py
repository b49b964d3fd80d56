"""What people judged about two suppliers, how two belong together, and which may be the same."""

from piccolo.columns import UUID, DoublePrecision, Text, Timestamptz
from piccolo.table import Table


class Decision(Table, tablename="suppliers_decision"):
    """What a person judged about two suppliers; ``owner`` null: a curator, for the directory.

    A school's "same" about two directory entries is its proposal to the curator.
    """

    id = UUID(primary_key=True)
    owner = UUID(default=None, null=True)
    left_supplier = UUID(default=None, null=False)
    right_supplier = UUID(default=None, null=False)
    judgement = Text(default=None, null=False)  # same | different | unsure
    reason = Text(default=None, null=False)
    seen = Text(default=None, null=False)  # digest of both suppliers' facts, to tell whether anything changed since
    decided_at = Timestamptz(default=None, null=False)
    decided_by = UUID(default=None, null=False)
    undone_at = Timestamptz(default=None, null=True)
    undone_by = UUID(default=None, null=True)


class SupplierLink(Table, tablename="suppliers_link"):
    """Between two suppliers that stay two; ``owner`` as a decision's. Read as a sentence: from is a site of to."""

    id = UUID(primary_key=True)
    owner = UUID(default=None, null=True)
    from_supplier = UUID(default=None, null=False)
    to_supplier = UUID(default=None, null=False)
    kind = Text(default=None, null=False)  # site_of | successor_of | part_of | trading_name_of
    made_at = Timestamptz(default=None, null=False)
    made_by = UUID(default=None, null=False)
    ended_at = Timestamptz(default=None, null=True)
    ended_by = UUID(default=None, null=True)


class EntryPair(Table, tablename="suppliers_pair"):
    """Two directory entries that matching found alike, for the curator's queue."""

    id = UUID(primary_key=True)
    left_supplier = UUID(default=None, null=False)
    right_supplier = UUID(default=None, null=False)
    probability = DoublePrecision(default=None, null=False)
    model = Text(default=None, null=False)  # which weights gave it
    found_at = Timestamptz(default=None, null=False)


class PairSearch(Table, tablename="suppliers_pair_search"):
    """A search of the directory for pairs: ``up_to`` is the last entry that was looked at."""

    id = UUID(primary_key=True)
    model = Text(default=None, null=False)
    begun_at = Timestamptz(default=None, null=False)
    up_to = UUID(default=None, null=True)
    finished_at = Timestamptz(default=None, null=True)
