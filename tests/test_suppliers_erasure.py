"""Erasure, from asking to a restored backup: what goes, what stays, who decides, and that nothing brings it back."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

import database
import settings
from audit import erasure_list, fsck, holds, retention, timeline
from audit.erasure import Reason
from audit.retention import Kind
from audit.tables import Erasure, Opening
from settings import Settings
from sharing import people, sign_in
from sharing.tables import Person
from suppliers import attachments, directory, erasure, erasure_finds, notes, reviews
from suppliers.attachments import Upload
from suppliers.notes import About
from suppliers.reviews import Opinion
from suppliers.tables import Attachment, Note, PastReview, Review
from tests.builders import PASSWORD, a_membership, a_person, a_school, email_of, events_of
from tests.conftest import opened
from web import clock, mail
from web.refusals import Conflict, Forbidden, Invalid, NotFound
from web.viewer import Role, Viewer

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
    salts: list[bytes]


@pytest.fixture
async def world(db: Settings) -> AsyncIterator[World]:
    yield await a_world()


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
    await people.remove(hal, left.person)
    return World(ann, hal, left, email, supplier, review, note, await salts())


async def salts() -> list[bytes]:
    async with database.read():
        return [bytes(row["salt"]) for row in await Opening.select(Opening.salt)]


async def keys_found(viewer: Viewer, *, person: UUID | None = None, typed: str = "") -> list[str]:
    return [offer.find.key for offer in (await erasure.look(viewer, person=person, typed=typed)).offers]


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
    assert texts < set(found)
    assert sum(key.startswith("file:") for key in found) == 1
    passage = found[f"note:{world.note}"].passages[0]
    assert (passage.before, passage.name, passage.after) == ("We rang  ", "zebedee\nquill", " twice.")
    assert found[f"review:{world.review}:criticism"].ways == 3, "written, revised (as what it was before), and an earlier version"


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
    async with database.read():
        review = await Review.objects().where(Review.id == world.review).first()
        past = await PastReview.objects().where(PastReview.review == world.review).first()
        note = await Note.objects().where(Note.id == world.note).first()
        person = await Person.objects().where(Person.id == world.left.person).first()
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
        return b"".join(path.read_bytes() for path in db.sqlite_path.parent.glob(db.sqlite_path.name + "*"))
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
