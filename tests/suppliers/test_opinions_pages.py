"""The pages on which a school says what it thinks of a supplier, as somebody with a phone and no JavaScript uses them."""

import re
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

import database
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.record.criteria import Criterion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from suppliers.tables import Review
from tests.given.builders import a_membership, a_person, a_school, school_of, signed_in
from tests.given.page_text import hidden, sent_on, text_of

pytestmark = pytest.mark.usefixtures("db")

SAID = Opinion(interest=None, rating=4, would_use_again=True, praise="On time.", criticism="Dear.")
TYPED = {
    "version": "",
    "rating": "4",
    "would_use_again": "yes",
    "praise": "On time.",
    "criticism": "Dear.",
    "declared": "none",
    "reliability": "4",
    "stage": "ended",
    "evidence": " INV  12 ",
    "used_from-day": "1",
    "used_from-month": "9",
    "used_from-year": "2024",
}


@pytest.fixture
async def bob(ann: Viewer) -> Viewer:
    return await a_person(await a_school("Elmwood School", town="Bourne"), name="Bob Brown")


@pytest.fixture
async def review(ann: Viewer, boilers: UUID) -> UUID:
    return (await reviews.review(ann, boilers, opinion=SAID, version=None)).id


async def count() -> int:
    async with database.read():
        n: int = await Review.count()
        return n


async def test_vouching_is_one_tap(ann: Viewer, boilers: UUID) -> None:
    async with signed_in(ann) as browser:
        answer = await browser.post(f"/suppliers/{boilers}/vouch")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/suppliers/{boilers}")
    current = await reviews.current(ann, boilers)
    assert current is not None
    assert current.said.is_vouch


async def test_a_vouch_says_that_whoever_sees_the_rating_sees_it(ann: Viewer, boilers: UUID) -> None:
    given = await reviews.review(ann, boilers, opinion=replace(SAID, would_use_again=None), version=None)
    rating = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING),))
    await shares.share(ann, OpinionKind.REVIEW, given.id, rating)
    async with signed_in(ann) as browser:
        for path in ("/", "/suppliers", "/search?need=Ashby+Boilers", f"/suppliers/{boilers}"):
            shown = text_of((await browser.get(path)).text)
            assert "Whoever can see the rating in your review" in shown, path
        given_too = await browser.post(f"/suppliers/{boilers}/vouch")
        told = text_of((await browser.get(given_too.headers["location"])).text)
    assert "Your school vouches for Ashby Boilers. Whoever can see the rating in your review sees this too." in told


async def test_a_vouch_brings_back_the_search_that_the_button_stood_in(ann: Viewer, boilers: UUID) -> None:
    search = "/search?need=Ashby+Boilers&miles=10"
    async with signed_in(ann) as browser:
        found = (await browser.get(search)).text
        assert f'action="/suppliers/{boilers}/vouch"' in found
        assert f'href="/suppliers/{boilers}/notes/new"' in found
        answer = await browser.post(f"/suppliers/{boilers}/vouch", data=hidden(found))
        again = (await browser.get(answer.headers["location"])).text
        away = await browser.post(f"/suppliers/{boilers}/vouch", data={"vouch-at": "//elsewhere.example/"})
    assert (answer.status_code, answer.headers["location"]) == (303, search)
    assert "Your school vouches for Ashby Boilers. Only your school can see this until you share it." in text_of(again)
    assert "You vouch for them" in again
    assert f"/suppliers/{boilers}/vouch" not in again
    assert away.headers["location"] == f"/suppliers/{boilers}"


async def test_a_review_is_written_read_again_and_changed(ann: Viewer, boilers: UUID) -> None:
    async with signed_in(ann) as browser:
        written = await browser.post(f"/suppliers/{boilers}/review", data=TYPED)
        form = await browser.get(f"/suppliers/{boilers}/review")
        changed = await browser.post(f"/suppliers/{boilers}/review", data={**TYPED, **hidden(form.text), "praise": "Tidy."})
    assert (written.status_code, changed.status_code) == (303, 303)
    assert "On time." in text_of(form.text)
    assert re.search(r'name="declared" type="radio" value="none" checked', form.text)
    current = await reviews.current(ann, boilers)
    assert current is not None
    assert (current.version, current.said.praise, str(current.said.used_from)) == (2, "Tidy.", "2024-09-01")
    assert re.search(r'name="reliability" type="radio" value="4" checked', form.text)
    assert (current.said.criteria, current.said.stage, current.said.evidence) == ({Criterion.RELIABILITY: 4}, "ended", "INV 12")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"declared": ""}, "declared"),
        ({"rating": "", "would_use_again": ""}, "rating"),
        ({"rating": "7"}, "rating"),
        ({"quality": "0"}, "quality"),
        ({"stage": "begun"}, "stage"),
        ({"evidence": "x" * 121}, "evidence"),
        ({"praise": "x" * 4_001}, "praise"),
        ({"declared": "some", "interest": " "}, "interest"),
        ({"used_from-day": "31", "used_from-month": "2"}, "used_from"),
    ],
)
async def test_a_wrong_answer_is_explained_and_what_was_typed_stays(
    ann: Viewer, boilers: UUID, typed: dict[str, str], field: str
) -> None:
    async with signed_in(ann) as browser:
        answer = await browser.post(f"/suppliers/{boilers}/review", data={**TYPED, **typed})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert "Dear." in text_of(answer.text)
    assert await count() == 0


async def test_a_colleagues_newer_review_is_shown_beside_what_was_typed(ann: Viewer, boilers: UUID, review: UUID) -> None:
    async with signed_in(ann) as browser:
        form = await browser.get(f"/suppliers/{boilers}/review")
        await reviews.review(ann, boilers, opinion=replace(SAID, praise="My colleague's words."), version=1)
        refused = await browser.post(f"/suppliers/{boilers}/review", data={**TYPED, **hidden(form.text), "praise": "My words."})
        saved = await browser.post(f"/suppliers/{boilers}/review", data={**TYPED, **hidden(refused.text), "praise": "My words."})
    assert refused.status_code == 409
    assert "My colleague's words." in text_of(refused.text)
    assert "My words." in text_of(refused.text)
    assert saved.status_code == 303
    assert [past.said.praise for past in await reviews.past(ann, review)] == ["My colleague's words.", "On time."]


async def test_what_two_of_a_school_wrote_is_its_view_with_both_names_and_one_name_is_not_told(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID
) -> None:
    hal = await a_membership(await a_person(await a_school("Fern Primary"), name="Hal Hart"), await school_of(ann))
    assert (await reviews.ours(ann, review)).writers == ()
    await reviews.review(hal, boilers, opinion=replace(SAID, praise="Tidy."), version=1)
    everyone = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING | Fields.PRAISE),))
    boilers = (await shares.share(ann, OpinionKind.REVIEW, review, everyone)).supplier
    together = "Your school’s view, which Ann Archer and Hal Hart wrote together."
    for viewer, is_told in ((ann, True), (bob, False)):
        async with signed_in(viewer) as browser:
            page = text_of((await browser.get(f"/suppliers/{boilers}")).text)
        assert "Tidy." in page
        assert (together in page, "Hal Hart" in page) == (is_told, is_told)


async def test_sending_the_form_twice_is_no_conflict_with_oneself(ann: Viewer, boilers: UUID) -> None:
    async with signed_in(ann) as browser:
        answers = [await browser.post(f"/suppliers/{boilers}/review", data=TYPED) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert await count() == 1


async def test_a_note_with_a_photo_is_written_shown_and_made_part_of_the_review(ann: Viewer, boilers: UUID) -> None:
    typed = {
        "about": "good",
        "body": "Came on a Sunday.",
        "happened_on-day": "1",
        "happened_on-month": "3",
        "happened_on-year": "2026",
    }
    async with signed_in(ann) as browser:
        file = {"file": ("invoice.txt", b"Paid in full", "text/plain")}
        written = await browser.post(f"/suppliers/{boilers}/notes/new", data=typed, files=file)
        shown = await browser.get(written.headers["location"])
        link = re.search(r'href="(/attachments/[^"]+)"', shown.text)
        assert link is not None
        fetched = await browser.get(link[1])
        note = written.headers["location"].rpartition("/")[2]
        form = await browser.get(f"/suppliers/{boilers}/review?note={note}")
    assert written.status_code == 303
    assert "Came on a Sunday." in text_of(shown.text)
    assert "1 March 2026" in text_of(shown.text)
    assert (fetched.content, fetched.headers["content-type"]) == (b"Paid in full", "text/plain; charset=utf-8")
    assert fetched.headers["content-disposition"] == "attachment; filename*=UTF-8''invoice.txt"
    assert "sandbox" in fetched.headers["content-security-policy"]
    assert "Came on a Sunday." in text_of(form.text)
    assert "checked" not in form.text.partition("declared")[2].partition("</fieldset>")[0]


async def test_a_note_becomes_part_of_a_review_of_its_own_supplier_only(ann: Viewer, boilers: UUID) -> None:
    other = (await directory.add(ann, name="Fenland Catering")).id
    note = await notes.note(ann, other, about=About.GOOD, body="Hot lunches.")
    async with signed_in(ann) as browser:
        assert (await browser.get(f"/suppliers/{boilers}/review?note={note}")).status_code == 404
        assert "Hot lunches." in text_of((await browser.get(f"/suppliers/{other}/review?note={note}")).text)


async def test_a_note_is_changed_and_withdrawn(ann: Viewer, boilers: UUID) -> None:
    note = await notes.note(ann, boilers, about=About.GOOD, body="Came on a Sunday.")
    async with signed_in(ann) as browser:
        form = await browser.get(f"/notes/{note}/edit")
        typed = {**hidden(form.text), "about": "problem", "body": "Left a mess."}
        changed = await browser.post(f"/notes/{note}/edit", data=typed)
        stale = await browser.post(f"/notes/{note}/edit", data={**typed, "body": "Stale words."})
        asked = await browser.get(f"/notes/{note}/withdraw")
        withdrawn = await browser.post(f"/notes/{note}/withdraw")
        gone = await browser.get(f"/notes/{note}")
    assert (changed.status_code, stale.status_code, withdrawn.status_code, gone.status_code) == (303, 409, 303, 404)
    assert "Left a mess." in text_of(stale.text)
    assert "Stale words." in text_of(stale.text)
    assert "Nobody will see it any more" in text_of(asked.text)


async def test_a_wrong_note_is_explained_and_what_was_typed_stays(ann: Viewer, boilers: UUID) -> None:
    async with signed_in(ann) as browser:
        no_kind = await browser.post(f"/suppliers/{boilers}/notes/new", data={"body": "Typed words."})
        bad_file = await browser.post(
            f"/suppliers/{boilers}/notes/new",
            data={"about": "good", "body": "Typed words."},
            files={"file": ("virus.exe", b"MZ\x90\x00\x03", "image/png")},
        )
    for answer, field in ((no_kind, "about"), (bad_file, "file")):
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert "Typed words." in text_of(answer.text)


async def test_sharing_says_who_will_see_what_before_anything_is_saved(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID
) -> None:
    query = {"with": "school", "q": "elmwod", "fields-school": ["rating", "praise"]}
    async with signed_in(ann) as browser:
        form = await browser.get(f"/reviews/{review}/share")
        picking = await browser.get(f"/reviews/{review}/share/check", params=query)
        checking = await browser.get(f"/reviews/{review}/share/check", params={**query, "school": str(bob.school)})
        before = await shares.state(ann, OpinionKind.REVIEW, review)
        saved = await browser.post(f"/reviews/{review}/share", data=sent_on(checking.text))
    assert "Only your school can see this." in text_of(form.text)
    assert "Elmwood School, Bourne" in text_of(picking.text)
    told = text_of(checking.text)
    assert "Elmwood School, Bourne can see the rating and what was good. Nobody else outside your school will see it." in told
    assert "Sharing lists Ashby Boilers in the directory that every school sees. Nobody can tell who added it." in told
    assert "Freedom of Information" in told
    assert "On time." in told
    assert "Dear." not in told
    assert before.choice.grants == ()
    assert saved.status_code == 303
    after = await shares.state(ann, OpinionKind.REVIEW, review)
    assert [(grant.kind, grant.subject) for grant in after.choice.grants] == [(GrantKind.SCHOOL, bob.school)]


async def test_where_several_schools_may_be_meant_the_one_to_choose_stands_first(ann: Viewer, bob: Viewer, review: UUID) -> None:
    await a_school("Elmwood Infants", town="Bourne")
    typed = {"with": "school", "q": "Elmwood", "fields-school": "rating"}
    async with signed_in(ann) as browser:
        form = (await browser.get(f"/reviews/{review}/share/check", params=typed)).text
    names = re.findall(r'<input[^>]*name="([^"]+)"', form.partition("/share/check")[2])
    assert names[0] == "school"
    assert str(bob.school) in form


@pytest.mark.parametrize(("about", "ticked"), [(About.GOOD, "praise"), (About.RECORD, "praise"), (About.PROBLEM, "criticism")])
async def test_sharing_a_note_begins_with_its_text_ticked(ann: Viewer, boilers: UUID, about: About, ticked: str) -> None:
    note = await notes.note(ann, boilers, about=about, body="The boiler was out on Monday.")
    async with signed_in(ann) as browser:
        form = await browser.get(f"/notes/{note}/share")
        checking = await browser.get(f"/notes/{note}/share/check", params={"with": "connected", "fields-connected": "dates"})
    ticks = dict(re.findall(r'name="fields-(\w+)" type="checkbox" value="(\w+)" checked', form.text))
    to_one, wide = dict.fromkeys(("school", "person"), ticked), dict.fromkeys(("connected", "near", "everyone"), ticked)
    assert ticks == (to_one if about is About.PROBLEM else to_one | wide), "criticism is ticked for one school or person"
    assert "That there is a note, without its text." in text_of(checking.text)
    assert "boiler was out" not in checking.text


async def test_the_first_share_asks_whether_the_supplier_is_listed_already(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID
) -> None:
    listed = (await directory.add(bob, name="Ashby Boilers Ltd")).id
    await shares.share(
        bob, OpinionKind.REVIEW, (await reviews.vouch(bob, listed)).id, AudienceChoice((GrantChoice(GrantKind.EVERYONE),))
    )
    typed = {"with": "everyone", "fields-everyone": "praise"}
    async with signed_in(ann) as browser:
        checking = await browser.get(f"/reviews/{review}/share/check", params=typed)
        typed |= hidden(checking.text)
        unanswered = await browser.post(f"/reviews/{review}/share", data=typed)
        saved = await browser.post(f"/reviews/{review}/share", data={**typed, "same_as": str(listed)})
    assert "Is it one of these, which the directory has already?" in text_of(checking.text)
    assert unanswered.status_code == 422
    assert saved.headers["location"] == f"/suppliers/{listed}"


async def test_one_line_is_stopped_or_all_of_them(ann: Viewer, bob: Viewer, boilers: UUID, review: UUID) -> None:
    choice = AudienceChoice((GrantChoice(GrantKind.SCHOOL, bob.school, fields=ALL), GrantChoice(GrantKind.CONNECTED)))
    await shares.share(ann, OpinionKind.REVIEW, review, choice)
    async with signed_in(ann) as browser:
        form = await browser.get(f"/reviews/{review}/share")
        line = next(
            line for line in (await shares.state(ann, OpinionKind.REVIEW, review)).lines if line.grant.kind is GrantKind.SCHOOL
        )
        assert line.key in form.text
        await browser.post(f"/reviews/{review}/unshare", data={"line": line.key})
        one = await shares.state(ann, OpinionKind.REVIEW, review)
        again = await browser.post(f"/reviews/{review}/unshare", data={"line": line.key})
        still_one = await shares.state(ann, OpinionKind.REVIEW, review)
        await browser.post(f"/reviews/{review}/unshare")
    assert [grant.kind for grant in one.choice.grants] == [GrantKind.CONNECTED]
    assert again.status_code == 303
    assert still_one == one
    assert (await shares.state(ann, OpinionKind.REVIEW, review)).choice.grants == ()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "with"),
        ({"with": "supplier"}, "with"),
        ({"with": "school", "q": ""}, "q"),
        ({"with": "school", "q": "zzzzzzzz"}, "q"),
        ({"with": "school", "school": "x"}, "with"),
        ({"with": "network"}, "with"),
        ({"with": "network:x"}, "with"),
        ({"with": "near"}, "miles"),
        ({"with": "near", "miles": "26"}, "miles"),
        ({"with": "near", "miles": "٣"}, "miles"),
        ({"with": "everyone", "fields-everyone": "price"}, "fields-everyone"),
        ({"with": "everyone", "fields-everyone": "criticism"}, "fields-everyone"),
        ({"with": [f"near:{n}" for n in range(21)]}, "with"),
        ({"with": "network:7c9c34b4-26f3-4f0e-9a4c-1d4fd1c1f7aa"}, "with"),
        ({"with": "everyone", "until-day": "1", "until-month": "1", "until-year": "2020"}, "until"),
    ],
)
async def test_a_choice_that_makes_no_sense_is_explained(
    ann: Viewer, review: UUID, query: dict[str, str | list[str]], field: str
) -> None:
    async with signed_in(ann) as browser:
        answer = await browser.get(f"/reviews/{review}/share/check", params=query)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


async def test_view_as_shows_what_the_other_school_sees(ann: Viewer, bob: Viewer, boilers: UUID, review: UUID) -> None:
    await shares.share(ann, OpinionKind.REVIEW, review, AudienceChoice((GrantChoice(GrantKind.SCHOOL, bob.school),)))
    async with signed_in(ann) as browser:
        listed = await browser.get(f"/reviews/{review}/who-can-see")
        seen = await browser.get(f"/reviews/{review}/who-can-see", params={"school": str(bob.school)})
        shared = await browser.get("/shared")
    assert "Elmwood School: the rating and what was good." in text_of(listed.text)
    assert "As a head or business manager of Elmwood School sees it" in text_of(seen.text)
    assert "On time." in text_of(seen.text)
    assert "Dear." not in text_of(seen.text)
    assert "Elmwood School, Bourne The rating and what was good. Ashby Boilers" in text_of(shared.text)


async def test_past_versions_and_withdrawing_have_pages(ann: Viewer, boilers: UUID, review: UUID) -> None:
    await reviews.review(ann, boilers, opinion=replace(SAID, praise="Tidy."), version=1)
    async with signed_in(ann) as browser:
        past = await browser.get(f"/reviews/{review}/past")
        asked = await browser.get(f"/reviews/{review}/withdraw")
        done = await browser.post(f"/reviews/{review}/withdraw")
    assert "On time." in text_of(past.text)
    assert "Withdraw your school's review of Ashby Boilers?" in text_of(asked.text)
    assert done.status_code == 303
    assert await reviews.current(ann, boilers) is None


async def test_a_governor_reads_and_every_way_to_write_is_closed(ann: Viewer, boilers: UUID, review: UUID) -> None:
    problem = await notes.note(ann, boilers, about=About.PROBLEM, body="Left a mess.")
    await reviews.review(ann, boilers, opinion=replace(SAID, criticism="Dearer."), version=1)
    school = await school_of(ann)
    governor = await a_person(school, Role.GOVERNOR, "Gil Gray")
    async with signed_in(governor) as browser:
        for address in (f"/notes/{problem}", f"/reviews/{review}/past", f"/reviews/{review}/who-can-see", "/shared"):
            answer = await browser.get(address)
            assert answer.status_code == 200
            assert "Dear" not in answer.text
            assert "Left a mess." not in answer.text
        for address in (f"/suppliers/{boilers}/review", f"/suppliers/{boilers}/notes/new", f"/reviews/{review}/share"):
            assert (await browser.get(address)).status_code == 403
        for address in (f"/suppliers/{boilers}/vouch", f"/reviews/{review}/withdraw", f"/notes/{problem}/withdraw"):
            assert (await browser.post(address)).status_code == 403


async def test_another_schools_pages_are_the_same_as_none(ann: Viewer, bob: Viewer, boilers: UUID, review: UUID) -> None:
    note = await notes.note(ann, boilers, about=About.GOOD, body="Came on a Sunday.")
    paths = [f"/reviews/{{}}/{end}" for end in ("share", "who-can-see", "past", "withdraw")] + ["/notes/{}", "/notes/{}/edit"]
    async with signed_in(bob) as browser:
        for path in paths:
            theirs = await browser.get(path.format(note if "notes" in path else review))
            nobodys = await browser.get(path.format(uuid4()))
            assert theirs.status_code == nobodys.status_code == 404
            assert (
                text_of(theirs.text).partition("quote this number")[0] == text_of(nobodys.text).partition("quote this number")[0]
            )
        assert (await browser.post(f"/reviews/{review}/unshare")).status_code == 404
        assert (await browser.post(f"/suppliers/{boilers}/vouch")).status_code == 404
