"""The table of this room."""

from piccolo.columns import UUID, Boolean, Timestamptz
from piccolo.table import Table


class Helped(Table, tablename="suppliers_helped"):
    """What a school says that another school's review did for it; nothing of it once all are false. Private to the two."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)  # that says so
    review = UUID(default=None, null=False)
    helped = Boolean(default=None, null=False)
    asked_for_quote = Boolean(default=None, null=False)
    tells_who = Boolean(default=None, null=False)
    said_at = Timestamptz(default=None, null=False)
