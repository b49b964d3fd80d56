"""One Merkle log a school, its streams, and the openings that may be erased. The format is in docs/reference/trail-format.md.

No foreign keys: an entry names its subject as text, so nothing deleted elsewhere can reach it.
"""

from piccolo.columns import UUID, BigInt, Bytea, Text
from piccolo.table import Table


class Trail(Table, tablename="audit_trail"):
    owner = Text(primary_key=True, default=None, null=False)  # a school's id, or "operator"
    origin = Text(default=None, null=False)


class Head(Table, tablename="audit_head"):
    trail = Text(primary_key=True, default=None, null=False)
    size = BigInt(default=None, null=False)
    frontier = Bytea(default=None, null=False)  # the compact range: 32 bytes for each set bit of size, largest subtree first


class Stream(Table, tablename="audit_stream"):
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
    level = BigInt(default=None, null=False)  # 8, 16, 24: the root of 2^level leaves
    n = BigInt(default=None, null=False)  # the how-manieth subtree of its level, from 0
    hash = Bytea(default=None, null=False)


class Opening(Table, tablename="audit_opening"):
    id = UUID(primary_key=True)
    event_id = UUID(default=None, null=False)
    field = Text(default=None, null=False)
    salt = Bytea(default=None, null=False)  # 32 random bytes
    value = Text(default=None, null=False)  # canonical JSON
    person = UUID(default=None, null=True)  # whom the value is about; null unless personal


TABLES = (Trail, Head, Stream, Entry, Node, Opening)
