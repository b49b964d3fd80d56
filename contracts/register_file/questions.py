"""What has to be asked about a cell: a code for programs, a sentence for the person who keeps the register."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Generic, TypeVar

T = TypeVar("T")

SHOWN: Final = 80  # characters of a cell that a sentence repeats


class Code(StrEnum):
    MONTH_ONLY = "month_only"
    YEAR_ONLY = "year_only"
    NO_SUCH_DAY = "no_such_day"
    NOT_A_DATE = "not_a_date"
    SPREADSHEET_NUMBER = "spreadsheet_number"
    END_BEFORE_START = "end_before_start"
    FROM_THE_TERM = "from_the_term"
    TERM_AND_END_DISAGREE = "term_and_end_disagree"
    NOT_A_SUM = "not_a_sum"
    A_RANGE = "a_range"
    NEGATIVE = "negative"
    FROM_THE_TOTAL = "from_the_total"
    ROLL_LENGTH = "roll_length"
    NOT_A_RULE = "not_a_rule"
    NOT_A_PERIOD = "not_a_period"
    A_DATE_NOT_A_PERIOD = "a_date_not_a_period"
    NO_UNIT = "no_unit"
    HAS_A_CONDITION = "has_a_condition"
    RENEWAL_DAY = "renewal_day"  # ours: a renewal date may be the last day, or the day after it
    NO_NAME = "no_name"  # ours: nothing says what the contract is for, or with whom
    ONE_OR_SEVERAL = "one_or_several"  # ours: one school's name, or several


@dataclass(frozen=True, slots=True)
class Question:
    code: Code
    sentence: str


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What a cell says; None with no question where it says that there is nothing."""

    value: T | None = None
    questions: tuple[Question, ...] = ()


@dataclass(slots=True)
class Asked:
    """The questions of one row, in the order in which its fields are read."""

    found: list[tuple[str, Question]] = field(default_factory=list)

    def take(self, what: str, answer: Answer[T]) -> T | None:
        self.found += [(what, question) for question in answer.questions]
        return answer.value

    def ask(self, what: str, code: Code, sentence: str) -> None:
        self.found.append((what, Question(code, sentence)))


def asked(code: Code, sentence: str, value: T | None = None) -> Answer[T]:
    return Answer(value, (Question(code, sentence),))


def quoted(cell: str) -> str:
    """The cell as a sentence repeats it."""
    text = " ".join(cell.split())
    return f"“{text[:SHOWN]}…”" if len(text) > SHOWN else f"“{text}”"
