"""What a review says, made fit to keep."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from base import clock
from base.refusals import Invalid
from base.text import prose

LONGEST_TEXT: Final = 4_000  # characters: two pages, more than anybody reads on a phone
LONGEST_INTEREST: Final = 500
EARLIEST_USE: Final = date(1950, 1, 1)
FURTHEST_END_YEARS: Final = 20  # a contract may end in the future, but not in the year 2206


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    interest: str | None  # a declared interest, in words; None says that there is none. Always answered, so no default
    rating: int | None = None  # 1 to 5
    would_use_again: bool | None = None
    praise: str = ""
    criticism: str = ""
    used_from: date | None = None
    used_until: date | None = None

    @property
    def is_vouch(self) -> bool:
        return self == VOUCH


VOUCH: Final = Opinion(interest=None, would_use_again=True)


def checked(opinion: Opinion) -> Opinion:
    """The opinion made fit to keep, or Invalid naming every field that is not."""
    problems: dict[str, str] = {}
    if opinion.rating is None and opinion.would_use_again is None:
        problems["rating"] = "Choose a rating, or say whether you would use them again."
    if opinion.rating is not None and not 1 <= opinion.rating <= 5:
        problems["rating"] = "Choose a rating from 1 to 5."
    problems |= _date_problems(opinion, clock.today())
    said = replace(
        opinion,
        praise=_text(opinion.praise, "praise", LONGEST_TEXT, problems),
        criticism=_text(opinion.criticism, "criticism", LONGEST_TEXT, problems),
        interest=_text(opinion.interest, "interest", LONGEST_INTEREST, problems) if opinion.interest is not None else None,
    )
    if said.interest == "":
        problems["interest"] = "Say what the interest is, or choose that there is none."
    if problems:
        raise Invalid("The review was not saved.", **problems)
    return said


def _text(value: str, field: str, longest: int, problems: dict[str, str]) -> str:
    try:
        return prose(value, field=field, longest=longest)
    except Invalid as refusal:
        problems |= refusal.fields
        return value


def _date_problems(opinion: Opinion, today: date) -> dict[str, str]:
    start, end = opinion.used_from, opinion.used_until
    problems = {}
    if start and not EARLIEST_USE <= start <= today:
        problems["used_from"] = "The day you started using them must be in the past."
    if end and not EARLIEST_USE <= end <= today.replace(year=today.year + FURTHEST_END_YEARS, day=1):
        problems["used_until"] = f"The last day must be within the next {FURTHEST_END_YEARS} years."
    if start and end and end < start:
        problems["used_until"] = "The last day must be after the first."
    return problems
