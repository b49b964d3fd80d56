"""What several of the rooms about people read: who was named head, where a chair is written to, what was opened, objections."""

from piccolo.columns import UUID, Boolean, Text, Timestamptz
from piccolo.table import Table


class HeadNaming(Table, tablename="sharing_head_naming"):
    """Somebody who writes at a school without a head named one; somebody from outside the school confirms. Never deleted."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    person = UUID(default=None, null=False)
    named_by = UUID(default=None, null=False)
    named_at = Timestamptz(default=None, null=False)
    confirmed_by = UUID(default=None, null=True)
    ended_at = Timestamptz(default=None, null=True)  # confirmed, withdrawn or named anew


class PublishedAddress(Table, tablename="sharing_published_address"):
    """Where the school's chair or data protection officer is written to: an address that the school publishes. At most two: one
    that counts, and one that will.
    """

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    email = Text(default=None, null=False)
    set_by = UUID(default=None, null=False)  # the operator
    set_at = Timestamptz(default=None, null=False)
    counts_from = Timestamptz(default=None, null=False)


class BreakGlass(Table, tablename="sharing_break_glass"):
    """The operator let somebody in for a day, or reset somebody, at a school that did not ask. Never deleted.

    A reset has a row for each school of the person's; all of one act have the same ``link``.
    """

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    kind = Text(default=None, null=False)  # invitation | reset
    link = UUID(default=None, null=False)  # the one-time link
    person = UUID(default=None, null=True)  # once an invitation is taken up
    email = Text(default=None, null=False)
    role = Text(default=None, null=False)
    reason = Text(default=None, null=False)
    made_by = UUID(default=None, null=True)  # null: the command line
    made_at = Timestamptz(default=None, null=False)
    begun_at = Timestamptz(default=None, null=True)  # the link was used
    ends_at = Timestamptz(default=None, null=True)
    decided_by = UUID(default=None, null=True)
    decided_at = Timestamptz(default=None, null=True)
    kept = Boolean(default=None, null=True)


class Succession(Table, tablename="sharing_succession"):
    """The operator invited a new head; in force after five school days unless somebody of the school objects. Never deleted."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    link = UUID(default=None, null=False)  # the newest one-time link
    email = Text(default=None, null=False)
    person = UUID(default=None, null=True)  # once taken up
    ground = Text(default=None, null=False)  # silence | asked
    address = Text(default=None, null=True)  # asked: the published address that it came from
    seen = Text(default=None, null=True)  # and where and when that was seen to be published
    started_by = UUID(default=None, null=False)
    started_at = Timestamptz(default=None, null=False)
    in_force_at = Timestamptz(default=None, null=False)
    objected_by = UUID(default=None, null=True)
    objection = Text(default=None, null=True)
    stopped_at = Timestamptz(default=None, null=True)  # by an objection, or taken back


class AuditorObjection(Table, tablename="sharing_auditor_objection"):
    """The head of a school objects to an audit that its trust decided. Recorded and shown; it ends nothing. Never deleted."""

    id = UUID(primary_key=True)
    auditor_grant = UUID(default=None, null=False)
    school = UUID(default=None, null=False)
    person = UUID(default=None, null=False)
    words = Text(default=None, null=False)
    made_at = Timestamptz(default=None, null=False)


TABLES = (HeadNaming, PublishedAddress, BreakGlass, Succession, AuditorObjection)
