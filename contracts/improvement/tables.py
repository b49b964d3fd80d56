"""What follows from how the service did: concerns and what came of them, credits, ratings that somebody signed. Only ever added.

What somebody typed lies in the words of service_events, so that it can be erased and the record stays. That of a rating lies in
its data, from which contracts/texts takes it.
"""

from piccolo.columns import UUID, BigInt, Date, Text, Timestamptz
from piccolo.table import Table


class Concern(Table, tablename="contracts_concern"):
    """A formal concern: what is wrong, told to the supplier on a day, to be answered by another."""

    id = UUID(primary_key=True)
    contract = UUID(default=None, null=False)
    metric = UUID(default=None, null=True)
    raised_on = Date(default=None, null=False)
    answer_by = Date(default=None, null=True)
    author = UUID(default=None, null=False)
    recorded_at = Timestamptz(default=None, null=False)


class ConcernStep(Table, tablename="contracts_concern_step"):
    """``kind``: answered | planned | reassessed | withdrawn. ``due_on`` of a plan is the day on which it is looked at again."""

    id = UUID(primary_key=True)
    concern = UUID(default=None, null=False)
    contract = UUID(default=None, null=False)
    kind = Text(default=None, null=False)
    on_day = Date(default=None, null=False)
    due_on = Date(default=None, null=True)
    outcome = Text(default=None, null=True)  # put_right | better | not_better, of a re-assessment
    author = UUID(default=None, null=False)
    recorded_at = Timestamptz(default=None, null=False)


class Credit(Table, tablename="contracts_credit"):
    """A state of a service credit: proposed | agreed | received | dropped; the last row of a ``credit`` is how it stands."""

    id = UUID(primary_key=True)
    credit = UUID(default=None, null=False)
    contract = UUID(default=None, null=False)
    metric = UUID(default=None, null=True)
    state = Text(default=None, null=False)
    pence = BigInt(default=None, null=False)
    on_day = Date(default=None, null=False)
    author = UUID(default=None, null=False)
    recorded_at = Timestamptz(default=None, null=False)


class Assessment(Table, tablename="contracts_assessment"):
    """Ratings of the indicators of a contract in a period, as somebody signed them."""

    id = UUID(primary_key=True)
    contract = UUID(default=None, null=False)
    first_day = Date(default=None, null=False)
    last_day = Date(default=None, null=False)
    data = Text(default=None, null=False)  # JSON of assessment.py
    author = UUID(default=None, null=False)
    recorded_at = Timestamptz(default=None, null=False)


TABLES = (Concern, ConcernStep, Credit, Assessment)
