"""Erasure, from asking to a restored backup: what goes, what stays, who decides, and that nothing brings it back."""

import pytest

import audit.erasing.erasure
import database
import sharing.accounts.erasure
from audit.erasing import holds
from audit.log import fsck
from audit.reading import timeline
from audit.tables import Erasure, Hold
from base import mail, settings
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.settings import Settings
from base.viewer import KeyScope
from privacy import blanking, erasure
from privacy.in_directory import erasing
from sharing.people import people
from sharing.sign_in import api_keys, sign_in
from sharing.tables import Person
from suppliers.corrections import proposals
from suppliers.corrections.tables import Correction
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.merging import merges
from suppliers.merging.tables import Decision
from suppliers.opinions import notes
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.tables import Attachment, Note, PastReview, Review
from tests.given.builders import PASSWORD, a_membership, a_person, a_school, email_of
from tests.given.checkout import ROOT
from tests.given.erasing import (
    NAME,
    World,
    a_governor,
    ask,
    everything_in,
    facts_of,
    keys_found,
    openings_of,
    school_of,
    the,
)
from tests.given.every_check import findings
from tests.given.listed_suppliers import an_entry


async def test_the_name_is_found_wherever_it_was_written_whatever_its_capitals_and_spaces(world: World) -> None:
    look = await erasure.look(world.ann, person=None, typed=NAME)
    found = {offer.find.key: offer.find for offer in look.offers}
    texts = {f"review:{world.review}:{name}" for name in ("criticism", "interest", "evidence")} | {f"note:{world.note}"}
    texts |= {f"decision:{(await the(Decision, Decision.owner == world.ann.school)).id}"}
    assert texts < set(found)
    assert sum(key.startswith("file:") for key in found) == 1
    passage = found[f"note:{world.note}"].passages[0]
    assert (passage.before, passage.name, passage.after) == ("We rang  ", "zebedee\nquill", " twice.")
    assert found[f"review:{world.review}:criticism"].places == 3, (
        "written, revised (as what it was before), and an earlier version"
    )


async def test_a_name_is_a_word_and_not_a_part_of_one(world: World) -> None:
    assert await keys_found(world.ann, typed="Zebedee Qui") == []
    assert await keys_found(world.ann, typed="ebedee") == []


async def test_another_school_finds_nothing_of_it(world: World) -> None:
    eve = await a_person(await a_school("Elm"), name="Eve Evans")
    assert await keys_found(eve, typed=NAME) == []
    with pytest.raises(NotFound):
        await erasure.look(eve, person=world.left.person, typed="")
    request = await ask(world)
    for act in (erasure.approve, erasure.withdraw):
        with pytest.raises(NotFound):
            await act(eve, request)


async def test_what_is_erased_is_gone_from_rows_and_trail_and_the_rest_stays(world: World) -> None:
    await erasure.approve(world.hal, await ask(world))
    assert (await the(Decision, Decision.owner == world.ann.school)).reason == ""
    review, note = await the(Review, Review.id == world.review), await the(Note, Note.id == world.note)
    past = await the(PastReview, PastReview.review == world.review)
    person = await the(Person, Person.id == world.left.person)
    async with database.read():
        assert await Attachment.count() == 0
    assert (review.criticism, review.praise, review.rating) == ("Was rude.", "Tidy.", 3)
    assert (past.criticism, past.praise, past.rating) == ("", "Tidy.", 3)
    assert past.interest == "Declared. The words were erased."
    assert (review.evidence, past.evidence) == ("Given. The reference was erased.",) * 2
    assert (note.body, note.about) == ("", "problem")
    assert person.name == "Somebody whose name was erased"
    assert await keys_found(world.ann, typed=NAME) == []
    verdict = await fsck.check(str(world.ann.school))
    assert await findings() == ()
    assert verdict.finding is None


async def test_nothing_of_it_is_left_in_the_database_the_mail_or_the_logs(
    world: World, db: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await mail.send("chair@oakfield.example", "A seal", f"For {NAME}")
    before = await openings_of(world)
    await erasure.approve(world.hal, await ask(world))
    gone = [value for value, _ in before] + [salt for _, salt in before]
    assert len(gone) > 10
    held = await everything_in(db)
    assert b"Ashby Boilers" in held, "so that this test can fail"
    forms = [NAME.encode(), b"zebedee", b"Zebedee", world.email.encode(), *gone]
    assert [form for form in forms if form in held] == []
    beside = b"".join(path.read_bytes() for path in settings.current().data.rglob("*") if path.is_file())
    assert b"openings" in beside
    assert [form for form in forms if form in beside] == []
    said = capsys.readouterr()
    assert "zebedee" not in (said.out + said.err).lower()


async def test_the_timeline_says_that_it_was_erased_and_where_nothing_of_it_is(world: World) -> None:
    await erasure.approve(world.hal, await ask(world))
    page = await timeline.page(world.ann, limit=100)
    joined = next(line for line in page.lines if line.type == "person.joined" and line.subject == f"person:{world.left.person}")
    assert joined.who == "Somebody whose name was erased"
    note = next(line for line in page.lines if line.type == "note.written")
    assert {(change.field, change.new) for change in note.changes} >= {("criticism", "erased"), ("filename.1", "erased")}
    assert not note.is_withheld
    applied = [line for line in page.lines if line.type == "erasure.applied"]
    assert {line.stream for line in applied} == {"school", f"supplier:{world.supplier}"}, "one in each stream that it touched"
    assert {line.who for line in applied} == {"Hal Hart"}


async def test_whoever_asked_does_not_approve_while_there_is_somebody_else(world: World) -> None:
    request = await ask(world)
    with pytest.raises(Forbidden, match="another business manager or head"):
        await erasure.approve(world.ann, request)
    gus = await a_governor(world)
    for act in (erasure.approve, erasure.withdraw):
        with pytest.raises(Forbidden, match="Only a business manager or head"):
            await act(gus, request)
    assert await keys_found(world.ann, typed=NAME) != []
    await erasure.approve(world.hal, request)
    assert await facts_of(world.ann.school, "erasure.applied") == [{"second_person": True}] * 2


async def test_the_only_one_who_could_may_not_do_it_alone(world: World) -> None:
    request = await ask(world)
    await people.remove(world.hal, world.hal.person)
    with pytest.raises(Forbidden, match="one person is not two"):
        await erasure.approve(world.ann, request)
    assert await facts_of(world.ann.school, "erasure.applied") == []
    assert await keys_found(world.ann, typed=NAME) != []


async def test_a_request_is_decided_once_and_forgets_the_names(world: World) -> None:
    request = await ask(world, typed="Mr Quill")
    with pytest.raises(Conflict, match="asked to erase this person already"):
        await ask(world)
    await erasure.withdraw(world.hal, request)
    for act in (erasure.approve, erasure.withdraw):
        with pytest.raises(Conflict, match="decided already"):
            await act(world.hal, request)
    assert (await the(Erasure, Erasure.id == request)).sought == ""
    assert await keys_found(world.ann, typed=NAME) != []


async def test_whoever_still_belongs_to_the_school_is_removed_first(world: World) -> None:
    with pytest.raises(Conflict, match="Remove them from the school first"):
        await erasure.look(world.ann, person=world.hal.person, typed="")


async def test_the_reason_leaves_the_name_out(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        await ask(world, words=f"{NAME} asked us.", reason=None, chosen=["note:gone"])
    assert set(refused.value.fields) == {"words", "reason", "chosen"}
    with pytest.raises(Invalid, match="type a name"):
        await erasure.look(world.ann, person=None, typed=" \n ")
    with pytest.raises(Invalid, match="at least 3"):
        await erasure.look(world.ann, person=None, typed="Al")


async def test_an_account_of_two_schools_stays_the_other_ones(world: World) -> None:
    elm = await a_school("Elm")
    eve = await a_person(elm, name="Eve Evans")
    oak = await a_person(await school_of(world), name="Two Schools")
    both = await a_membership(oak, elm)
    await directory.add(oak, name="Carr Catering")
    await people.remove(world.hal, both.person)
    await erasure.approve(world.hal, await ask(world, person=both.person))
    assert [one.name for one in await people.colleagues(eve)] == ["Eve Evans", "Two Schools"]
    assert await sign_in.sign_in(await email_of(both), PASSWORD, from_address="127.0.0.1")
    page = await timeline.page(world.ann, limit=100)
    assert "Two Schools" not in {line.who for line in page.lines}
    assert {line.who for line in (await timeline.page(eve)).lines} >= {"Two Schools"}


async def test_nobody_signs_in_to_an_erased_account_and_the_address_is_free_again(world: World) -> None:
    await erasure.approve(world.hal, await ask(world))
    with pytest.raises(Invalid):
        await sign_in.sign_in(world.email, PASSWORD, from_address="127.0.0.1")
    with pytest.raises(Invalid):
        await sign_in.sign_in(f"{world.left.person}@erased.invalid", "", from_address="127.0.0.1")
    again = await a_person(await school_of(world), name=NAME, email=world.email)
    assert again.person != world.left.person


async def test_words_that_were_erased_can_not_be_saved_again_from_an_open_form(world: World) -> None:
    open_form = await notes.ours(world.ann, world.note)
    await erasure.approve(world.hal, await ask(world))
    with pytest.raises(Conflict):
        await notes.revise(world.ann, world.note, version=open_form.version, about=About.PROBLEM, body=open_form.body)


async def test_a_copy_of_a_file_goes_with_it_and_another_schools_copy_stays(world: World) -> None:
    file = Upload("scan.txt", b"Zebedee Quill signed this.")
    eve = await a_person(await a_school("Elm"), name="Eve Evans")
    theirs = (await directory.add(eve, name="Ashby Boilers")).id
    await notes.note(eve, theirs, about=About.GOOD, body="Fine.", files=[file])
    copy = await notes.note(world.ann, world.supplier, about=About.GOOD, body="Fine.", files=[file])
    await erasure.approve(world.hal, await ask(world))
    async with database.read():
        left = await Attachment.select(Attachment.school, Attachment.note)
    assert [row["school"] for row in left] == [eve.school]
    assert (await notes.ours(world.ann, copy)).body == "Fine."


async def test_the_name_of_an_api_key_goes_with_the_name_in_it(world: World) -> None:
    await api_keys.create(world.ann, name=f"For {NAME}", days=30, scopes=set(KeyScope))
    await erasure.approve(world.hal, await ask(world, person=None, typed=NAME))
    (key,) = await api_keys.mine(world.ann)
    assert (key.name, key.is_live) == ("", True)
    assert await keys_found(world.ann, typed=NAME) == []


async def test_the_reason_of_a_hold_and_the_words_of_an_earlier_request_go_with_the_name_in_them(world: World) -> None:
    hold = await holds.place(world.ann, about=f"supplier:{world.supplier}", reason=f"{NAME} may claim.")
    await holds.lift(world.hal, hold)
    earlier = await ask(world, person=None, typed="We rang", words=f"{NAME} asked on Monday.")
    await erasure.withdraw(world.hal, earlier)
    await erasure.approve(world.hal, await ask(world))
    assert (await the(Hold, Hold.id == hold)).reason == ""
    assert (await the(Erasure, Erasure.id == earlier)).words == ""


async def test_what_a_school_proposed_for_the_directory_is_taken_back_with_the_name_in_it(world: World) -> None:
    entry = await an_entry("Wren Windows")
    made = await proposals.propose(world.ann, entry, why=f"{NAME} told us.", name="Wren and Son")
    await erasure.approve(world.hal, await ask(world, person=None, typed=NAME))
    row = await the(Correction, Correction.id == made)
    assert (row.state, row.why, row.proposed) == ("withdrawn", "", "")
    page = await timeline.page(world.ann, limit=100)
    assert Event.CORRECTION_WITHDRAWN in {one.type for one in page.lines}
    assert await findings() == ()


@pytest.mark.parametrize(("typed", "written"), [("O'Brien", "O’Brien"), ("O’Brien", "OʼBrien"), ("Ann-Marie", "Ann‑Marie")])
async def test_a_name_is_found_with_the_marks_that_a_phone_writes(world: World, typed: str, written: str) -> None:
    note = await notes.note(world.ann, world.supplier, about=About.PROBLEM, body=f"We rang {written}’s sister.")
    assert await keys_found(world.ann, typed=typed) == [f"note:{note}"]


async def test_what_was_written_for_a_supplier_is_erased_where_it_was_written_and_where_it_stands(world: World) -> None:
    """A file's name stands in the stream of the supplier it was noted at, also when that is part of another by now."""
    other = (await directory.add(world.ann, name="Cedar Heating")).id
    await merges.merge(world.ann, world.supplier, other)
    await erasure.approve(world.hal, await ask(world))
    page = await timeline.page(world.ann, limit=100)
    streams = {line.stream for line in page.lines if line.type == "erasure.applied"}
    assert streams == {"school", f"supplier:{world.supplier}", f"supplier:{other}"}


async def test_who_is_named_in_plain_facts_is_said_to_stay_there(world: World) -> None:
    """As older entries have it: what is typed today can be erased."""
    about = f"supplier:{(await directory.add(world.ann, name=f'{NAME} Plumbing')).id}"
    assert (await erasure.look(world.ann, person=None, typed=NAME)).in_facts == 0
    async with audit.recording(world.ann) as record:
        record(Event.SUPPLIER_CHANGED, stream=about, subject=about, facts={"new": {"name": f"{NAME} & Sons"}})
    assert (await erasure.look(world.ann, person=None, typed=NAME)).in_facts == 1


def test_the_page_for_whoever_looks_after_postgresql_names_every_table_that_an_erasure_touches() -> None:
    page = (ROOT / "docs/how-to/erase-a-person.md").read_text()
    named = page.partition("VACUUM FULL ")[2].partition(";")[0].replace(",", " ").split()
    tables = {*audit.erasing.erasure.TABLES, *sharing.accounts.erasure.TABLES, *blanking.TABLES, *erasing.TABLES}
    assert sorted(named) == sorted(table._meta.tablename for table in tables)
