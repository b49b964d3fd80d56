"""What a line of term dates is about: a term or a half of one, half-term, INSET, a holiday. Every word has to be known. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contracts.register_file.wording import some, words_of


class About(StrEnum):
    TERM = "term"  # from its first day to its last, or one half of it
    TERM_STARTS = "term starts"
    TERM_ENDS = "term ends"
    HALF_TERM = "half-term"  # days off, or a half: its length tells
    HALF_TERM_STARTS = "half-term starts"  # its first day off
    HALF_TERM_ENDS = "half-term ends"  # its last day off
    LAST_BEFORE_HALF_TERM = "last day before half-term"
    FIRST_AFTER_HALF_TERM = "first day after half-term"
    INSET = "INSET"
    CLOSED = "closed"
    HOLIDAY = "holiday"  # outside the terms, or a bank holiday: nothing is taken of it
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Label:
    about: About
    season: str = ""  # autumn | spring | summer
    number: int | None = None  # of a half of the season's term, or without a season of the term


_ONE_WORD: Final = (
    (re.compile(r"half[ -]?terms?\b|mid[ -]?term\b"), " halfterm "),
    (re.compile(r"non[ -]?pupil|pupil[ -]free|non[ -]?contact"), " inset "),
    (re.compile(r"in[ -]service|c?pd\b|p\.?d\.? day|(?:staff|teacher|teachers)['s]* (?:training|development)"), " inset "),
    (re.compile(r"break(?:s|ing)? up|close(?:s|d)? for"), " breaksup "),
    (re.compile(r"(?:go(?:es)?|come(?:s)?) back|back to school|return(?:s)? to school|re-?opens?|returns?"), " returns "),
    (
        re.compile(
            r"(?:early |late )?(?:may|spring|summer|august|christmas|easter) (?:day )?bank holidays?"
            r"|(?:early )?may day(?: bank holiday| holiday)?|bank holidays?|good friday|easter (?:sun|mon)day|boxing day"
            r"|christmas (?:day|eve)|new year'?s (?:day|eve)|st andrew'?s day|st patrick'?s day"
        ),
        " bankholiday ",
    ),
)
_NUMBERS: Final = {"1st": 1, "first": 1, "one": 1, "i": 1, "2nd": 2, "second": 2, "two": 2, "ii": 2} | {
    str(n): n for n in range(1, 7)
}
_SEASONS: Final = {name: name for name in ("autumn", "spring", "summer")} | {
    "michaelmas": "autumn",
    "lent": "spring",
    "trinity": "summer",
}
_STARTS: Final = some("start starts starting begin begins beginning opens open opening commences commence first")
_ENDS: Final = some("end ends ending finish finishes close closes closing last")
_INSET: Final = some("inset training development professional staff teacher teachers teachers' twilight")
_HOLIDAY: Final = some("holiday holidays break vacation recess christmas easter winter october february")
_CLOSED: Final = some("closed occasional closure shut")
_FILLER: Final = some(
    "of the for to at from on in and all is are a no only & school schools pupil pupils children students student day days term"
    " terms date dates half year years academic groups week inclusive"
)
_MONTHS: Final = some("january february march april may june july september october november december")
_KNOWN: Final = (
    _STARTS | _ENDS | _INSET | _HOLIDAY | _CLOSED | _FILLER | _MONTHS | frozenset(_NUMBERS) | frozenset(_SEASONS)
    | some("halfterm inset bankholiday breaksup returns before after")
)  # fmt: skip


def label_of(words: str) -> Label:
    """``words`` are in small letters, without dates. UNKNOWN where a word is not known, or they say nothing of this."""
    for pattern, word in _ONE_WORD:
        words = pattern.sub(word, words)
    there = words_of(words.replace("-", " "))
    if not there or set(there) - _KNOWN:
        return Label(About.UNKNOWN)
    seasons = {_SEASONS[word] for word in there if word in _SEASONS}
    numbers = {_NUMBERS[word] for word in there if word in _NUMBERS and not (word == "first" and "day" in there)}
    about = _about(frozenset(there))
    if about is not About.HOLIDAY and about is not About.INSET and (len(seasons) > 1 or len(numbers) > 1):
        return Label(About.UNKNOWN)
    is_single = len(seasons) == 1 and len(numbers) <= 1
    return Label(about, seasons.pop() if is_single else "", numbers.pop() if len(numbers) == 1 else None)


def _about(there: frozenset[str]) -> About:
    if "inset" in there or there & (_INSET - some("staff teacher teachers teachers'")):
        return About.INSET
    if "bankholiday" in there:
        return About.HOLIDAY
    if "halfterm" in there:
        return _about_half_term(there)
    if there & _HOLIDAY and not there & (_STARTS | _ENDS | some("returns")):
        return About.HOLIDAY
    if there & some("term terms") or there & frozenset(_SEASONS):
        return _about_a_term(there)
    return About.CLOSED if there & _CLOSED else About.UNKNOWN


def _about_half_term(there: frozenset[str]) -> About:
    if "breaksup" in there or ("before" in there and "last" in there):
        return About.LAST_BEFORE_HALF_TERM
    if "returns" in there or ("after" in there and there & _STARTS):
        return About.FIRST_AFTER_HALF_TERM
    if there & some("before after"):
        return About.UNKNOWN
    starts, ends = there & (_STARTS - {"first"}), there & (_ENDS - {"closes", "close"})
    if starts and ends:
        return About.UNKNOWN
    return About.HALF_TERM_STARTS if starts else About.HALF_TERM_ENDS if ends else About.HALF_TERM


def _about_a_term(there: frozenset[str]) -> About:
    if there & (_HOLIDAY | some("before after")):
        return About.UNKNOWN
    starts = there & (_STARTS - {"first"}) or some("first day") <= there or "returns" in there
    ends = there & _ENDS or "breaksup" in there
    if starts and ends:
        return About.UNKNOWN
    return About.TERM_STARTS if starts else About.TERM_ENDS if ends else About.TERM
