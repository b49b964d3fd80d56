"""The sums of a search and its filters against plain loops, on random worlds, before and after they change."""

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from piccolo.querystring import QueryString

import audit
import database
from audit.checking import questions
from base import clock
from base.refusals import Invalid
from base.viewer import Role, Viewer
from database import stretches
from sharing.access import narrower, visibility
from sharing.access.fields import Fields
from sharing.events import Event
from sharing.schools.like_ours import SchoolKind, SchoolProfile, is_like
from sharing.schools.places import Place, miles_between
from sharing.tables import AudienceGrant, Network, School
from suppliers import judged_words, open_words, ranked_words, word_counts
from suppliers.record import field_groups, taxonomy
from suppliers.record.criteria import Criterion
from suppliers.record.taxonomy import Reach
from suppliers.search import ranking, standings, told, visible_opinions, whose
from suppliers.search.around import Around
from suppliers.search.filters import NO_FILTERS, Filters, Whose
from suppliers.search.ranking import Word
from suppliers.search.told import Listener
from suppliers.search.wanted import SearchTarget
from suppliers.tables import OpenWord, Review, Supplies
from tests.given.builders import a_person, a_school
from tests.given.counted_ratings import assert_counted_as_by_hand
from tests.given.examples import IS_THE_SUITE, examples
from tests.given.oracle import APerson, AReview, World, sees
from tests.given.random_worlds import NOW, at, build, worlds
from tests.given.said_by_chance import GROUPS, Said
from tests.given.said_by_chance import told as told_by_chance
from tests.given.searching import a_supplier, says

FIT = {"heating": 1.0, "energy": 0.8, "kitchen-equipment": 0.8}  # a need that may mean three
FILED = ("heating", "energy", "kitchen-equipment", "catering")


def filed(supplier: UUID) -> set[str]:
    """Up to three categories, by chance that an id decides; for some none."""
    return {slug for place, slug in enumerate(FILED[:3]) if supplier.int >> place & 1} | (
        {FILED[3]} if supplier.int & 24 == 24 else set()
    )


@dataclass(frozen=True)
class Asked:
    profiles: dict[UUID, SchoolProfile]  # by school
    filters: Filters


def profiles_by_chance(world: World, chance: Random) -> dict[UUID, SchoolProfile]:
    kinds = [SchoolKind.PRIMARY, SchoolKind.PRIMARY, SchoolKind.SPECIAL, None]
    return {
        school.id: SchoolProfile(chance.choice(kinds), chance.choice([None, 90, 200, 210]), chance.choice([None, True, False]))
        for school in world.schools
    }


def words(
    world: World, said: dict[UUID, Said], person: APerson, around: Around, asked: Asked
) -> dict[UUID, list[tuple[Word, bool]]]:
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
        is_proven = one.evidence is not None and Fields.RATING in opens
        if not counts(world, person, school.id, asked) or (asked.filters.evidence and not is_proven):
            continue
        weighs = bool(opens & (Fields.RATING | Fields.PRAISE)) and not one.has_interest
        found.setdefault(one.supplier, []).append((word, weighs))
    return found


def counts(world: World, person: APerson, school: UUID, asked: Asked) -> bool:
    """Whether the filters count what a school says."""
    filters, ours, its = asked.filters, asked.profiles[person.school], asked.profiles[school]
    if filters.phase and its.kind is not filters.phase:
        return False
    if filters.like_ours and not is_like(ours, its):
        return False
    wanted = {Whose.TRUST: world.networks[:1], Whose.NETWORKS: world.networks, None: ()}[filters.whose]
    mine = networks_of(world, person.school).intersection(wanted)
    return filters.whose is None or bool(mine & networks_of(world, school))


def networks_of(world: World, school: UUID) -> set[UUID]:
    return {member.network for member in world.members if member.school == school and member.span.goes_on}


def comes_to(each: list[tuple[Word, bool]], filters: Filters) -> bool:
    ratings = [word.rating for word, weighs in each if weighs and word.rating is not None]
    again = [word.would_use_again for word, weighs in each if weighs]
    if filters.rating and (not ratings or sum(ratings) / len(ratings) < filters.rating):
        return False
    return not filters.would_use_again or again.count(True) > again.count(False)


def asked_by_chance(profiles: dict[UUID, SchoolProfile], chance: Random) -> Asked:
    return Asked(
        profiles,
        Filters(
            rating=chance.choice([None, None, 2, 4]),
            would_use_again=chance.random() < 0.2,
            evidence=chance.random() < 0.2,
            like_ours=chance.random() < 0.3,
            phase=chance.choice([None, None, SchoolKind.PRIMARY]),
            whose=chance.choice([None, None, *Whose]),
        )
        if chance.random() < 0.7
        else NO_FILTERS,
    )


def fitting_both_ways(suppliers: set[UUID], chance: Random) -> SearchTarget:
    """A need that is also part of some names: of these, as a search has it, those of the need come with it, or by themselves."""
    named = [one for one in sorted(suppliers) if chance.random() < 0.5]
    best = {one: max([0.9, *(FIT[slug] for slug in filed(one) & set(FIT))]) for one in named}
    return SearchTarget(FIT, best, filed=frozenset(one for one in named if filed(one) & set(FIT) and chance.random() < 0.7))


async def compare(world: World, said: dict[UUID, Said], profiles: dict[UUID, SchoolProfile], chance: Random) -> int:
    """For everybody of the world at a radius by chance; how many words were heard."""
    heard = 0
    suppliers = {one.supplier for one in said.values()}
    for person in world.people:
        viewer = Viewer(person.id, "Pat", person.school, "Oakfield", Role.GOVERNOR if person.is_governor else Role.HEAD)
        async with database.read():
            principals = await visibility.principals(viewer)
            linked = frozenset(school.id for school in world.schools if chance.random() < 0.3) - {person.school}
            asked, ours = asked_by_chance(profiles, chance), profiles[person.school]
            assert await whose.profile(principals) == ours
            try:
                counting = await whose.counting(asked.filters, principals, ours)
            except Invalid:
                mine = networks_of(world, person.school)
                assert not ours.kind or not (mine if asked.filters.whose is Whose.NETWORKS else mine & {world.networks[0]})
                continue
            place, miles = chance.choice([principals.place, Place("", 53.05, -0.35)]), chance.choice([1, 5, 10, 20])
            coming_to, like = whose.coming_to(asked.filters), whose.is_like(ours)
            around = Around(place, miles, linked, counting, coming_to, like)
            by_name, everything = SearchTarget({}, dict.fromkeys(suppliers, 1.0)), SearchTarget({}, {}, is_everything=True)
            wanted = chance.choice([everything, by_name, SearchTarget(FIT, {}), fitting_both_ways(suppliers, chance)])
            await assert_counted_as_by_hand(world, said, person, principals)
            hearing = await told.listener(principals)
            unheard = chance.random() < 0.5
            ranked = await standings.standings(hearing, wanted, around, unheard=unheard, limit=10_000, with_words=True)
            spoken = await visible_opinions.spoken(hearing, suppliers, around)
            many = await standings.count(hearing, SearchTarget({}, dict.fromkeys(suppliers, 1.0)), around)
            await assert_ranked_alike(hearing, Around(place, miles, linked))
        expected = words(world, said, person, around, asked)
        fitting = {s: each for s, each in expected.items() if comes_to(each, asked.filters)}
        found = {one.supplier: one for one in ranked.best if one.supplier in suppliers and one.words}
        assert {supplier: one.words for supplier, one in found.items()} == {
            s: len(each) for s, each in fitting.items() if not wanted.categories or filed(s) & set(FIT) or s in wanted.suppliers
        }
        assert {one: words for one, words in ranked.spoken.items() if one in suppliers} == {one: spoken[one] for one in found}
        assert list(ranked.best) == sorted(ranked.best, key=lambda one: (-one.score, str(one.supplier)))
        assert {supplier: one.total for supplier, one in spoken.items()} == {s: len(each) for s, each in expected.items()}
        assert many == len(fitting)
        for supplier, each in expected.items():
            heard += len(each)
            schools = {review.school for review in world.reviews if said[review.id].supplier == supplier} - {person.school}
            named = {one.school for one in spoken[supplier].said} & schools
            assert spoken[supplier].like_ours == sum(is_like(ours, profiles[school]) for school in named)
            if supplier in found:
                meant = sorted(filed(supplier) & set(wanted.categories), key=lambda slug: (FIT[slug], slug))
                slug = meant[-1] if meant else min(filed(supplier), default="")
                reach = taxonomy.by_slug()[slug].reach if slug else Reach.LOCAL
                weighing = [word for word, weighs in each if weighs]
                fit = wanted.suppliers.get(supplier, FIT[slug] if meant else 1.0)
                plain = ranking.score(fit, weighing, now=NOW, reach_miles=reach.miles)
                assert found[supplier].score == pytest.approx(plain, abs=1e-6)
            got = [(one.word.rating, one.word.would_use_again, one.word.written_at) for one in spoken[supplier].said]
            key = str
            assert sorted(got, key=key) == sorted(((w.rating, w.would_use_again, w.written_at) for w, _ in each), key=key)
    return heard


async def assert_ranked_alike(hearing: Listener, around: Around) -> None:
    """Without a need or a filter rows made for ranking are added up, and come to the same as the words themselves."""
    no_filter = replace(around, coming_to=QueryString("1 = 1"))
    everything = SearchTarget({}, {}, is_everything=True)
    rows, words = [await standings.standings(hearing, everything, one, limit=10_000) for one in (around, no_filter)]
    assert (rows.total, rows.heard) == (words.total, words.heard)
    by_words = {one.supplier: one for one in words.best}
    for one in rows.best:
        assert one.words == by_words[one.supplier].words
        assert one.score == pytest.approx(by_words[one.supplier].score, abs=1.5e-6)


@pytest.mark.pure
def test_the_triggers_know_every_group_and_what_opens_it() -> None:
    assert open_words.GROUPS == field_groups.REVIEW
    assert timedelta(days=open_words.HALF_LIFE_DAYS) == ranking.HALF_LIFE
    assert ranked_words.RATING_VALUES == ranking.RATING_VALUES
    assert ranked_words.USES_THEM == ranking.USES_THEM
    numbers = {slug: number for number, slugs in ranked_words.REACHES.items() for slug in slugs}
    assert (*Criterion,) == judged_words.CRITERIA
    assert all(numbers.get(one.slug, 0) == tuple(Reach).index(one.reach) for one in taxonomy.categories())


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(narrower, "FEW", 2)  # a world has more lines to schools near by, or fewer


@given(worlds(), st.integers(0, 1_000_000))
@settings(
    max_examples=examples(4), derandomize=IS_THE_SUITE, database=None, phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
async def test_what_is_heard_is_what_the_formula_says_before_and_after_every_kind_of_change(
    db: object, world: World, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - of a test
    said, profiles = told_by_chance(world, chance), profiles_by_chance(world, chance)
    await build(world)
    async with audit.recording(None) as record:
        record(Event.REGISTER_IMPORTED, stream="register", subject="world")
        for supplier in {one.id for one in world.reviews}:
            for slug in filed(supplier):
                await Supplies.insert(Supplies(id=uuid4(), supplier=supplier, category=slug))
        for review in world.reviews:
            await Review.update(said[review.id].row()).where(Review.id == review.id)
        await Network.update({Network.kind: "trust"}).where(Network.id == world.networks[0])
        for school, its in profiles.items():
            phase = its.kind.phases[-1] if its.kind else ""
            its_own: dict[Any, Any] = {School.phase: phase, School.pupils: its.pupils, School.is_rural: its.is_rural}
            await School.update(its_own).where(School.id == school)
    await compare(world, said, profiles, chance)
    await compare(await changed(world, chance), said, profiles, chance)
    async with database.read():
        for derived in (open_words, ranked_words, judged_words, word_counts):
            assert await derived.faults() == ()


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
@pytest.mark.parametrize("rows_at_once", [1, stretches.FEW])
async def test_a_row_that_somebody_altered_is_found_by_the_check(rows_at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "FEW", rows_at_once)
    oak = await a_person(await a_school("Oakfield Primary"), name="Ann Archer")
    await says(oak, await a_supplier(oak), rating=2)
    async with audit.recording(None) as record:
        record(Event.REGISTER_IMPORTED, stream="register", subject="world")
        await OpenWord.update({OpenWord.rating: 5}).where(OpenWord.school == oak.school)
    assert "in 2 rows" in " ".join(finding.what for finding in await questions.of_installation())
