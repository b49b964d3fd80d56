"""What only this room reads: whom a head named to confirm criticism."""

from piccolo.columns import UUID, Timestamptz
from piccolo.table import Table


class Confirmer(Table, tablename="sharing_confirmer"):
    """A head named somebody to confirm criticism in their place, for a year at most. Never deleted; ended by ``until_at``."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    person = UUID(default=None, null=False)
    named_by = UUID(default=None, null=False)
    named_at = Timestamptz(default=None, null=False)
    until_at = Timestamptz(default=None, null=False)


TABLES = (Confirmer,)
