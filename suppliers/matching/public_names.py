"""How the names of health bodies, councils and universities are read: which kind of trust or council it is says nothing of
which one it is. Pure.
"""

import re
from collections.abc import Sequence
from typing import Final

from suppliers.matching.public_bodies import places

NHS: Final = "nhs"  # the legal form of its trusts

# "NHS Foundation Trust", cut off and abbreviated in every way, is a legal form too.
_CUT: Final = "|".join("foundation"[:letters] for letters in range(3, 11))
_SLIP: Final = "fo?u?n[adotiu]{4,7}n"  # "founadtion"
_TRUST: Final = "t|tr|trs|trst|trt|tru|trus|trust|tst"
_FORM: Final = rf"(?:f|fdn|fnd|fndn|foundn|ft|nhs|{_TRUST}|{_CUT}|{_SLIP})\b"
_FORMS: Final = re.compile(  # "Moor Foundation NHS Trust", "Moor NHS", "Moor Hospitals Trust"
    rf"(?:\bfoundation )?\bnhs(?: {_FORM})+|(?<=.)(?:\bfoundation )?\bnhs$"
    rf"|(?:(?<= hospital)|(?<= hospitals)|(?<= hosp))(?: {_FORM})+$"
)
_FOUNDATION: Final = re.compile(rf"(?<=[a-z]) (?:foundation (?:{_TRUST})|ft)$")  # "Moor Teaching FT"
_MENTAL: Final = re.compile(r"\bmh\b")

_HOSPITALS: Final = frozenset({"hosp", "hospital", "hospitals"})
_OF_HOSPITALS: Final = frozenset({"hospital", "hospitals", "teaching"})
_NO_HOSPITALS: Final = frozenset({"care", "community", "health", "healthcare", "mental", "partnership", "partnerships", "social"})
_OF_HEALTH: Final = _HOSPITALS | {"foundation", "ft"}
_CARING: Final = _HOSPITALS | {"ambulance", "health", "healthcare", "mh", "nhs", "teaching"}
_GLUED: Final = re.compile(r"([a-z]{4,})?(nhs)(foundation)?(trust|trst|ft|t)?")  # "HOSPNHSTRUST"

# A place has one council but for its county's and its parish's: borough, city, district say no more of which.
_COUNCIL: Final = "council"
_KINDS: Final = frozenset({"borough", "city", "district", "mb", "metropolitan", "unitary"})
_MARKS: Final = frozenset({_COUNCIL, "borough", "city"})
_OF_LONDON: Final = (("london", "borough"), ("royal", "borough"))


def without_nhs_form(words: list[str], legal: str | None) -> tuple[list[str], str | None]:
    """The words without "NHS Foundation Trust" in any of its forms, and `NHS` as the legal form; both as they were without it."""
    if not any(NHS in word or word in _OF_HEALTH for word in words):
        return words, legal
    apart = [part for word in words for part in _apart(word)]
    read = _FORMS.sub(" ", " ".join(apart))
    if not _CARING.isdisjoint(words) or not places().isdisjoint(words):  # another foundation's trust is a charity
        read = _FOUNDATION.sub("", read)
    rest = read.split()
    return (_MENTAL.sub("mental health", " ".join(rest)).split(), NHS) if rest and len(rest) < len(apart) else (words, legal)


def _apart(word: str) -> list[str]:
    found = _GLUED.fullmatch(word) if NHS in word else None
    return [part for part in found.groups() if part] if found else [word]


def as_council(words: Sequence[str], written: Sequence[str]) -> tuple[str, ...]:
    """Any of "London Borough of Moor", "Moor Metropolitan Borough Council" and "City of Moor" as "moor council".

    ``words`` are written out and without little ones, which ``written`` has. () for no council, and where nothing changes.
    """
    if _MARKS.isdisjoint(words):
        return ()
    rest = [word for place, word in enumerate(words) if tuple(words[place : place + 2]) not in _OF_LONDON]
    is_city = len(words) == 2 and written[:2] == ["city", "of"]
    if len(rest) == len(words) and not is_city and "borough" not in words[-1:] and _COUNCIL not in words:
        return ()
    kept = [word for word in rest if word not in _KINDS]
    kept += [_COUNCIL] * (_COUNCIL not in kept)
    return tuple(kept) if len(kept) > 1 and kept != list(words) else ()


def as_university(words: Sequence[str], written: Sequence[str]) -> tuple[str, ...]:
    """For "University of Moor" the words of "Moor University"; otherwise ()."""
    return (*words[1:], words[0]) if list(written[:2]) == ["university", "of"] and len(words) > 1 else ()


def as_health_body(words: Sequence[str], legal: str | None) -> tuple[str, ...]:
    """One way to write what a place has one of: for "Moor NHS Trust" and "Moor Teaching Hospital NHS Trust" "moor hospitals", for
    "Moor Ambulance Service NHS Trust" "moor ambulance", for "NHS Moor CCG" "moor ccg"; otherwise ().
    """
    if "ccg" in words:
        kept = tuple(word for word in words if word != NHS)
    elif legal == NHS and "ambulance" in words:
        kept = tuple(word for word in words if word != "services")
    elif legal == NHS and _NO_HOSPITALS.isdisjoint(words):
        kept = (*(word for word in words if word not in _OF_HOSPITALS), "hospitals")
    else:
        return ()
    return kept if kept != tuple(words) else ()
