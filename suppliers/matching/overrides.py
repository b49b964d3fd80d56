"""Why a pair needs a person however alike it is, and what settles it without one. Pure."""

from typing import Final

from suppliers.matching.features import (
    Pair,
    compass_differs,
    differ,
    equal,
    figures_differ,
    is_public,
    legal_differs,
    place_differs,
)
from suppliers.matching.identifiers import Scheme
from suppliers.matching.word_pairs import INFLECTED

DISTINCTIVE: Final = 0.7  # rarity of a word in 1 name of 3,000: "Smith Builders" is many firms
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
    kinds = (pair.left.kind, pair.right.kind, *(alias.kind for name in pair.names for alias in name.aliases))
    if any(kind and not kind.is_own_name for kind in kinds):
        return "one may only be paid on the other's behalf"
    checks = ((figures_differ, "only one has that figure"), (legal_differs, "the legal forms differ"))
    places_ = ((compass_differs, "one may be another branch"), (place_differs, "one may be another place's"))
    found = next((why for check, why in (*checks, *places_) if check(pair)), "")
    return found or ("schools, councils and health bodies differ by a word" if is_public(pair) else "")


def names_alone(pair: Pair) -> str:
    """Why the names by themselves don't settle it, or "". One more word makes a sister company, one other letter a stranger."""
    extra = sorted({word for odd in pair.odd for word in odd})
    if extra:
        return f"only one has: {', '.join(extra)}"
    unequal = next((sorted((a, b)) for a, b, like in pair.overlap.shared if like < INFLECTED), None)
    if unequal:
        return f"spelt differently: {' / '.join(unequal)}"
    return "no unusual word is shared" if pair.overlap.rarest < DISTINCTIVE else ""
