"""Notices that were sent."""

from piccolo.columns import UUID, Date, Text, Timestamptz
from piccolo.table import Table


class Sending(Table, tablename="contracts_sending"):
    """That notice was sent, as somebody here remembers it: the proof for the day on which the supplier says that none came."""

    id = UUID(primary_key=True)
    contract = UUID(default=None, null=False)
    sent_on = Date(default=None, null=False)
    how = Text(default=None, null=False)  # a method of contracts/clock/notice.py
    to_end_on = Date(default=None, null=True)
    sent_to = Text(default=None, null=True)
    note = Text(default=None, null=True)
    author = UUID(default=None, null=False)
    written_at = Timestamptz(default=None, null=False)


TABLES = (Sending,)
