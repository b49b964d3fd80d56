"""Why something is left out: what a section of the Act asks whoever relies on it. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Final

from base import text
from base.refusals import Invalid, refuse_together
from base.words import in_words

LONGEST: Final = 2_000
LONGEST_LINE: Final = 200


class Ask(StrEnum):
    """A question. The values are stored as the names of an entry's fields, with the number of the section: never change one."""

    PUBLIC_INTEREST = "public_interest"
    OPINION_BY = "opinion_by"
    OPINION_ON = "opinion_on"
    WHERE = "where"
    SOURCE = "source"
    LAW = "law"
    ESTIMATE = "estimate"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def missing(self) -> str:
        return _MISSING[self]

    def of(self, section: str) -> str:
        """The name of its field in a form."""
        return f"{self.value}-{section}"


_LABELS: Final = {
    Ask.PUBLIC_INTEREST: "Why the public interest in keeping it back outweighs that in giving it",
    Ask.OPINION_BY: "Whose opinion it is, by office",
    Ask.OPINION_ON: "On which day they gave it",
    Ask.WHERE: "Where they can find it",
    Ask.SOURCE: "Who gave it to the school in confidence",
    Ask.LAW: "Which law or court order forbids it",
    Ask.ESTIMATE: "What you reckon it would take, and what for",
}
_MISSING: Final = {
    Ask.PUBLIC_INTEREST: "Write why the public interest in keeping it back is greater: a qualified exemption needs that.",
    Ask.OPINION_BY: "Enter the office of the qualified person: section 36 needs that person's opinion.",
    Ask.OPINION_ON: "Enter the day on which the qualified person gave the opinion.",
    Ask.WHERE: "Write where they can find it.",
    Ask.SOURCE: "Enter who gave it to the school, such as the supplier.",
    Ask.LAW: "Enter which law or court order forbids it.",
    Ask.ESTIMATE: "Write what you reckon it would take, such as 25 hours to search four years of invoices.",
}
IN_PROSE: Final = frozenset({Ask.PUBLIC_INTEREST, Ask.WHERE, Ask.ESTIMATE})
DAYS: Final = frozenset({Ask.OPINION_ON})


def checked(asks: Iterable[Ask], section: str, given: Mapping[str, str], today: date) -> dict[str, str]:
    """What is said for a section, by the name of the field, as ``given`` has it. Raises Invalid for each that is missing."""
    said: dict[str, str] = {}
    refuse_together(*(partial(_keep, said, ask, section, given, today) for ask in asks))
    return said


def in_a_sentence(asks: Iterable[Ask], section: str, said: Mapping[str, str]) -> str:
    """All that is said for a section, as the answer repeats it."""
    return " ".join(f"{ask.label}: {_told(ask, words)}" for ask in asks if (words := said.get(ask.of(section))))


def _keep(said: dict[str, str], ask: Ask, section: str, given: Mapping[str, str], today: date) -> None:
    said[ask.of(section)] = _one(ask, section, given, today)


def _one(ask: Ask, section: str, given: Mapping[str, str], today: date) -> str:
    field, typed = ask.of(section), given.get(ask.of(section), "")
    if ask in DAYS:
        if not _is_past(typed, today):
            raise Invalid(ask.missing, **{field: ask.missing})
        return typed
    if ask in IN_PROSE:
        return text.prose(typed, field=field, longest=LONGEST, required=True, missing=ask.missing)
    return text.line(typed, field=field, longest=LONGEST_LINE, missing=ask.missing)


def _is_past(typed: str, today: date) -> bool:
    try:
        return date.fromisoformat(typed) <= today
    except ValueError:
        return False


def _told(ask: Ask, words: str) -> str:
    shown = in_words(date.fromisoformat(words)) if ask in DAYS else words
    return shown if shown.endswith((".", "!", "?")) else f"{shown}."
