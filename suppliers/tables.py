"""Suppliers and their names, what schools say of them, and the key tables that find them."""

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Date, DoublePrecision, Text, Timestamptz
from piccolo.table import Table


class Supplier(Table, tablename="suppliers_supplier"):
    """``owner`` null: in the directory, which every signed-in school sees. Otherwise that school's own record."""

    id = UUID(primary_key=True)
    owner = UUID(default=None, null=True)
    name = Text(default=None, null=False)
    exact_name = Text(default=None, null=False)  # suppliers/names.py: the normalised name, for equality
    joined_to = UUID(default=None, null=True)  # derived from the merges: the live supplier that this one is now part of
    made_at = Timestamptz(default=None, null=False)


class Alias(Table, tablename="suppliers_alias"):
    id = UUID(primary_key=True)
    supplier = UUID(default=None, null=False)
    name = Text(default=None, null=False)
    kind = Text(default=None, null=False)  # also | trading_as | formerly


class Identifier(Table, tablename="suppliers_identifier"):
    id = UUID(primary_key=True)
    supplier = UUID(default=None, null=False)
    scheme = Text(default=None, null=False)  # suppliers/identifiers.py: Scheme
    value = Text(default=None, null=False)


class Supplies(Table, tablename="suppliers_supplies"):
    """A category of suppliers/taxonomy.py that a supplier provides."""

    id = UUID(primary_key=True)
    supplier = UUID(default=None, null=False)
    category = Text(default=None, null=False)


class Merge(Table, tablename="suppliers_merge"):
    """An edge: ``from_supplier`` is part of ``to_supplier`` until it is undone. ``owner`` null: of the directory, by a curator.

    Else the school whose own record ``from_supplier`` is.
    """

    id = UUID(primary_key=True)
    owner = UUID(default=None, null=True)
    from_supplier = UUID(default=None, null=False)
    to_supplier = UUID(default=None, null=False)
    dropped = Text(default=None, null=False)  # JSON list: facts of either side that are left out, as suppliers/merging.py
    merged_at = Timestamptz(default=None, null=False)
    merged_by = UUID(default=None, null=True)
    undone_at = Timestamptz(default=None, null=True)
    undone_by = UUID(default=None, null=True)


class Decision(Table, tablename="suppliers_decision"):
    """What a person judged about two suppliers; ``owner`` null: a curator, for the directory.

    A school's "same" about two directory entries is its proposal to the curator.
    """

    id = UUID(primary_key=True)
    owner = UUID(default=None, null=True)
    left_supplier = UUID(default=None, null=False)
    right_supplier = UUID(default=None, null=False)
    judgement = Text(default=None, null=False)  # same | different | unsure
    reason = Text(default=None, null=False)
    seen = Text(default=None, null=False)  # digest of both suppliers' facts, to tell whether anything changed since
    decided_at = Timestamptz(default=None, null=False)
    decided_by = UUID(default=None, null=False)
    undone_at = Timestamptz(default=None, null=True)
    undone_by = UUID(default=None, null=True)


class Link(Table, tablename="suppliers_link"):
    """Between two suppliers that stay two; ``owner`` as a decision's. Read as a sentence: from is a site of to."""

    id = UUID(primary_key=True)
    owner = UUID(default=None, null=True)
    from_supplier = UUID(default=None, null=False)
    to_supplier = UUID(default=None, null=False)
    kind = Text(default=None, null=False)  # site_of | successor_of | part_of | trading_name_of
    made_at = Timestamptz(default=None, null=False)
    made_by = UUID(default=None, null=False)
    ended_at = Timestamptz(default=None, null=True)
    ended_by = UUID(default=None, null=True)


class Pair(Table, tablename="suppliers_pair"):
    """Two directory entries that matching found alike, for the curator's queue."""

    id = UUID(primary_key=True)
    left_supplier = UUID(default=None, null=False)
    right_supplier = UUID(default=None, null=False)
    probability = DoublePrecision(default=None, null=False)
    model = Text(default=None, null=False)  # which weights gave it
    found_at = Timestamptz(default=None, null=False)


class PairSearch(Table, tablename="suppliers_pair_search"):
    """A search of the directory for pairs: ``up_to`` is the last entry that was looked at."""

    id = UUID(primary_key=True)
    model = Text(default=None, null=False)
    begun_at = Timestamptz(default=None, null=False)
    up_to = UUID(default=None, null=True)
    finished_at = Timestamptz(default=None, null=True)


class Use(Table, tablename="suppliers_use"):
    """A school's own list: the suppliers that it uses. Private to the school."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    supplier = UUID(default=None, null=False)
    written_for = UUID(default=None, null=True)  # as a review's
    since_at = Timestamptz(default=None, null=False)
    until_at = Timestamptz(default=None, null=True)


class Key(Table, tablename="suppliers_key"):
    """What a key of the index leads to: the numbers of cards or, for a slip or a beginning, words.

    ``owner`` is "" for the directory, else the school whose own records these are.
    """

    id = BigInt(primary_key=True, default=None, null=True)  # never selected: the primary key is (generation, owner, key)
    generation = BigInt(default=None, null=False)
    owner = Text(default=None, null=False)
    key = Text(default=None, null=False)
    n = BigInt(default=None, null=False)  # how many; past MOST_LISTED only these are counted, and ``listed`` is empty
    listed = Text(default=None, null=False)  # with a space before and behind each, to be added and taken out in SQL


class Card(Table, tablename="suppliers_card"):
    """What matching reads of a supplier, already normalised: suppliers/cards.py. Numbers are never used twice."""

    number = BigInt(primary_key=True, default=None, null=False)
    generation = BigInt(default=None, null=False)
    supplier = UUID(default=None, null=False)
    owner = Text(default=None, null=False)
    said = Text(default=None, null=False)


class Index(Table, tablename="suppliers_index"):
    """One row: which generation of keys and cards is in use, how names were read for it, and which one is being made."""

    id = BigInt(primary_key=True, default=1, null=False)
    generation = BigInt(default=None, null=False)
    reading = Text(default=None, null=False)
    building = BigInt(default=None, null=True)


class Refile(Table, tablename="suppliers_refile"):
    """A supplier whose card changed while another generation was being made."""

    supplier = UUID(primary_key=True, default=None, null=False)


class Review(Table, tablename="suppliers_review"):
    """One current review a school and supplier. A vouch is a review with only ``would_use_again``."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    supplier = UUID(default=None, null=False)
    rating = BigInt(default=None, null=True)  # 1 to 5
    would_use_again = Boolean(default=None, null=True)
    interest = Text(default=None, null=True)  # a declared interest, in words; null: none
    praise = Text(default=None, null=False)
    criticism = Text(default=None, null=False)
    used_from = Date(default=None, null=True)
    used_until = Date(default=None, null=True)
    author = UUID(default=None, null=False)
    audience = UUID(default=None, null=True)  # null: private
    version = BigInt(default=None, null=False)
    written_at = Timestamptz(default=None, null=False)  # of this version
    lapses_at = Timestamptz(default=None, null=True)  # a vouch lapses after 12 months unless renewed
    withdrawn_at = Timestamptz(default=None, null=True)
    written_for = UUID(default=None, null=True)  # the supplier it was written for, where a merge shows it at another; else null


class PastReview(Table, tablename="suppliers_past_review"):
    """An earlier version of a review, kept for its own school; never shared."""

    id = UUID(primary_key=True)
    review = UUID(default=None, null=False)
    version = BigInt(default=None, null=False)
    rating = BigInt(default=None, null=True)
    would_use_again = Boolean(default=None, null=True)
    interest = Text(default=None, null=True)
    praise = Text(default=None, null=False)
    criticism = Text(default=None, null=False)
    used_from = Date(default=None, null=True)
    used_until = Date(default=None, null=True)
    author = UUID(default=None, null=False)
    written_at = Timestamptz(default=None, null=False)


class Note(Table, tablename="suppliers_note"):
    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    supplier = UUID(default=None, null=False)
    about = Text(default=None, null=False)  # good | problem | record; a problem is criticism
    body = Text(default=None, null=False)
    happened_on = Date(default=None, null=False)
    author = UUID(default=None, null=False)
    audience = UUID(default=None, null=True)
    version = BigInt(default=None, null=False)
    written_at = Timestamptz(default=None, null=False)
    withdrawn_at = Timestamptz(default=None, null=True)
    written_for = UUID(default=None, null=True)  # as a review's


class Attachment(Table, tablename="suppliers_attachment"):
    """A photo or file of a note, in the database so that it commits, and is backed up, with its note."""

    id = UUID(primary_key=True)
    note = UUID(default=None, null=False)
    school = UUID(default=None, null=False)
    filename = Text(default=None, null=False)
    media_type = Text(default=None, null=False)
    digest = Bytea(default=None, null=False)  # SHA-256
    size = BigInt(default=None, null=False)
    data = Bytea(default=None, null=False)


class Import(Table, tablename="suppliers_import"):
    """A school's spreadsheet of suppliers on its way in. It goes when it is imported, or after some days."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    person = UUID(default=None, null=False)  # who chose the file
    state = Text(default=None, null=False)  # suppliers/import_states.py: State
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


class ImportRow(Table, tablename="suppliers_import_row"):
    id = UUID(primary_key=True)
    import_id = UUID(default=None, null=False)
    number = BigInt(default=None, null=False)  # as the spreadsheet numbers it
    kind = Text(default=None, null=False)  # suppliers/import_states.py: RowKind
    cells = Text(default=None, null=False)  # JSON: the row as it was, for the spreadsheet of errors
    name = Text(default=None, null=False)  # as far as it could be read
    said = Text(default=None, null=False)  # why it is of this kind, in words
    flaws = Text(default=None, null=False)  # sentences, a line each: what will be left out of it
    facts = Text(default=None, null=False)  # JSON: suppliers/facts.py Facts.told(); of a lead, with what its doubles add
    options = Text(default=None, null=False)  # JSON: what it may be the same as
    choice = Text(default=None, null=False)  # new | skip | the id of a supplier | row:<number>
    lead = BigInt(default=None, null=True)  # the number of the row that it is a double of
    supplier = UUID(default=None, null=True)  # what it became


TABLES = (
    Supplier, Alias, Identifier, Supplies, Merge, Decision, Link, Pair, PairSearch,
    Use, Key, Card, Index, Refile, Review, PastReview, Note,
    Attachment, Import, ImportRow,
)  # fmt: skip
