"""How reviews, notes and the numbers read as JSON. Null is what a school keeps back or did not say: never which of the two."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from suppliers.opinions.averages import Answered, Pooled
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import LONGEST_EVIDENCE, LONGEST_INTEREST, LONGEST_TEXT, Opinion
from suppliers.opinions.readable import PeerReview, ShownNote
from suppliers.opinions.reviews import OurReview
from suppliers.record import extras
from suppliers.record.criteria import Criterion, Stage
from web.pages.beside import RestsOn

Stars = Annotated[int, msgspec.Meta(ge=1, le=5)]
Prose = Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]


Code = Annotated[str, msgspec.Meta(max_length=extras.LONGEST_CODE)]
Extras = Annotated[
    dict[Code, Code],
    msgspec.Meta(
        max_length=extras.MOST,
        description="By the slug of an extra question, the code of its answer. `listCategories` has those of each category.",
    ),
]


class Criteria(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Each from 1, poor, to 5, excellent; null where it is not said."""

    value: Stars | None = None
    reliability: Stars | None = None
    quality: Stars | None = None
    communication: Stars | None = None


class ReviewIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``interest`` must be answered: null says that the school has none in the supplier. ``evidence`` is the number of an invoice
    or contract: your school keeps it, and others see only that there is one.
    """

    interest: Annotated[str, msgspec.Meta(max_length=LONGEST_INTEREST)] | None
    rating: Stars | None = None
    would_use_again: bool | None = None
    praise: Prose = ""
    criticism: Prose = ""
    used_from: date | None = None
    used_until: date | None = None
    criteria: Criteria | None = None
    stage: Stage | None = None
    evidence: Annotated[str, msgspec.Meta(max_length=LONGEST_EVIDENCE)] | None = None
    extras: Extras | None = None


class LoggedJobsSaid(msgspec.Struct, frozen=True, kw_only=True):
    """A review says that it rests on jobs that its school logged. ``jobs`` and ``late`` are null where it doesn't say how many;
    late are those of which both sides agreed that they were missed.
    """

    sentence: str
    jobs: int | None
    late: int | None


class OurReviewOut(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    supplier: UUID
    version: int
    rating: int | None
    would_use_again: bool | None
    interest: str | None
    praise: str
    criticism: str
    used_from: date | None
    used_until: date | None
    written_at: datetime
    criteria: Criteria
    stage: Stage | None
    evidence: str | None
    extras: Extras
    lapses_at: datetime | None
    shared: bool
    rests_on: LoggedJobsSaid | None = None


class PeerReviewOut(msgspec.Struct, frozen=True, kw_only=True):
    """``why`` says why you can see it; ``author`` and every other value only where its school opens it to you."""

    id: UUID
    school: UUID
    school_name: str
    miles: float | None
    why: tuple[str, ...]
    rating: int | None
    would_use_again: bool | None
    interest: str | None
    praise: str | None
    criticism: str | None
    used_from: date | None
    used_until: date | None
    criteria: Criteria
    stage: Stage | None
    gives_evidence: bool
    extras: Extras
    author: str | None
    written_at: datetime
    rests_on: LoggedJobsSaid | None = None


class NoteOut(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    school: UUID
    school_name: str
    ours: bool
    shared: bool
    about: About | None
    body: str | None
    happened_on: date | None
    author: str | None
    files: tuple[str, ...]
    written_at: datetime


class CriterionOut(msgspec.Struct, frozen=True, kw_only=True):
    criterion: Criterion
    count: int
    mean: float


class ExtraCountOut(msgspec.Struct, frozen=True, kw_only=True):
    """How other schools that you hear, without a declared interest, answer an extra question: how many, by the answer's code."""

    question: str
    schools: int
    answers: dict[str, int]


class PooledOut(msgspec.Struct, frozen=True, kw_only=True):
    """Only ratings that their schools share with every school; nothing below three of them, nor of a criterion."""

    count: int
    mean: float
    since: datetime
    until: datetime
    criteria: tuple[CriterionOut, ...]


class OpinionsOut(msgspec.Struct, frozen=True, kw_only=True):
    """``vouching`` counts other schools whose vouch you can see. There is no mean of what happens to be visible."""

    ours: OurReviewOut | None
    vouching: int
    pooled: PooledOut | None
    extras: tuple[ExtraCountOut, ...]
    reviews: tuple[PeerReviewOut, ...]
    notes: tuple[NoteOut, ...]
    next_reviews_cursor: str | None
    next_notes_cursor: str | None


def opinion_of(data: ReviewIn) -> Opinion:
    said = msgspec.structs.asdict(data)
    criteria = said.pop("criteria")
    answers = said.pop("extras") or {}
    return Opinion(**said, extras=answers, **(msgspec.structs.asdict(criteria) if criteria else {}))


def pooled(found: Pooled) -> PooledOut:
    by = tuple(CriterionOut(criterion=one.criterion, count=one.count, mean=one.mean) for one in found.criteria)
    return PooledOut(count=found.count, mean=found.mean, since=found.since, until=found.until, criteria=by)


def answered(found: Iterable[Answered]) -> tuple[ExtraCountOut, ...]:
    return tuple(ExtraCountOut(question=one.question.slug, schools=one.schools, answers=dict(one.by)) for one in found)


def _criteria(said: Mapping[Criterion, int]) -> Criteria:
    return Criteria(**{one.value: stars for one, stars in said.items()})


def _said(rests: RestsOn | None) -> LoggedJobsSaid | None:
    if rests is None or not rests.sentence:
        return None
    return LoggedJobsSaid(sentence=rests.sentence, jobs=rests.jobs, late=rests.late)


def ours(found: OurReview, rests: RestsOn | None = None) -> OurReviewOut:
    said = found.said
    return OurReviewOut(
        id=found.id, supplier=found.supplier, version=found.version, rating=said.rating,
        would_use_again=said.would_use_again, interest=said.interest, praise=said.praise, criticism=said.criticism,
        used_from=said.used_from, used_until=said.used_until, written_at=found.written_at, lapses_at=found.lapses_at,
        criteria=_criteria(said.criteria), stage=said.stage, evidence=said.evidence, extras=dict(said.extras),
        shared=found.is_shared, rests_on=_said(rests),
    )  # fmt: skip


def peer(found: PeerReview, rests: RestsOn | None) -> PeerReviewOut:
    return PeerReviewOut(
        id=found.id, school=found.by.school, school_name=found.by.name, miles=found.by.miles, why=found.by.why,
        rating=found.rating, would_use_again=found.would_use_again, interest=found.interest, praise=found.praise,
        criticism=found.criticism, used_from=found.used_from, used_until=found.used_until, author=found.author,
        written_at=found.written_at, rests_on=_said(rests),
        criteria=_criteria(found.criteria), stage=found.stage, gives_evidence=found.gives_evidence, extras=dict(found.extras),
    )  # fmt: skip


def note(found: ShownNote) -> NoteOut:
    return NoteOut(
        id=found.id, school=found.by.school, school_name=found.by.name, ours=found.is_ours, shared=found.is_shared,
        about=found.about, body=found.body, happened_on=found.happened_on, author=found.author,
        files=tuple(file.name for file in found.files), written_at=found.written_at,
    )  # fmt: skip
