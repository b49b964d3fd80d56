"""Sums of money as people write them, in pence a year: "£12k pa", "£95 pcm", "c. £520", "£2,950 + VAT", "(£4,200)"."""

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from contracts.register_file.periods import PERIOD, Length, length
from contracts.register_file.questions import Answer, Code, asked, quoted
from contracts.register_file.wording import is_nothing, plain, trimmed, without_mark

MOST_PENCE: Final = 10**11
LEAST_IN_FULL: Final = 100_000  # pence: a thousand in a column of thousands is a million, or was written in full
LEAST_PENCE: Final = 1000  # a contract of less a year is more likely a price per item, lesson or pupil
YEAR, MONTH, QUARTER, HALF_YEAR, TERM = 1, 12, 4, 2, 3  # how often a year it is paid

_N: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,13})(?:\.[0-9]{1,2})?"
_POUND: Final = "(?:£|gbp)"
_SUM: Final = re.compile(rf"{_POUND}?\s*(?P<n>{_N})\s*(?P<k>k|thousand)?\s*(?:{_POUND}|pounds?)?(?:/-)?")
_SPACED: Final = re.compile(r"(?<=£)([0-9]{1,3}(?: [0-9]{3})+)(?![0-9])")
_FROM_A_FORMULA: Final = re.compile(r"£?(?P<n>[0-9]{1,12}\.[0-9]{5,20})")
_ZERO: Final = re.compile(r"(?:nil|nil cost|foc|f\.o\.c\.?|free|free of charge|no charge|no cost|zero|gratis|£?\s*0+(?:\.0+)?)")
_NEGATIVE: Final = re.compile(rf"\(\s*£?\s*-?{_N}k?\s*\)|-\s?£?\s*{_N}k?|£\s*-\s*{_N}k?|£?{_N}\s?-|£\s*\({_N}\)")
_RANGE: Final = re.compile(rf"£?\s*{_N}\s*k?\s*(?:-|\bto\b|\bor\b|\band\b)\s*£?\s*{_N}")
_EACH: Final = r"(?:per|a|each|every|/|p\.?)\s?"
_PAID: Final = (
    (
        HALF_YEAR,
        re.compile(
            r"\b(?:per|each|every|a)?\s?half[ -]?year(?:ly)?\b|\b(?:six|6)[ -]monthly\b|\b(?:per|every) (?:six|6) months\b"
        ),
    ),
    (
        MONTH,
        re.compile(
            rf"\bp\.?\s?c\.?\s?m\b\.?|\bp\.?\s?/?m\b\.?|(?:\b|(?=/)){_EACH}(?:calendar )?(?:month|mth)\b|/m\b|\bmonthly\b"
        ),
    ),
    (QUARTER, re.compile(rf"(?:\b|(?=/)){_EACH}(?:quarter|qtr)\b|\bquarterly\b|\bqtrly\b|\bp\.?q\b\.?|/q\b")),
    (TERM, re.compile(rf"(?:\b|(?=/)){_EACH}(?:school )?term\b|\btermly\b")),
    (
        YEAR,
        re.compile(rf"\bp\.?\s?/?a\b\.?|\bper annum\b|/annum\b|(?:\b|(?=/)){_EACH}(?:year|yr)\b|\bannual(?:ly)?\b|\byearly\b"),
    ),
)
_VAT: Final = re.compile(
    r"(?:\+|\b(?:plus|ex|exc|excl|excluding|excludes|exclusive of|inc"
    r"|incl|including|includes|inclusive of|net of|no|before|with|without|and)\b\.?)?"
    r"\s*(?:@\s*)?(?:20\s?%\s*)?\bv\.?a\.?t\b\.?"
    r"(?:\s*(?:@\s*20\s?%|at 20%|exempt|free|inclusive|exclusive|incl?\b\.?|excl?\b\.?|extra))?"
)
_APPROXIMATE: Final = re.compile(
    r"\bc(?:irca|a)?\b\.?(?=\s*£?[0-9])|~|\bapprox(?:imate(?:ly)?)?\b\.?|\best(?:imate[ds]?)?\b\.?|\babout\b|\baround\b|\broughly\b"
)
_PRODUCT: Final = re.compile(rf"\(\s*£?(?P<one>{_N})\s*(?:x|@)\s*£?(?P<other>{_N})\s*\)")
_OVER: Final = re.compile(
    rf"(?:\b(?:over|for|across)\s+(?:the\s+)?|\(\s*)(?P<length>{PERIOD.pattern})(?:\s*(?:total|term|contract))?"
)
_IN_ALL: Final = re.compile(
    r"\b(?:in )?total\b|\bwhole[ -]life\b|\bover (?:the )?(?:contract|full term|whole term|life)\b|\bin all\b"
)
_BETWEEN: Final = re.compile(r"(?<=[0-9])(?=[a-z])")
_GARBLED: Final = re.compile(r"^(?:â£|ï¿½|\ufffd|œ)(?=\s*[0-9])|â(?=£)")
_NEUTRAL: Final = re.compile(r"\b(?:cost|price|fixed|only|currently|current|by (?:dd|direct debit|invoice))\b|[()=]")


@dataclass(frozen=True, slots=True)
class Sum:
    """``times`` None: the cell doesn't say how often it is paid. ``in_all``: for the whole contract, ``over`` so long."""

    pence: int
    times: int | None = None
    approximate: bool = False
    in_all: bool = False
    over: Length | None = None

    @property
    def a_year(self) -> int:
        return self.pence * (self.times or 1)


def read_sum(cell: str, *, thousands: bool = False) -> Answer[Sum]:
    """The one sum that the cell is. ``thousands``: its heading says that sums are in thousands."""
    bare, is_marked = without_mark(cell)
    text = _GARBLED.sub("£", plain(bare))
    text = _SPACED.sub(lambda found: found[1].replace(" ", ""), text)
    if _ZERO.fullmatch(text):
        return Answer(Sum(0))
    if is_nothing(text):
        return Answer()
    if _NEGATIVE.fullmatch(text):
        return asked(Code.NEGATIVE, f"{quoted(cell)} is a negative sum: what does the contract cost?")
    found, code = _sum(text)
    if found is None:
        return asked(code, _SENTENCES[code].format(quoted(cell)))
    if thousands and (found.pence >= LEAST_IN_FULL or "k" in text):
        return asked(Code.NOT_A_SUM, f"{quoted(cell)}: is this in pounds, or in thousands as its heading says?")
    return _checked(replace(found, pence=found.pence * 1000) if thousands else found, cell, is_marked=is_marked)


def _checked(found: Sum, cell: str, *, is_marked: bool) -> Answer[Sum]:
    if 0 < found.a_year < LEAST_PENCE and not found.times:
        return asked(Code.NOT_A_SUM, f"{quoted(cell)} looks like the price of one item: what does the contract cost a year?")
    if found.a_year > MOST_PENCE:
        return asked(Code.NOT_A_SUM, f"{quoted(cell)} is more than £1,000 million: check it.")
    if is_marked:
        return asked(Code.HAS_A_CONDITION, f"{quoted(cell)} is marked with a footnote: what does it say?", found)
    return Answer(found)


_SENTENCES: Final = {
    Code.NOT_A_SUM: "{} is not one sum for a year: what does the contract cost a year?",
    Code.A_RANGE: "{} is a range: which sum is it?",
}


def _sum(text: str) -> tuple[Sum | None, Code]:
    if _FROM_A_FORMULA.fullmatch(text):
        return Sum(_pence(_FROM_A_FORMULA.fullmatch(text)["n"])), Code.NOT_A_SUM  # type: ignore[index]
    rest, approximate = _taken(_BETWEEN.sub(" ", text), _APPROXIMATE)
    rest, _ = _taken(rest, _VAT)
    rest, times = _how_often(rest)
    products = list(_PRODUCT.finditer(rest))
    rest = _PRODUCT.sub(" ", rest)
    over = _OVER.search(rest)
    how_long = length(over) if over else None
    if over and not (how_long and how_long.months):
        return None, Code.NOT_A_SUM  # for so many weeks or lessons: how many a year isn't said
    rest, has_length = _taken(rest, _OVER)
    rest, in_all = _taken(rest, _IN_ALL)
    rest = trimmed(_NEUTRAL.sub(" ", rest))
    match = _SUM.fullmatch(rest)
    if match is None:
        return None, Code.A_RANGE if _RANGE.search(rest) else Code.NOT_A_SUM
    pence = _pence(match["n"]) * (1000 if match["k"] else 1)
    if any(_pence(each["one"]) * _pence(each["other"]) != pence * 100 for each in products):
        return None, Code.NOT_A_SUM
    if len(times) > 1 or (times and (in_all or has_length)):
        return None, Code.NOT_A_SUM
    return Sum(pence, times[0] if times else None, approximate, in_all or has_length, how_long), Code.NOT_A_SUM


def _how_often(text: str) -> tuple[str, list[int]]:
    found = []
    for times, pattern in _PAID:
        text, is_there = _taken(text, pattern)
        found += [times] * is_there
    return text, found


def _taken(text: str, pattern: re.Pattern[str]) -> tuple[str, bool]:
    rest = pattern.sub(" ", text)
    return rest, rest != text


def _pence(text: str) -> int:
    return int((Decimal(text.replace(",", "")) * 100).quantize(Decimal(1), ROUND_HALF_UP))
