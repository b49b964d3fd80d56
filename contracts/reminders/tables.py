"""When a school decides about its contracts, what it decided, and what its governors asked."""

from piccolo.columns import UUID, Date, Text, Timestamptz
from piccolo.table import Table


class Timing(Table, tablename="contracts_timing"):
    """How long before a decision a school wants to hear of it beside the usual, and on which days its governors meet."""

    school = UUID(primary_key=True)
    months = Text(default=None, null=False)  # JSON: how many months before, of timing.MONTHS
    meetings = Text(default=None, null=False)  # JSON: days
    saved_by = UUID(default=None, null=False)
    saved_at = Timestamptz(default=None, null=False)


class Decision(Table, tablename="contracts_decision"):
    """What a school will do when a contract ends; the latest about an end counts. Words may be erased, nothing else changes."""

    id = UUID(primary_key=True)
    contract = UUID(default=None, null=False)
    choice = Text(default=None, null=False)  # a Choice of reminders/decisions.py
    end_on = Date(default=None, null=True)  # the end that it is about, as it stood then
    decide_by = Date(default=None, null=True)  # as it stood then
    decided_on = Date(default=None, null=False)
    reason = Text(default=None, null=True)
    minute = Text(default=None, null=True)
    author = UUID(default=None, null=False)
    recorded_at = Timestamptz(default=None, null=False)


class GovernorQuestion(Table, tablename="contracts_question"):
    """What a governor asked about a contract, and what was answered, when and in which minute."""

    id = UUID(primary_key=True)
    contract = UUID(default=None, null=False)
    school = UUID(default=None, null=False)  # where it was asked: the contract's, or one that it covers
    question = Text(default=None, null=False)
    asked_by = UUID(default=None, null=False)
    asked_at = Timestamptz(default=None, null=False)
    answer = Text(default=None, null=True)
    minute = Text(default=None, null=True)
    answered_on = Date(default=None, null=True)
    answered_by = UUID(default=None, null=True)
    answered_at = Timestamptz(default=None, null=True)


TABLES = (Timing, Decision, GovernorQuestion)
