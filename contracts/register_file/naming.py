"""Cells that hold names: the schools a contract covers, how it was chosen, where it stands, who answers for it."""

import re
from collections.abc import Collection
from typing import Final

from contracts.register_file.questions import Answer, Code, asked, quoted
from contracts.register_file.wording import is_nothing, plain, trimmed

MOST_SCHOOLS: Final = 500

_UNKNOWN: Final = re.compile(
    r"(?:t\.?b\.?[acd]\.?|to be (?:confirmed|advised|agreed)|not known|unknown|n/?k|\?+|see \w+(?: \w+)?|various)\.?"
)
_SURE: Final = re.compile(r"\s*[;\n|]\s*|\s+/\s+")
_PERHAPS: Final = re.compile(r"\s*/\s*|\s*,\s*|\s+(?:&|and|\+)\s+")
_ROUTES: Final = (
    (
        "framework",
        re.compile(
            r"\bframeworks?\b|\bmini[ -]comp(?:etition)?\b|\bfurther competition\b|\bccs\b|\bcpc\b|\bypo\b|\bespo\b|\bdps\b"
        ),
    ),
    ("quotes", re.compile(r"\bquot(?:es?|ations?)\b")),
    ("tender", re.compile(r"(?<!single )\btender(?:ed|s)?\b|\bitt\b|\bojeu\b|\bopen procedure\b")),
    ("direct", re.compile(r"\bdirect(?:ly)?\b|\bsingle (?:source|supplier|tender|quote)\b|\bwaiver\b|\bno competition\b")),
)
_NEGATED: Final = re.compile(r"\b(?:no|not|without|never|awaiting|due|need(?:s|ed)?|to be)\b|\?")
_STATUSES: Final = (
    (None, re.compile(r"live|active|current|in force|in place|ok|ongoing|running|open")),
    (
        "ceased",
        re.compile(
            r"ended|expired|terminated|ceased|cancelled|closed|finished|lapsed|archived|inactive|not active|dead|stopped|left"
        ),
    ),
    ("notice_given", re.compile(r"(?:notice|cancellation) (?:given|served|sent)|(?:given|served) notice|under notice")),
    ("draft", re.compile(r"draft|not (?:yet )?signed|unsigned|in negotiation|proposed")),
)
ENDED: Final = re.compile(
    r"\b(?:ended|expired|old|former|ceased|terminated|archived?|cancelled|closed|historic(?:al)?|past|previous|lapsed|inactive)\b"
)


def read_name(cell: str) -> str | None:
    """A text as it stands, on one line; None where it says that there is none."""
    return None if is_nothing(plain(cell)) else " ".join(cell.split())


def read_party(cell: str, what: str) -> Answer[str]:
    """The name of a supplier, or of what the contract is for."""
    if _UNKNOWN.fullmatch(plain(cell)):
        return asked(Code.NO_NAME, f"{quoted(cell)}: {what}?")
    return Answer(read_name(cell))


def is_unknown(cell: str) -> bool:
    return bool(_UNKNOWN.fullmatch(plain(cell)))


def read_schools(cell: str, known: Collection[str]) -> Answer[list[str]]:
    """``known`` are the names that stand alone in other rows, in small letters: they tell a comma from a part of a name."""
    if is_nothing(plain(cell)):
        return Answer()
    if is_unknown(cell):
        return asked(Code.NO_NAME, f"{quoted(cell)}: which schools does it cover?")
    pieces = [name for piece in _SURE.split(cell) if (name := " ".join(piece.split()))]
    split = [part for piece in pieces for part in _split(piece, known)]
    if len(split) > MOST_SCHOOLS:
        return asked(Code.ONE_OR_SEVERAL, f"{quoted(cell)} names more than {MOST_SCHOOLS} schools.")
    unsure = [piece for piece in split if _looks_like_several(piece) and piece.casefold() not in known]
    if unsure and len(known) != 1:
        return asked(Code.ONE_OR_SEVERAL, f"{quoted(unsure[0])}: is this one school, or several?", split)
    return Answer(split or None)


def _split(piece: str, known: Collection[str]) -> list[str]:
    parts = [part for part in _PERHAPS.split(piece) if part]
    alone = [name for name in known if name != piece.casefold()]
    is_sure = len(parts) > 1 and all(any(_is_short_for(part.casefold(), name) for name in alone) for part in parts)
    return parts if is_sure else [piece]


def _is_short_for(short: str, name: str) -> bool:
    return name == short or name.startswith(f"{short} ")


def _looks_like_several(piece: str) -> bool:
    return bool(re.search(r"[,/+]|\s(?:&|and)\s", piece))


def read_route(cell: str) -> Answer[str]:
    text = plain(cell)
    if is_nothing(text) or _UNKNOWN.fullmatch(text):
        return Answer()
    named = [name for name, pattern in _ROUTES if pattern.search(text)]
    if _NEGATED.search(text) or len(set(named) - {"framework"}) > 1:
        return asked(Code.NOT_A_RULE, f"{quoted(cell)}: was it chosen by quotes, a framework, a tender, or awarded directly?")
    return Answer(named[0] if named else "other")


def read_status(cell: str) -> Answer[str]:
    """Only what is a person's word; that a contract is live is reckoned from its dates."""
    text = trimmed(plain(cell))
    for status, pattern in _STATUSES:
        if is_nothing(plain(cell)) or pattern.fullmatch(text):
            return Answer(None if is_nothing(plain(cell)) else status)
    return asked(Code.NOT_A_RULE, f"{quoted(cell)}: is the contract a draft, live, under notice, or ended?")
