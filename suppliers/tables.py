"""Suppliers with their names and merges, and what schools say of them: the tables that several rooms read."""

from typing import ClassVar

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Date, DoublePrecision, Text, Timestamptz
from piccolo.table import Table


class Supplier(Table, tablename="suppliers_supplier"):
    """``owner`` null: in the directory, which every signed-in school sees. Otherwise that school's own record."""

    id = UUID(primary_key=True)
    owner = UUID(default=None, null=True)
    name = Text(default=None, null=False)
    exact_name = Text(default=None, null=False)  # suppliers/matching/names.py: the normalised name, for equality
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
    scheme = Text(default=None, null=False)  # suppliers/matching/identifiers.py: Scheme
    value = Text(default=None, null=False)


class Supplies(Table, tablename="suppliers_supplies"):
    """A category of suppliers/record/taxonomy.py that a supplier provides."""

    id = UUID(primary_key=True)
    supplier = UUID(default=None, null=False)
    category = Text(default=None, null=False)


class WholeCategory(Table, tablename="suppliers_whole_category"):
    """A category of a live supplier or of what was merged into it. Triggers derive it: suppliers/whole_categories.py."""

    supplier = UUID(primary_key=True)  # with the category, which Piccolo can't say
    category = Text(default=None, null=False)
    is_first = Boolean(default=None, null=False)  # of the supplier's, by the alphabet


class Merge(Table, tablename="suppliers_merge"):
    """An edge: ``from_supplier`` is part of ``to_supplier`` until it is undone. ``owner`` null: of the directory, by a curator.

    Else the school whose own record ``from_supplier`` is.
    """

    id = UUID(primary_key=True)
    owner = UUID(default=None, null=True)
    from_supplier = UUID(default=None, null=False)
    to_supplier = UUID(default=None, null=False)
    dropped = Text(default=None, null=False)  # JSON list: facts of either side that are left out, as record/merge_forest.py
    merged_at = Timestamptz(default=None, null=False)
    merged_by = UUID(default=None, null=True)
    undone_at = Timestamptz(default=None, null=True)
    undone_by = UUID(default=None, null=True)


class Use(Table, tablename="suppliers_use"):
    """A school's own list: the suppliers that it uses. Private to the school."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    supplier = UUID(default=None, null=False)
    written_for = UUID(default=None, null=True)  # as a review's
    since_at = Timestamptz(default=None, null=False)
    until_at = Timestamptz(default=None, null=True)


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
    value = BigInt(default=None, null=True)  # the criteria of record/criteria.py, 1 to 5 each
    reliability = BigInt(default=None, null=True)
    quality = BigInt(default=None, null=True)
    communication = BigInt(default=None, null=True)
    stage = Text(default=None, null=True)  # as record/criteria.py: Stage
    evidence = Text(default=None, null=True)  # a reference, for its own school alone; others may learn that there is one
    extras = Text(default=None, null=True)  # answers to extra questions, as JSON: record/extras.py
    author = UUID(default=None, null=False)  # of the first version, as is written_at
    audience = UUID(default=None, null=True)  # null: private
    version = BigInt(default=None, null=False)
    written_at = Timestamptz(default=None, null=False)
    revised_at = Timestamptz(default=None, null=True)  # of this version, for its own school alone; null: it is the first
    revised_by = UUID(default=None, null=True)
    rating_at = Timestamptz(default=None, null=True)  # each group's last change: suppliers/record/field_groups.py; null: none
    rating_by = UUID(default=None, null=True)
    interest_at = Timestamptz(default=None, null=True)
    interest_by = UUID(default=None, null=True)
    praise_at = Timestamptz(default=None, null=True)
    praise_by = UUID(default=None, null=True)
    criticism_at = Timestamptz(default=None, null=True)
    criticism_by = UUID(default=None, null=True)
    dates_at = Timestamptz(default=None, null=True)
    dates_by = UUID(default=None, null=True)
    lapses_at = Timestamptz(default=None, null=True)  # a vouch without a rating lapses after 12 months unless renewed
    withdrawn_at = Timestamptz(default=None, null=True)
    written_for = UUID(default=None, null=True)  # the supplier it was written for, where a merge shows it at another; else null
    hidden_at = Timestamptz(default=None, null=True)  # read by nobody until it is shown again or erased
    hidden_by = UUID(default=None, null=True)


class OpenWord(Table, tablename="suppliers_open_word"):
    """What every school may hear of a review that is shared with everyone. Triggers derive it: suppliers/open_words.py."""

    review = UUID(primary_key=True)  # with the category, which Piccolo can't say
    category = Text(default=None, null=False)  # of the supplier, a row for each; "" for none
    is_first = Boolean(default=None, null=False)  # of the rows of the review
    supplier = UUID(default=None, null=False)
    school = UUID(default=None, null=False)
    audience = UUID(default=None, null=False)
    band = BigInt(default=None, null=True)  # of the school's latitude: open_words.band
    lat = DoublePrecision(default=None, null=True)  # of the school
    lon = DoublePrecision(default=None, null=True)
    fields = BigInt(default=None, null=True)  # null: several lines say "everyone", so it takes the predicate to know
    opens_at = Timestamptz(default=None, null=False)  # of the line
    closes_at = Timestamptz(default=None, null=True)
    rating = BigInt(default=None, null=True)  # this and all that follows as far as the line opens it
    would_use_again = Boolean(default=None, null=True)
    interest = Boolean(default=None, null=True)  # whether one is declared; null: kept back
    lapses_at = Timestamptz(default=None, null=True)
    rated_at = Timestamptz(default=None, null=True)
    said_at = Timestamptz(default=None, null=False)
    said_in_full_at = Timestamptz(default=None, null=False)  # the same for who reads criticism
    strength = DoublePrecision(default=None, null=False)  # how recent said_at is, as a power of 2
    strength_in_full = DoublePrecision(default=None, null=False)


class RankedWord(Table, tablename="suppliers_ranked_word"):
    """What a ranking adds up of an open word, one of each school and supplier. Triggers derive it: suppliers/ranked_words.py."""

    school = UUID(primary_key=True)  # with the supplier, which Piccolo can't say
    supplier = UUID(default=None, null=False)
    reach = BigInt(default=None, null=False)  # of the supplier's first category: 0 local, 1 regional, 2 national
    opens_at = Timestamptz(default=None, null=False)  # as the open word's, as are the next two
    closes_at = Timestamptz(default=None, null=True)
    lapses_at = Timestamptz(default=None, null=True)
    value = DoublePrecision(default=None, null=False)  # -1 to 1
    lapsed_value = DoublePrecision(default=None, null=True)  # the same once the vouch has lapsed
    strength = DoublePrecision(default=None, null=False)  # as the open word's; 0 for what counts for nothing
    strength_in_full = DoublePrecision(default=None, null=False)


class JudgedWord(Table, tablename="suppliers_judged_word"):
    """Stars by criterion and answers to extra questions of an open word. Triggers derive it: suppliers/judged_words.py."""

    supplier = UUID(primary_key=True)  # with the school, which Piccolo can't say
    school = UUID(default=None, null=False)
    audience = UUID(default=None, null=False)  # as the open word's, as are the next two
    opens_at = Timestamptz(default=None, null=False)
    closes_at = Timestamptz(default=None, null=True)
    value = BigInt(default=None, null=True)  # as the review's, as are all that follow
    reliability = BigInt(default=None, null=True)
    quality = BigInt(default=None, null=True)
    communication = BigInt(default=None, null=True)
    extras = Text(default=None, null=True)


class WordCount(Table, tablename="suppliers_word_count"):
    """How many open words of a supplier say the same, and count. Triggers derive it: suppliers/word_counts.py."""

    supplier = UUID(primary_key=True)  # with the next two, which Piccolo can't say
    said = BigInt(default=None, null=False)  # 1 to 5 stars; 0: would use them again
    part = BigInt(default=None, null=False)  # of what is said: one for each who wrote at the same time; on SQLite there is one
    many = BigInt(default=None, null=False)
    latest = Timestamptz(default=None, null=False)  # when the last of their lines opened, of any that were ever counted


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
    value = BigInt(default=None, null=True)
    reliability = BigInt(default=None, null=True)
    quality = BigInt(default=None, null=True)
    communication = BigInt(default=None, null=True)
    stage = Text(default=None, null=True)
    evidence = Text(default=None, null=True)
    extras = Text(default=None, null=True)
    author = UUID(default=None, null=False)
    written_at = Timestamptz(default=None, null=False)


class Interest(Table, tablename="suppliers_interest"):
    """An interest that a person declared in a supplier: theirs, whoever changes the review, until they withdraw it."""

    id = UUID(primary_key=True)
    person = UUID(default=None, null=False)
    school = UUID(default=None, null=False)  # for which they wrote when they declared it
    supplier = UUID(default=None, null=False)
    declared_at = Timestamptz(default=None, null=False)
    withdrawn_at = Timestamptz(default=None, null=True)


class Note(Table, tablename="suppliers_note"):
    IS_PRIVATE: ClassVar = True  # until it is shared: sharing/access/visibility.py

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    supplier = UUID(default=None, null=False)
    about = Text(default=None, null=False)  # good | problem | record; a problem is criticism
    body = Text(default=None, null=False)
    happened_on = Date(default=None, null=False)
    author = UUID(default=None, null=False)  # this, and the times, as a review's
    audience = UUID(default=None, null=True)
    version = BigInt(default=None, null=False)
    written_at = Timestamptz(default=None, null=False)
    revised_at = Timestamptz(default=None, null=True)
    revised_by = UUID(default=None, null=True)
    text_at = Timestamptz(default=None, null=True)
    text_by = UUID(default=None, null=True)
    dates_at = Timestamptz(default=None, null=True)
    dates_by = UUID(default=None, null=True)
    files_at = Timestamptz(default=None, null=True)
    files_by = UUID(default=None, null=True)
    withdrawn_at = Timestamptz(default=None, null=True)
    written_for = UUID(default=None, null=True)  # as a review's
    hidden_at = Timestamptz(default=None, null=True)  # as a review's
    hidden_by = UUID(default=None, null=True)


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
    hidden_at = Timestamptz(default=None, null=True)  # as a review's; that of its note hides it too
    hidden_by = UUID(default=None, null=True)


class ConfirmedCriticism(Table, tablename="suppliers_confirmed_criticism"):
    """The words of a review or note (its id) that a head confirmed. While ``wanted`` is set, new ones wait to be confirmed."""

    id = UUID(primary_key=True, default=None, null=False)
    school = UUID(default=None, null=False)
    text = Text(default=None, null=False)
    files = Text(default=None, null=False)  # ids of the files that a note about a problem had then
    confirmed_by = UUID(default=None, null=True)
    confirmed_at = Timestamptz(default=None, null=True)
    wanted = UUID(default=None, null=True)  # the audience that it goes back to once its new words are confirmed
    waits_since = Timestamptz(default=None, null=True)
    changed_by = UUID(default=None, null=True)


class ToldCriticism(Table, tablename="suppliers_told_criticism"):
    """A school that could read criticism of a supplier by a line of its own, without a head's confirmation."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    supplier = UUID(default=None, null=False)
    reader = UUID(default=None, null=False)
    told_at = Timestamptz(default=None, null=False)
