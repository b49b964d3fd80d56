"""Sharing a review or note: exactly what was chosen, with exactly whom, and not a read longer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

import database
from audit.tables import Entry, Opening
from base import clock
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from sharing.access import audiences
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from sharing.networks import connections
from sharing.tables import Block, Network
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.merging import duplicates
from suppliers.opinions import notes, readable, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import VOUCH_LASTS, Opinion
from suppliers.shares import by_reader, shares
from suppliers.shares.publishing import SaidOfEntries
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, events_of, school_of, signed_in
from tests.given.page_text import sent_on, text_of

pytestmark = pytest.mark.usefixtures("db")

SAID = Opinion(interest=None, rating=4, would_use_again=True, praise="On time.", criticism="Dear.")
RATING_AND_PRAISE = Fields.RATING | Fields.PRAISE


@pytest.fixture
async def cat(ann: Viewer) -> Viewer:
    return await a_person(await a_school("Ashdown College", local_authority="Kent", lat=51.2, lon=0.5), name="Cat Cole")


@pytest.fixture
async def review(ann: Viewer, boilers: UUID) -> UUID:
    return (await reviews.review(ann, boilers, opinion=SAID, version=None)).id


def to_everyone(fields: Fields = RATING_AND_PRAISE) -> AudienceChoice:
    return AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=fields),))


def to_school(viewer: Viewer, fields: Fields = RATING_AND_PRAISE) -> AudienceChoice:
    return AudienceChoice((GrantChoice(GrantKind.SCHOOL, viewer.school, fields=fields),))


async def lincolnshire() -> UUID:
    async with database.read():
        found = await Network.select(Network.id).where(Network.code == "Lincolnshire").first()
    assert found is not None
    network: UUID = found["id"]
    return network


async def seen_by(viewer: Viewer, supplier: UUID) -> tuple[readable.PeerReview, ...]:
    return (await readable.about(viewer, supplier)).reviews


async def trail_of(viewer: Viewer) -> list[str]:
    async with database.read():
        entries = await Entry.select(Entry.type).where(Entry.trail == str(viewer.school)).order_by(Entry.idx)
    return [entry["type"] for entry in entries]


async def last_facts(viewer: Viewer) -> str:
    async with database.read():
        entry = (
            await Entry.select(Entry.event_id)
            .where(Entry.trail == str(viewer.school))
            .order_by(Entry.idx, ascending=False)
            .first()
        )
        assert entry is not None
        opening = (
            await Opening.select(Opening.value).where(Opening.event_id == entry["event_id"], Opening.field == "facts").first()
        )
    assert opening is not None
    return str(opening["value"])


async def test_what_is_not_shared_is_seen_by_nobody_else(bob: Viewer, boilers: UUID, review: UUID) -> None:
    with pytest.raises(NotFound):
        await seen_by(bob, boilers)


async def test_a_shared_review_opens_what_was_chosen_and_blanks_the_rest(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID
) -> None:
    await shares.share(ann, OpinionKind.REVIEW, review, to_school(bob))
    (seen,) = await seen_by(bob, boilers)
    assert (seen.rating, seen.would_use_again, seen.praise) == (4, True, "On time.")
    assert (seen.criticism, seen.used_from, seen.author) == (None, None, None)
    assert seen.by.name == "Oakfield Primary"
    assert seen.by.why == ("Shared with your school.",)


async def test_base_disclosure_says_that_the_school_uses_them_and_no_more(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID
) -> None:
    await shares.share(ann, OpinionKind.REVIEW, review, to_school(bob, Fields.NONE))
    (seen,) = await seen_by(bob, boilers)
    assert (seen.rating, seen.would_use_again, seen.interest, seen.praise) == (None, None, None, None)
    assert (await readable.about(bob, boilers)).vouching == 0


async def test_only_the_chosen_school_sees_it(ann: Viewer, bob: Viewer, cat: Viewer, boilers: UUID, review: UUID) -> None:
    await shares.share(ann, OpinionKind.REVIEW, review, to_school(bob))
    assert len(await seen_by(bob, boilers)) == 1
    assert await seen_by(cat, boilers) == ()


async def test_praise_goes_to_the_network_and_criticism_to_one_school(
    ann: Viewer, bob: Viewer, cat: Viewer, boilers: UUID, review: UUID
) -> None:
    neighbour = await a_person(await a_school("Beech Infants"), name="Dee Dale")
    choice = AudienceChoice((GrantChoice(GrantKind.NETWORK, await lincolnshire()), *to_school(bob, Fields.CRITICISM).grants))
    await shares.share(ann, OpinionKind.REVIEW, review, choice)
    ((by_bob,), (by_neighbour,)) = [await seen_by(viewer, boilers) for viewer in (bob, neighbour)]
    assert (by_bob.praise, by_bob.criticism) == ("On time.", "Dear.")
    assert (by_neighbour.praise, by_neighbour.criticism) == ("On time.", None)
    assert await seen_by(cat, boilers) == ()


async def test_a_withdrawn_share_is_no_longer_visible(ann: Viewer, bob: Viewer, boilers: UUID, review: UUID) -> None:
    await shares.share(ann, OpinionKind.REVIEW, review, to_school(bob))
    await shares.unshare(ann, OpinionKind.REVIEW, review)
    assert await seen_by(bob, boilers) == ()
    assert (await reviews.ours(ann, review)).is_shared is False


async def test_a_withdrawn_review_is_no_longer_visible(ann: Viewer, bob: Viewer, boilers: UUID, review: UUID) -> None:
    await shares.share(ann, OpinionKind.REVIEW, review, to_school(bob))
    await reviews.withdraw(ann, review)
    assert await seen_by(bob, boilers) == ()


async def test_a_block_beats_the_share(ann: Viewer, bob: Viewer, boilers: UUID, review: UUID) -> None:
    await shares.share(ann, OpinionKind.REVIEW, review, to_everyone())
    assert len(await seen_by(bob, boilers)) == 1
    async with database.write():
        await Block(id=uuid4(), school=ann.school, peer=bob.school, since_at=clock.now()).save()
    assert await seen_by(bob, boilers) == ()


async def test_what_is_shared_with_a_school_that_we_block_is_not_said_to_be_seen_by_it(
    ann: Viewer, bob: Viewer, review: UUID
) -> None:
    await shares.share(ann, OpinionKind.REVIEW, review, to_school(bob))
    for act, is_blocked in ((connections.block, True), (connections.unblock, False)):
        await act(ann, bob.school)
        told = (await shares.state(ann, OpinionKind.REVIEW, review)).sentence
        assert told.count("(once your school no longer blocks it) can see") == is_blocked
        async with signed_in(ann) as browser:
            assert ("once your school no longer blocks it" in (await browser.get("/shared")).text) == is_blocked


async def test_a_share_ends_on_its_day(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = GrantChoice(GrantKind.SCHOOL, bob.school, expires_at=clock.now() + timedelta(days=2))
    await shares.share(ann, OpinionKind.REVIEW, review, AudienceChoice((grant,)))
    assert len(await seen_by(bob, boilers)) == 1
    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert await seen_by(bob, boilers) == ()
    assert (await shares.state(ann, OpinionKind.REVIEW, review)).sentence == "Only your school can see this."


async def test_a_lapsed_vouch_is_neither_shown_nor_counted(
    ann: Viewer, bob: Viewer, boilers: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    vouch = (await reviews.vouch(ann, boilers)).id
    await shares.share(ann, OpinionKind.REVIEW, vouch, to_everyone())
    assert (await readable.about(bob, boilers)).vouching == 1
    later = clock.now() + VOUCH_LASTS
    monkeypatch.setattr(clock, "now", lambda: later)
    after = await readable.about(bob, boilers)
    assert (after.vouching, after.reviews) == (0, ())


async def test_each_share_leaves_one_entry_with_the_old_and_the_new_choice(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID
) -> None:
    await shares.share(ann, OpinionKind.REVIEW, review, to_school(bob))
    before = await trail_of(ann)
    await shares.share(ann, OpinionKind.REVIEW, review, to_everyone(Fields.RATING))
    assert (await trail_of(ann))[len(before) :] == ["share.given"]
    school = f'{{"fields":3,"kind":"school","subject":"{bob.school}"}}'
    assert await last_facts(ann) == f'{{"new":{{"grants":[{{"fields":1,"kind":"everyone"}}]}},"old":{{"grants":[{school}]}}}}'
    await shares.unshare(ann, OpinionKind.REVIEW, review)
    assert (await trail_of(ann))[len(before) :] == ["share.given", "share.withdrawn"]
    assert await last_facts(ann) == '{"new":{"grants":[]},"old":{"grants":[{"fields":1,"kind":"everyone"}]}}'


async def test_the_first_share_lists_the_supplier_and_says_so_in_the_trail(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID
) -> None:
    before = await trail_of(ann)
    await shares.share(ann, OpinionKind.REVIEW, review, to_school(bob))
    assert (await trail_of(ann))[len(before) :] == ["supplier.listed", "share.given"]
    assert (await directory.supplier(bob, boilers)).name == "Ashby Boilers"


async def test_a_supplier_that_is_listed_already_is_joined_and_its_review_goes_with_it(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID
) -> None:
    theirs = (await directory.add(bob, name="Ashby Boilers Ltd")).id
    await shares.share(bob, OpinionKind.REVIEW, (await reviews.vouch(bob, theirs)).id, to_everyone())
    supplier = (
        await shares.share(ann, OpinionKind.REVIEW, review, to_everyone(), of_entries=SaidOfEntries(same_as=theirs))
    ).supplier
    assert supplier == theirs
    assert [seen.rating for seen in await seen_by(bob, theirs)] == [4]
    assert (await reviews.current(ann, boilers)) == (await reviews.current(ann, theirs))


async def test_that_it_is_none_of_those_listed_is_remembered(ann: Viewer, bob: Viewer, boilers: UUID, review: UUID) -> None:
    other = await directory.add(bob, name="Ashby Boiler")
    theirs = (await reviews.review(bob, other.id, opinion=SAID, version=None)).id
    await shares.share(bob, OpinionKind.REVIEW, theirs, to_everyone())
    alike = [one.supplier_id for one in await duplicates.alike(ann, boilers)]
    assert alike == [other.id]
    await shares.share(ann, OpinionKind.REVIEW, review, to_everyone(), of_entries=SaidOfEntries(none_of=tuple(alike)))
    assert await duplicates.alike(ann, boilers) == ()


async def test_sharing_the_same_again_changes_nothing(ann: Viewer, bob: Viewer, boilers: UUID, review: UUID) -> None:
    await shares.share(ann, OpinionKind.REVIEW, review, to_school(bob))
    before = await trail_of(ann)
    await shares.share(ann, OpinionKind.REVIEW, review, to_school(bob))
    assert await trail_of(ann) == before


async def test_one_line_is_taken_back_and_the_others_stay(
    ann: Viewer, bob: Viewer, cat: Viewer, boilers: UUID, review: UUID
) -> None:
    both = AudienceChoice((*to_school(bob).grants, *to_school(cat).grants))
    await shares.share(ann, OpinionKind.REVIEW, review, both)
    await shares.unshare(ann, OpinionKind.REVIEW, review, only=both.grants[0])
    assert await seen_by(bob, boilers) == ()
    assert len(await seen_by(cat, boilers)) == 1


async def test_criticism_reaches_a_network_only_when_the_head_says_so(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID
) -> None:
    wide = AudienceChoice((GrantChoice(GrantKind.NETWORK, await lincolnshire(), fields=ALL),))
    with pytest.raises(Invalid):
        await shares.share(ann, OpinionKind.REVIEW, review, wide)
    head = await a_person(await school_of(ann), Role.HEAD, "Hal Head")
    await shares.share(head, OpinionKind.REVIEW, review, wide)
    assert [seen.criticism for seen in await seen_by(bob, boilers)] == ["Dear."]


async def test_what_the_head_confirmed_stays_when_a_colleague_changes_another_line(
    ann: Viewer, bob: Viewer, cat: Viewer, boilers: UUID, review: UUID
) -> None:
    head = await a_person(await school_of(ann), Role.HEAD, "Hal Head")
    wide = GrantChoice(GrantKind.NETWORK, await lincolnshire(), fields=ALL)
    await shares.share(head, OpinionKind.REVIEW, review, AudienceChoice((wide,)))
    await shares.share(ann, OpinionKind.REVIEW, review, AudienceChoice((wide, *to_school(cat).grants)))
    await shares.unshare(ann, OpinionKind.REVIEW, review, only=to_school(cat).grants[0])
    assert [seen.criticism for seen in await seen_by(bob, boilers)] == ["Dear."]
    assert await seen_by(cat, boilers) == ()


async def test_a_governor_sees_no_criticism_anywhere_and_shares_nothing(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID
) -> None:
    problem = await notes.note(ann, boilers, about=About.PROBLEM, body="Leaked again.")
    await shares.share(ann, OpinionKind.REVIEW, review, to_school(bob, ALL))
    await shares.share(ann, OpinionKind.NOTE, problem, to_school(bob, ALL))
    for person in (ann, bob):
        governor = replace(person, role=Role.GOVERNOR)
        said = await readable.about(governor, boilers)
        assert "Leaked again." not in repr(said)
        assert "Dear." not in repr(said)
        assert "PROBLEM" not in repr(said)
        with pytest.raises((Forbidden, NotFound)):
            await shares.share(governor, OpinionKind.REVIEW, review, to_everyone())
    assert "Leaked again." in repr(await readable.about(bob, boilers))


async def test_somebody_with_a_declared_interest_reads_no_criticism(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID
) -> None:
    await shares.share(ann, OpinionKind.REVIEW, review, to_school(bob, ALL))
    assert [seen.criticism for seen in await seen_by(bob, boilers)] == ["Dear."]
    await reviews.review(bob, boilers, opinion=Opinion(interest="My brother works there.", rating=5), version=None)
    assert [seen.criticism for seen in await seen_by(bob, boilers)] == [None]


async def test_another_schools_ids_are_not_there_and_nothing_changes(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID
) -> None:
    await shares.share(ann, OpinionKind.REVIEW, review, to_school(bob))
    before = await trail_of(ann)
    asks: tuple[Any, ...] = (
        shares.share(bob, OpinionKind.REVIEW, review, to_everyone()),
        shares.unshare(bob, OpinionKind.REVIEW, review),
        shares.state(bob, OpinionKind.REVIEW, review),
        shares.readers(bob, OpinionKind.REVIEW, review),
        shares.share(ann, OpinionKind.REVIEW, uuid4(), to_everyone()),
        shares.share(ann, OpinionKind.NOTE, review, to_everyone()),
    )
    for ask in asks:
        with pytest.raises(NotFound):
            await ask
    assert await trail_of(ann) == before
    assert len(await seen_by(bob, boilers)) == 1


async def test_what_they_will_see_is_what_they_see(ann: Viewer, bob: Viewer, cat: Viewer, boilers: UUID, review: UUID) -> None:
    note = await notes.note(ann, boilers, about=About.GOOD, body="Came on a Sunday.")
    for fields in (Fields.NONE, Fields.RATING, RATING_AND_PRAISE, ALL, Fields.DATES | Fields.AUTHOR):
        await shares.share(ann, OpinionKind.REVIEW, review, to_school(bob, fields))
        await shares.share(ann, OpinionKind.NOTE, note, to_school(bob, fields))
        for other in (bob, cat):
            seen = await readable.about(other, boilers)
            assert await readable.as_seen_by(ann, other.school, boilers) == (seen.reviews, seen.notes)


async def test_view_as_says_nothing_of_other_schools_rows(
    ann: Viewer, bob: Viewer, cat: Viewer, boilers: UUID, review: UUID
) -> None:
    await shares.share(ann, OpinionKind.REVIEW, review, to_school(bob))
    theirs = (await reviews.review(cat, boilers, opinion=SAID, version=None)).id
    await shares.share(cat, OpinionKind.REVIEW, theirs, to_school(bob))
    assert len(await seen_by(bob, boilers)) == 2
    ((shown,), _) = await readable.as_seen_by(ann, bob.school, boilers)
    assert shown.id == review


async def test_a_mean_is_only_of_ratings_given_to_everybody_and_from_three_schools(
    ann: Viewer, bob: Viewer, cat: Viewer, boilers: UUID, review: UUID
) -> None:
    await shares.share(ann, OpinionKind.REVIEW, review, to_everyone(Fields.RATING))
    for viewer, rating in ((bob, 5), (cat, 1)):
        said = Opinion(interest=None, rating=rating)
        await reviews.review(viewer, boilers, opinion=said, version=None)
    bobs, cats = [await reviews.current(viewer, boilers) for viewer in (bob, cat)]
    assert bobs is not None
    assert cats is not None
    await shares.share(bob, OpinionKind.REVIEW, bobs.id, to_everyone(Fields.RATING))
    await shares.share(cat, OpinionKind.REVIEW, cats.id, to_school(ann))
    assert (await readable.about(ann, boilers)).pooled is None
    await shares.share(cat, OpinionKind.REVIEW, cats.id, to_everyone(Fields.RATING))
    pooled = (await readable.about(ann, boilers)).pooled
    assert pooled is not None
    assert (pooled.count, round(pooled.mean, 2), pooled.spread) == (3, 3.33, {1: 1, 2: 0, 3: 0, 4: 1, 5: 1})
    assert pooled.since <= pooled.until


async def test_a_long_list_comes_in_pages_that_miss_nothing(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readable, "PAGE", 2)
    written = {await notes.note(ann, boilers, about=About.GOOD, body=f"Visit {n}") for n in range(5)}
    found, after = set(), ""
    for _ in range(3):
        page = await readable.about(ann, boilers, notes_after=after)
        found |= {note.id for note in page.notes}
        after = page.more_notes
    assert (found, after) == (written, "")


@pytest.mark.parametrize("nonsense", ["x", "W10", "WzEsMl0", "WyJ4IiwieSJd"])
async def test_a_broken_cursor_is_refused(ann: Viewer, boilers: UUID, nonsense: str) -> None:
    with pytest.raises(Invalid):
        await readable.about(ann, boilers, notes_after=nonsense)


async def test_everything_that_we_share_is_on_one_list(ann: Viewer, bob: Viewer, boilers: UUID, review: UUID) -> None:
    note = await notes.note(ann, boilers, about=About.GOOD, body="Came on a Sunday.")
    await notes.note(ann, boilers, about=About.GOOD, body="Not shared.")
    assert (await by_reader.shared(ann)).groups == ()
    both = AudienceChoice((*to_school(bob).grants, *to_everyone(Fields.RATING).grants))
    await shares.share(ann, OpinionKind.REVIEW, review, both)
    await shares.share(ann, OpinionKind.NOTE, note, to_everyone(Fields.PRAISE))
    listed = (await by_reader.shared(ann)).groups
    assert [(group.who, [(one.sharing.id, one.line.what) for one in group.lines]) for group in listed] == [
        ("Every school on Vouch", [(note, "its text"), (review, "the rating")]),
        ("Elmwood School, Ashby", [(review, "the rating and what was good")]),
    ]
    assert (await by_reader.shared(bob)).groups == ()


async def test_the_list_of_what_we_share_comes_in_pages(
    ann: Viewer, bob: Viewer, boilers: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_reader, "PAGE", 2)
    written = [await notes.note(ann, boilers, about=About.GOOD, body=f"Visit {n}") for n in range(3)]
    for note in written:
        await shares.share(ann, OpinionKind.NOTE, note, to_school(bob))
    first, second = await by_reader.shared(ann), await by_reader.shared(ann, 2)
    assert [one.sharing.id for one in (*first.lines, *second.lines)] == sorted(written)
    assert (first.has_more, second.has_more) == (True, False)


async def test_several_are_stopped_at_once_asked_back_with_an_entry_each(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID
) -> None:
    note = await notes.note(ann, boilers, about=About.GOOD, body="Came on a Sunday.")
    both = AudienceChoice((*to_school(bob).grants, *to_everyone(Fields.RATING).grants))
    await shares.share(ann, OpinionKind.REVIEW, review, both)
    await shares.share(ann, OpinionKind.NOTE, note, to_school(bob, Fields.PRAISE))
    to_bob = [one.value for group in (await by_reader.shared(ann)).groups[1:] for one in group.lines]
    before = len(await events_of(ann.school))
    async with signed_in(ann) as browser:
        form = await browser.get("/shared")
        assert all(f'value="{value}"' in form.text for value in to_bob)
        asked = await browser.get("/shared/stop", params={"line": to_bob})
        assert "Stop sharing these 2?" in text_of(asked.text)
        assert len((await by_reader.shared(ann)).lines) == 3, "nothing is stopped yet"
        await browser.post("/shared/stop", data=sent_on(asked.text))
        none = await browser.post("/shared/stop", data={"line": ["review.x.y", *to_bob]})
    (left,) = (await by_reader.shared(ann)).lines
    assert (left.sharing.id, left.line.who) == (review, "Every school on Vouch")
    assert (await events_of(ann.school))[before:] == [Event.SHARE_WITHDRAWN] * 2
    assert none.status_code == 422


async def test_who_can_see_names_the_schools_of_a_network(
    ann: Viewer, bob: Viewer, cat: Viewer, boilers: UUID, review: UUID
) -> None:
    await shares.share(ann, OpinionKind.REVIEW, review, AudienceChoice((GrantChoice(GrantKind.NETWORK, await lincolnshire()),)))
    found = await shares.readers(ann, OpinionKind.REVIEW, review)
    assert [(reader.school_name, reader.fields) for reader in found.named] == [("Elmwood School", RATING_AND_PRAISE)]
    state = await shares.state(ann, OpinionKind.REVIEW, review)
    assert state.lines[0].who == "Schools in Lincolnshire (1 other school, not the council)"


async def test_two_colleagues_sharing_at_once_never_leave_a_mixture(
    ann: Viewer, bob: Viewer, cat: Viewer, boilers: UUID, review: UUID
) -> None:
    await shares.share(ann, OpinionKind.REVIEW, review, to_school(bob))
    stale = await shares.state(ann, OpinionKind.REVIEW, review)
    await shares.share(ann, OpinionKind.REVIEW, review, to_school(cat))
    async with database.write():
        row = await shares.own(ann, OpinionKind.REVIEW, review)
        assert await audiences.choice_of(row.audience) != stale.choice
        row.audience = None
        with pytest.raises(Conflict):
            await shares._point(OpinionKind.REVIEW, row, None)
