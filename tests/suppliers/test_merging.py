"""Merging and undoing: one edge, no word and no grant touched, and nobody sees more than before."""

import itertools
from dataclasses import replace
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import database
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.settings import Settings
from base.viewer import Role
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.directory import directory
from suppliers.merging import decisions, history, links, merges
from suppliers.merging.decisions import Judgement
from suppliers.opinions import notes, readable, reviews, superseded
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.record import merge_forest
from suppliers.search import search
from suppliers.search.search import Question
from suppliers.shares import shares
from suppliers.shares.publishing import SaidOfEntries
from suppliers.shares.shares import OpinionKind
from suppliers.tables import Merge, Note, Review, Use
from tests.conftest import ENGINE
from tests.given.builders import a_person, a_school, events_of
from tests.given.examples import IS_THE_SUITE, examples, fewer_on_postgres
from tests.given.listed_suppliers import an_entry, curator, manager
from tests.given.merging_world import a_little_town, assert_derived, attempt, rows, tries

pytestmark = pytest.mark.usefixtures("db")

TO_EVERYONE = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING | Fields.PRAISE),))


def said(rating: int, **more: str | None) -> Opinion:
    return Opinion(interest=more.pop("interest", None), rating=rating, **more)  # type: ignore[arg-type]


async def test_a_school_merges_its_own_records_and_undoes_it_without_a_trace() -> None:
    ann = await manager()
    one = (await directory.add(ann, name="Ashby Boilers", identifiers={"phone": "01522 555 123"}, categories=["heating"])).id
    other = (await directory.add(ann, name="Ashby Heating", categories=["plumbing"])).id
    await reviews.review(ann, one, opinion=said(4), version=None)
    await notes.note(ann, one, about=About.GOOD, body="Came at once.")
    before = await rows()
    made = (await merges.merge(ann, one, other)).id
    seen = await directory.supplier(ann, one)
    assert (seen.id, seen.name, seen.aliases) == (other, "Ashby Heating", ("Ashby Boilers",))
    assert set(seen.categories) == {"heating", "plumbing"}
    assert [value for _, value in seen.identifiers] == ["+441522555123"]
    found = await readable.about(ann, other)
    assert found.ours is not None
    assert found.ours.said.rating == 4
    assert len(found.notes) == 1
    assert (await merges.undo(ann, made)).part == one
    assert await rows() == before
    await merges.undo(ann, made)
    assert [e for e in await events_of(ann.school) if "merge" in e] == ["supplier.merged", "supplier.merge_undone"]


async def test_what_is_left_out_comes_back_with_the_undo() -> None:
    ann = await manager()
    one = (await directory.add(ann, name="Ashby Boilers", identifiers={"phone": "01522 555 123"}, categories=["heating"])).id
    other = (await directory.add(ann, name="Ashby Heating", identifiers={"phone": "01522 555 124"}, categories=["plumbing"])).id
    left_out = frozenset({"phone:+441522555124", "category:heating", "alias:Ashby Boilers"})
    made = (await merges.merge(ann, one, other, choice=merges.MergeChoice(left_out))).id
    seen = await directory.supplier(ann, other)
    assert (seen.aliases, seen.categories) == ((), ("plumbing",))
    assert [value for _, value in seen.identifiers] == ["+441522555123"]
    await merges.undo(ann, made)
    assert [value for _, value in (await directory.supplier(ann, other)).identifiers] == ["+441522555124"]
    with pytest.raises(Invalid, match="no longer there"):
        await merges.merge(ann, one, other, choice=merges.MergeChoice(frozenset({"name:Ashby Heating"})))


async def test_too_much_to_leave_out_is_refused_with_a_sentence_and_any_letters_are_kept() -> None:
    ann = await manager()
    long = ["Ж" * 240 + f" {n}" for n in range(20)]
    one, other = [(await directory.add(ann, name=f"Ashby {n}", aliases=[f"{a} {n}" for a in long])).id for n in range(2)]
    third = (await directory.add(ann, name="Ashby 2", aliases=[f"{a} 2" for a in long])).id
    fourth = (await directory.add(ann, name="Ashby 3", aliases=[f"{a} 3" for a in long])).id
    for part, kept in ((one, other), (third, fourth)):
        aliases = (await directory.supplier(ann, part)).aliases
        await merges.merge(ann, part, kept, choice=merges.MergeChoice(frozenset(f"alias:{alias}" for alias in aliases)))
        await merges.undo(ann, (await history.of(ann, part))[0].id)
        await merges.merge(ann, part, kept)
    wholes = [await directory.supplier(ann, end) for end in (one, third)]
    everything = frozenset(f"alias:{alias}" for whole in wholes for alias in whole.aliases)
    with pytest.raises(Invalid, match="too much to leave out"):
        await merges.merge(ann, other, fourth, choice=merges.MergeChoice(everything))


@pytest.mark.skipif(ENGINE == "postgres", reason="with so few rows PostgreSQL reads them all, index or not")
async def test_what_was_said_of_suppliers_is_found_by_them_and_not_by_reading_every_schools() -> None:
    some = [UUID(int=n) for n in range(30)]
    async with database.read():
        for table in (Review, Note, Use):
            asked = table.select(table.id).where(table.supplier.is_in(some) & (table.school == some[0]))
            steps = [row["detail"] for row in await table.raw(f"EXPLAIN QUERY PLAN {asked}")]
            assert all(step.startswith("SEARCH") and "supplier=?" in step for step in steps)


async def test_of_two_reviews_the_newer_stands_the_older_rests_and_returns_with_undo_or_withdrawal() -> None:
    ann = await manager()
    one, other = (await directory.add(ann, name="Ashby Boilers")).id, (await directory.add(ann, name="Ashby Heating")).id
    older = (await reviews.review(ann, other, opinion=said(2), version=None)).id
    newer = (await reviews.review(ann, one, opinion=said(5), version=None)).id
    made = (await merges.merge(ann, one, other)).id
    current = await reviews.current(ann, other)
    assert current is not None
    assert current.id == newer
    assert [(rest.id, rest.name) for rest in await superseded.resting(ann, other)] == [(older, "Ashby Heating")]
    assert (await reviews.ours(ann, older)).rests
    await reviews.withdraw(ann, newer)
    current = await reviews.current(ann, other)
    assert current is not None
    assert current.id == older
    assert await superseded.resting(ann, one) == ()
    await merges.undo(ann, made)
    assert await reviews.current(ann, one) is None
    assert (await reviews.ours(ann, older)).supplier == other


async def test_both_uses_end_when_the_school_stops_using_the_merged_supplier() -> None:
    ann = await manager()
    one, other = (await directory.add(ann, name="Ashby Boilers")).id, (await directory.add(ann, name="Ashby Heating")).id
    since = (await directory.supplier(ann, one)).used_since
    made = (await merges.merge(ann, one, other)).id
    assert (await directory.supplier(ann, other)).used_since == since
    await directory.stop_using(ann, one)
    await merges.undo(ann, made)
    async with database.read():
        assert await Use.count().where(Use.until_at.is_null()) == 0


async def test_merges_are_undone_in_any_order() -> None:
    ann = await manager()
    ids = [(await directory.add(ann, name=f"Ashby {word}")).id for word in ("Boilers", "Heating", "Plumbing", "Gas")]
    made = [(await merges.merge(ann, one, other)).id for one, other in itertools.pairwise(ids)]
    assert {(await directory.supplier(ann, one)).id for one in ids} == {ids[3]}
    await merges.undo(ann, made[1])
    assert [(await directory.supplier(ann, one)).id for one in ids] == [ids[1], ids[1], ids[3], ids[3]]
    await merges.undo(ann, made[0])
    assert [(await directory.supplier(ann, one)).id for one in ids] == [ids[0], ids[1], ids[3], ids[3]]


async def test_two_entries_wait_for_a_curator_and_their_reviews_meet_at_the_one_that_stays() -> None:
    olive = await curator()
    one, other = await an_entry("Ashby Boilers", categories=["heating"]), await an_entry("Ashby Boilers Ltd")
    ann, bob = await manager(), await manager("Elmwood")
    await shares.share(ann, OpinionKind.REVIEW, (await reviews.review(ann, one, opinion=said(5), version=None)).id, TO_EVERYONE)
    with pytest.raises(Forbidden, match="curator"):
        await merges.merge(ann, one, other)
    with pytest.raises(NotFound):
        await merges.merge(ann, one, other, as_curator=True)
    made = (await merges.merge(olive, one, other, as_curator=True)).id
    assert [review.rating for review in (await readable.about(bob, one)).reviews] == [5]
    assert [hit.supplier for hit in (await search.recommendations(bob, Question(need="heating"))).hits] == [other]
    assert (await directory.supplier(bob, one)).id == other
    with pytest.raises(NotFound):
        await merges.undo(ann, made)
    await merges.undo(olive, made, as_curator=True)
    assert [hit.supplier for hit in (await search.recommendations(bob, Question(need="heating"))).hits] == [one]


async def test_an_older_review_that_rests_is_in_no_search_and_in_no_count() -> None:
    olive, ann, bob = await curator(), await manager(), await manager("Elmwood")
    one, other = (
        await an_entry("Ashby Boilers", categories=["heating"]),
        await an_entry("Ashby Boilers Ltd", categories=["heating"]),
    )
    for entry, rating in ((one, 1), (other, 5)):
        await shares.share(
            ann, OpinionKind.REVIEW, (await reviews.review(ann, entry, opinion=said(rating), version=None)).id, TO_EVERYONE
        )
    await merges.merge(olive, one, other, as_curator=True)
    for question in (Question(need="heating"), Question()):
        hits = (await search.recommendations(bob, question)).hits
        assert [(hit.supplier, [word.word.rating for word in hit.said]) for hit in hits] == [(other, [5])]


async def test_an_older_review_that_rests_is_in_no_count_of_what_a_wider_search_would_find() -> None:
    olive, bob = await curator(), await manager("Elmwood")
    ann = await a_person(await a_school("Far away", lat=53.30, lon=-0.54, local_authority="Elsewhere"))
    one, other = await an_entry("Ashby Boilers", categories=["heating"]), await an_entry("Ashby Ltd", categories=["heating"])
    for entry in (one, other):
        await shares.share(
            ann, OpinionKind.REVIEW, (await reviews.review(ann, entry, opinion=said(4), version=None)).id, TO_EVERYONE
        )
    question = Question(need="heating", miles=1)
    assert [wider.suppliers for wider in (await search.recommendations(bob, question)).wider] == [2]
    await merges.merge(olive, one, other, as_curator=True)
    assert [wider.suppliers for wider in (await search.recommendations(bob, question)).wider] == [1]


async def test_every_name_of_what_was_merged_suggests_the_supplier_that_it_is_part_of() -> None:
    olive, bob = await curator(), await manager("Elmwood")
    one, other = await an_entry("Zanzibar Sweepers"), await an_entry("Meridian Facilities")
    third = await an_entry("Quixotic Cleaning")
    await merges.merge(olive, one, other, as_curator=True)
    made = (await merges.merge(olive, other, third, as_curator=True)).id
    for name in ("Zanzibar Sweepers", "Meridian Facilities", "Quixotic Cleaning"):
        assert [found.supplier_id for found in await directory.suggestions(bob, name)] == [third]
    await merges.undo(olive, made, as_curator=True)
    assert [found.supplier_id for found in await directory.suggestions(bob, "Zanzibar Sweepers")] == [other]


async def test_a_category_that_was_left_out_finds_nobody() -> None:
    olive, bob = await curator(), await manager("Elmwood")
    one, other = (
        await an_entry("Ashby Boilers", categories=["heating"]),
        await an_entry("Brook Cleaning", categories=["cleaning"]),
    )
    ann = await manager()
    await shares.share(ann, OpinionKind.REVIEW, (await reviews.review(ann, one, opinion=said(4), version=None)).id, TO_EVERYONE)
    await merges.merge(olive, one, other, choice=merges.MergeChoice(frozenset({"category:heating"})), as_curator=True)
    assert (await search.recommendations(bob, Question(need="heating"))).hits == ()
    assert [hit.supplier for hit in (await search.recommendations(bob, Question(need="cleaning"))).hits] == [other]


async def test_an_own_record_adds_nothing_to_an_entry_that_others_can_see() -> None:
    ann, bob = await manager(), await manager("Elmwood")
    entry = await an_entry("Ashby Boilers Ltd")
    own = (await directory.add(ann, name="Secret name", categories=["heating"], identifiers={"phone": "01522 555 123"})).id
    await shares.share(ann, OpinionKind.REVIEW, (await reviews.review(ann, entry, opinion=said(4), version=None)).id, TO_EVERYONE)
    before = await directory.supplier(bob, entry)
    await merges.merge(ann, own, entry)
    assert await directory.supplier(bob, entry) == before
    assert (await search.recommendations(bob, Question(need="heating"))).hits == ()
    assert (await directory.supplier(ann, own)).id == entry


async def test_an_own_record_leaves_an_entry_only_when_nothing_written_for_it_is_shared() -> None:
    ann = await manager()
    entry, own = await an_entry("Ashby Boilers Ltd"), (await directory.add(ann, name="Ashby Boilers")).id
    review = (await reviews.review(ann, own, opinion=said(4), version=None)).id
    await shares.share(ann, OpinionKind.REVIEW, review, TO_EVERYONE, of_entries=SaidOfEntries(same_as=entry))
    async with database.read():
        (made,) = await Merge.select(Merge.id).where(Merge.from_supplier == own).output(as_list=True)
    with pytest.raises(Conflict, match="Stop sharing it first: Ashby Boilers is your school's own again"):
        await merges.undo(ann, made)
    await shares.unshare(ann, OpinionKind.REVIEW, review)
    await merges.undo(ann, made)
    assert (await directory.supplier(ann, own)).is_own
    assert (await reviews.ours(ann, review)).supplier == own


async def test_only_its_own_facts_are_listed_when_a_merged_own_record_is_shared() -> None:
    ann, bob = await manager(), await manager("Elmwood")
    one = (await directory.add(ann, name="Secret name", categories=["plumbing"])).id
    other = (await directory.add(ann, name="Ashby Heating", categories=["heating"], identifiers={"phone": "01522 555 123"})).id
    await merges.merge(ann, one, other, choice=merges.MergeChoice(frozenset({"phone:+441522555123"})))
    await shares.share(ann, OpinionKind.REVIEW, (await reviews.review(ann, other, opinion=said(4), version=None)).id, TO_EVERYONE)
    seen = await directory.supplier(bob, other)
    assert (seen.aliases, seen.categories, seen.identifiers) == ((), ("heating",), ())


async def test_numbers_that_differ_have_to_be_checked_or_one_left_out() -> None:
    ann = await manager()
    one = (await directory.add(ann, name="Ashby Boilers", identifiers={"company_number": "01234567"})).id
    other = (await directory.add(ann, name="Ashby Heating", identifiers={"company_number": "07654321"})).id
    with pytest.raises(Invalid, match="numbers differ") as refused:
        await merges.merge(ann, one, other)
    assert "numbers_checked" in refused.value.fields
    made = (await merges.merge(ann, one, other, choice=merges.MergeChoice(frozenset({"company_number:01234567"})))).id
    await merges.undo(ann, made)
    await merges.merge(ann, one, other, choice=merges.MergeChoice(numbers_checked=True))


async def test_no_more_than_so_many_records_become_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge_forest, "MOST_TOGETHER", 2)
    ann = await manager()
    ids = [(await directory.add(ann, name=f"Ashby {word}")).id for word in ("Boilers", "Heating", "Plumbing")]
    await merges.merge(ann, ids[0], ids[1])
    with pytest.raises(Conflict, match="3 records of one supplier, and 2 are the most"):
        await merges.merge(ann, ids[2], ids[1])


async def test_what_was_judged_different_stays_apart_however_it_comes_together() -> None:
    ann = await manager()
    ids = [(await directory.add(ann, name=f"Ashby {word}")).id for word in ("Boilers", "Heating", "Plumbing", "Gas")]
    await merges.merge(ann, ids[0], ids[1])
    decided = await decisions.decide(ann, ids[1], ids[2], Judgement.DIFFERENT, reason="Another owner.")
    await merges.merge(ann, ids[2], ids[3])
    for one, other in ((ids[0], ids[3]), (ids[3], ids[1])):
        with pytest.raises(Conflict, match=r"Ashby (Heating|Plumbing) and Ashby .* different on .* because: Another owner\."):
            await merges.merge(ann, one, other)
    async with database.read():
        assert await decisions.apart_from(ann, ids[0]) == {ids[3]}
        assert await decisions.apart_from(ann, ids[2]) == {ids[1]}
    await decisions.take_back(ann, decided)
    await merges.merge(ann, ids[3], ids[1])
    with pytest.raises(Conflict, match="one supplier already"):
        await decisions.decide(ann, ids[0], ids[2], Judgement.DIFFERENT)


async def test_a_school_proposes_and_nothing_changes_for_anybody_else() -> None:
    olive, ann, bob = await curator(), await manager(), await manager("Elmwood")
    one, other = await an_entry("Ashby Boilers"), await an_entry("Ashby Boilers Ltd")
    first = await decisions.decide(ann, one, other, Judgement.SAME)
    assert await decisions.decide(ann, other, one, Judgement.SAME) == first
    assert (await directory.supplier(bob, one)).id == one
    own = (await directory.add(ann, name="Ashby")).id
    with pytest.raises(Invalid, match="Merge them"):
        await decisions.decide(ann, own, one, Judgement.SAME)
    await decisions.decide(bob, one, other, Judgement.DIFFERENT)
    await merges.merge(olive, one, other, as_curator=True)
    trail = [e for e in await events_of(ann.school) if e.startswith("supplier.d")]
    assert trail == ["supplier.decided"]


async def test_a_school_proposes_no_more_than_curators_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await manager()
    monkeypatch.setattr(decisions, "MOST_PROPOSED", 1)
    one, other, third = [await an_entry(f"Ashby {word}") for word in ("Boilers", "Heating", "Plumbing")]
    made = await decisions.decide(ann, one, other, Judgement.SAME)
    assert await decisions.decide(ann, other, one, Judgement.SAME) == made
    with pytest.raises(Conflict, match="Take some of them back"):
        await decisions.decide(ann, one, third, Judgement.SAME)
    await decisions.take_back(ann, made)
    await decisions.decide(ann, one, third, Judgement.SAME)


async def test_a_curators_decision_binds_the_directory_and_no_schools_own_records() -> None:
    olive, ann = await curator(), await manager()
    one, other = await an_entry("Ashby Boilers"), await an_entry("Ashby Boilers Ltd")
    own = (await directory.add(ann, name="Ashby")).id
    await decisions.decide(olive, one, other, Judgement.DIFFERENT, as_curator=True)
    with pytest.raises(Conflict, match="judged to be different"):
        await merges.merge(olive, other, one, as_curator=True)
    with pytest.raises(NotFound):
        await decisions.decide(olive, one, own, Judgement.DIFFERENT, as_curator=True)
    await merges.merge(ann, own, one)


async def test_linked_suppliers_stay_two_and_say_so_both_ways() -> None:
    ann, bob = await manager(), await manager("Elmwood")
    site, firm = (await directory.add(ann, name="Ashby Depot")).id, await an_entry("Ashby Boilers Ltd")
    (made,) = await links.link(ann, site, firm, links.LinkKind.SITE_OF)
    assert await links.link(ann, site, firm, links.LinkKind.SITE_OF) == (made,)
    assert [(one.words, one.other) for one in await links.of(ann, site)] == [("A site of", firm)]
    assert [(one.words, one.other) for one in await links.of(ann, firm)] == [("Its site", site)]
    assert await links.of(bob, firm) == ()
    with pytest.raises(Conflict, match="End that link first"):
        await merges.merge(ann, site, firm)
    with pytest.raises(NotFound):
        await links.unlink(bob, made.id)
    await links.unlink(ann, made.id)
    await merges.merge(ann, site, firm)


async def test_the_newest_of_many_links_still_keeps_two_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await manager()
    monkeypatch.setattr(links, "MOST_SHOWN", 1)
    group, *sites = [(await directory.add(ann, name=f"Ashby {word}")).id for word in ("Group", "North", "South")]
    for site in sites:
        await links.link(ann, site, group, links.LinkKind.SITE_OF)
    assert [one.other for one in await links.of(ann, group)] == sites[:1]
    for site in sites:
        with pytest.raises(Conflict, match="End that link first"):
            await merges.merge(ann, site, group)
    async with database.read():
        assert await links.with_any_of(ann, group) == {*sites}


async def test_another_schools_record_can_be_neither_merged_decided_nor_linked() -> None:
    ann, bob = await manager(), await manager("Elmwood")
    ours, theirs = (await directory.add(ann, name="Ashby Boilers")).id, (await directory.add(bob, name="Ashby Boilers")).id
    for one, other in ((ours, theirs), (theirs, ours)):
        with pytest.raises(NotFound):
            await merges.merge(ann, one, other)
        with pytest.raises(NotFound):
            await decisions.decide(ann, one, other, Judgement.UNSURE)
        with pytest.raises(NotFound):
            await links.link(ann, one, other, links.LinkKind.PART_OF)
    with pytest.raises(Forbidden):
        await merges.merge(replace(ann, role=Role.GOVERNOR), ours, ours)


async def test_an_interest_declared_in_what_was_merged_still_hides_criticism() -> None:
    olive, ann, hal = await curator(), await manager(), await manager("Elmwood")
    one, other = await an_entry("Ashby Boilers"), await an_entry("Ashby Boilers Ltd")
    colleague = replace(ann, person=hal.person)
    with_criticism = AudienceChoice((GrantChoice(GrantKind.SCHOOL, ann.school, fields=Fields.RATING | Fields.CRITICISM),))
    theirs = (await reviews.review(hal, other, opinion=said(1, criticism="Never came."), version=None)).id
    await shares.share(hal, OpinionKind.REVIEW, theirs, with_criticism)
    await reviews.review(ann, other, opinion=said(5, interest="My cousin."), version=None)
    await reviews.review(colleague, one, opinion=said(5), version=None)
    assert (await readable.about(ann, other)).reviews[0].criticism is None
    await merges.merge(olive, one, other, as_curator=True)
    assert (await readable.about(ann, other)).reviews[0].criticism is None


@settings(
    max_examples=fewer_on_postgres(examples(3)),  # what each merge does to rows, the tests above say on both
    phases=[Phase.explicit, Phase.generate],  # a seed does not shrink
    derandomize=IS_THE_SUITE,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
async def test_whatever_people_do_rows_are_what_the_live_merges_mean(db: Settings, seed: int) -> None:
    """And every merge, undone at once, leaves every row as it was, and while it holds shows nobody more."""
    town = await a_little_town()
    done = [act.what for act in tries(town, Random(seed), 24) if await attempt(town, act)]  # noqa: S311 - not a secret
    await assert_derived()
    assert "merge" in done
