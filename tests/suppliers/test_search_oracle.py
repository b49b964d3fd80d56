"""The sums of a search against the published formula in plain loops, on random worlds, before and after they change."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import audit
import database
from audit.checking import questions
from base import clock
from base.viewer import Role, Viewer
from sharing.access import visibility
from sharing.access.fields import Fields
from sharing.events import Event
from sharing.schools.places import Place, miles_between
from sharing.tables import AudienceGrant, School
from suppliers import open_words
from suppliers.record import field_groups
from suppliers.record.taxonomy import Reach
from suppliers.search import ranking, visible_opinions
from suppliers.search.around import Around
from suppliers.search.ranking import Word
from suppliers.search.word_rows import SearchTarget
from suppliers.tables import OpenWord, Review
from tests.given.builders import a_person, a_school
from tests.given.examples import IS_THE_SUITE, examples
from tests.given.oracle import APerson, AReview, World, sees
from tests.given.random_worlds import NOW, at, build, worlds
from tests.given.searching import a_supplier, says

GROUPS = {"rating": Fields.RATING, "interest": Fields.RATING | Fields.PRAISE, "praise": Fields.PRAISE,
          "criticism": Fields.CRITICISM, "dates": Fields.DATES}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What a review of the world says, and of which supplier."""

    supplier: UUID
    rating: int | None
    again: bool | None
    has_interest: bool
    lapses_at: datetime | None
    changed: dict[str, datetime]  # by group

    def row(self) -> dict[Any, Any]:
        times = {getattr(Review, f"{group}_at"): self.changed.get(group) for group in GROUPS}
        return times | {
            Review.supplier: self.supplier, Review.rating: self.rating, Review.would_use_again: self.again,
            Review.interest: "A cousin." if self.has_interest else None, Review.lapses_at: self.lapses_at,
        }  # fmt: skip


def told(world: World, chance: Random) -> dict[UUID, Said]:
    spoken_of = world.reviews[:4]
    taken = {(review.school, review.id) for review in spoken_of}
    found = {}
    for review in world.reviews:
        supplier = chance.choice(spoken_of).id
        supplier = review.id if review in spoken_of or (review.school, supplier) in taken else supplier
        taken.add((review.school, supplier))
        rating = chance.choice([None, 1, 2, 3, 4, 5])
        again = chance.choice([True, False]) if rating is None else chance.choice([None, True, False])
        lapses = chance.choice([None, NOW, at(1), at(-1)])
        changed = {group: at(-1) - timedelta(hours=chance.randrange(900)) for group in GROUPS if chance.random() < 0.3}
        found[review.id] = Said(supplier, rating, again, chance.random() < 0.2, lapses, changed)
    return found


def words(world: World, said: dict[UUID, Said], person: APerson, around: Around) -> dict[UUID, list[tuple[Word, bool]]]:
    """By supplier each word that is heard, and whether it weighs: what the viewer sees, as the page "How ranking works" says."""
    found: dict[UUID, list[tuple[Word, bool]]] = {}
    for review in world.reviews:
        opens, one, school = sees(world, person, review), said[review.id], world.school(review.school)
        if opens is None:
            continue
        miles = None
        if around.place and school.lat is not None and school.lon is not None:
            miles = miles_between(around.place, Place("", school.lat, school.lon))
        is_near = around.place is None or (miles is not None and miles <= around.miles)
        if not is_near and review.school not in around.linked and review.school != person.school:
            continue
        has_lapsed = one.lapses_at is not None and one.lapses_at <= NOW
        word = Word(
            rating=one.rating if Fields.RATING in opens else None,
            would_use_again=one.again if Fields.RATING in opens and not has_lapsed else None,
            written_at=max([at(-2), *(one.changed[group] for group in one.changed if opens & GROUPS[group])]),
            miles=miles,
        )
        weighs = bool(opens & (Fields.RATING | Fields.PRAISE)) and not one.has_interest
        found.setdefault(one.supplier, []).append((word, weighs))
    return found


async def compare(world: World, said: dict[UUID, Said], chance: Random) -> int:
    """For everybody of the world at a radius by chance; how many words were heard."""
    heard = 0
    suppliers = {one.supplier for one in said.values()}
    for person in world.people:
        viewer = Viewer(person.id, "Pat", person.school, "Oakfield", Role.GOVERNOR if person.is_governor else Role.HEAD)
        async with database.read():
            principals = await visibility.principals(viewer)
            linked = frozenset(school.id for school in world.schools if chance.random() < 0.3) - {person.school}
            around = Around(chance.choice([principals.place, Place("", 53.05, -0.35)]), chance.choice([1, 5, 10, 20]), linked)
            wanted = SearchTarget({}, dict.fromkeys(suppliers, 1.0), is_everything=chance.random() < 0.5)
            sums = await visible_opinions.sums(principals, wanted, around)
            spoken = await visible_opinions.spoken(principals, suppliers, around)
            many = await visible_opinions.count(principals, SearchTarget({}, dict.fromkeys(suppliers, 1.0)), around)
        expected = words(world, said, person, around)
        ours = {supplier: one for supplier, one in sums.items() if supplier in suppliers}
        assert {supplier: one.words for supplier, one in ours.items()} == {s: len(each) for s, each in expected.items()}
        assert {supplier: one.total for supplier, one in spoken.items()} == {s: len(each) for s, each in expected.items()}
        assert many == len(expected)
        for supplier, each in expected.items():
            heard += len(each)
            for reach in Reach:
                plain = ranking.score(1.0, [w for w, weighs in each if weighs], now=NOW, reach_miles=reach.miles)
                assert ranking.scored(1.0, ours[supplier].standing(reach)) == pytest.approx(plain, abs=1e-9)
            got = [(one.word.rating, one.word.would_use_again, one.word.written_at) for one in spoken[supplier].said]
            key = str
            assert sorted(got, key=key) == sorted(((w.rating, w.would_use_again, w.written_at) for w, _ in each), key=key)
    return heard


@pytest.mark.pure
def test_the_triggers_know_every_group_and_what_opens_it() -> None:
    assert open_words.GROUPS == field_groups.REVIEW
    assert timedelta(days=open_words.HALF_LIFE_DAYS) == ranking.HALF_LIFE


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@given(worlds(), st.integers(0, 1_000_000))
@settings(
    max_examples=examples(4), derandomize=IS_THE_SUITE, database=None, phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
async def test_what_is_heard_is_what_the_formula_says_before_and_after_every_kind_of_change(
    db: object, world: World, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - of a test
    said = told(world, chance)
    await build(world)
    async with audit.recording(None) as record:
        record(Event.REGISTER_IMPORTED, stream="register", subject="world")
        for review in world.reviews:
            await Review.update(said[review.id].row()).where(Review.id == review.id)
    await compare(world, said, chance)
    await compare(await changed(world, chance), said, chance)
    async with database.read():
        assert await open_words.faults() == ()


async def changed(world: World, chance: Random) -> World:
    """A line revoked, a review withdrawn and another shared with somebody else, a school that moves."""
    revoked = chance.choice(world.grants)
    gone, moved = chance.sample(world.reviews, 2)
    theirs = [grant.audience for grant in world.grants if grant.owner == moved.school]
    audience, school = chance.choice([None, *theirs]), chance.choice(world.schools)
    async with audit.recording(None) as record:
        record(Event.REGISTER_IMPORTED, stream="register", subject="world")
        its_own = (AudienceGrant.audience == revoked.audience) & (AudienceGrant.fields == int(revoked.fields))
        its_own = its_own & (AudienceGrant.kind == revoked.kind.value)
        await AudienceGrant.update({AudienceGrant.revoked_at: at(0)}).where(its_own)
        await Review.update({Review.withdrawn_at: at(-1)}).where(Review.id == gone.id)
        await Review.update({Review.audience: audience}).where(Review.id == moved.id)
        await School.update({School.lat: 53.05, School.lon: -0.4}).where(School.id == school.id)

    def is_it(grant: Any) -> bool:
        return (grant.audience, grant.fields, grant.kind) == (revoked.audience, revoked.fields, revoked.kind)

    def now(review: AReview) -> AReview:
        is_gone = review.is_withdrawn or review is gone
        return replace(review, is_withdrawn=is_gone, audience=audience if review is moved else review.audience)

    return replace(
        world,
        grants=tuple(replace(grant, is_revoked=grant.is_revoked or is_it(grant)) for grant in world.grants),
        reviews=tuple(map(now, world.reviews)),
        schools=tuple(replace(one, lat=53.05, lon=-0.4) if one is school else one for one in world.schools),
    )


@pytest.mark.usefixtures("db")
async def test_a_row_that_somebody_altered_is_found_by_the_check() -> None:
    oak = await a_person(await a_school("Oakfield Primary"), name="Ann Archer")
    await says(oak, await a_supplier(oak), rating=2)
    async with audit.recording(None) as record:
        record(Event.REGISTER_IMPORTED, stream="register", subject="world")
        await OpenWord.update({OpenWord.rating: 5}).where(OpenWord.school == oak.school)
    assert "in 2 rows" in " ".join(finding.what for finding in await questions.of_installation())
