"""A school's spreadsheet of suppliers while it is looked at, and its rows."""

from piccolo.columns import UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table


class Import(Table, tablename="suppliers_import"):
    """A school's spreadsheet of suppliers on its way in. It goes when it is imported, or after some days."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    person = UUID(default=None, null=False)  # who chose the file
    state = Text(default=None, null=False)  # suppliers/imports/states.py: State
    digest = Bytea(default=None, null=False)  # SHA-256 of the file
    size = BigInt(default=None, null=False)  # bytes
    file = Bytea(default=None, null=True)
    understood = Text(default=None, null=False)  # JSON: how the file was understood, and which sheet was chosen
    fields = Text(default=None, null=False)  # JSON: what each column holds, as the person left it
    sentence = Text(default=None, null=False)  # why it was refused or stopped
    done = BigInt(default=None, null=False)  # of ``total``, in the present state
    total = BigInt(default=None, null=False)
    lease = Timestamptz(default=None, null=True)  # until when a process works on it
    leased_by = UUID(default=None, null=True)
    made_at = Timestamptz(default=None, null=False)
    ends_at = Timestamptz(default=None, null=False)
    name = Text(default=None, null=True)  # of the file, as its owner knows it


class Remembered(Table, tablename="suppliers_import_remembered"):
    """What a school said of a list, so that it isn't asked again: suppliers/imports/remembered.py."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    key = Bytea(default=None, null=False)  # SHA-256 of what was asked about
    answer = Text(default=None, null=False)
    at = Timestamptz(default=None, null=False)


class ImportRow(Table, tablename="suppliers_import_row"):
    id = UUID(primary_key=True)
    import_id = UUID(default=None, null=False)
    number = BigInt(default=None, null=False)  # as the spreadsheet numbers it
    kind = Text(default=None, null=False)  # suppliers/imports/states.py: RowKind
    cells = Text(default=None, null=False)  # JSON: the row as it was, for the spreadsheet of errors
    name = Text(default=None, null=False)  # as far as it could be read
    said = Text(default=None, null=False)  # why it is of this kind, in words
    flaws = Text(default=None, null=False)  # sentences, a line each: what will be left out of it
    facts = Text(
        default=None, null=False
    )  # JSON: suppliers/record/facts.py Facts.as_dict(); of a lead, with what its duplicates add
    options = Text(default=None, null=False)  # JSON: what it may be the same as
    choice = Text(default=None, null=False)  # new | skip | the id of a supplier | row:<number>
    lead = BigInt(default=None, null=True)  # the number of the earlier row of the same supplier
    supplier = UUID(default=None, null=True)  # what it became
