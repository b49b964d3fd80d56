"""One Merkle log a school, its streams, and the openings that may be erased. The format is in docs/reference/trail-format.md.

No foreign keys: an entry names its subject as text, so nothing deleted elsewhere can reach it.
"""

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Date, Text, Timestamptz
from piccolo.table import Table


class Trail(Table, tablename="audit_trail"):
    owner = Text(primary_key=True, default=None, null=False)  # a school's id, or "operator"
    origin = Text(default=None, null=False)
    keys = Text(default=None, null=True)  # the subjects of the keys that there were when it began, a line each; null: from before


class HeadRow(Table, tablename="audit_head"):
    trail = Text(primary_key=True, default=None, null=False)
    size = BigInt(default=None, null=False)
    frontier = Bytea(default=None, null=False)  # the compact range: 32 bytes for each set bit of size, largest subtree first
    last_at = BigInt(default=0, null=False)  # of the newest entry, before which no later one is recorded


class StreamRow(Table, tablename="audit_stream"):
    id = UUID(primary_key=True)
    trail = Text(default=None, null=False)
    name = Text(default=None, null=False)
    tag = Bytea(default=None, null=False)  # 16 random bytes: the only name of a stream that a header carries
    size = BigInt(default=None, null=False)


class Entry(Table, tablename="audit_entry"):
    event_id = UUID(primary_key=True, default=None, null=False)
    trail = Text(default=None, null=False)
    idx = BigInt(default=None, null=False)
    header = Bytea(default=None, null=False)  # the exact bytes that were hashed
    leaf_hash = Bytea(default=None, null=False)
    type = Text(default=None, null=False)
    at = BigInt(default=None, null=False)  # microseconds since 1970, UTC
    stream = Text(default=None, null=False)
    sseq = BigInt(default=None, null=False)
    subject = Text(default=None, null=False)


class Node(Table, tablename="audit_node"):
    id = UUID(primary_key=True)
    trail = Text(default=None, null=False)
    level = BigInt(default=None, null=False)  # 4, 8, 12, … 32: the root of 2^level leaves
    n = BigInt(default=None, null=False)  # the subtree's number within its level, from 0
    hash = Bytea(default=None, null=False)


class Opening(Table, tablename="audit_opening"):
    id = UUID(primary_key=True)
    event_id = UUID(default=None, null=False)
    field = Text(default=None, null=False)
    salt = Bytea(default=None, null=False)  # 32 random bytes
    value = Text(default=None, null=False)  # canonical JSON
    person = UUID(default=None, null=True)  # whom the value is about; null unless personal


class OriginRow(Table, tablename="audit_origin"):
    """A further origin of a trail, from the entry ``start`` on; the first one, from 0 on, is the trail's own."""

    origin = Text(primary_key=True, default=None, null=False)
    trail = Text(default=None, null=False)
    start = BigInt(default=None, null=False)


class CheckpointRow(Table, tablename="audit_checkpoint"):
    id = UUID(primary_key=True)
    trail = Text(default=None, null=False)
    origin = Text(default=None, null=False)
    size = BigInt(default=None, null=False)
    root = Bytea(default=None, null=False)
    note = Bytea(default=None, null=False)  # the signed note, as it leaves
    sealed_at = Timestamptz(default=None, null=False)


class Cosignature(Table, tablename="audit_cosignature"):
    """What a witness said of a seal of ours: its signature lines, or that it doubts it."""

    id = UUID(primary_key=True)
    trail = Text(default=None, null=False)
    origin = Text(default=None, null=False)
    size = BigInt(default=None, null=False)
    witness = Text(default=None, null=False)  # its name in the operator's file
    doubt = Text(default=None, null=False)  # audit/seals/cosigned.py: Doubt; "" for a seal that it saw
    lines = Bytea(default=None, null=False)
    at = Timestamptz(default=None, null=False)  # when the witness says that it saw it; of a doubt, when we learnt of it


class TimeStampRow(Table, tablename="audit_time_stamp"):
    """What a service outside says of a seal of ours: that it had the seal's hash before it at ``at``."""

    id = UUID(primary_key=True)
    trail = Text(default=None, null=False)
    origin = Text(default=None, null=False)
    size = BigInt(default=None, null=False)
    by = Text(default=None, null=False)  # the name in the certificate of whoever signed it
    at = Timestamptz(default=None, null=False)  # by the service's clock
    answer = Bytea(default=None, null=False)  # RFC 3161's TimeStampResp in DER, as it came


class OriginsNote(Table, tablename="audit_origins_note"):
    """A signed list of the origins of one school's trails, as it leaves; the newest counts."""

    id = UUID(primary_key=True)
    about = Text(default=None, null=False)  # "school 100023": a URN; "trust 2044": a UID
    note = Bytea(default=None, null=False)
    made_at = Timestamptz(default=None, null=False)


class PublicKeyRow(Table, tablename="audit_key"):
    """A public key of this installation, in force until some time after another one replaces it."""

    vkey = Text(primary_key=True, default=None, null=False)
    name = Text(default=None, null=False)
    replaces = Text(default=None, null=False)  # the vkey before it, or "" for the first
    since = Timestamptz(default=None, null=False)
    after_loss = Boolean(default=False, null=False)  # nobody had the key before it any more


class RotationNote(Table, tablename="audit_rotation"):
    """The note by which the key before ``vkey`` and ``vkey`` itself say that it took the other's place."""

    vkey = Text(primary_key=True, default=None, null=False)
    note = Bytea(default=None, null=False)


class CosignerRow(Table, tablename="audit_cosigner"):
    """A public key by ML-DSA-44 that signs seals beside one of this installation's others, and as long as that one."""

    vkey = Text(primary_key=True, default=None, null=False)
    beside = Text(default=None, null=False)  # the vkey of the other
    since = Timestamptz(default=None, null=False)


class Recipient(Table, tablename="audit_seal_recipient"):
    """Somebody to whom a school's seals go. The school's name is kept too: this slice knows schools by their ids only."""

    id = UUID(primary_key=True)
    trail = Text(default=None, null=False)
    school_name = Text(default=None, null=False)
    email = Text(default=None, null=False)
    added_at = Timestamptz(default=None, null=False)


class Delivery(Table, tablename="audit_delivery"):
    """A copy of a seal that left (mail, pack, file), or was put into the outbox (queued)."""

    id = UUID(primary_key=True)
    checkpoint = UUID(default=None, null=False)
    trail = Text(default=None, null=False)
    how = Text(default=None, null=False)
    at = Timestamptz(default=None, null=False)
    recipient = UUID(default=None, null=True)  # of a letter, the id in audit_seal_recipient; null: all who were named then


class Erasure(Table, tablename="audit_erasure"):
    """What a school was asked to erase, and what became of it. ``sought`` is blanked once it is decided."""

    id = UUID(primary_key=True)
    trail = Text(default=None, null=False)
    person = UUID(default=None, null=True)  # somebody who had an account; null: a name in texts only
    sought = Text(default=None, null=False)  # names to look for, one a line
    chosen = Text(default=None, null=False)  # which of the finds go, as JSON: a list of privacy/finds.py keys
    reason = Text(default=None, null=False)  # audit/erasing/erasure.py: ErasureReason
    words = Text(default=None, null=False)  # why, without a name in it
    asked_by = UUID(default=None, null=False)
    asked_at = Timestamptz(default=None, null=False)
    decided_by = UUID(default=None, null=True)  # null: nobody yet, or the chair, who has no account
    decided_as = Text(default=None, null=True)  # colleague | trust | chair | operator; null in one from before it was asked
    told_at = Timestamptz(default=None, null=True)  # when the operator was told that it waits
    applied_at = Timestamptz(default=None, null=True)
    withdrawn_at = Timestamptz(default=None, null=True)


class Hold(Table, tablename="audit_hold"):
    """Nothing about ``about`` (school, person:…, supplier:…) may be erased until the hold is lifted."""

    id = UUID(primary_key=True)
    trail = Text(default=None, null=False)
    about = Text(default=None, null=False)
    reason = Text(default=None, null=False)
    placed_by = UUID(default=None, null=False)
    placed_at = Timestamptz(default=None, null=False)
    lifted_by = UUID(default=None, null=True)
    lifted_at = Timestamptz(default=None, null=True)


class HiddenRow(Table, tablename="audit_hidden"):
    """What nobody reads of a trail until it is shown again: every text about ``subject``, or one field of one entry."""

    id = UUID(primary_key=True)
    trail = Text(default=None, null=False)
    subject = Text(default=None, null=False)  # for one field: what it was hidden with, such as an attachment
    event_id = UUID(default=None, null=True)
    field = Text(default=None, null=True)


class Retention(Table, tablename="audit_retention"):
    """How long a school keeps a kind of record, from ``from_date`` on until a later setting. Append-only."""

    id = UUID(primary_key=True)
    trail = Text(default=None, null=False)
    kind = Text(default=None, null=False)  # audit/erasing/retention.py: RecordKind
    years = BigInt(default=None, null=False)
    from_date = Date(default=None, null=False)
    source = Text(default=None, null=False)
    set_by = UUID(default=None, null=False)
    set_at = Timestamptz(default=None, null=False)


class SendingRow(Table, tablename="audit_sending"):
    """What somebody sent that did something once, for a day: audit/log/sendings.py."""

    id = UUID(primary_key=True, default=None, null=False)
    sender = UUID(default=None, null=True)  # a digest of who sent it
    said = Bytea(default=None, null=False)  # SHA-256 of where it went and what it said
    made_at = Timestamptz(default=None, null=False)
    answer = Bytea(default=None, null=True)  # sealed for its sender; null until there is one, and of a large one


TABLES = (
    Trail,
    HeadRow,
    StreamRow,
    Entry,
    Node,
    Opening,
    OriginRow,
    CheckpointRow,
    Cosignature,
    TimeStampRow,
    OriginsNote,
    RotationNote,
    PublicKeyRow,
    CosignerRow,
    Recipient,
    Delivery,
    Erasure,
    Hold,
    Retention,
    HiddenRow,
    SendingRow,
)
