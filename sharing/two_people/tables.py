"""What only this room reads: how people came in, and who from outside confirmed that two of them are two."""

from piccolo.columns import UUID, Bytea, Text, Timestamptz
from piccolo.table import Table


class WayIn(Table, tablename="sharing_way_in"):
    """Who gave somebody a way in: an invitation that was taken up, or a new-password link that was used. Ids only, never
    deleted, so that a leaver's erasure hides no chain.
    """

    id = UUID(primary_key=True)
    person = UUID(default=None, null=False)
    school = UUID(default=None, null=True)  # null: a new password, which lets in at every school of theirs
    given_by = UUID(default=None, null=True)  # null: the command line, or the link for the first account
    given_at = Timestamptz(default=None, null=False)


class TwoPeople(Table, tablename="sharing_two_people"):
    """One of two colleagues asked somebody outside to confirm that they are two people. Never deleted."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    person = UUID(default=None, null=False)  # who asked
    other = UUID(default=None, null=False)
    asked_at = Timestamptz(default=None, null=False)
    confirmed_as = Text(default=None, null=True)  # operator | trust | chair
    confirmed_by = UUID(default=None, null=True)  # null: the chair, over the school's published address
    confirmed_at = Timestamptz(default=None, null=True)


class OutsideLink(Table, tablename="sharing_outside_link"):
    """A one-time link to a school's published address, with which its chair decides one thing as the outside second."""

    id = UUID(primary_key=True)
    token_hash = Bytea(default=None, null=False)
    act = Text(default=None, null=False)  # two_people | erasure
    subject = UUID(default=None, null=False)  # the row that is decided about
    school = UUID(default=None, null=False)
    made_by = UUID(default=None, null=False)
    made_at = Timestamptz(default=None, null=False)
    expires_at = Timestamptz(default=None, null=False)
    used_at = Timestamptz(default=None, null=True)


TABLES = (WayIn, TwoPeople, OutsideLink)
