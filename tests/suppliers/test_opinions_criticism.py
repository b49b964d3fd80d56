"""Criticism goes to three schools at most, unless a head confirms it; a confirmation is of the words as they stood."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from base import clock
from base.refusals import Conflict, Forbidden, Invalid
from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from sharing.people import confirmers, people
from sharing.tables import School
from suppliers.directory import directory
from suppliers.opinions import confirming, criticism, notes, readable, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import text_of

EVERYONE = GrantChoice(GrantKind.EVERYONE, fields=ALL)
LATE = "The engineer came late twice and left without a word about it."
SAID = Opinion(interest=None, rating=2, praise="Fair prices.", criticism=LATE)


class Town:
    """Oakfield with a head and a business manager, and five other schools with one reader each."""

    def __init__(self, oakfield: School, head: Viewer, manager: Viewer, readers: list[Viewer], supplier: UUID) -> None:
        self.oakfield = oakfield
        self.head, self.manager, self.readers, self.supplier = head, manager, readers, supplier

    async def review(self, said: Opinion = SAID, by: Viewer | None = None) -> UUID:
        by = by or self.manager
        current = await reviews.current(by, self.supplier)
        return (await reviews.review(by, self.supplier, opinion=said, version=current.version if current else None)).id

    async def share(self, by: Viewer, item: UUID, *grants: GrantChoice, what: OpinionKind = OpinionKind.REVIEW) -> None:
        self.supplier = (await shares.share(by, what, item, AudienceChoice(grants))).supplier

    async def read_by(self, reader: int) -> list[str]:
        found = await readable.about(self.readers[reader], self.supplier)
        return [one.criticism for one in found.reviews if one.criticism] + [
            one.body for one in found.notes if one.about is About.PROBLEM and one.body
        ]

    def to(self, *numbers: int) -> tuple[GrantChoice, ...]:
        return tuple(GrantChoice(GrantKind.SCHOOL, self.readers[number].school, fields=Fields.CRITICISM) for number in numbers)


@pytest.fixture
async def town(db: Settings) -> Town:
    oakfield = await a_school("Oakfield Primary")
    head = await a_person(oakfield, Role.HEAD, "Hal Hart")
    manager = await a_person(oakfield, Role.BUSINESS_MANAGER)
    readers = [await a_person(await a_school(f"School {n}"), Role.HEAD, f"Pat {n}") for n in range(5)]
    return Town(oakfield, head, manager, readers, (await directory.add(manager, name="Bright Spark")).id)


async def refused(town: Town, item: UUID, *grants: GrantChoice, what: OpinionKind = OpinionKind.REVIEW) -> None:
    with pytest.raises(Invalid, match="at most 3 schools"):
        await town.share(town.manager, item, *grants, what=what)


async def test_three_schools_are_told_one_to_one_and_the_fourth_needs_the_head(town: Town) -> None:
    review = await town.review()
    await town.share(town.manager, review, *town.to(0, 1, 2))
    await refused(town, review, *town.to(0, 1, 2, 3))
    await town.share(town.head, review, *town.to(0, 1, 2, 3))
    assert await town.read_by(3) == [LATE]


async def test_schools_told_before_count_and_so_do_people(town: Town) -> None:
    review = await town.review()
    await town.share(town.manager, review, *town.to(0, 1))
    await town.share(town.manager, review, *town.to(2))
    pat = GrantChoice(GrantKind.PERSON, town.readers[3].person, fields=Fields.CRITICISM, at_school=town.readers[3].school)
    await refused(town, review, pat)
    await town.share(town.manager, review, *town.to(0))


async def test_a_year_later_they_count_no_more(town: Town) -> None:
    review = await town.review()
    await town.share(town.manager, review, *town.to(0, 1, 2))
    await shares.unshare(town.manager, OpinionKind.REVIEW, review)
    with clock.at(clock.now() + criticism.REMEMBERED + timedelta(days=1)):
        await town.share(town.manager, review, *town.to(3))


async def test_neither_writing_it_anew_nor_a_note_nor_another_name_begins_a_new_count(town: Town) -> None:
    review = await town.review()
    await town.share(town.manager, review, *town.to(0, 1, 2))
    await reviews.withdraw(town.manager, review)
    await refused(town, await town.review(), *town.to(3))
    note = await notes.note(town.manager, town.supplier, about=About.PROBLEM, body=LATE)
    await refused(town, note, *town.to(3), what=OpinionKind.NOTE)


async def test_changed_words_go_back_until_the_head_confirms_them(town: Town) -> None:
    review = await town.review()
    await town.share(town.head, review, EVERYONE, *town.to(0))
    await town.review(replace(SAID, criticism="They are crooks, all of them, from top to bottom."))
    assert (await town.read_by(0), await town.read_by(1)) == (["They are crooks, all of them, from top to bottom."], [])
    (waiting,) = (await confirming.queue(town.head)).waiting
    assert (waiting.before, waiting.text) == (LATE, "They are crooks, all of them, from top to bottom.")
    with pytest.raises(Forbidden, match="Only the head confirms"):
        await confirming.confirm(town.manager, review, digest=waiting.digest)
    await town.review(replace(SAID, criticism="They are crooks and I can prove it to whoever asks."))
    with pytest.raises(Conflict, match="changed after you read them"):
        await confirming.confirm(town.head, review, digest=waiting.digest)
    (waiting,) = (await confirming.queue(town.head)).waiting
    await confirming.confirm(town.head, review, digest=waiting.digest)
    assert await town.read_by(1) == ["They are crooks and I can prove it to whoever asks."]
    assert await confirming.queue(town.head) == confirming.Queue((), ())


async def test_the_confirmed_words_come_back_by_themselves_when_they_are_put_back(town: Town) -> None:
    review = await town.review()
    await town.share(town.head, review, EVERYONE)
    await town.review(replace(SAID, rating=5))
    assert await town.read_by(1) == [LATE]


async def test_a_small_correction_asks_nothing_and_is_shown_and_repeated_ones_add_up(town: Town) -> None:
    review = await town.review()
    await town.share(town.head, review, EVERYONE)
    corrected = LATE.replace("twice", "three times")
    await town.review(replace(SAID, criticism=corrected))
    assert await town.read_by(1) == [corrected]
    (shown,) = (await confirming.queue(town.head)).corrected
    assert (shown.before, shown.text) == (LATE, corrected)
    await town.review(replace(SAID, criticism=corrected.replace("a word about it", "sorry")))
    assert await town.read_by(1) == []


def test_a_correction_is_measured_by_what_is_put_in_and_taken_out_and_leaves_half() -> None:
    assert criticism.is_correction(LATE, f"{LATE} Twenty characters!!!"[: len(LATE) + 20])
    assert not criticism.is_correction(LATE, f"{LATE} Twenty characters!!!"[: len(LATE) + 21])
    assert not criticism.is_correction("Slow.", "Thieves")
    assert not criticism.is_correction("", "Thieves")


async def test_what_the_head_writes_is_confirmed_by_that(town: Town) -> None:
    review = await town.review()
    await town.share(town.head, review, EVERYONE)
    await town.review(replace(SAID, criticism="It was worse than we thought, and we say so."), by=town.head)
    assert await town.read_by(1) == ["It was worse than we thought, and we say so."]


async def test_criticism_can_not_be_moved_into_what_more_may_read(town: Town) -> None:
    review = await town.review()
    await town.share(town.manager, review, GrantChoice(GrantKind.EVERYONE), *town.to(0))
    with pytest.raises(Invalid, match="Part of this was criticism"):
        await town.review(replace(SAID, praise=f"Fair prices. {LATE.upper()}", criticism=""))
    note = await notes.note(town.manager, town.supplier, about=About.PROBLEM, body=LATE)
    await town.share(town.manager, note, GrantChoice(GrantKind.EVERYONE), what=OpinionKind.NOTE)
    with pytest.raises(Invalid, match="Part of this was criticism"):
        await notes.revise(town.manager, note, version=1, about=About.RECORD, body=LATE)


async def test_a_note_about_a_problem_and_its_new_files_are_criticism_too(town: Town) -> None:
    note = await notes.note(town.manager, town.supplier, about=About.PROBLEM, body=LATE)
    await town.share(town.head, note, EVERYONE, what=OpinionKind.NOTE)
    assert await town.read_by(1) == [LATE]
    letter = Upload("letter.txt", b"What we really think of them.")
    await notes.revise(town.manager, note, version=1, about=About.PROBLEM, body=LATE, files=(letter,))
    assert await town.read_by(1) == []
    (waiting,) = (await confirming.queue(town.head)).waiting
    await confirming.confirm(town.head, note, digest=waiting.digest)
    assert await town.read_by(1) == [LATE]


async def test_opinions_that_share_an_audience_wait_each_for_itself(town: Town) -> None:
    review = await town.review()
    await town.share(town.head, review, EVERYONE)
    note = await notes.note(town.manager, town.supplier, about=About.PROBLEM, body="The invoice was wrong.")
    with pytest.raises(Invalid, match="Only your head"):
        await town.share(town.manager, note, EVERYONE, what=OpinionKind.NOTE)
    await town.share(town.head, note, EVERYONE, what=OpinionKind.NOTE)
    await town.review(replace(SAID, criticism="Something else altogether, which nobody confirmed."))
    assert await town.read_by(1) == ["The invoice was wrong."]


async def test_a_head_names_one_colleague_who_confirms_for_a_year(town: Town) -> None:
    other = await a_person(town.oakfield, Role.BUSINESS_MANAGER, "Cy Cole")
    with pytest.raises(Forbidden, match="Only a head names"):
        await confirmers.name(town.manager, other.person)
    await confirmers.name(town.head, town.manager.person)
    await confirmers.name(town.head, other.person)
    review = await town.review()
    with pytest.raises(Invalid):
        await town.share(town.manager, review, EVERYONE)
    await town.share(other, review, EVERYONE)
    await town.review(replace(SAID, criticism="They are crooks, all of them, from top to bottom."))
    (waiting,) = (await confirming.queue(other)).waiting
    with clock.at(clock.now() + confirmers.LASTS), pytest.raises(Forbidden):
        await confirming.confirm(other, review, digest=waiting.digest)
    await confirming.confirm(other, review, digest=waiting.digest)
    await people.change_role(town.head, other.person, Role.GOVERNOR)
    assert await confirmers.named(town.head) is None


async def test_the_form_says_so_before_and_the_pages_say_what_waits(town: Town) -> None:
    review = await town.review()
    await town.share(town.head, review, EVERYONE)
    async with signed_in(town.manager) as browser:
        form = text_of((await browser.get(f"/suppliers/{town.supplier}/review")).text)
        assert criticism.CHANGES_WAIT in form
        sent = {"declared": "none", "rating": "2", "criticism": "They are crooks, all of them, and so on.", "version": "1"}
        assert (await browser.post(f"/suppliers/{town.supplier}/review", data=sent)).status_code == 303
        assert "Yours wait for them" in text_of((await browser.get("/criticism")).text)
        assert "waits" in text_of((await browser.get("/")).text)
        told = (await browser.get(f"/api/v1/reviews/{review}/audience")).json()
        assert (told["waits_for_head"], criticism.WAITS in told["sentence"]) == (True, True)
    async with signed_in(town.head) as browser:
        assert "1 text of criticism waits" in text_of((await browser.get("/")).text)
        (waiting,) = (await confirming.queue(town.head)).waiting
        page = (await browser.get("/criticism")).text
        assert f'value="{waiting.digest}"' in page
        confirmed = await browser.post(f"/criticism/{review}/confirm", data={"digest": waiting.digest})
        assert confirmed.status_code == 303
    assert await town.read_by(1) == ["They are crooks, all of them, and so on."]


async def test_the_api_refuses_the_fourth_school_in_the_same_words(town: Town) -> None:
    review = await town.review()
    lines = [{"kind": "school", "subject": str(one.subject), "fields": ["criticism"]} for one in town.to(0, 1, 2, 3)]
    async with signed_in(town.manager) as browser:
        answer = await browser.put(f"/api/v1/reviews/{review}/audience", json={"grants": lines})
    assert (answer.status_code, criticism.TOO_MANY in answer.text) == (422, True)
