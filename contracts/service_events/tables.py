"""What happened under contracts, and what both sides agreed about it: the tables of this room.

Events, stamps and outcomes are only ever added: a correction is a row that ``corrects`` another one. What somebody typed
lies apart, in Words, so that it can be erased and the record stays.
"""

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Date, Text, Timestamptz
from piccolo.table import Table


class ServiceEvent(Table, tablename="contracts_service_event"):
    """Something that happened. ``job`` is the id of its first row, by which everything else names it."""

    id = UUID(primary_key=True)
    job = UUID(default=None, null=False)
    contract = UUID(default=None, null=False)
    school = UUID(default=None, null=False)  # where it happened: the contract's, or one that it covers
    metric = UUID(default=None, null=True)  # null: a job, which counts for every metric that times jobs
    kind = Text(default=None, null=False)
    on_day = Date(default=None, null=False)  # the local day
    happened_at = Timestamptz(default=None, null=True)  # null: only its day matters
    told_at = Timestamptz(default=None, null=True)
    told_how = Text(default=None, null=True)
    job_number = Text(default=None, null=True)  # the supplier's
    priority = Text(default=None, null=True)
    said = Text(default=None, null=True)  # JSON of rules A: what a row of its kind says
    claimed_by = Text(default=None, null=False)  # school | supplier
    corrects = UUID(default=None, null=True)
    is_withdrawn = Boolean(default=False, null=False)  # logged by mistake
    author = UUID(default=None, null=False)
    recorded_at = Timestamptz(default=None, null=False)


class Stamp(Table, tablename="contracts_service_stamp"):
    """A moment of a job: they responded, we had to be waited for, it became urgent; or our yes to what the supplier claims."""

    id = UUID(primary_key=True)
    job = UUID(default=None, null=False)
    contract = UUID(default=None, null=False)
    kind = Text(default=None, null=False)
    at = Timestamptz(default=None, null=False)
    priority = Text(default=None, null=True)
    reason = Text(default=None, null=True)  # of a pause
    claimed_by = Text(default=None, null=False)
    agrees = UUID(default=None, null=True)  # the stamp that we say yes to
    corrects = UUID(default=None, null=True)
    is_withdrawn = Boolean(default=False, null=False)
    author = UUID(default=None, null=False)
    recorded_at = Timestamptz(default=None, null=False)


class Outcome(Table, tablename="contracts_outcome"):
    """What was said about a job in a meeting, and what both sides agreed: the latest of each counts."""

    id = UUID(primary_key=True)
    job = UUID(default=None, null=False)
    contract = UUID(default=None, null=False)
    metric = UUID(default=None, null=True)  # null: for all that it counts for
    state = Text(default=None, null=True)  # not_discussed | agreed | disputed
    outcome = Text(default=None, null=True)  # met | missed | left_out
    clause = Text(default=None, null=True)
    on_day = Date(default=None, null=False)
    author = UUID(default=None, null=False)
    recorded_at = Timestamptz(default=None, null=False)


class Words(Table, tablename="contracts_service_words"):
    """What somebody typed of what happened, beside the row above that it is ``about``: may be erased, never
    changed.
    """

    id = UUID(primary_key=True)
    about = UUID(default=None, null=False)
    contract = UUID(default=None, null=False)
    name = Text(default=None, null=False)
    words = Text(default=None, null=False)


class Photo(Table, tablename="contracts_service_photo"):
    """A photo or file of an event, in the database so that it commits, and is backed up, with it."""

    id = UUID(primary_key=True)
    job = UUID(default=None, null=False)
    contract = UUID(default=None, null=False)
    school = UUID(default=None, null=False)  # of whoever added it
    filename = Text(default=None, null=False)
    media_type = Text(default=None, null=False)
    digest = Bytea(default=None, null=False)  # SHA-256
    size = BigInt(default=None, null=False)
    data = Bytea(default=None, null=False)
    author = UUID(default=None, null=False)
    added_at = Timestamptz(default=None, null=False)
    hidden_at = Timestamptz(default=None, null=True)
    hidden_by = UUID(default=None, null=True)


TABLES = (ServiceEvent, Stamp, Outcome, Words, Photo)
