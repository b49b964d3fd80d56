"""What a review says, made fit to keep."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from base import clock
from base.refusals import Invalid
from base.text import line, prose
from suppliers.record import criteria, extras, facts, field_groups
from suppliers.record.criteria import Criterion, Stage
from suppliers.record.extras import Said

LONGEST_TEXT: Final = 4_000  # characters: two pages, more than anybody reads on a phone
NOT_SAVED: Final = "The review was not saved."
LONGEST_INTEREST: Final = 500
LONGEST_EVIDENCE: Final = 120  # the number of an invoice or contract, not its text
NOT_ASKED: Final = "This is not asked about this kind of supplier. Choose “No answer”."
EARLIEST_USE: Final = date(1950, 1, 1)
FURTHEST_END_YEARS: Final = 20  # a contract may end in the future, but not in the year 2206
VOUCH_LASTS: Final = timedelta(days=365)
ASKED_BEFORE: Final = timedelta(days=60)  # that a vouch lapses; earlier, "Vouch again" would sound as if the tap had not counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    interest: str | None  # a declared interest, in words; None says that there is none. Always answered, so no default
    rating: int | None = None  # 1 to 5
    would_use_again: bool | None = None
    praise: str = ""
    criticism: str = ""
    used_from: date | None = None
    used_until: date | None = None
    value: int | None = None  # 1 to 5, as are the next three
    reliability: int | None = None
    quality: int | None = None
    communication: int | None = None
    stage: Stage | None = None
    evidence: str | None = None  # a reference that the school keeps to itself
    extras: Said = field(default_factory=dict)  # answers to extra questions

    @property
    def criteria(self) -> Mapping[Criterion, int]:
        """Those that are said, in their order."""
        return criteria.said_in({one: getattr(self, one) for one in Criterion})

    @property
    def gives_evidence(self) -> bool:
        return self.evidence is not None

    @property
    def columns(self) -> dict[str, Any]:
        """Those of a `Review` that says this."""
        return asdict(self) | {"extras": extras.stored(self.extras)}

    def lapses_at(self, rated_at: datetime) -> datetime | None:
        """None for what holds until it is changed."""
        return rated_at + VOUCH_LASTS if self.rating is None and self.would_use_again else None

    @property
    def extras_in_words(self) -> Mapping[str, str]:
        return extras.in_words(self.extras)

    @property
    def is_vouch(self) -> bool:
        return self == VOUCH


VOUCH: Final = Opinion(interest=None, would_use_again=True)
COLUMNS: Final = tuple(one.name for one in fields(Opinion))
# What is shown with each group of `suppliers/record/field_groups.py`. What evidence there is moves no date that others see.
GROUP_COLUMNS: Final = {
    "rating": {"rating", "would_use_again", *Criterion, "extras"},
    "interest": {"interest"},
    "praise": {"praise"},
    "criticism": {"criticism"},
    "dates": {"used_from", "used_until", "stage"},
}


def of_row(row: Any) -> Opinion:
    """What a `Review` or `PastReview` says."""
    said = {name: getattr(row, name) for name in COLUMNS}
    return Opinion(**said | {"stage": Stage(row.stage) if row.stage else None, "extras": extras.of_column(row.extras)})


def said_groups(said: Opinion, *, but: Collection[str] = ()) -> tuple[str, ...]:
    """The groups of which it says anything, without those of ``but``."""
    return tuple(
        group
        for group in field_groups.REVIEW
        if group not in but and any(getattr(said, name) not in (None, "", {}) for name in GROUP_COLUMNS[group])
    )


def changed_groups(before: Opinion, said: Opinion) -> tuple[str, ...]:
    differ = {name for name in COLUMNS if getattr(before, name) != getattr(said, name)}
    return tuple(group for group in field_groups.REVIEW if differ & GROUP_COLUMNS[group])


class Vouching(StrEnum):
    """Whether a school vouches, and whether it is time to say so again."""

    NO = ""
    YES = "yes"
    LAPSES = "lapses"  # soon, or it has


def vouching(said: Opinion, lapses_at: datetime | None, now: datetime) -> Vouching:
    if said.would_use_again is not True:
        return Vouching.NO
    return Vouching.LAPSES if lapses_at and lapses_at - now < ASKED_BEFORE else Vouching.YES


def checked(opinion: Opinion) -> Opinion:
    """The opinion made fit to keep, or Invalid naming every field that is not."""
    problems: dict[str, str] = {}
    if opinion.rating is None and opinion.would_use_again is None:
        problems["rating"] = "Choose a rating, or say whether you would use them again."
    if opinion.rating is not None and not 1 <= opinion.rating <= 5:
        problems["rating"] = "Choose a rating from 1 to 5."
    problems |= {one: f"Choose a number from 1 to 5 for {one}." for one, given in opinion.criteria.items() if not 1 <= given <= 5}
    problems |= extras.problems(opinion.extras)
    problems |= _date_problems(opinion, clock.today())
    said = replace(
        opinion,
        praise=_text(opinion.praise, "praise", LONGEST_TEXT, problems),
        criticism=_text(opinion.criticism, "criticism", LONGEST_TEXT, problems),
        interest=_text(opinion.interest, "interest", LONGEST_INTEREST, problems) if opinion.interest is not None else None,
        evidence=_reference(opinion.evidence, problems),
    )
    if said.interest == "":
        problems["interest"] = "Say what the interest is, or choose that there is none."
    if problems:
        raise Invalid(NOT_SAVED, **problems)
    return said


async def checked_for(opinion: Opinion, current: Opinion | None, supplier: UUID) -> Opinion:
    """As ``checked``, of a live supplier: an extra question that is not asked of it, and that our review does not answer already,
    is refused with all that is wrong besides. Inside a unit.
    """
    strange = await _not_asked(opinion, current, supplier)
    try:
        said = checked(opinion)
    except Invalid as refusal:
        raise Invalid(NOT_SAVED, **{**strange, **refusal.fields}) from refusal
    if strange:
        raise Invalid(NOT_SAVED, **strange)
    return said


async def _not_asked(said: Opinion, current: Opinion | None, supplier: UUID) -> dict[str, str]:
    kept = current.extras if current else {}
    if said.extras.keys() <= kept.keys():
        return {}
    asked = {one.slug for one in extras.fitting((await facts.load([supplier]))[supplier].categories)}
    return {slug: NOT_ASKED for slug in said.extras if slug not in asked and slug not in kept}


def _text(value: str, field: str, longest: int, problems: dict[str, str]) -> str:
    try:
        return prose(value, field=field, longest=longest)
    except Invalid as refusal:
        problems |= refusal.fields
        return value


def _reference(value: str | None, problems: dict[str, str]) -> str | None:
    try:
        return line(value or "", field="evidence", longest=LONGEST_EVIDENCE, required=False) or None
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


def facts_of(said: Opinion, lapses_at: datetime | None, version: int) -> dict[str, Any]:
    """What goes into the trail's facts: everything but the texts, so that a version can be read from them."""
    return {
        "version": version,
        "lapses_on": lapses_at.date().isoformat() if lapses_at else None,
        "rating": said.rating,
        "would_use_again": said.would_use_again,
        "declares_interest": said.interest is not None,
        "used_from": said.used_from.isoformat() if said.used_from else None,
        "used_until": said.used_until.isoformat() if said.used_until else None,
        "stage": said.stage.value if said.stage else None,
        "gives_evidence": said.gives_evidence or None,  # as entries have it that were made before there was any
        **{one.value: getattr(said, one) for one in Criterion},
        **said.extras,
    }
