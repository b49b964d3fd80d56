"""How the text of a cell is made comparable, and what a cell says that says nothing."""

import re
from typing import Final

_DASHES: Final = str.maketrans(
    dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("‘’`´", "'")
    | {"×": "x", "½": " 1/2", "“": '"', "”": '"', "…": "...", "／": "/"}
)
_NOTHING: Final = re.compile(r"(?:n/?a|n\.a\.?|none|nil|null|not applicable|-+|\.+|£ ?-+|_+)", re.ASCII)
_MARKS: Final = re.compile(r"(?<=[^\s*†‡])\s?(?:[*†‡]+|[¹²³])$")
DITTO: Final = re.compile(r"(?:\"+|''|ditto|do\.|as above|same as above|same)", re.ASCII)
_EDGES: Final = " \t\n.,;:-"
_BRACKETS: Final = re.compile(r"\(\s*[-,;:.]*\s*\)|\[\s*\]")


def plain(cell: str) -> str:
    """In small letters, with one kind of dash, apostrophe and space."""
    return " ".join(cell.translate(_DASHES).casefold().split())


def is_nothing(text: str) -> bool:
    """Whether a ``plain`` text says that there is nothing: empty, n/a, none, a dash."""
    return not text or bool(_NOTHING.fullmatch(text))


def without_mark(cell: str) -> tuple[str, bool]:
    """The cell without the mark of a footnote at its end, and whether there was one."""
    found = _MARKS.sub("", cell.strip())
    return found, found != cell.strip()


def without(text: str, pattern: re.Pattern[str]) -> str:
    """What is left of a text; a break stands where something was taken out, so that what lay around it never joins."""
    return trimmed(pattern.sub(" ", text))


def trimmed(text: str) -> str:
    before = ""
    while before != text:
        before, text = text, _BRACKETS.sub(" ", text).strip(_EDGES)
    return " ".join(text.split())


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\s.,;:()\[\]/\"-]+", text.replace("'", ""))


def some(words: str) -> frozenset[str]:
    """A vocabulary, written as one text."""
    return frozenset(words.split())
