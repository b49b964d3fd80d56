"""School names as people type them: folded for comparing, and how alike two of them are. Pure."""

import re
from functools import lru_cache
from typing import Final

from anyascii import anyascii
from rapidfuzz import fuzz

LONGEST_SEARCH_NAME: Final = 300  # the column's length: a name, a town and a postcode fit

SAME_WORD: Final = 60.0  # of 100: two slips in a word of six letters; below it, another word

# What one register entry spells in full and the next one shortens.
_SHORTENED: Final = (
    (re.compile(r"\bchurch of england\b|\bc of e\b|\bcofe\b"), "ce"),
    (re.compile(r"\broman catholic\b"), "rc"),
    (re.compile(r"\bsaint\b"), "st"),
)
_APOSTROPHES: Final = re.compile(r"['`\u2018\u2019]")
_NOT_WORDS: Final = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Lower-case ASCII words, one space between them: "St. Mary's (C of E)" becomes "st marys ce"."""
    plain = anyascii(_APOSTROPHES.sub("", text)).casefold().replace("&", " and ")
    folded = _NOT_WORDS.sub(" ", plain.replace("'", "")).strip()
    for long, short in _SHORTENED:
        folded = long.sub(short, folded)
    return folded


def search_name(name: str, town: str, postcode: str) -> str:
    """What a school is found by: its folded name, town and postcode, with a space before every word."""
    return f" {fold(f'{name} {town} {postcode}')} "[:LONGEST_SEARCH_NAME]


def word_parts(word: str) -> tuple[str, ...]:
    """The three-letter parts of a word that begins with a space, so that one wrong letter leaves most of them right."""
    padded = f" {word}"
    return tuple(padded[i : i + 3] for i in range(max(1, len(padded) - 2)))


def likeness(words: tuple[str, ...], candidate: str) -> float:
    """0 to 100: the mean, over the words of the search, of how well each is found among the words of ``candidate``."""
    if not words:
        return 0.0
    found = candidate.split()
    best = (max((_alike(word, other) for other in found), default=0.0) for word in words)
    return sum(score for score in best if score >= SAME_WORD) / len(words)


@lru_cache(maxsize=20_000)  # 200 candidates repeat the same few words: "primary", "school", the town
def _alike(word: str, other: str) -> float:
    return float(fuzz.ratio(word, other))
