"""A refusal of the clock: a code for programs, and a sentence on which a business manager can act."""

from typing import Final, NoReturn

BAD_INPUT: Final = "bad_input"
BAD_CALENDAR: Final = "bad_calendar"


class Refused(ValueError):
    """``code`` is one of those of the rules, such as ``bad_input`` or ``calendar_ends``."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def bad_input(sentence: str) -> NoReturn:
    raise Refused(BAD_INPUT, sentence)


def bad_calendar(sentence: str) -> NoReturn:
    raise Refused(BAD_CALENDAR, sentence)
