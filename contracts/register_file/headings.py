"""What a heading says that its column holds. It is understood when every word of it is: "Insurance expiry" is no end date."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from contracts.clock.periods import Unit
from contracts.register_file.heading_words import (
    ALIEN,
    CORES,
    FILL,
    IN_BRACKETS,
    MONEY,
    MONTHLY,
    NEUTRAL,
    PERSONS,
    QUARTERLY,
    TERMLY,
    THOUSANDS,
    TITLES,
    TOTAL,
    VOCABULARY,
    WITH_TITLES,
    YEARLY,
)
from contracts.register_file.periods import named_unit

LONGEST: Final = 120
GROUP_WORDS: Final = 3  # of a heading above others; a longer text is a title
LIKE: Final = 86  # of 100
SHORT: Final = 5  # letters: a word as short has to be exact


class Field(StrEnum):
    TITLE = "title"
    DESCRIPTION = "description"
    SUPPLIER = "supplier"
    START = "start"
    END = "end"
    RENEWAL_DAY = "renewal_day"
    TERM = "term"
    EXTENSIONS = "extensions"
    NOTICE = "notice"
    METHOD = "method"
    RENEWAL = "renewal"
    ROLL = "roll"  # by how much it renews, beside a column that says whether it does
    FREQUENCY = "frequency"  # how often it is paid
    ANNUAL = "annual"
    TOTAL = "total"
    SUM = "sum"  # a value, cost or price that doesn't say of how long
    ROUTE = "route"
    OFFICER = "officer"
    SCHOOLS = "schools"
    STATUS = "status"
    NOTES = "notes"
    REFERENCE = "reference"
    TRIGGER = "trigger"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Meaning:
    """``rank``: of several columns of a field the lowest is taken. ``times``: how often a year the sum is paid."""

    field: Field
    rank: int = 0
    times: int | None = None
    thousands: bool = False
    unit: Unit | None = None
    month_first: bool = False  # the heading says that days are written so, which can't be told from ours
    is_in_doubt: bool = False  # other days of the sheet are (date_order.py)
    is_length: bool = False  # a renewal column whose bare period is how long it renews for


_MONTH_FIRST: Final = re.compile(r"\bmm?\W*dd?\b")


@lru_cache(maxsize=4_096)
def meaning(heading: str) -> Meaning | None:
    """None for a heading that isn't understood as a whole."""
    if len(heading) > LONGEST:
        return None
    text = _prepared(heading)
    bracketed = [word for found in re.findall(r"[(\[]([^)\]]*)[)\]]?", text) for word in _words(found)]
    with_all = _words(text)
    found = _of_words(with_all)
    if found is None and bracketed and set(bracketed) <= IN_BRACKETS:
        found = _of_words(_words(re.sub(r"[(\[][^)\]]*[)\]]?", " ", text)))
    if found is None:
        return None
    if _MONTH_FIRST.search(text):
        return replace(found, month_first=True)
    if found.field in {Field.NOTICE, Field.TERM, Field.EXTENSIONS}:
        return Meaning(found.field, found.rank, unit=named_unit(set(with_all) - {"term", "terms"}))
    if found.field in {Field.ANNUAL, Field.TOTAL, Field.SUM}:
        return Meaning(found.field, found.rank, found.times, thousands=bool(set(with_all) & THOUSANDS))
    return found


def is_alien(group: str) -> bool:
    """Whether a heading above others is about something else than the contract: its insurance, its predecessor."""
    words = _words(_prepared(group))
    return len(words) <= GROUP_WORDS and bool(set(words) & ALIEN)


def _prepared(heading: str) -> str:
    text = heading.casefold().replace("’", "'").replace("'s", "").replace("'", "")
    text = re.sub(r"\bp[./]\s?a\b\.?", " pa ", text)
    text = re.sub(r"\bp\.\s?c\.\s?m\b\.?", " pcm ", text)
    text = re.sub(r"\bs\.?l\.?a\b\.?", " sla ", text)
    return text.replace("£", " £ ").replace("&", " and ")


def _words(text: str) -> list[str]:
    return [_spelt(word) for word in re.findall(r"[a-z0-9£]+", text)]


def _spelt(word: str) -> str:
    if word in VOCABULARY or len(word) <= SHORT or word.isdigit():
        return word
    found = process.extractOne(word, VOCABULARY, scorer=fuzz.ratio, score_cutoff=LIKE)
    return found[0] if found and len(found[0]) > SHORT else word


def _of_words(every: list[str]) -> Meaning | None:
    words = set(every)
    if not words:
        return None
    if words - NEUTRAL == {"awarded", "to"}:
        return Meaning(Field.SUPPLIER, rank=1)
    if found := _date_or_trigger(words) or _sum(words) or _person(words):
        return found
    for name, core, allowed in CORES:
        if name == "method" and not words & SERVED:
            continue
        if words & core and not words - core - allowed - NEUTRAL:
            return Meaning(Field(name), rank=len(words - core - NEUTRAL), is_length=name == "renewal" and _is_length(words))
    return _title(words)


def _is_length(words: set[str]) -> bool:
    return bool(
        words
        & {"period", "length", "auto", "autorenew", "autorenewal", "automatic", "automatically", "rolling", "rollover", "rolls"}
    )


def _date_or_trigger(words: set[str]) -> Meaning | None:
    rest = words - NEUTRAL
    if words & {"notice", "cancel", "cancellation"} and words & {"date", "by", "deadline", "latest"} and not rest - _NOTICE_DATE:
        return Meaning(Field.TRIGGER)
    if rest == {"termination"} and "date" in words:
        return Meaning(Field.END, rank=3)
    if words & {"notice", "termination"} and words & {"renewal", "renewals"} and not rest - _NOTICE_AND_RENEWAL:
        return Meaning(Field.NOTICE, rank=5)
    if words & {"renewal", "renew", "renews", "renewed"} and words & {"date", "expiry", "end"} and not rest - _RENEWAL_DATE:
        return Meaning(Field.RENEWAL_DAY)
    starts, ends = words & CORE_OF["start"], words & CORE_OF["end"]
    if starts and ends and not rest - starts - ends - {"and"}:
        return Meaning(Field.TERM)
    return None


_NOTICE_DATE: Final = {
    "notice",
    "required",
    "cancel",
    "cancellation",
    "by",
    "deadline",
    "latest",
    "last",
    "give",
    "serve",
    "given",
    "to",
    "must",
    "be",
    "termination",
    "period",
}
_NOTICE_AND_RENEWAL: Final = {
    "notice",
    "termination",
    "renewal",
    "renewals",
    "and",
    "or",
    "terms",
    "period",
    "arrangements",
    "clause",
}
_RENEWAL_DATE: Final = {"renewal", "renew", "renews", "renewed", "next", "or", "expiry", "end", "due", "on"}
CORE_OF: Final = {name: core for name, core, _ in CORES}


def _sum(words: set[str]) -> Meaning | None:
    often = [(times, words & some) for times, some in ((1, YEARLY), (12, MONTHLY), (4, QUARTERLY), (3, TERMLY)) if words & some]
    is_total = bool(words & TOTAL)
    known = MONEY | FILL | TOTAL | NEUTRAL | THOUSANDS | {word for _, some in often for word in some}
    years = {word for word in words if re.fullmatch(r"(?:20)?[0-9]{2}", word)}
    if words - known - years or not words & (MONEY | TOTAL | YEARLY | MONTHLY | {"£"}):
        return None
    says_it = words & {"annual", "annum", "pa", "yearly", "annually", "monthly", "pcm"}  # "Year" alone is 2026, not a sum
    if not words & MONEY and not (is_total or says_it or ("£" in words and often)):
        return None
    if often and often[0][0] == TERM_TIMES and is_total:
        return Meaning(Field.TOTAL)
    if len(often) > 1 or (years and not often):
        return None
    if often:
        return Meaning(Field.ANNUAL, rank=len(years) + (often[0][0] > 1) * 10, times=often[0][0])
    return Meaning(Field.TOTAL, rank=len(words)) if is_total else Meaning(Field.SUM, rank=len(words))


SERVED: Final = {"notice", "given", "served", "serve", "termination"}
TERM_TIMES: Final = 3


def _person(words: set[str]) -> Meaning | None:
    ours = words & PERSONS
    allowed = {
        "budget",
        "person",
        "staff",
        "member",
        "internal",
        "school",
        "trust",
        "by",
        "internally",
        "our",
        "who",
        "is",
        "and",
        "slt",
        "smt",
        "sbm",
    }
    allowed |= {"name", "contact", "site", "central", "senior", "in", "charge"}
    if ours and not words - PERSONS - allowed - NEUTRAL:
        return Meaning(Field.OFFICER, rank=len(words - PERSONS - NEUTRAL) + ("holder" in words))
    return None


def _title(words: set[str]) -> Meaning | None:
    rest = words - NEUTRAL - WITH_TITLES
    if rest == set() and words & {"contract", "contracts", "agreement", "what", "sla"}:
        return Meaning(Field.TITLE, rank=1 if words & {"contract", "contracts", "agreement"} else 5)
    ranks = [TITLES[word] for word in rest if word in TITLES]
    if not ranks or rest - set(TITLES):
        return None
    return Meaning(Field.TITLE, rank=min(ranks) if "description" not in rest else max(ranks))
