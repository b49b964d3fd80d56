"""What contracts promise."""

from piccolo.columns import UUID, Date, Text, Timestamptz
from piccolo.table import Table


class Metric(Table, tablename="contracts_metric"):
    """A version of a metric: in force from ``from_day`` until ``until_day``, both included. ``metric`` is the same for all."""

    id = UUID(primary_key=True)
    metric = UUID(default=None, null=False)
    contract = UUID(default=None, null=False)
    kind = Text(default=None, null=False)  # one of the nine types of contracts/attaining
    name = Text(default=None, null=False)
    clause = Text(default=None, null=True)
    terms = Text(default=None, null=False)  # JSON of rules A: target, lower bound and what its type needs
    rules = Text(default=None, null=False)  # JSON: when its clock starts and stands still (metric.py: Rules)
    period = Text(default=None, null=False)  # month | half_term | term | quarter | year
    from_day = Date(default=None, null=False)
    until_day = Date(default=None, null=True)
    author = UUID(default=None, null=False)
    written_at = Timestamptz(default=None, null=False)


TABLES = (Metric,)
