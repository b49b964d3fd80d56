"""Who wants letters, what was told in which, and whose calendar reads a feed. No table keeps a sentence of any letter."""

from piccolo.columns import UUID, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class LetterChoice(Table, tablename="notices_choice"):
    """How often somebody wants letters; whoever is not here wants one a day at most."""

    person = UUID(primary_key=True, default=None, null=False)
    often = Text(default=None, null=False)
    weekday = Integer(default=None, null=False)  # of weekly letters: 1 is Monday, 5 is Friday
    chosen_at = Timestamptz(default=None, null=False)


class Letter(Table, tablename="notices_letter"):
    """A letter to one person. Its key names its file in the outbox; a person's daily one has the same key all day."""

    key = Text(primary_key=True, default=None, null=False)
    person = UUID(default=None, null=False)
    token_hash = Bytea(default=None, null=False)  # of the link that stops letters
    made_at = Timestamptz(default=None, null=False)
    written_at = Timestamptz(default=None, null=True)  # since then the file was in the outbox


class Told(Table, tablename="notices_told"):
    """What a letter tells: one row for each key (base/due.py)."""

    key = Text(primary_key=True, default=None, null=False)
    about = Text(default=None, null=False)
    person = UUID(default=None, null=False)
    day = Date(default=None, null=False)
    letter = Text(default=None, null=False)
    told_at = Timestamptz(default=None, null=False)


class RefusedMailbox(Table, tablename="notices_refused"):
    """A mail server said that nobody can be written to at this person's address."""

    person = UUID(primary_key=True, default=None, null=False)
    refused_at = Timestamptz(default=None, null=False)


class Lease(Table, tablename="notices_lease"):
    """Who writes letters at the moment, until when."""

    name = Text(primary_key=True, default=None, null=False)
    holder = UUID(default=None, null=False)
    until_at = Timestamptz(default=None, null=False)


class Feed(Table, tablename="notices_feed"):
    """The one calendar feed of a person."""

    person = UUID(primary_key=True, default=None, null=False)
    token_hash = Bytea(default=None, null=False)
    shows_titles = Boolean(default=None, null=False)
    made_at = Timestamptz(default=None, null=False)


class Looked(Table, tablename="notices_looked"):
    """When somebody last looked at what is new at one of their schools, and what was shared with them by name then."""

    id = UUID(primary_key=True)
    person = UUID(default=None, null=False)
    school = UUID(default=None, null=False)
    looked_at = Timestamptz(default=None, null=False)
    known = Bytea(default=None, null=False)  # ids of 16 bytes each


class Asked(Table, tablename="notices_asked"):
    """The last day on which was looked what waits for somebody, for their letter: once a day is often enough."""

    person = UUID(primary_key=True, default=None, null=False)
    asked_on = Date(default=None, null=False)


class WaitingFeed(Table, tablename="notices_waiting_feed"):
    """The one feed of what waits for a person."""

    person = UUID(primary_key=True, default=None, null=False)
    token_hash = Bytea(default=None, null=False)
    made_at = Timestamptz(default=None, null=False)
