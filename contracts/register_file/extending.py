"""Options to extend as people write them: "1+1", "2 x 12 months", "+2 yrs", "Extended to 31/08/2026", "1+1 (first taken)"."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from contracts.clock.periods import CALENDAR, Unit
from contracts.register_file.days import days_in
from contracts.register_file.periods import BROKEN, IN_PERIOD, NUMBERS, PERIOD, RANGE, Length, length
from contracts.register_file.questions import Answer, Code, asked, quoted
from contracts.register_file.wording import is_nothing, plain, some, trimmed, without_mark, words_of

MOST: Final = 10  # of one contract
LONGEST_YEARS: Final = 5  # a bare "12+12" is months, or a slip; "1+1" is years

_TIMES: Final = re.compile(
    rf"(?P<count>[0-9]{{1,2}}|{'|'.join(word for word in NUMBERS if ' ' not in word)})"
    rf"\s*(?:x|no\.?|lots? of|times|periods? of|options? of|extensions? of)\s*(?P<one>{IN_PERIOD})"
    rf"|(?P<some>two|three|2|3)\s+(?P<each>{PERIOD.pattern.replace('?P<', '?P<each_')})\s+(?:extension|option|period)s"
    rf"|(?P<first>{PERIOD.pattern.replace('?P<', '?P<first_')})\s*x\s*(?P<after>[0-9]{{1,2}})"
)
_TAKEN: Final = re.compile(
    r"\b(?:(?P<first>first|1st|1|one)|(?P<both>both|all)|(?P<second>first two|2|two))\s+"
    r"(?:(?:year|option|extension|one|period)s?\s+)?(?:(?:is|was|has been|been|have been)\s+)?"
    r"(?:taken(?: up)?|used|exercised|invoked|activated)\b|\b(?P<none>none|not(?: yet)?|0)\s+(?:taken(?: up)?|used|exercised)\b"
)
_EXTENDED: Final = re.compile(r"\bextended\b")
_MILD: Final = some(
    "option options optional to extend extension extensions extended for a an of further additional available "
    "possible then and plus until by up contract period periods the with at our x"
)
_LIMIT: Final = re.compile(r"\bup to\b|\bmax(?:imum)?\b|\bupto\b")


@dataclass(frozen=True, slots=True)
class Extension:
    """Either a length or a day up to which."""

    length: Length | None = None
    to: date | None = None
    taken: bool = False

    @property
    def json(self) -> dict[str, object]:
        what: dict[str, object] = self.length.json if self.length else {"to": self.to.isoformat() if self.to else None}
        return what | ({"taken": True} if self.taken else {})


Extensions = tuple[Extension, ...]


def read_extensions(cell: str, *, years: int | None = None, unit: Unit | None = None) -> Answer[Extensions]:
    """``years`` is how long the contract is without them: "3+1+1" of a three-year contract begins with the contract itself."""
    bare, is_marked = without_mark(cell)
    text = plain(bare)
    if is_nothing(text) or trimmed(text) in {"no", "n", "none available", "no extension", "no extensions"}:
        return Answer()
    if is_marked:
        return _ask(Code.HAS_A_CONDITION, cell)
    if RANGE.search(text):
        return _ask(Code.A_RANGE, cell)
    if _LIMIT.search(text):
        return _ask(Code.HAS_A_CONDITION, cell)
    count, rest = _how_many_taken(text)
    found = _extensions(rest, cell, unit)
    if found.value is None:
        return found
    return _in_its_place(found.value, count, years, cell)


def _in_its_place(found: Extensions, count: int, years: int | None, cell: str) -> Answer[Extensions]:
    """Without the contract itself where it stands first; with what is taken."""
    first = found[0].length
    if len(found) > 1 and first and pluses(plain(cell)) and not cell.strip().startswith("+"):
        is_contract = first.unit is Unit.YEARS and first.n == years
        is_uneven = len({one.length for one in found}) > 1
        if (is_contract and (len(found) == 2 or not is_uneven)) or (is_uneven and not is_contract):
            return _ask(Code.NOT_A_PERIOD, cell)
        found = found[1:] if is_contract else found
    if len(found) > MOST or count > len(found):
        return _ask(Code.NOT_A_PERIOD, cell)
    return Answer(tuple(replace(one, taken=one.taken or n < count) for n, one in enumerate(found)))


def _how_many_taken(text: str) -> tuple[int, str]:
    found = _TAKEN.search(text)
    if found is None:
        return 0, text
    count = 0 if found["none"] else MOST if found["both"] else 2 if found["second"] else 1
    rest = trimmed(_TAKEN.sub(" ", text))
    if found["both"]:
        count = len(read_extensions(rest).value or ())
    return count, rest


def _extensions(text: str, cell: str, unit: Unit | None) -> Answer[Extensions]:
    days = days_in(text)
    if days:
        rest = text[: days[0].start] + " " + text[days[-1].end :]
        if len(days) > 1 or days[0].day is None or set(words_of(rest)) - _MILD or "?" in rest:
            return _ask(Code.NOT_A_PERIOD, cell)
        return Answer((Extension(to=days[0].day, taken=bool(_EXTENDED.search(text))),))
    lengths = _lengths(text, unit)
    if lengths is None:
        return _ask(Code.NO_UNIT if re.fullmatch(r"\+?\s*[0-9]+", trimmed(text)) else Code.NOT_A_PERIOD, cell)
    if _EXTENDED.search(text) and len(lengths) > 1:
        return _ask(Code.NOT_A_PERIOD, cell)
    return Answer(tuple(Extension(one, taken=bool(_EXTENDED.search(text))) for one in lengths))


def _lengths(text: str, unit: Unit | None) -> list[Length] | None:
    bare = trimmed(text).strip("() ")
    if sums := pluses(bare, unit):
        return sums
    if BROKEN.search(text):
        return None
    repeated = _TIMES.search(text)
    if repeated:
        rest, lengths = text[: repeated.start()] + " " + text[repeated.end() :], _repeated(repeated)
    else:
        every = [length(one) for one in PERIOD.finditer(text)]
        lengths = [one for one in every if one] if None not in every else []
        rest = PERIOD.sub(" ", text)
    if "?" in rest or {word.strip("+") for word in words_of(rest)} - _MILD - {"", "&"}:
        return None
    return lengths if lengths and all(one.unit in CALENDAR for one in lengths) else None


def _repeated(found: re.Match[str]) -> list[Length]:
    one = PERIOD.fullmatch(found["one"] or found["each"] or found["first"])
    how_often = found["count"] or found["some"] or found["after"]
    times = NUMBERS.get(how_often) or int(how_often)
    each = length(one) if one else None
    return [each] * times if each and 0 < times <= MOST else []


def pluses(text: str, unit: Unit | None = None) -> list[Length] | None:
    """What "1+1", "+1 +1" or "3 + 1 + 1 years" add up: years where no unit is said. None for anything else."""
    found = re.fullmatch(r"(?P<sum>\+?\s*[0-9]{1,2}(?:\s*\+\s*[0-9]{1,2})*)\s*(?P<unit>[a-z]*)", text)
    if found is None or "+" not in found["sum"]:
        return None
    numbers = list(map(int, re.findall("[0-9]+", found["sum"])))
    said = PERIOD.fullmatch(f"1 {found['unit']}") if found["unit"] else None
    if found["unit"] and said is None:
        return None
    one = length(said) if said else None
    which = one.unit if one else unit or Unit.YEARS
    if not one and not unit and len(numbers) == 1 and numbers != [1]:
        return None  # "+2": two years, or two options
    if 0 in numbers or len(numbers) > MOST or (not one and not unit and max(numbers) > LONGEST_YEARS):
        return None
    return [Length(n, which) for n in numbers]


def _ask(code: Code, cell: str) -> Answer[Extensions]:
    return asked(code, f"{quoted(cell)}: by how long can the contract be extended, how often, and is any of it taken up?")
