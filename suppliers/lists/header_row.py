"""Which row of a sheet has the headings, and what field each says: as a known one, misspelt or not, or by its words. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from base.spreadsheets.cells import SheetRow
from suppliers.lists import heading_words
from suppliers.lists.column_titles import LEFT_OUT, PERHAPS_NAMES, TITLES, SupplierField

LOOKED_AT: Final = 40  # first rows in which headings may stand
LIKE: Final = 86  # of 100: "Suplier name" is 96 like "supplier name", "Post town" 71 like "post code"
LONGEST_TITLE: Final = 80
CODES: Final = frozenset({
    "code", "supplier code", "creditor code", "creditor ref", "supplier ref", "supplier reference", "account code",
    "a c", "account", "account reference", "vendor id", "vendor code", "supplier id", "supplier number", "supplier no",
    "creditor number", "creditor no", "payee code", "short code", "contact short account code", "contact account code",
    "account number", "ref", "id",
})  # fmt: skip
KINDS: Final = frozenset({"type", "role", "kind", "class", "group"})
LONGEST_HEADING: Final = 40  # characters
LONGEST_READ: Final = 1_000  # characters of a cell; of each bracket that opens in it the end is looked for
SHORT: Final = 5  # characters: a heading as short as VAT or Web has to be exact
UPWARDS: Final = 2  # rows above the headings that may hold the upper part of them
BY_WORDS: Final = 85.0  # how sure a heading's words are, of 100

_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z]{3})(?=\d)")
_PARENTHESIS: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_WORDS: Final = re.compile(r"[^a-z0-9]+")
_TELLING_CELL: Final = re.compile(r"\d|@|://|^(?:n/?a|none|nil|tbc|unknown|yes|no)$", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[A-Za-z]{2,}")


def header_of(rows: Sequence[SheetRow]) -> int | None:
    """The row that holds most headings we know, the first of equals; one heading alone must be the name's."""
    best, at = 0, None
    for n, row in enumerate(rows[:LOOKED_AT]):
        if not any(meaning(folded(cell)) for cell in row.cells):
            continue
        known = [found for title in with_merged(rows, n) if (found := meaning(folded(title)))]
        names = sum(field is SupplierField.NAME for field, _ in known)
        score = len(known) + (1 if names else 0)
        if score > best and (names or len(known) > 1):
            best, at = score, n
    return _header_by_shape(rows) if at is None else at


def _header_by_shape(rows: Sequence[SheetRow]) -> int | None:
    """Where no heading is known: a first row of words above cells of another kind, or of words that headings are made of."""
    width = max((len(row.cells) for row in rows[:LOOKED_AT]), default=0)
    for n, row in enumerate(rows[: UPWARDS + 1]):
        filled = [(at, cell) for at, cell in enumerate(row.cells) if cell]
        if len(filled) * 2 < width or row.problem:
            continue  # a title
        if all(heading_words.only_headings(folded(cell)) for _, cell in filled):
            return n
        if len({cell for _, cell in filled}) == len(filled) > 1 and all(_is_wordy(cell) for _, cell in filled):
            below = [[one.cells[at] for one in rows[n + 1 :] if at < len(one.cells) and one.cells[at]] for at, _ in filled]
            if any(len(cells) > 1 and not any(map(_is_wordy, cells)) for cells in below):
                return n
        return None
    return None


def _is_wordy(cell: str) -> bool:
    """Whether it could be a heading: no number, address, date or "none"."""
    return len(cell) <= LONGEST_HEADING and _LETTERS.search(cell) is not None and not _TELLING_CELL.search(cell)


def with_merged(rows: Sequence[SheetRow], at: int) -> list[str]:
    """The cells of a row; an empty one takes the text of a merged cell above it, and half a heading its upper half."""
    titles = list(rows[at].cells)
    for above in reversed(rows[max(0, at - UPWARDS) : at]):
        if sum(map(bool, above.cells)) > 1:
            titles += [""] * (len(above.cells) - len(titles))
            titles = [_under(above.cells[n] if n < len(above.cells) else "", title) for n, title in enumerate(titles)]
    return titles


def _under(above: str, title: str) -> str:
    """Both halves where they say more: "code" under "Post" is a postcode, and "Name" under "Bank" is no supplier's."""
    if not above or not title:
        return title or above
    alone, both = meaning(folded(title)), meaning(folded(f"{above} {title}"))
    says_more = both is not None and both[0] is not None and (alone is None or alone[0] is None)
    is_left_out = both is not None and both[0] is None and alone is not None and alone[0] is SupplierField.NAME
    return f"{above} {title}" if (says_more or is_left_out) and _is_wordy(title) and _is_wordy(above) else title


@lru_cache(maxsize=4_096)
def meaning(words: str) -> tuple[SupplierField | None, float] | None:
    """The field of a heading (None where its column is left out), and how sure that is; None for what is no heading."""
    if not words or len(words) > LONGEST_TITLE:
        return None
    if words in _ALL_TITLES:
        field = _ALL_TITLES[words]
        rank = TITLES[field].index(words) if field else 0
        return field, 101 - rank / 100
    said = heading_words.meaning(words)
    if said:
        return said[0], BY_WORDS
    if len(words) <= SHORT:
        return None
    found = process.extractOne(words, _ALL_TITLES.keys(), scorer=fuzz.ratio, score_cutoff=LIKE)
    if found is None or (_ALL_TITLES[found[0]] is SupplierField.NAME and heading_words.ends_otherwise(words)):
        return None
    return _ALL_TITLES[found[0]], found[1] - LIKE


_ALL_TITLES: Final[dict[str, SupplierField | None]] = {
    **dict.fromkeys(PERHAPS_NAMES),
    **dict.fromkeys(LEFT_OUT),
    **{title: field for field, titles in TITLES.items() for title in titles},
}


_OF_NAMES: Final = frozenset((*TITLES[SupplierField.NAME], *PERHAPS_NAMES))


def folded(title: str) -> str:
    """Lower-case words; "#" is a number, "ContactName" two words, and what stands in brackets is left out unless all does."""
    spaced = _CAMEL.sub(" ", title[:LONGEST_READ].replace("#", " number ")).casefold()
    return (_WORDS.sub(" ", _PARENTHESIS.sub(" ", spaced)) or _WORDS.sub(" ", spaced)).strip()


def holds_headings(cells: Sequence[str], name: str) -> bool:
    """Whether a row below the headings has those of a further table: a heading in the place of the name, and mostly beside it."""
    if name.casefold() not in _OF_NAMES:
        return False
    filled = [cell for cell in cells if cell]
    return len(filled) > 1 and 2 * sum(meaning(folded(cell)) is not None for cell in filled) > len(filled)


def code_column(titles: Sequence[str]) -> int | None:
    """The column with a finance system's own code for the supplier, by its heading; the first of several."""
    return next((at for at, title in enumerate(titles) if folded(title) in CODES), None)


def kind_columns(titles: Sequence[str]) -> list[int]:
    """The columns that may say what kind of payee or contact each is: "Payee Type", "Role"."""
    return [at for at, title in enumerate(titles) if folded(title).rpartition(" ")[2] in KINDS]
