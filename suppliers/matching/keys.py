"""The keys under which a supplier is filed, so that a question about it finds it however it is spelt.

Words, neighbours run together (cool milk = coolmilk), `=` and the whole name run together, `^initials`, identifiers with
their scheme. Words are also spelt with one letter left out, and by how they begin, to lead from a slip or a half-typed
word to the word itself. Pure.
"""

from collections.abc import Iterable
from itertools import pairwise
from string import ascii_lowercase
from typing import Final

from suppliers.matching.identifiers import NO_IDENTIFIERS, Identifiers
from suppliers.matching.names import Name
from suppliers.matching.word_pairs import KNOWN, LONGEST_ACRONYM, SHORTEST_ACRONYM, SHORTEST_TYPO, Rarity

WHOLE: Final = "="  # marks a whole name; no word has such a sign in it
SLIP: Final = "~"  # marks a word with one letter left out
START: Final = ">"  # marks how a word begins
STARTS: Final = (4, 6)  # letters of it: a question reads the longest that was typed, and guesses from nothing shorter
END: Final = "<"  # marks how a word ends, by as many letters as the shorter beginning
HEAD: Final = "["  # marks how a whole name begins, run together
CUT: Final = "("  # marks a head with one letter left out
TAIL: Final = "]"  # marks how it ends
LONG: Final = 6  # letters that are left of a word with two slips, so that it can be told from others
OF_WHOLE: Final = 6  # letters of either; a name hardly longer is all there in both
LONGEST_SPELT: Final = 20  # letters; a longer "word" is a web address or something pasted, with as many spellings as letters
MOST_FIGURES: Final = 2  # in a word that is spelt
LONGEST_KEY: Final = 80  # letters of a whole name that tell it from others; an index row has its limits


def keys(name: Name, identifiers: Identifiers = NO_IDENTIFIERS) -> frozenset[str]:
    """The keys of one name and its aliases; an identifier's is like `company_number:01234567`."""
    found = {f"{scheme}:{value}" for scheme, value in identifiers.items()}
    for reading in readings(name):
        found.update(reading.loose)
        found.update(a + b for a, b in pairwise(reading.loose))
        found.update((whole(reading), initials(reading.loose)))
    found.discard("")
    return frozenset(found)


def filed_under(name: Name, identifiers: Identifiers = NO_IDENTIFIERS) -> frozenset[str]:
    """All that an index keeps: `keys`, and the two ends of each reading; a slip or a lost space spoils only one of them.

    The head is also spelt with one letter left out, because a short word in front ("FWS Consultants") has no slips of its own.
    """
    ends: set[str] = set()
    for reading in readings(name):
        joined = "".join(reading.loose)
        if len(joined) > OF_WHOLE:
            head = joined[:OF_WHOLE]
            ends.update((HEAD + head, TAIL + joined[-OF_WHOLE:]))
            ends.update([CUT + head[:i] + head[i + 1 :] for i in range(OF_WHOLE)])
    return keys(name, identifiers) | ends


def readings(name: Name) -> tuple[Name, ...]:
    """The name, then those of its aliases."""
    return (name, *(alias.name for alias in name.aliases)) if name.aliases else (name,)


def words(names: Iterable[Name]) -> set[str]:
    return {word for name in names for reading in readings(name) for word in reading.loose}


def whole(name: Name) -> str:
    return WHOLE + "".join(name.loose)[:LONGEST_KEY] if name.loose else ""


def initials(loose: tuple[str, ...]) -> str:
    """^ypo, both for "Yorkshire Purchasing Organisation" and for "YPO Ltd"."""
    if len(loose) >= SHORTEST_ACRONYM:
        return "^" + "".join([word[0] for word in loose])
    return "^" + loose[0] if loose and SHORTEST_ACRONYM <= len(loose[0]) <= LONGEST_ACRONYM else ""


def signatures(word: str) -> frozenset[str]:
    """The word, and the word with each one letter left out: words one slip apart share one. Empty for short words and codes."""
    return frozenset([word, *one_less(word)]) if may_slip(word) else frozenset()


def one_less(word: str) -> list[str]:
    """The word with each one letter left out."""
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


def may_slip(word: str) -> bool:
    return SHORTEST_TYPO <= len(word) <= LONGEST_SPELT and is_spelt(word)


def is_spelt(word: str) -> bool:
    """A word, also with a figure or two in it ("place2be"): what is all figures, or nearly, is not spelt but counted."""
    return word.isalpha() or (sum(map(str.isdigit, word)) <= MOST_FIGURES and sum(map(str.isalpha, word)) >= SHORTEST_TYPO)


def ways_to(word: str) -> frozenset[str]:
    """Every key that leads to the word: its slips, how it begins, how it ends."""
    slips = signatures(word)
    return (
        frozenset({SLIP + slip for slip in slips} | {START + word[:n] for n in STARTS if len(word) >= n} | ends(word))
        if slips
        else slips
    )


def spellings(word: str) -> frozenset[str]:
    """What a typed word shares with those that it may be a slip of; three letters may be a word of four with one lost."""
    return signatures(word) or frozenset({word} if len(word) == SHORTEST_TYPO - 1 and word.isalpha() else ())


def ways_from(word: str) -> frozenset[str]:
    """The keys that lead from a word that somebody typed to those that it may be a slip of."""
    return frozenset({SLIP + slip for slip in spellings(word)} | ends(word))


def ways_from_afar(word: str) -> frozenset[str]:
    """As ``ways_from``, for a word with two letters missing or too many: some hundreds, since one put in meets one left out."""
    if len(word) < LONG or not signatures(word):
        return frozenset()
    one_more = {word[:i] + letter + word[i:] for i in range(len(word) + 1) for letter in ascii_lowercase}
    two_less = {slip[:i] + slip[i + 1 :] for slip in signatures(word) for i in range(len(slip))}
    return frozenset(SLIP + slip for slip in one_more | two_less)


def apart(word: str, rarity: Rarity) -> tuple[str, ...]:
    """The two words that may have been written as one; one, the longer the better, is in many names. Empty for none."""
    halves = [(word[:i], word[i:]) for i in range(SHORTEST_TYPO, len(word) - SHORTEST_TYPO + 1)]
    known = [(len(half), pair) for pair in halves for half in pair if rarity(half) < KNOWN]
    return max(known)[1] if known else ()


def ends(word: str) -> set[str]:
    """The keys of a word's beginning and end: a word with several slips in one half still shares the other's."""
    return {START + word[: STARTS[0]], END + word[-STARTS[0] :]} if len(word) >= STARTS[0] else set()


def start(typed: str) -> str:
    """The key of the words that a half-typed one may become, or "" where that could be anything."""
    length = max((n for n in STARTS if len(typed) >= n), default=0)
    return START + typed[:length] if length else ""
