"""Erasure, from asking to a restored backup: what goes, what stays, who decides, and that nothing brings it back."""

import asyncio
import json
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from piccolo.table import Table

import audit.erasing.erasure
import database
import sharing.people.account_erasure
from audit.entry import commitment
from audit.erasing import erasure_list, holds, retention
from audit.erasing.erasure import Reason
from audit.erasing.retention import Kind
from audit.log import fsck
from audit.reading import timeline
from audit.tables import Erasure, Hold, Opening
from base import clock, mail, settings
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.settings import Settings
from base.viewer import Role, Viewer
from privacy import blanking, erasure
from sharing.people import people
from sharing.sign_in import api_keys, sign_in
from sharing.tables import Person, School
from suppliers.directory import directory
from suppliers.merging import decisions, merges
from suppliers.merging.decisions import Judgement
from suppliers.merging.tables import Decision
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.tables import Attachment, Note, PastReview, Review
from tests.builders import PASSWORD, a_membership, a_person, a_school, email_of, events_of
from tests.conftest import Template, duplicate, opened

NAME = "Zebedee Quill"  # fictional, and in no list of words that Vouch ships


@pytest.fixture(autouse=True)
def beside_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where the list of erasures and queued mail are, for this test alone."""
    chosen = replace(settings.current(), data=tmp_path / "data")
    monkeypatch.setattr(settings, "current", lambda: chosen)
    return tmp_path / "data"


@dataclass
class World:
    """Oakfield, where Zebedee worked and people wrote his name."""

    ann: Viewer
    hal: Viewer
    left: Viewer
    email: str
    supplier: UUID
    review: UUID
    note: UUID


@pytest.fixture
async def world(db: Settings) -> World:
    return await a_world()


async def a_world() -> World:
    oakfield = await a_school("Oakfield Primary")
    ann, hal = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Hal Hart")
    left = await a_person(oakfield, name=NAME)
    email = await email_of(left)
    supplier = await directory.add(left, name="Ashby Boilers")
    said = Opinion(interest="Zebedee Quill's brother works there", rating=3, praise="Tidy.", criticism=f"{NAME} was rude.")
    review = await reviews.review(left, supplier, opinion=said, version=None)
    await reviews.review(ann, supplier, opinion=replace(said, criticism="Was rude.", interest=None), version=1)
    file = Upload("zebedee quill.txt", b"Zebedee Quill signed this.")
    note = await notes.note(ann, supplier, about=About.PROBLEM, body="We rang  zebedee\nquill twice.", files=[file])
    other = await directory.add(ann, name="Ashby Heating")
    await decisions.decide(ann, supplier, other, Judgement.DIFFERENT, reason=f"{NAME} said so.")
    await people.remove(hal, left.person)
    return World(ann, hal, left, email, supplier, review, note)


async def keys_found(viewer: Viewer, *, person: UUID | None = None, typed: str = "") -> list[str]:
    return [offer.find.key for offer in (await erasure.look(viewer, person=person, typed=typed)).offers]


async def the(table: type[Table], where: Any) -> Any:
    """The one row there is."""
    async with database.read():
        return await table.objects().where(where).first()


async def ask(world: World, **more: Any) -> UUID:
    """Ann asks for all that is found about the one who left."""
    person = more.pop("person", world.left.person)
    typed = more.pop("typed", "")
    chosen = more.pop("chosen", None)
    if chosen is None:
        chosen = await keys_found(world.ann, person=person, typed=typed)
    said = {"reason": Reason.ASKED, "words": "Asked in writing on Monday."} | more
    return await erasure.ask(world.ann, person=person, typed=typed, chosen=chosen, **said)


async def test_the_name_is_found_wherever_it_was_written_whatever_its_capitals_and_spaces(world: World) -> None:
    look = await erasure.look(world.ann, person=None, typed=NAME)
    found = {offer.find.key: offer.find for offer in look.offers}
    texts = {f"review:{world.review}:criticism", f"review:{world.review}:interest", f"note:{world.note}"}
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
    assert (note.body, note.about) == ("", "problem")
    assert person.name == "Somebody whose name was erased"
    assert await keys_found(world.ann, typed=NAME) == []
    verdict = await fsck.check(str(world.ann.school))
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


async def openings_of(world: World) -> list[tuple[bytes, bytes]]:
    """Value and salt of every opening that names the one who left."""
    async with database.read():
        rows = await Opening.select()
    named = [row for row in rows if "zebedee" in row["value"].lower()]
    return [(form, form) for row in named for form in (bytes(row["salt"]), bytes(row["salt"]).hex().encode())] + [
        (row["value"].encode(), bytes(row["salt"])) for row in named
    ]


async def everything_in(db: Settings) -> bytes:
    """SQLite: the bytes of its files. PostgreSQL: the files of its tables, once its owner has rewritten them."""
    if db.is_sqlite:
        return files_of(db.sqlite_path)
    connection = await asyncpg.connect(db.database_url)
    try:
        await connection.execute("VACUUM FULL")
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        files = [
            await connection.fetchval("SELECT pg_read_binary_file(pg_relation_filepath($1::regclass))", row["tablename"])
            for row in tables
        ]
        return b"".join(files)
    finally:
        await connection.close()


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


async def test_what_was_erased_is_listed_by_entry_field_and_commitment(world: World) -> None:
    before = await committed(world)
    await erasure.approve(world.hal, await ask(world))
    listed = await erased_of(world.ann.school)
    assert len(listed) > 10
    assert set(listed) <= before
    assert not set(listed) & await committed(world), "none of them is still there"


async def committed(world: World) -> set[tuple[int, str, str]]:
    """(idx, field, commitment) of every opening of the school's trail."""
    async with database.read():
        rows = await Opening.raw(
            "SELECT e.idx AS idx, o.field AS field, o.salt AS salt, o.value AS value FROM audit_opening o"
            " JOIN audit_entry e ON e.event_id = o.event_id WHERE e.trail = {}",
            str(world.ann.school),
        )
    return {(r["idx"], r["field"], commitment(r["field"], bytes(r["salt"]), r["value"].encode()).hex()) for r in rows}


async def erased_of(school: UUID) -> list[tuple[int, str, str]]:
    async with database.read():
        rows = await Opening.raw(
            "SELECT o.value AS value FROM audit_opening o JOIN audit_entry e ON e.event_id = o.event_id"
            " WHERE e.trail = {} AND e.type = 'erasure.applied' AND o.field = 'facts'",
            str(school),
        )
    items = [item for row in rows for item in json.loads(row["value"])["erased"]]
    return [(item["idx"], item["field"], item["commitment"]) for item in items]


async def test_many_openings_are_listed_in_several_entries(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.erasing.erasure.MOST_LISTED", 3)
    before = await committed(world)
    await erasure.approve(world.hal, await ask(world))
    listed = await erased_of(world.ann.school)
    assert len(listed) == len(set(listed)) == len(before - await committed(world))
    assert (await events_of(world.ann.school)).count("erasure.applied") > 4


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


async def test_the_only_one_who_could_may_do_it_alone_and_the_trail_says_so(world: World) -> None:
    request = await ask(world)
    await people.remove(world.ann, world.hal.person)
    await erasure.approve(world.ann, request)
    assert await facts_of(world.ann.school, "erasure.applied") == [{"second_person": False}] * 2


async def a_governor(world: World) -> Viewer:
    return await a_person(await school_of(world), Role.GOVERNOR, "Gus Gray")


async def facts_of(school: UUID, event: str) -> list[dict[str, Any]]:
    async with database.read():
        rows = await Opening.raw(
            "SELECT o.value AS value FROM audit_opening o JOIN audit_entry e ON e.event_id = o.event_id"
            " WHERE e.trail = {} AND e.type = {} AND o.field = 'facts' ORDER BY e.idx",
            str(school),
            event,
        )
    said = [json.loads(row["value"]) for row in rows]
    return [{name: value for name, value in facts.items() if name in ("second_person", "after_a_restore")} for facts in said]


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


async def test_two_who_approve_at_once_erase_once(world: World) -> None:
    ida = await a_head_more(world)
    request = await ask(world)
    done = await asyncio.gather(*(erasure.approve(one, request) for one in (world.hal, ida)), return_exceptions=True)
    assert sum(isinstance(one, Conflict) for one in done) == 1
    assert len(erasure_list.read()) == 1
    listed = await erased_of(world.ann.school)
    assert len(listed) == len(set(listed))


async def a_head_more(world: World) -> Viewer:
    return await a_person(await school_of(world), Role.HEAD, "Ida Ives")


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


@pytest.mark.parametrize(
    ("what", "words"), [("school", "the whole school"), ("person", "this person"), ("supplier", "this supplier's records")]
)
async def test_a_legal_hold_stops_it_until_it_is_lifted(world: World, what: str, words: str) -> None:
    about = {"school": "school", "person": f"person:{world.left.person}", "supplier": f"supplier:{world.supplier}"}[what]
    request = await ask(world)
    hold = await holds.place(world.ann, about=about, reason="Claim 17.")
    with pytest.raises(Conflict, match=rf"legal hold is on {words}\. .*Claim 17\."):
        await erasure.approve(world.hal, request)
    with pytest.raises(Conflict, match="legal hold"):
        await ask(world, person=None, typed=NAME)
    with pytest.raises(Conflict, match="hold on that already"):
        await holds.place(world.hal, about=about, reason="Again.")
    assert erasure_list.read() == ()
    await holds.lift(world.hal, hold)
    await erasure.approve(world.hal, request)


async def test_the_reason_of_a_hold_and_the_words_of_an_earlier_request_go_with_the_name_in_them(world: World) -> None:
    hold = await holds.place(world.ann, about=f"supplier:{world.supplier}", reason=f"{NAME} may claim.")
    await holds.lift(world.hal, hold)
    earlier = await ask(world, person=None, typed="We rang", words=f"{NAME} asked on Monday.")
    await erasure.withdraw(world.hal, earlier)
    await erasure.approve(world.hal, await ask(world))
    assert (await the(Hold, Hold.id == hold)).reason == ""
    assert (await the(Erasure, Erasure.id == earlier)).words == ""


async def test_a_hold_on_a_supplier_is_on_what_was_merged_into_it(world: World) -> None:
    other = await directory.add(world.ann, name="Cedar Heating")
    await merges.merge(world.ann, world.supplier, other)
    await holds.place(world.ann, about=f"supplier:{other}", reason="Claim 17.")
    with pytest.raises(Conflict, match=r"legal hold.*Claim 17\."):
        await ask(world, person=None, typed=NAME)


async def test_a_hold_is_on_something_that_the_schools_trail_knows(world: World) -> None:
    eve = await a_person(await a_school("Elm"), name="Eve Evans")
    for about in (f"person:{world.left.person}", f"supplier:{world.supplier}", "", "person:x"):
        with pytest.raises(Invalid, match="Choose what must not be erased"):
            await holds.place(eve, about=about, reason="Theirs.")


async def test_what_has_to_be_kept_can_not_be_asked_for_and_says_until_when(world: World) -> None:
    today = clock.today()
    await retention.keep(world.ann, kind=Kind.NOTES, years=3, from_date=today, source="Records policy 2026")
    offers = (await erasure.look(world.ann, person=None, typed=NAME)).offers
    kept = {offer.find.key for offer in offers if offer.kept}
    assert kept == {key for key in kept if key.startswith(("note:", "file:", "decision:"))} != set()
    with pytest.raises(Conflict, match=rf"kept until .* {today.year + 3}\..*3 years: Records policy 2026"):
        await ask(world)
    await ask(world, chosen=[key for key in await keys_found(world.ann, person=world.left.person) if key not in kept])


async def test_a_duty_counts_from_its_day_until_a_later_setting_does(world: World) -> None:
    today = clock.today()
    later = today.replace(day=1, year=today.year + 1)
    for years, day in ((2, today), (1, later)):
        await retention.keep(world.ann, kind=Kind.OPINIONS, years=years, from_date=day, source="Ours")
    async with database.read():
        assert (await retention.in_force_at(str(world.ann.school), today))[Kind.OPINIONS].years == 2
        assert (await retention.in_force_at(str(world.ann.school), later))[Kind.OPINIONS].years == 1
        assert (await retention.in_force_at("another school's", later))[Kind.OPINIONS].years == 0


async def test_nothing_is_kept_for_less_than_the_duty_that_comes_with_vouch(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        await retention.keep(world.ann, kind=Kind.CONTRACTS, years=5, from_date=None, source="")
    assert set(refused.value.fields) == {"years", "from_date", "source"}
    assert "from 6 to 50" in refused.value.fields["years"]
    leap = retention.Duty(Kind.NOTES, 1, "", None)
    assert leap.until(date(2024, 2, 29)) == date(2025, 3, 1)


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


async def school_of(world: World) -> School:
    found: School = await the(School, School.id == world.ann.school)
    return found


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
    theirs = await directory.add(eve, name="Ashby Boilers")
    await notes.note(eve, theirs, about=About.GOOD, body="Fine.", files=[file])
    copy = await notes.note(world.ann, world.supplier, about=About.GOOD, body="Fine.", files=[file])
    await erasure.approve(world.hal, await ask(world))
    async with database.read():
        left = await Attachment.select(Attachment.school, Attachment.note)
    assert [row["school"] for row in left] == [eve.school]
    assert (await notes.ours(world.ann, copy)).body == "Fine."


@pytest.mark.parametrize("failures", [1, 2])
async def test_a_failed_commit_is_taken_off_the_list_and_one_that_nobody_can_tell_of_is_done_at_the_next_start(
    world: World, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    request, commit, left = await ask(world), database.engine().commit, [None] * failures

    async def fails(connection: Any) -> None:
        if left:
            left.pop()
            raise OSError("no room on the disk")
        await commit(connection)

    monkeypatch.setattr(database.engine(), "commit", fails)
    with pytest.raises(OSError, match="no room"):
        await erasure.approve(world.hal, request)
    assert await keys_found(world.ann, typed=NAME) != []
    assert await erasure.replay() == (0 if failures == 1 else 1)
    assert (await keys_found(world.ann, typed=NAME) == []) is (failures == 2)


async def test_a_request_that_was_withdrawn_after_its_approval_was_cut_off_is_not_done_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, commit, left = await ask(world), database.engine().commit, [None] * 2

    async def fails(connection: Any) -> None:
        if left:
            left.pop()
            raise OSError("no room on the disk")
        await commit(connection)

    monkeypatch.setattr(database.engine(), "commit", fails)
    with pytest.raises(OSError, match="no room"):
        await erasure.approve(world.hal, request)
    await erasure.withdraw(world.ann, request)
    assert await erasure.replay() == 0
    assert await keys_found(world.ann, typed=NAME) != []


async def test_the_name_of_an_api_key_goes_with_the_name_in_it(world: World) -> None:
    await api_keys.create(world.ann, name=f"For {NAME}", days=30)
    await erasure.approve(world.hal, await ask(world, person=None, typed=NAME))
    (key,) = await api_keys.mine(world.ann)
    assert (key.name, key.is_live) == ("", True)
    assert await keys_found(world.ann, typed=NAME) == []


async def test_a_line_cut_off_by_a_crash_spoils_neither_the_one_before_nor_the_one_after(world: World) -> None:
    await erasure.approve(world.hal, await ask(world))
    with erasure_list.path().open("a") as file:
        file.write('{"erasure": "half a li')
    gus = await a_governor(world)
    await people.remove(world.hal, gus.person)
    await erasure.approve(world.hal, await ask(world, person=gus.person))
    assert [one.person for one in erasure_list.read()] == [world.left.person, gus.person]
    assert erasure_list.path().stat().st_mode & 0o777 == 0o600


async def test_what_was_written_for_a_supplier_is_erased_where_it_was_written_and_where_it_stands(world: World) -> None:
    """A file's name stands in the stream of the supplier it was noted at, also when that is part of another by now."""
    other = await directory.add(world.ann, name="Cedar Heating")
    await merges.merge(world.ann, world.supplier, other)
    await erasure.approve(world.hal, await ask(world))
    page = await timeline.page(world.ann, limit=100)
    streams = {line.stream for line in page.lines if line.type == "erasure.applied"}
    assert streams == {"school", f"supplier:{world.supplier}", f"supplier:{other}"}


async def test_a_restored_backup_forgets_again(template: Template, tmp_path: Path) -> None:
    """The copy was made before the erasure; replaying twice does no harm."""
    made = await duplicate(template, tmp_path / "vouch.sqlite")
    async with opened(made.url):
        world = await a_world()
    backup = await duplicate(Template(made.url, made.server), tmp_path / "backup.sqlite")
    async with opened(made.url):
        await erasure.approve(world.hal, await ask(world))
        assert await erasure.replay() == 0, "nothing came back"
    async with opened(backup.url) as restored:
        assert await keys_found(world.ann, typed=NAME) != []
        assert await erasure.replay() == 1
        assert await erasure.replay() == 0
        assert await keys_found(world.ann, typed=NAME) == []
        held = await everything_in(restored)
        assert [form for form in (NAME.encode(), b"zebedee", world.email.encode()) if form in held] == []
        assert (await facts_of(world.ann.school, "erasure.applied")) == [{"after_a_restore": True}] * 2
        assert (await fsck.check(str(world.ann.school))).finding is None
        note = await the(Note, Note.id == world.note)
        assert note.body == ""
        await notes.revise(world.ann, world.note, version=note.version, about=About.GOOD, body="New words.")
        assert await erasure.replay() == 0
        assert (await notes.ours(world.ann, world.note)).body == "New words."


@pytest.mark.pure  # of the SQLite process: it starts Vouch on a file
@pytest.mark.program
async def test_a_backup_put_in_place_by_hand_has_forgotten_before_it_serves(world: World, db: Settings, tmp_path: Path) -> None:
    backup, data = tmp_path / "backup.sqlite", settings.current().data
    with closing(sqlite3.connect(db.sqlite_path)) as connection:
        connection.execute("VACUUM INTO ?", (str(backup),))
    assert NAME.encode() in backup.read_bytes()
    await erasure.approve(world.hal, await ask(world))
    said = await asyncio.to_thread(serve_once, {"VOUCH_DATABASE_URL": f"sqlite:///{backup}", "VOUCH_DATA": str(data)})
    left = files_of(backup) + said
    assert [form for form in (NAME.encode(), b"zebedee", world.email.encode()) if form in left] == []


def serve_once(env: dict[str, str]) -> bytes:
    """Starts Vouch, stops it when it serves, and returns all that it printed."""
    command = [sys.executable, str(Path(__file__).parents[1]), "serve", "--json"]
    with subprocess.Popen(
        command, env=env | {"VOUCH_PORT": a_port()}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as serving:
        assert serving.stdout is not None
        said = b""  # no next(): a StopIteration that leaves a thread is never told to whoever waits for it
        for line in serving.stdout:
            said += line
            if b'"url"' in line:
                break
        serving.terminate()
        said += serving.stdout.read()
    assert b'"url"' in said, said.decode()
    return said


def files_of(database_file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in database_file.parent.glob(database_file.name + "*"))


def a_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


async def test_what_an_older_backup_still_had_as_current_is_blanked_too(template: Template, tmp_path: Path) -> None:
    """At the time of the backup the review's present words were what is an earlier version today."""
    made = await duplicate(template, tmp_path / "vouch.sqlite")
    async with opened(made.url):
        oakfield = await a_school("Oakfield Primary")
        ann, hal = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Hal Hart")
        supplier = await directory.add(ann, name="Ashby Boilers")
        said = Opinion(interest=None, rating=3, criticism=f"{NAME} was rude.")
        review = await reviews.review(ann, supplier, opinion=said, version=None)
    backup = await duplicate(Template(made.url, made.server), tmp_path / "backup.sqlite")
    async with opened(made.url):
        await reviews.review(ann, supplier, opinion=replace(said, criticism="Was rude."), version=1)
        keys = await keys_found(ann, typed=NAME)
        asked = await erasure.ask(ann, person=None, typed=NAME, chosen=keys, reason=Reason.WRONG, words="")
        await erasure.approve(hal, asked)
        assert (await reviews.ours(ann, review)).said.criticism == "Was rude."
    async with opened(backup.url):
        assert await erasure.replay() == 1
        assert (await reviews.ours(ann, review)).said.criticism == ""


async def test_who_is_named_in_plain_facts_is_said_to_stay_there(world: World) -> None:
    await directory.add(world.ann, name=f"{NAME} Plumbing")
    assert (await erasure.look(world.ann, person=None, typed=NAME)).in_facts == 1


def test_the_page_for_whoever_looks_after_postgresql_names_every_table_that_an_erasure_touches() -> None:
    page = (Path(__file__).parent.parent / "docs/how-to/erase-a-person.md").read_text()
    named = page.partition("VACUUM FULL ")[2].partition(";")[0].replace(",", " ").split()
    tables = (*audit.erasing.erasure.TABLES, *sharing.people.account_erasure.TABLES, *blanking.TABLES)
    assert sorted(named) == sorted(table._meta.tablename for table in tables)
