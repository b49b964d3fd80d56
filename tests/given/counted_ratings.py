"""Vouches and pooled ratings counted by plain loops, to judge the sums of the database by."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from sharing.access.fields import Fields, GrantKind
from sharing.access.visibility import Principals
from suppliers.opinions import rating_sums
from suppliers.record.criteria import Criterion
from tests.given.oracle import APerson, AReview, World, sees
from tests.given.random_worlds import NOW, at
from tests.given.said_by_chance import Said


async def assert_counted_as_by_hand(world: World, said: Mapping[UUID, Said], person: APerson, principals: Principals) -> None:
    """Inside a read unit."""
    heard: Counter[tuple[UUID, bool | None]] = Counter()
    pooled: Counter[tuple[UUID, int, int, bool]] = Counter()
    judged: Counter[object] = Counter()
    answered: Counter[object] = Counter()
    for review in world.reviews if world.school(person.school).is_open else ():
        one, opens = said[review.id], sees(world, person, review)
        if opens is None or Fields.RATING not in opens or one.has_interest:
            continue
        is_ours, has_lapsed = review.school == person.school, one.lapses_at is not None and one.lapses_at <= NOW
        heard[one.supplier, one.again] += not is_ours and one.again is not None and not has_lapsed
        answered.update((one.supplier, *answer) for answer in one.extras.items() if not is_ours)
        if is_for_every_school(world, review) and one.rating is not None:
            pooled[one.supplier, one.rating, max(at(-2), one.changed.get("rating", at(-2))).year, is_ours] += 1
            judged[one.supplier, one.quality] += one.quality is not None
    counted = await rating_sums.counted(principals, {one.supplier for one in said.values()})
    alike = [(supplier, one) for supplier, some in counted.items() for one in some]
    again = Counter[object]()
    for supplier, one_of in alike:
        again[supplier, one_of.would_use_again] += one_of.count if one_of.is_heard and one_of.would_use_again is not None else 0
    assert +again == +heard
    pools: Counter[object] = Counter()
    for supplier, one_of in alike:
        pools[supplier, one_of.rating, one_of.year, one_of.is_ours] += one_of.count if one_of.is_pooled else 0
    assert +pools == +pooled
    stars = Counter[object]()
    for (supplier, rating, *_), many in pooled.items():
        stars[supplier, rating] += many
    suppliers = {one.supplier for one in said.values()}
    by_themselves = await rating_sums.pooled(principals, suppliers)
    assert {(supplier, rating): n for supplier, some in by_themselves.items() for rating, n in some.items()} == +stars
    brief = await rating_sums.in_brief(principals, suppliers)
    assert {(supplier, rating): n for supplier, one in brief.items() for rating, n in one.pooled.items()} == +stars
    assert {supplier: one.vouching for supplier, one in brief.items() if one.vouching} == {
        supplier: n for (supplier, again), n in heard.items() if again and n
    }
    await _assert_of_each(principals, suppliers, judged, answered)


async def _assert_of_each(
    principals: Principals, suppliers: set[UUID], judged: Counter[object], answered: Counter[object]
) -> None:
    found: Counter[object] = Counter()
    answers: Counter[object] = Counter()
    for supplier in suppliers:
        of_one = await rating_sums.of_one(principals, supplier)
        for stars, many in of_one.judged.get(Criterion.QUALITY, {}).items():
            found[supplier, stars] += many if stars is not None else 0
        for extras, count in of_one.answered:
            answers.update({(supplier, *answer): count for answer in extras.items()})
    assert +found == +judged
    assert answers == answered


def is_for_every_school(world: World, review: AReview) -> bool:
    return any(
        (grant.kind, grant.audience, grant.owner) == (GrantKind.EVERYONE, review.audience, review.school)
        and Fields.RATING in grant.fields and grant.span.holds and not grant.is_revoked
        for grant in world.grants
    )  # fmt: skip
