"""Why a pair needs a person however alike it is, and what settles it without one. Pure."""

import math
from itertools import accumulate
from typing import Final

from rapidfuzz.distance import OSA

from suppliers.matching.identifiers import Scheme
from suppliers.matching.names import TITLES
from suppliers.matching.noise import WIDTHS
from suppliers.matching.public_bodies import may_recur
from suppliers.matching.public_names import NHS
from suppliers.matching.values import (
    COMPANIES,
    NOTHING,
    Pair,
    compass_differs,
    differ,
    equal,
    figures_differ,
    is_public,
    legal_differs,
    on_behalf,
    place_differs,
    shared_worths,
)
from suppliers.matching.word_pairs import COMMON, INFLECTED, INITIALS, SHORTEST_COMMON_SLIP, SHORTEST_TYPO, TEN_TIMES

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
    if _may_recur(pair) and not _same_company(pair):
        return "another place may have one of that name"
    return "" if _same_words(pair) or _cut_at_width(pair) else "schools, councils and health bodies differ by a word"


def _may_recur(pair: Pair) -> bool:
    return any(name.legal != NHS and may_recur(name.loose, pair.rarity) for name in pair.names)


def _same_words(pair: Pair) -> bool:
    """Each word of either has its answer: the same word, in full, in the plural or written apart, in whatever order."""
    answers = pair.overlap.shared
    return not any(pair.odd) and not any(answer[2] == INITIALS or is_unequal(pair, *answer) for answer in answers)


def is_unequal(pair: Pair, left: str, right: str, like: float) -> bool:
    """Two words that may be two: spelt differently, unless one is an ordinary word, and the other a slip or a beginning of it."""
    if like >= INFLECTED:
        return False
    common, odd = sorted((left, right), key=pair.rarity)
    is_slip = len(common) >= SHORTEST_COMMON_SLIP and OSA.distance(common, odd, score_cutoff=1) == 1
    is_cut = len(odd) >= SHORTEST_TYPO and common.startswith(odd)
    return not (is_slip or is_cut) or pair.rarity(common) >= COMMON or pair.rarity(odd) - pair.rarity(common) < TEN_TIMES


def _cut_at_width(pair: Pair) -> bool:
    """One name fills a column that finance systems have, and breaks off there within a word of the other."""
    shorter, longer = sorted(pair.names, key=lambda name: len("".join(name.loose)))
    read = "".join(shorter.loose)
    if len(shorter.display) not in WIDTHS or not "".join(longer.loose).startswith(read):
        return False
    return len(read) not in accumulate(map(len, longer.loose))


def _titles_differ(pair: Pair) -> bool:
    left, right = (TITLES.intersection(name.exact.split()) for name in pair.names)
    return left != right


def names_alone(pair: Pair) -> str:
    """Why the names by themselves don't settle it, or "". One more word makes a sister company, one other letter a stranger."""
    if _cut_at_width(pair):
        return "" if _distinctive(pair) else "no unusual word is shared"
    extra = sorted({word for odd in pair.odd for word in odd} - NOTHING)
    if extra:
        return f"only one has: {', '.join(extra)}"
    unequal = next((sorted((a, b)) for a, b, like in pair.overlap.shared if is_unequal(pair, a, b, like)), None)
    if unequal:
        return f"spelt differently: {' / '.join(unequal)}"
    return "" if _distinctive(pair) or _same_company(pair) or _of_one_place(pair) else "no unusual word is shared"


def _of_one_place(pair: Pair) -> bool:
    """A place has one council, one university, one health trust of that name."""
    return is_public(pair) and not _may_recur(pair) and any(is_place for _, is_place in shared_worths(pair))


def _same_company(pair: Pair) -> bool:
    left, right = pair.names
    return left.exact == right.exact and left.legal == right.legal and left.legal in COMPANIES


def _distinctive(pair: Pair) -> bool:
    """An unusual word is shared, or one less so beside another, such as a place, or many words that tell a little each."""
    rarest, worths = pair.overlap.rarest, pair.overlap.worths
    return rarest >= DISTINCTIVE or (rarest >= BESIDE and len(worths) > 1) or math.fsum(worths) >= TOGETHER
