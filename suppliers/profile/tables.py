"""When somebody last opened a supplier's page: theirs alone, for a time."""

from piccolo.columns import UUID, Timestamptz
from piccolo.table import Table


class Look(Table, tablename="suppliers_look"):
    """One for each person, school of theirs and supplier; the next visit takes the place of the last. No trail tells of it."""

    id = UUID(primary_key=True)
    person = UUID(default=None, null=False)
    school = UUID(default=None, null=False)
    supplier = UUID(default=None, null=False)
    looked_at = Timestamptz(default=None, null=False)  # when the visit began
    before_at = Timestamptz(default=None, null=True)  # when the one before it did; null: it is the first
