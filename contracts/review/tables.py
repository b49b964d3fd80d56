"""Review meetings, and what they agreed that somebody does."""

from piccolo.columns import UUID, Date, Text, Timestamptz
from piccolo.table import Table


class Meeting(Table, tablename="contracts_meeting"):
    """A record of a contract review meeting. A correction is a row that ``corrects`` another; ``meeting`` is the first row's id.

    What can be said is one column each: review/topics.py.
    """

    id = UUID(primary_key=True)
    meeting = UUID(default=None, null=False)
    contract = UUID(default=None, null=False)
    held_on = Date(default=None, null=False)
    next_on = Date(default=None, null=True)
    ours = Text(default=None, null=True)  # who was there for the school, and for the supplier
    theirs = Text(default=None, null=True)
    agreed = Text(default=None, null=True)
    decided = Text(default=None, null=True)
    went_well = Text(default=None, null=True)
    complaints = Text(default=None, null=True)
    staffing = Text(default=None, null=True)
    accidents = Text(default=None, null=True)
    invoices = Text(default=None, null=True)
    supplier_words = Text(default=None, null=True)
    changes = Text(default=None, null=True)
    notes = Text(default=None, null=True)
    corrects = UUID(default=None, null=True)
    author = UUID(default=None, null=False)
    recorded_at = Timestamptz(default=None, null=False)


class Action(Table, tablename="contracts_action"):
    """What somebody is to do until a day, as a meeting agreed; ``note`` says how it was done."""

    id = UUID(primary_key=True)
    meeting = UUID(default=None, null=False)
    contract = UUID(default=None, null=False)
    what = Text(default=None, null=True)  # null: erased
    owner = Text(default=None, null=True)
    side = Text(default=None, null=False)  # school | supplier
    due_on = Date(default=None, null=False)
    done_on = Date(default=None, null=True)
    note = Text(default=None, null=True)
    author = UUID(default=None, null=False)
    recorded_at = Timestamptz(default=None, null=False)


TABLES = (
    Meeting,
    Action,
)
