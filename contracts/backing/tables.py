"""Which reviews say that they rest on logged jobs."""

from piccolo.columns import UUID, Boolean, Timestamptz
from piccolo.table import Table


class Backing(Table, tablename="contracts_backing"):
    """A review that says so. Without a row it says nothing of it."""

    review = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    shows_counts = Boolean(default=None, null=False)  # how many, and how many were late
    said_by = UUID(default=None, null=False)
    said_at = Timestamptz(default=None, null=False)


TABLES = (Backing,)
