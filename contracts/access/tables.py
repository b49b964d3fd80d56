"""Which version of a contract's service figures were reckoned from."""

from piccolo.columns import UUID, BigInt
from piccolo.table import Table


class ServiceVersion(Table, tablename="contracts_service_version"):
    """How often what a contract's attainment rests on has changed: its metrics, what happened, what was agreed, the calendar.

    Written in each unit that changes one of these; a figure that was kept for an older version is reckoned anew.
    """

    contract = UUID(primary_key=True)
    version = BigInt(default=None, null=False)


TABLES = (ServiceVersion,)
