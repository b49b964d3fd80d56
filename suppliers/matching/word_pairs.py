"""Which word of one name answers which of another: the same, written apart, initials, inflected, cut off or misspelt. Pure.

Likeness runs from 0 to 1. What each kind is worth was chosen on the labelled pairs, and a tenth more or less hardly matters. It
does matter that two words which many names have are two words: Bedford is not Bradford misspelt.
"""

from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Final

from rapidfuzz.distance import OSA

Rarity = Callable[[str], float]
Shared = tuple[str, str, float]  # left word or words, right word or words, likeness

INFLECTED: Final = 0.95  # hospital, hospitals
INITIALS: Final = 0.97  # cvs: community voluntary services
PREFIX: Final = 0.85  # foundat: foundation
SHORT_INITIALS: Final = 0.8  # ha: housing association
STEM: Final = 0.75  # consultants, consulting
ABBREVIATED: Final = 0.7  # hlth: health
PREFIX_KNOWN: Final = 0.5  # health, healthcare: each a word of its own; or less than half of the other
CLOSE: Final = 0.75  # three letters in four, a swap counting once

SHORTEST_TYPO: Final = 4  # letters: DSR and DSM are two firms, not one misspelt
SHORTEST_COMMON_SLIP: Final = 7
SHORTEST_OTHER_LETTER: Final = 6  # ARCO and ARJO are two firms, as are phase3b and phase3c; ACRO may be ARCO
SHORTEST_CUT: Final = 3
SHORTEST_STEM: Final = 5
ENDINGS: Final = frozenset({  # of one word that a stem of five letters may have: consultants, consulting; not hospital, hospice
    "able", "al", "als", "an", "ance", "ancy", "ans", "ant", "ants", "ar", "ary", "ate", "ated", "ates", "ation", "ce",
    "ces", "cian", "cs", "cy", "d", "e", "ed", "en", "ent", "ents", "er", "eries", "ers", "ery", "es", "ial", "ian", "ians",
    "ic", "ical", "ics", "ied", "ier", "ies", "ing", "ings", "ion", "ions", "ise", "ised", "iser", "ish", "ism", "ist",
    "ists", "ity", "ive", "ives", "ize", "ized", "izer", "ly", "ment", "or", "ors", "ory", "ous", "r", "rs", "ry", "s",
    "ship", "t", "ts", "ure", "y",
})  # fmt: skip
SHORTEST_ACRONYM: Final = 3
LONGEST_ACRONYM: Final = 6  # letters: longer ones are words
KNOWN: Final = 0.86  # rarity of a word in five names of the vocabulary
COMMON: Final = 0.75  # in some twenty
TEN_TIMES: Final = 0.2  # by how much a word is less rare that is in ten times as many names
SIX_TIMES: Final = 0.154
NUMERALS: Final = {
    "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight", "9": "nine",
    "10": "ten", "1st": "first", "2nd": "second", "3rd": "third",
}  # fmt: skip
VOWELS: Final = frozenset("aeiou")


def aligned(left_over: Sequence[str], right_over: Sequence[str], rarity: Rarity) -> list[Shared]:
    """Pairs of what is left over on both sides, each word at most once; swapping the sides swaps the pairs, nothing else.

    Runs of words come first (written apart, initials), then single words, the likest first; ties go by spelling.
    """
    runs = [*_runs(left_over, right_over, rarity), *((b, a, like) for a, b, like in _runs(right_over, left_over, rarity))]
    likely = [(a, b, like) for a in left_over for b in right_over if (like := likeness(a, b, rarity))]
    if len(runs) + len(likely) < 2:
        return runs or likely
    found: list[Shared] = []
    used_left: set[str] = set()
    used_right: set[str] = set()
    for a, b, like in (*sorted(runs, key=_likest), *sorted(likely, key=_likest)):
        lefts, rights = a.split(), b.split()
        if used_left.isdisjoint(lefts) and used_right.isdisjoint(rights):
            found.append((a, b, like))
            used_left.update(lefts)
            used_right.update(rights)
    return found


def each_surely_own(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether each has a word that nothing of the other can answer, by a glance at letters; ``aligned`` may find more such."""
    left_over = [word for word in left if word not in right]
    right_over = [word for word in right if word not in left]
    own = _has_own(left_over, right_over) and _has_own(right_over, left_over)
    return own and not _may_be_initials(left_over, right) and not _may_be_initials(right_over, left)


def _has_own(words: Sequence[str], others: Sequence[str]) -> bool:
    for word in words:
        for other in others:
            if _may_answer(word, other):
                break
        else:
            return bool(others)
    return False


def _may_answer(word: str, other: str) -> bool:
    """Whether they begin alike, one is a part of the other or of its initials, or a numeral, or misspelt."""
    if word[0] == other[0] or word in other or (len(other) <= LONGEST_ACRONYM and word[0] in other):
        return True
    if NUMERALS.get(word) == other or NUMERALS.get(other) == word:
        return True
    return OSA.normalized_similarity(word, other, score_cutoff=CLOSE) > 0


def _may_be_initials(words: Sequence[str], whole: Sequence[str]) -> bool:
    initials = "".join([word[0] for word in whole])
    return any(len(word) >= SHORTEST_ACRONYM and initials.startswith(word) for word in words)


def _likest(pair: Shared) -> tuple[float, list[str]]:
    return -pair[2], sorted(pair[:2])


def whole_initials(over: Sequence[str], other: Sequence[str], rarity: Rarity) -> str:
    """A left-over word that spells the initials of the whole other list ("ypo"), or ""."""
    if len(other) < SHORTEST_ACRONYM:
        return ""
    initials = "".join([word[0] for word in other])
    return next(
        (word for word in over if len(word) >= SHORTEST_ACRONYM and initials.startswith(word) and rarity(word) > COMMON), ""
    )


def _runs(words: Sequence[str], others: Sequence[str], rarity: Rarity) -> list[Shared]:
    """Each of ``words`` that is a run of the other side's words put together, or its initials."""
    if len(others) < 2:
        return []
    initials = "".join([other[0] for other in others])
    found: list[Shared] = []
    for word in words:
        if word[0] not in initials:
            continue
        if run := _put_together(word, others):
            found.append((word, run, 1.0))
        start = initials.find(word) if 2 <= len(word) <= LONGEST_ACRONYM else -1
        if start >= 0:
            run_of = others[start : start + len(word)]
            if len(word) >= SHORTEST_ACRONYM:
                found += [(word, " ".join(run_of), INITIALS)] if rarity(word) > COMMON else []
            elif max(map(rarity, run_of)) < COMMON:  # two letters tell little: only of ordinary words
                found.append((word, " ".join(run_of), SHORT_INITIALS))
    return found


def _put_together(word: str, others: Sequence[str]) -> str:
    for start in range(len(others) - 1):
        run, end = others[start], start + 1
        while word.startswith(run) and end < len(others):
            run += others[end]
            end += 1
            if run == word:
                return " ".join(others[start:end])
    return ""


def likeness(a: str, b: str, rarity: Rarity) -> float:
    """How alike two words are: 0 unless one is the other inflected, cut off, abbreviated or misspelt; figures never are.

    A numeral and its word are the same to the law of company names (SI 2015/17, regulation 7 and schedule 3).
    """
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if NUMERALS.get(short) == long:
        return 1.0
    if short[0] != long[0]:  # of most words, which ends here
        return _misspelt(short, long, rarity) if max(rarity(short), rarity(long)) >= 1 and _same_figures(a, b) else 0.0
    if len(short) < SHORTEST_CUT or not _same_figures(a, b):
        return 0.0
    if long in (short + "s", short + "es"):
        return INFLECTED
    return _of_one_beginning(short, long, rarity)


def _of_one_beginning(short: str, long: str, rarity: Rarity) -> float:
    both_known = max(rarity(short), rarity(long)) < KNOWN
    if long.startswith(short):
        return PREFIX_KNOWN if both_known or len(long) > 2 * len(short) else PREFIX
    if both_known:
        return _stem(short, long) or _slip_of_a_common_word(short, long, rarity)
    return _abbreviated(short, long) or _misspelt(short, long, rarity)


def _same_figures(a: str, b: str) -> bool:
    """Both are spelt, with the same figures in them if any: "place2be", "plaec2be"."""
    if a.isalpha() and b.isalpha():
        return True
    figures = [[letter for letter in word if letter.isdigit()] for word in (a, b)]
    return figures[0] == figures[1] and len(figures[0]) < min(len(a), len(b))


def _stem(short: str, long: str) -> float:
    stem = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(short, long, strict=False)))
    return STEM if stem >= SHORTEST_STEM and {short[stem:], long[stem:]} <= ENDINGS else 0.0


def _abbreviated(short: str, long: str) -> float:
    """Without its vowels: the letters that are left occur in the word in their order, the first and the last at its ends."""
    rest = iter(long)
    fits = short[-1] == long[-1] and VOWELS.isdisjoint(short[1:])
    return ABBREVIATED if fits and all(letter in rest for letter in short) else 0.0


def _slip_of_a_common_word(short: str, long: str, rarity: Rarity) -> float:
    """Many write "enviromental" and ten times as many "environmental": one slip, not a word of its own.

    Six times where a letter is left out or added, as in "intergrated": a letter for another makes another word sooner, as Iceland
    and Ireland.
    """
    least = TEN_TIMES if len(short) == len(long) else SIX_TIMES
    often = len(short) >= SHORTEST_COMMON_SLIP and abs(rarity(short) - rarity(long)) >= least
    return OSA.normalized_similarity(short, long) if often and OSA.distance(short, long, score_cutoff=1) == 1 else 0.0


def _misspelt(short: str, long: str, rarity: Rarity) -> float:
    """The first letter is rarely the wrong one: then one of the two must be a word that nobody has."""
    if len(short) < SHORTEST_TYPO or (short[0] != long[0] and max(rarity(short), rarity(long)) < 1):
        return 0.0
    spelt = len(short) >= SHORTEST_OTHER_LETTER and short.isalpha()
    if len(short) == len(long) and not spelt and sorted(short) != sorted(long):
        return 0.0
    found: float = OSA.normalized_similarity(short, long, score_cutoff=CLOSE)
    return found
