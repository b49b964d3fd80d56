"""How a contract goes on after its end, as people write it: "Y - 12 months", "Rolling annually", "Evergreen"."""

import re
from dataclasses import dataclass
from typing import Final

from contracts.clock.contract import Renewal
from contracts.clock.periods import CALENDAR
from contracts.register_file.days import days_in
from contracts.register_file.periods import ADVERB, ADVERBS, PERIOD, RANGE, Length, length, whole
from contracts.register_file.questions import Answer, Code, asked, quoted
from contracts.register_file.wording import is_nothing, plain, some, trimmed, words_of

_JOIN: Final = r"(?:(?:\b(?:it|they|then|else|otherwise|or|and|but|will|to|may)\b|[,;-])\s*)*"
_VERB: Final = (
    r"(?:\bauto(?:matic(?:ally)?)?[\s-]*(?:roll(?:s|ing|[\s-]?over)?(?:[\s-]?over|\s+on)?|renew(?:s|al|ing|ed|als)?|extends?)"
    r"|\broll(?:s|ing)?(?:[\s-]?over|\s+on)|\brolls|\broll(?=\s+(?:for|[0-9]))|\brolling(?: contract| basis| agreement)?"
    r"|\brollover|\brenews|\btacit(?:ly)?(?: renew(?:s|al|ed))?|\bauto(?:matic(?:ally)?)?)\b(?: automatically| itself)?"
)
_BY: Final = (
    r"\s*(?:\b(?:for|by|every|each|on|at|in|a|an|further|another|successive|additional|periods? of|terms? of|basis|to)\b\s*)*"
)
_LENGTH: Final = rf"(?:{PERIOD.pattern}|\b(?P<adverb>{ADVERB}))"
_AS_LONG: Final = rf"{_LENGTH}\s*\)?(?:\s*(?:periods?|terms?|basis|contract|agreement|at a time))?"
_ROLLS: Final = re.compile(rf"{_JOIN}{_VERB}(?:{_BY}(?:[,(]\s*)?{_AS_LONG})?")
_ROLLS_INSIDE: Final = re.compile(
    rf"{_JOIN}{_VERB}(?:{_BY}{_AS_LONG})?"
)  # behind a comma stands something else: "auto renews, 90 days"
_FOR: Final = re.compile(r"\b(?:for|by|every|each|further|another|successive|additional|periods?)\b")
_UNLESS: Final = re.compile(
    r"[\s,;(-]*\bunless (?:cancelled|terminated|ended|stopped|told otherwise|we (?:cancel|say no|stop|object)"
    r"|notice(?: is)?(?: given| served)?)\)?$"
)
_IS_ROLLING: Final = re.compile(r"\brolling\b")
_THEN: Final = re.compile(
    rf"\b(?:then|thereafter|afterwards)\b,?\s*(?:on an?\s+)?(?P<adverb>{ADVERB})"
    rf"|\b(?P<before>{ADVERB})\s+(?:thereafter|after that)\b"
)
_OPEN: Final = re.compile(
    r"(?:ongoing|on-going|on going|evergreen|continuous|continual|continuing|open[ -]?ended|open|indefinite(?:ly)?"
    r"|perpetual|no (?:fixed )?end(?: date)?"
    r"|until (?:terminated|cancelled|further notice|ended|notice(?: is)? given)|no expiry(?: date)?)(?: contract| agreement)?"
)
NOT: Final = re.compile(r"\b(?:no|not|non|never|doesn't|don't|won't|will not|without|cannot|can't)\b")
_YES: Final = re.compile(r"(?:y|yes|true|auto(?:matic(?:ally)?)?)\b(?!\s*/\s*n)")
_NO: Final = re.compile(
    r"(?:(?:no|not|non)[ -](?:auto(?:matic(?:ally)?)?[ -])?(?:renew(?:al|ed|ing|s)?|roll(?:ing|over|s)?)|no auto"
    r"|(?:does|will) not (?:auto(?:matically)?[ -]?)?(?:renew|roll)(?: over| automatically)?"
    r"|expires?|ends|terminates|fixed(?: term)?"
    r"|one[ -]?off|false|no|n)(?![\w/])"
)
_EXPRESS: Final = re.compile(
    r"(?:express(?:ly)?|(?:only )?(?:by|on|with) (?:written |mutual )*(?:agreement|request)|mutual(?: agreement)?"
    r"|only if (?:we ask|agreed|asked)"
    r"|if agreed|on application|by negotiation)"
)
_MILD: Final = some(
    "it ends end expires expiry fixed term by itself at after of the on then contract renewal renews rolls over basis"
)


@dataclass(frozen=True, slots=True)
class Renewing:
    """``roll`` None of what rolls: by how much isn't known, or can't be read."""

    mode: Renewal
    roll: Length | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a longer text says of renewal, and the ``rest`` of it. ``unclear``: a period may be that of the roll or another."""

    renewing: Renewing | None
    rest: str
    unclear: bool = False


def taken_out(text: str) -> Taken:
    """Finds in a ``plain`` text, such as a notice, what it says of renewing."""
    if is_open(trimmed(text)):
        return Taken(Renewing(Renewal.OPEN), "")
    then = _THEN.search(text)
    if then:
        return Taken(Renewing(Renewal.ROLLS, _adverb(then["adverb"] or then["before"])), _cut(text, then))
    found = _ROLLS_INSIDE.search(text)
    if found is None or NOT.search(text[: found.end()]):
        return Taken(None, text)
    if _may_be_another_length(text, found):
        return Taken(Renewing(Renewal.ROLLS), _cut(text, found), unclear=True)
    return Taken(Renewing(Renewal.ROLLS, _length(found)), _cut(text, found))


def is_open(text: str) -> bool:
    return bool(_OPEN.fullmatch(text))


def read_renewing(cell: str, *, is_length: bool = False) -> Answer[Renewing]:
    """What the cell of a renewal column says. ``is_length``: a bare period there is how long it renews for."""
    text = trimmed(_UNLESS.sub("", trimmed(plain(cell))))
    if is_nothing(plain(cell)):
        return Answer()
    if is_open(text):
        return Answer(Renewing(Renewal.OPEN))
    if _EXPRESS.fullmatch(text):
        return Answer(Renewing(Renewal.EXPRESS))
    no = _NO.match(text)
    if no and not set(words_of(text[no.end() :])) - _MILD and not RANGE.search(text):
        return Answer(Renewing(Renewal.EXPIRES))
    if "?" not in text and not NOT.search(text) and (found := _rolls(text, is_length=is_length)):
        return found if found.questions else with_length(found.value, cell)
    return asked(Code.NOT_A_RULE, f"{quoted(cell)}: does it end by itself, renew by itself, or go on only if somebody asks?")


def with_length(renewing: Renewing | None, cell: str) -> Answer[Renewing]:
    """The same, with the question by how much it renews where that isn't said; ``cell`` is "" where no single one says it."""
    if renewing is None or renewing.mode is not Renewal.ROLLS:
        return Answer(renewing)
    if renewing.roll is None or renewing.roll.unit not in CALENDAR:
        asks = f"{quoted(cell)}: by how long does it renew each time?" if cell else "By how long does it renew each time?"
        return asked(Code.ROLL_LENGTH, asks, Renewing(Renewal.ROLLS))
    return Answer(renewing)


def _rolls(text: str, *, is_length: bool) -> Answer[Renewing] | None:
    """What a text means that says yes, or rolls; None where it says neither, or more than that."""
    if RANGE.search(text):
        return None
    yes = _YES.match(text)
    if yes and not _ROLLS.fullmatch(text):
        rest = trimmed(trimmed(text[yes.end() :]).strip("()"))
        found = _ROLLS.fullmatch(rest)
        roll = whole(_without_by(rest)) or (_length(found) if found else None)
        is_said = bool(roll) or bool(found) or not set(words_of(rest)) - _MILD
        return Answer(Renewing(Renewal.ROLLS, roll)) if is_said else None
    found = _ROLLS.fullmatch(text)
    if found:
        return Answer(Renewing(Renewal.ROLLS, _length(found)))
    behind = re.fullmatch(
        rf"(?P<length>{PERIOD.pattern}|{ADVERB})\s*(?:(?:auto(?:matic)?[ -])(?:renewals?|roll)|rolling|rollover)(?: contract)?",
        text,
    )
    roll = whole(behind["length"]) if behind else whole(text)
    if roll and (behind or is_length):
        return Answer(Renewing(Renewal.ROLLS, roll))
    return None


def _without_by(text: str) -> str:
    return re.sub(r"^(?:(?:for|by|every|each|a|further|another|on|an)\s+)+(?=\S)", "", text) if not whole(text) else text


def _may_be_another_length(text: str, found: re.Match[str]) -> bool:
    """Whether a period beside the word may be a notice: "rolling 3 months", "12 months auto renewal", "auto renew 90 days"."""
    if _stands_behind_a_period(text, found):
        return True
    if found["n"] is None or _FOR.search(found[0]):
        return False
    is_alone = not PERIOD.search(text[: found.start()] + " ; " + text[found.end() :]) and not days_in(text)
    return is_alone or bool(_IS_ROLLING.search(found[0]))


def _stands_behind_a_period(text: str, found: re.Match[str]) -> bool:
    return bool(re.search(rf"(?:{PERIOD.pattern})\s*$", text[: found.start()])) and not re.match(
        r"\s*(?:[,;-]|(?:it|they|then|else|otherwise|or|and|but|will)\b)", found[0]
    )


def _length(found: re.Match[str]) -> Length | None:
    return length(found) if found["n"] else _adverb(found["adverb"]) if found["adverb"] else None


def _adverb(text: str) -> Length:
    return Length(*ADVERBS[text])


def _cut(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} ; {text[found.end() :]}"
