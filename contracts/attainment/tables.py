"""What was reckoned of a metric in a period, kept until something that it rests on changes: made anew at any time."""

from piccolo.columns import UUID, BigInt, Boolean, Date, DoublePrecision, Text, Timestamptz
from piccolo.table import Table


class Attained(Table, tablename="contracts_attained"):
    """``metric`` is the id of its version. Holds for ``service_version`` of the contract, and until ``holds_until``."""

    id = UUID(primary_key=True)
    contract = UUID(default=None, null=False)
    metric = UUID(default=None, null=False)
    first_day = Date(default=None, null=False)
    last_day = Date(default=None, null=False)
    is_between = Boolean(default=False, null=False)  # holidays, which are nobody's last period
    service_version = BigInt(default=None, null=False)
    reckoned_at = Timestamptz(default=None, null=True)  # by the clock then: one that was ahead says nothing of today
    holds_until = Timestamptz(default=None, null=True)  # null: time alone changes nothing
    figures = Text(default=None, null=False)  # JSON of reckoning.py
    said = Text(default="", null=False)  # what the figure says (figures.py: Figure), so that many are counted
    share = DoublePrecision(default=0, null=False)  # and how much of the target was measured, so that they are sorted


TABLES = (Attained,)
