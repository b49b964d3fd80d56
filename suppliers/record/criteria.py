"""What a review judges a supplier by, and where in its service the school stood: the codes are stored, never change one. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final


class Criterion(StrEnum):
    """Each from 1, poor, to 5, excellent, or not said. A column of a review is called the same."""

    VALUE = "value"
    RELIABILITY = "reliability"
    QUALITY = "quality"
    COMMUNICATION = "communication"

    @property
    def words(self) -> str:
        return _WORDS[self]

    @property
    def question(self) -> str:
        """What a form asks."""
        return _QUESTIONS[self]


class Stage(StrEnum):
    """How far it had come between the school and the supplier."""

    QUOTE = "quote"
    IN_SERVICE = "in_service"
    ENDED = "ended"

    @property
    def words(self) -> str:
        return STAGES[self]


_WORDS: Final[Mapping[str, str]] = {
    Criterion.VALUE: "Value for money",
    Criterion.RELIABILITY: "Reliability",
    Criterion.QUALITY: "Quality of the work",
    Criterion.COMMUNICATION: "Communication",
}
_QUESTIONS: Final[Mapping[str, str]] = {
    Criterion.VALUE: "Are they worth their price?",
    Criterion.RELIABILITY: "Do they come when they say, and do what they said?",
    Criterion.QUALITY: "How good is the work itself?",
    Criterion.COMMUNICATION: "How well do they answer and explain?",
}
STAGES: Final[Mapping[str, str]] = {
    Stage.QUOTE: "A quote",
    Stage.IN_SERVICE: "In service",
    Stage.ENDED: "Service ended",
}


def said_in(row: Mapping[str, Any]) -> Mapping[Criterion, int]:
    """Those that a row of a review gives, in their order."""
    return {one: row[one] for one in Criterion if row[one] is not None}
