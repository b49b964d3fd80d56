"""Why a pair needs a person however alike it is, and what settles it without one. Pure."""

import math
from typing import Final

from suppliers.matching.identifiers import Scheme
from suppliers.matching.names import LITTLE, TITLES
from suppliers.matching.values import (
    NOTHING,
    Pair,
    compass_differs,
    differ,
    equal,
    figures_differ,
    is_public,
    legal_differs,
    on_behalf,
    one_of_a_place,
    place_differs,
)
from suppliers.matching.word_pairs import INFLECTED

DISTINCTIVE: Final = 0.7  # rarity of a word in 1 name of 3,000: "Smith Builders" is many firms
BESIDE: Final = 0.59  # of a place or a trade: "Wisbech Cleaning"
TOGETHER: Final = 1.65  # what all shared words may be worth instead: "Clearance and Clean Up", not "Smith & Sons Builders"
SETTLING: Final = (Scheme.COMPANY_NUMBER, Scheme.CHARITY_NUMBER)  # a register gives one to one body
CONFLICTING: Final = (*SETTLING, Scheme.VAT_NUMBER)


def settled_by(pair: Pair) -> str:
    """The register whose number both have, or ""."""
    return next((f"the same {scheme.value.replace('_', ' ')}" for scheme in SETTLING if equal(scheme)(pair)), "")


def any_identifier(pair: Pair) -> bool:
    return any(equal(scheme)(pair) for scheme in Scheme)


def conflict(pair: Pair) -> str:
    """Why a person has to look, or ""."""
    for scheme in CONFLICTING:
        if differ(scheme)(pair):
            return f"the {scheme.value.replace('_', ' ').replace('vat', 'VAT')}s differ"
    if on_behalf(pair):
        return "one may only be paid on the other's behalf"
    checks = ((figures_differ, "only one has that figure"), (legal_differs, "the legal forms differ"))
    places_ = ((compass_differs, "one may be another branch"), (place_differs, "one may be another place's"))
    found = next((why for check, why in (*checks, *places_) if check(pair)), "")
    return found or _of_public_bodies(pair) or ("one has another title" if _titles_differ(pair) else "")


def _of_public_bodies(pair: Pair) -> str:
    if not is_public(pair):
        return ""
    left, right = pair.names
    if not one_of_a_place(pair):
        return "another place may have one of that name"
    written = [sorted(word for word in name.exact.split() if word not in LITTLE) for name in (left, right)]
    return "" if written[0] == written[1] else "schools, councils and health bodies differ by a word"


def _titles_differ(pair: Pair) -> bool:
    left, right = (TITLES.intersection(name.exact.split()) for name in pair.names)
    return left != right


def names_alone(pair: Pair) -> str:
    """Why the names by themselves don't settle it, or "". One more word makes a sister company, one other letter a stranger."""
    extra = sorted({word for odd in pair.odd for word in odd} - NOTHING)
    if extra:
        return f"only one has: {', '.join(extra)}"
    unequal = next((sorted((a, b)) for a, b, like in pair.overlap.shared if like < INFLECTED), None)
    if unequal:
        return f"spelt differently: {' / '.join(unequal)}"
    return "" if _distinctive(pair) else "no unusual word is shared"


def _distinctive(pair: Pair) -> bool:
    """An unusual word is shared, or one less so beside another, such as a place, or many words that tell a little each."""
    rarest, worths = pair.overlap.rarest, pair.overlap.worths
    return rarest >= DISTINCTIVE or (rarest >= BESIDE and len(worths) > 1) or math.fsum(worths) >= TOGETHER
