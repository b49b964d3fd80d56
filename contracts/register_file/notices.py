"""Notice as people write it: "3 months written notice", "1 term", "90 days (three months)", "6 months, recorded post only"."""

import re
from dataclasses import dataclass
from typing import Final

from contracts.clock.periods import Unit
from contracts.register_file import renewing
from contracts.register_file.days import mentions_a_date, read_day
from contracts.register_file.periods import BROKEN, NUMBERS, PERIOD, RANGE, Length, length
from contracts.register_file.questions import Answer, Code, asked, quoted
from contracts.register_file.renewing import Renewing
from contracts.register_file.wording import is_nothing, plain, some, trimmed, without_mark, words_of

METHODS: Final = (
    (
        "recorded",
        re.compile(
            r"(?:\b(?:by|via)\s+)?\b(?:recorded|registered|special|signed[ -]for)"
            r"(?:[ -](?:signed[ -]for|delivery|post|mail|letter))*\b"
        ),
    ),
    ("email", re.compile(r"(?:\b(?:by|via|in|an)\s+)*\be-?mail(?:ed)?\b(?:\s+(?:to\s+)?[^\s@]+@[^\s@]+)?")),
    (
        "portal",
        re.compile(
            r"(?:\b(?:by|via|on|through|in)\s+)*(?:\bthe\s+)?(?:\b(?:online|supplier|customer|web)\s+)*"
            r"\b(?:portal|online form|online)\b"
        ),
    ),
    ("hand", re.compile(r"\b(?:by hand|in person|hand[ -]deliver(?:ed|y)|delivered by hand)\b")),
    (
        "post",
        re.compile(
            r"(?:\b(?:by|via|in)\s+)*(?:\b(?:first[ -]class|1st class|a|the)\s+)*\b(?:post(?:ed|al)?|letter|mail)\b(?:\s+only)?"
        ),
    ),
)
_MILD: Final = some(
    "written writing in notice prior to of the before end expiry expiration renewal anniversary date contract "
    "contractual agreement required must be given give giving by needed period termination terminate terminating "
    "cancel cancellation leave exit minimum min at least less than no not formal unless otherwise else advance from "
    "either party parties side both we us our school supplier is are with calls for clear ahead and only"
)
_UNCLEAR: Final = re.compile(r"\b(?:not|no)\b(?!\s+(?:less|fewer|later) than\b)")
_NO_NOTICE: Final = re.compile(
    r"(?:no notice|none)(?: period)?(?: (?:required|needed|applies|applicable))?|not required|not applicable|n/?a"
)
_WORD_NUMBERS: Final = frozenset(word for word in NUMBERS if word not in {"a", "an"})


@dataclass(frozen=True, slots=True)
class NoticeRead:
    """``lengths`` are all that must be kept; none where it isn't known. What else the cell said stands beside."""

    lengths: tuple[Length, ...] = ()
    method: str | None = None
    renewing: Renewing | None = None

    @property
    def json(self) -> object:
        every = [one.json for one in self.lengths]
        return every[0] if len(every) == 1 else every or None


def read_notice(cell: str, *, unit: Unit | None = None) -> Answer[NoticeRead]:
    """``unit`` is that of the column's heading, for a bare number."""
    bare, is_marked = without_mark(cell)
    text = plain(bare)
    if is_nothing(text):
        return Answer()
    taken = renewing.taken_out(text)
    method, rest = _method(taken.rest)
    said = NoticeRead((), method, taken.renewing)
    if _NO_NOTICE.fullmatch(trimmed(rest)):
        return Answer(said)
    found = asked_only = _lengths(trimmed(rest), cell, unit)
    if taken.unclear:
        asked_only = asked(Code.NOT_A_PERIOD, f"{quoted(cell)}: how long is the notice, and by how long does it renew?")
    elif is_marked and found.value:
        asked_only = asked(Code.HAS_A_CONDITION, f"{quoted(cell)} is marked with a footnote: what does it say?", found.value)
    return Answer(NoticeRead(asked_only.value or (), said.method, said.renewing), asked_only.questions)


def read_method(cell: str) -> Answer[str]:
    """How notice is given; a cell that names several ways, or none that we know, is asked about."""
    text = plain(cell)
    if is_nothing(text) or text in {"written", "in writing", "writing"}:
        return Answer()
    method, rest = _method(text)
    if method and not renewing.NOT.search(text) and not set(words_of(rest)) - _MILD - {"a"}:
        return Answer(method)
    return asked(Code.NOT_A_RULE, f"{quoted(cell)}: how is notice given: by e-mail, hand, portal, post or recorded post?")


def _method(text: str) -> tuple[str | None, str]:
    """The one way that is named, and the text without it; of several, none."""
    named, rest = [], text
    for name, pattern in METHODS:
        without = pattern.sub(" ", rest)
        named += [name] * (without != rest)
        rest = without
    return (named[0], rest) if len(named) == 1 else (None, text)


def _lengths(text: str, cell: str, unit: Unit | None) -> Answer[tuple[Length, ...]]:
    if RANGE.search(text) and not BROKEN.search(text):
        return asked(Code.A_RANGE, f"{quoted(cell)} is a range: how long is the notice?")
    found = [] if BROKEN.search(text) else list(PERIOD.finditer(text))
    if not found:
        return _without_period(text, cell, unit)
    lengths = [length(one) for one in found]
    rest = PERIOD.sub(" ", text)
    several = _several(text, found, [one for one in lengths if one])
    strange = set(words_of(rest)) - _MILD
    if None in lengths or strange or "?" in rest or "end of term" in rest or _UNCLEAR.search(rest):
        return asked(Code.HAS_A_CONDITION, f"{quoted(cell)}: how long is the notice that has to be given now?")
    if several:
        return asked(Code.A_RANGE, f"{quoted(cell)} gives several lengths: how long is the notice?")
    return Answer(tuple(dict.fromkeys(one for one in lengths if one)))


def _several(text: str, found: list[re.Match[str]], lengths: list[Length]) -> bool:
    """Whether several lengths contradict each other; one that explains the other, in brackets and another unit, does not."""
    if len(found) == 1:
        return False
    is_explained = len(found) == 2 and re.fullmatch(r"\s*\(\s*(?:or |i\.?e\.? |=\s*)?", text[found[0].end() : found[1].start()])
    return not (is_explained and len({one.unit for one in lengths}) == len(lengths))


def _without_period(text: str, cell: str, unit: Unit | None) -> Answer[tuple[Length, ...]]:
    words = set(words_of(text))
    number = next(iter(words - _MILD), "") if len(words - _MILD) == 1 else ""
    if re.fullmatch(r"[0-9]{1,4}", number) or number in _WORD_NUMBERS:
        if unit and (found := PERIOD.fullmatch(f"{number} {unit.value.replace('_', ' ')}")) and (one := length(found)):
            return Answer((one,))
        return asked(Code.NO_UNIT, f"{quoted(cell)}: are these days, weeks, months or terms?")
    if mentions_a_date(text) or read_day(cell).value:
        return asked(Code.A_DATE_NOT_A_PERIOD, f"{quoted(cell)} is a day, not a length: how long is the notice?")
    return asked(Code.NOT_A_PERIOD, f"{quoted(cell)} doesn't say how long the notice is: how long is it?")
