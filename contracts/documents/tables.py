"""The documents of contracts."""

from piccolo.columns import UUID, BigInt, Bytea, Date, Text, Timestamptz
from piccolo.table import Table


class Document(Table, tablename="contracts_document"):
    """A document of a contract, in the database so that it commits, and is backed up, with it."""

    id = UUID(primary_key=True)
    contract = UUID(default=None, null=False)
    school = UUID(default=None, null=False)
    kind = Text(default=None, null=False)  # a DocumentKind of documents/kinds.py
    begins_on = Date(default=None, null=True)  # the first day on which it holds; null: the day on which it was added
    expires_on = Date(default=None, null=True)  # the last day on which it holds
    answers = Text(default=None, null=True)  # the promised document that it is; "": none of them; null: as its kind says
    filename = Text(default=None, null=False)
    media_type = Text(default=None, null=False)
    digest = Bytea(default=None, null=False)  # SHA-256
    size = BigInt(default=None, null=False)
    data = Bytea(default=None, null=False)
    author = UUID(default=None, null=False)
    added_at = Timestamptz(default=None, null=False)
    hidden_at = Timestamptz(default=None, null=True)
    hidden_by = UUID(default=None, null=True)
    corrections = BigInt(default=0, null=False)  # how often it was said anew what it is and when it runs out
    corrected_at = Timestamptz(default=None, null=True)  # the last time


TABLES = (Document,)
