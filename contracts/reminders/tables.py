"""When a school decides about its contracts."""

from piccolo.columns import UUID, Text, Timestamptz
from piccolo.table import Table


class Timing(Table, tablename="contracts_timing"):
    """How long before a decision a school wants to hear of it beside the usual, and on which days its governors meet."""

    school = UUID(primary_key=True)
    months = Text(default=None, null=False)  # JSON: how many months before, of timing.MONTHS
    meetings = Text(default=None, null=False)  # JSON: days
    saved_by = UUID(default=None, null=False)
    saved_at = Timestamptz(default=None, null=False)


TABLES = (Timing,)
