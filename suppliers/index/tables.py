"""The index that finds suppliers by their names: made from facts, at any time again."""

from piccolo.columns import UUID, BigInt, Text
from piccolo.table import Table


class KeyRow(Table, tablename="suppliers_key"):
    """What a key of the index leads to: the numbers of cards or, for a slip or a beginning, words.

    ``owner`` is "" for the directory, else the school whose own records these are.
    """

    id = BigInt(primary_key=True, default=None, null=True)  # never selected: the primary key is (generation, owner, key)
    generation = BigInt(default=None, null=False)
    owner = Text(default=None, null=False)
    key = Text(default=None, null=False)
    n = BigInt(default=None, null=False)  # how many; past MOST_LISTED only these are counted, and ``listed`` is empty
    listed = Text(default=None, null=False)  # with a space before and behind each, to be added and taken out in SQL


class CardRow(Table, tablename="suppliers_card"):
    """What matching reads of a supplier, already normalised: suppliers/matching/cards.py. Numbers are never used twice."""

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
