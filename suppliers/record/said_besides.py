"""What is typed besides a need: for which school it is, how it is bought, where it goes. Pure.

Titles of tenders have all of it ("Larkfield School - Catering Tender 2026"), and a search is asked for them too. Nothing is
taken away for good: what is left is looked for as well (`suppliers.record.taxonomy.find`).
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

# What a school's name ends in, and what stands before that in many of them.
_ENDS: Final = frozenset({
    "school", "schools", "academy", "academies", "college", "primary", "infants", "juniors", "federation", "trust",
})  # fmt: skip
_PARTS: Final = frozenset({
    "high", "grammar", "secondary", "infant", "junior", "nursery", "first", "middle", "upper", "lower", "community", "special",
    "church", "england", "cofe", "ce", "rc", "catholic", "roman", "methodist", "voluntary", "aided", "controlled", "foundation",
    "girls", "boys", "the", "and", "of", "a", "multi", "learning", "education",
})  # fmt: skip
_SAINTS: Final = frozenset({"st", "saint", "ss"})
_WHERE: Final = frozenset({"for", "to", "at", "in", "by"})
_BOUGHT: Final = re.compile(
    r"\b(?:(?:re-?)?tender(?:s|ing)?|contracts?|framework(?: agreement)?s?|procurement|renewals?|quotations?|invitation"
    r"|itt|rfq|rfp|(?:due|up) for|(?:going |gone )?out to)\b"
    r"|\b\w+[- ]based\b"  # "cloud-based telephony"
    r"|\([^)]*\)",  # "Roof replacement (CIF)"
    re.IGNORECASE,
)
_PIECES: Final = re.compile(r"(\s+[-\u2013\u2014|~/]+\s+|\s*:\s+)")  # "Larkfield School - Catering": the name, and what is needed
_BRACKETS: Final = re.compile(r"\([^)]*\)")
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_HELP: Final = re.compile(r"\b(?:help|consultan\w+|writ\w+|run|manage)\b.*\btender|\bprocurement help\b", re.IGNORECASE)
_TRUST: Final = re.compile(  # a name in capitals with a need behind it: "Aspire Academy Trust Supply Agency Services"
    r"^(?:[A-Z][\w'\u2019]*\s+)+(?:Academy|Academies|Learning|Education|Schools)\s+(?:Trust|Federation)\s+(?=\w)"
)
_SENTENCE: Final = re.compile(  # who is meant, or what they do: a title and "canopy for early years" have none of these
    r"\b(?:we|i|our|my|us|who|is|are|was|were|has|have|had|do|does|did|need|needs|want|can|you|your)\b", re.IGNORECASE
)
_BEHIND: Final = re.compile(r"\s(?:for|to|at|in|near|on)\s.*", re.IGNORECASE | re.DOTALL)


def without_schools(text: str, is_known: Callable[[str], bool]) -> str:
    """Without the names of schools; ``is_known`` says of a word in lower case whether a need has it."""
    pieces = _PIECES.split(text)
    if len(pieces) > 1:
        pieces = ["" if _ends_as_a_name(piece) else piece for piece in pieces]
    return "".join(_without_name(_TRUST.sub("", piece), is_known) for piece in pieces).strip()


def without_buying(text: str) -> str:
    """Without words that say how it is bought or run, and what stands in brackets: tender, contract, "cloud-based".

    With "help with a catering tender" it is the tender that is needed.
    """
    return text if _HELP.search(text) else _BOUGHT.sub(" ", text).strip()


def head(text: str) -> str:
    """What stands before the first "for" or "to": "coach" of "coach to the theatre"."""
    return _BEHIND.sub("", text)


def is_sentence(text: str) -> bool:
    """Somebody tells something, such as "we have money for tablets"; what stands before "for" is then no need."""
    return bool(_SENTENCE.search(text))


def _ends_as_a_name(piece: str) -> bool:
    """A piece by itself that ends in "School" or "Trust" is a name, whatever is before: "The Oaks Academy Trust"."""
    words = [word.casefold() for word in _WORD.findall(_BRACKETS.sub(" ", piece))]
    return len(words) > 1 and words[-1] in _ENDS and not _WHERE & set(words)


def _without_name(piece: str, is_known: Callable[[str], bool]) -> str:
    found = list(_WORD.finditer(piece))
    words = [re.sub(r"['\u2019]", "", one[0]).casefold() for one in found]
    last = max((at for at, word in enumerate(words) if word in _ENDS), default=None)
    first = None if last is None else _first_of_name(words[:last], is_known)
    return piece if first is None or last is None else f"{piece[: found[first].start()]} {piece[found[last].end() :]}"


def _first_of_name(before: Sequence[str], is_known: Callable[[str], bool]) -> int | None:
    """Behind "for" or "at", or the first word that no need has; None where there is no such word, as in "forest school"."""
    start = max((at + 1 for at, word in enumerate(before) if word in _WHERE), default=0)
    names = [
        at for at, word in enumerate(before) if at >= start and word not in _PARTS and (word in _SAINTS or not is_known(word))
    ]
    return (start or names[0]) if names else None
