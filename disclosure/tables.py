"""Shares that came along with a school's records."""

from piccolo.columns import UUID, Text, Timestamptz
from piccolo.table import Table


class ShareToConfirm(Table, tablename="disclosure_share_to_confirm"):
    """A line of whom something was shared with at another installation. It opens nothing; gone once a head decided about it."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    what = Text(default=None, null=False)  # review | note | contract
    about = UUID(default=None, null=False)  # its id here
    reader = Text(default=None, null=False)  # JSON of record_format.ReaderRecord: looked up whenever it is read
    made_at = Timestamptz(default=None, null=False)


TABLES = (ShareToConfirm,)
