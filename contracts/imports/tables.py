"""A register of contracts on its way in: the file, its rows, and the names in it. Not a record: what is imported of it is."""

from piccolo.columns import UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table


class RegisterImport(Table, tablename="contracts_import"):
    """Goes when all of it is imported, or after some days."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    person = UUID(default=None, null=True)  # who chose the file; null: whoever runs the installation
    state = Text(default=None, null=False)  # contracts/register_rows/states.py: ImportState
    digest = Bytea(default=None, null=False)  # SHA-256 of the file
    size = BigInt(default=None, null=False)  # bytes
    file = Bytea(default=None, null=True)
    understood = Text(default=None, null=False)  # JSON: contracts/register_rows/register_worker.py: BookSeen
    chosen = Text(default=None, null=False)  # JSON: what a person said of sheets and columns
    sentence = Text(default=None, null=False)  # why it was refused or stopped
    done = BigInt(default=None, null=False)  # of ``total``, in the present state
    total = BigInt(default=None, null=False)
    lease = Timestamptz(default=None, null=True)  # until when a process works on it
    leased_by = UUID(default=None, null=True)
    made_at = Timestamptz(default=None, null=False)
    ends_at = Timestamptz(default=None, null=False)


class RegisterRow(Table, tablename="contracts_import_row"):
    id = UUID(primary_key=True)
    import_id = UUID(default=None, null=False)
    place = BigInt(default=None, null=False)  # among the rows of all sheets, from 1
    number = BigInt(default=None, null=False)  # as the spreadsheet numbers it
    sheet = Text(default=None, null=False)
    kind = Text(default=None, null=False)  # contracts/register_rows/states.py: RowKind
    title = Text(default=None, null=False)  # as far as it could be read
    said = Text(default=None, null=False)  # why it is of this kind, in words
    read = Text(default=None, null=False)  # JSON: contracts/register_rows/row_read.py: RowRead
    answers = Text(default=None, null=False)  # JSON: what a person said, by field
    choice = Text(default=None, null=False)  # contracts/register_rows/states.py: RowChoice, or nothing yet
    twin = UUID(default=None, null=True)  # the contract of the register that it seems to be
    twin_place = BigInt(default=None, null=True)  # an earlier row that says the same contract
    contract = UUID(default=None, null=True)  # what it became


class NameInFile(Table, tablename="contracts_import_name"):
    """A supplier or school as the file calls it, and for whom or what it stands: asked once for all of its rows."""

    id = UUID(primary_key=True)
    import_id = UUID(default=None, null=False)
    kind = Text(default=None, null=False)  # contracts/register_rows/states.py: NameKind
    name = Text(default=None, null=False)
    options = Text(default=None, null=False)  # JSON: records that it may stand for, the likeliest first
    choice = Text(default=None, null=False)  # the id of a record, or contracts/register_rows/states.py: NameChoice


TABLES = (RegisterImport, RegisterRow, NameInFile)
