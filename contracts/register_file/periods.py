"""Periods as people write them: "3 months", "one term", "12m", "90 (ninety) days", "3-6 months"."""

import re
from dataclasses import dataclass
from typing import Final

from contracts.clock.periods import MOST, Unit

# fmt: off
NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "twenty four": 24, "twenty-four": 24, "twenty eight": 28, "twenty-eight": 28, "thirty": 30,
    "thirty six": 36, "thirty-six": 36, "forty": 40, "forty five": 45, "forty-five": 45, "forty eight": 48, "forty-eight": 48,
    "sixty": 60, "ninety": 90, "one hundred and twenty": 120,
}
# fmt: on
_NUMBER: Final = rf"(?:[0-9]{{1,5}}|\b(?:{'|'.join(sorted(NUMBERS, key=len, reverse=True))})\b)"
_UNITS: Final = (
    (Unit.WORKING_DAYS, r"(?:working|business|w/?k(?:in)?g)[ -]days?"),
    (Unit.DAYS, r"(?:calendar[ -])?days?|d"),
    (Unit.WEEKS, r"(?:calendar[ -])?weeks?|wks?|w"),
    (Unit.MONTHS, r"(?:calendar[ -])?(?:months?|mont?hs?|mths?|mnths?|mos?)|m"),
    (Unit.YEARS, r"(?:calendar[ -])?years?|yrs?|y"),
    (Unit.TERMS, r"(?:(?:full|whole|complete|school|clear)[ -])*terms?"),
)
_UNIT: Final = "|".join(f"(?P<{unit.name}>{pattern})" for unit, pattern in _UNITS)
_CLEAR: Final = r"(?P<clear>clear[ -])?"
IN_PERIOD: Final = (
    rf"(?P<n>{_NUMBER})\s*(?:\((?P<again>{_NUMBER})\)\s*)?[ -]?(?:full[ -]|whole[ -])?{_CLEAR}(?:{_UNIT})(?:'s|s')?'?(?![\w%/])"
)
PERIOD: Final = re.compile(rf"(?<![\w.,/£%+'-]){IN_PERIOD}")
# "half a term", "1/2 term" and "1.5 months" are no whole number of anything.
BROKEN: Final = re.compile(r"\bhalf\b|1/2|[0-9]\.[0-9]|\bquarter of\b")
_SIGN: Final = r"\s*(?:-|\bto\b|\bor\b|/)\s*"
_ANY_UNIT: Final = "|".join(pattern for _, pattern in _UNITS)
RANGE: Final = re.compile(
    rf"(?<![\w.,/£]){_NUMBER}\s*(?:{_ANY_UNIT})?'?{_SIGN}{_NUMBER}\s*[ -]?(?:clear )?(?:{_ANY_UNIT})(?![\w])"
)
ADVERBS: Final = {
    "annually": (1, Unit.YEARS),
    "annual": (1, Unit.YEARS),
    "yearly": (1, Unit.YEARS),
    "each year": (1, Unit.YEARS),
    "every year": (1, Unit.YEARS),
    "year on year": (1, Unit.YEARS),
    "year to year": (1, Unit.YEARS),
    "yr on yr": (1, Unit.YEARS),
    "per annum": (1, Unit.YEARS),
    "pa": (1, Unit.YEARS),
    "p.a.": (1, Unit.YEARS),
    "monthly": (1, Unit.MONTHS),
    "each month": (1, Unit.MONTHS),
    "every month": (1, Unit.MONTHS),
    "month to month": (1, Unit.MONTHS),
    "month by month": (1, Unit.MONTHS),
    "month on month": (1, Unit.MONTHS),
    "quarterly": (3, Unit.MONTHS),
    "weekly": (1, Unit.WEEKS),
}
ADVERB: Final = rf"(?:{'|'.join(re.escape(word) for word in sorted(ADVERBS, key=len, reverse=True))})(?!\w)"


@dataclass(frozen=True, slots=True)
class Length:
    """``n`` of a unit of `contracts.clock.periods`; ``clear``: the last day doesn't count either."""

    n: int
    unit: Unit
    clear: bool = False

    @property
    def json(self) -> dict[str, object]:
        said: dict[str, object] = {"n": self.n, "unit": self.unit.value}
        return said | ({"clear": True} if self.clear else {})

    @property
    def months(self) -> int:
        """0 for what isn't counted in months."""
        return self.n * {Unit.MONTHS: 1, Unit.YEARS: 12}.get(self.unit, 0)

    def __str__(self) -> str:
        name = self.unit.replace("_", " ")
        return f"{self.n} {name.removesuffix('s') if self.n == 1 else name}"


def number(text: str) -> int:
    return NUMBERS[text] if text in NUMBERS else int(text)


def length(found: re.Match[str]) -> Length | None:
    """What a match of ``PERIOD`` says; None where it contradicts itself ("3 (six) months") or can't be."""
    n = number(found["n"])
    again = found["again"]
    unit = next(unit for unit in Unit if unit.name in found.groupdict() and found[unit.name])
    if (again and number(again) != n) or n > MOST:
        return None
    return Length(n, unit, clear=bool(found["clear"]))


def whole(text: str) -> Length | None:
    """The period that a ``plain`` text is, and nothing else."""
    found = PERIOD.fullmatch(text)
    if found:
        return length(found)
    adverb = ADVERBS.get(text)
    return Length(*adverb) if adverb else None


def named_unit(words: set[str]) -> Unit | None:
    """The unit that a heading names, as "Notice (months)" does; None for none or several."""
    found = {unit for unit, pattern in _UNITS for word in words if len(word) > 1 and re.fullmatch(pattern, word)}
    return found.pop() if len(found) == 1 else None
