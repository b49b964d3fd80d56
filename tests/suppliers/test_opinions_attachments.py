"""Photos and files of notes: taken for what they are, rid of what they tell, and fetched only by whom they are shared with."""

import io
import zipfile
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest

import database
from audit.tables import Entry, Opening
from base.refusals import Invalid, NotFound
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from suppliers.files.photo_metadata import HEIC, JPEG, PNG, WEBP
from suppliers.opinions import attachments, notes
from suppliers.opinions.attachments import DOCX, EMAIL, LARGEST, MOST_A_NOTE, PDF, TEXT, XLSX, Upload, checked, media_type_of
from suppliers.opinions.notes import About
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from suppliers.tables import Note
from tests.given.photos import JFIF, PICTURE, TOLD_PNG, TOLD_WEBP, heic, jpeg


def document(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


WORD = document("[Content_Types].xml", "word/document.xml")
EXCEL = document("[Content_Types].xml", "xl/workbook.xml")
LETTER = b"Received: from mail.example\r\n by mx.example\r\nFrom: a@b.example\r\nSubject: Boiler\r\n\r\nIt leaks.\xa3\r\n"


@pytest.mark.pure
@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (jpeg(), JPEG),
        (TOLD_PNG, PNG),
        (TOLD_WEBP, WEBP),
        (heic(), HEIC),
        (b"%PDF-1.7\n", PDF),
        (WORD, DOCX),
        (EXCEL, XLSX),
        (LETTER, EMAIL),
        ("Paid £40 – in full.\n".encode(), TEXT),
        (b"Subject: no sender\r\n\r\nHello", TEXT),
        (document("a.txt"), None),
        (document("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
        (b"PK\x03\x04 not a zip", None),
        (b"MZ\x90\x00\x03", None),
        (b"\x7fELF", None),
        (b"<svg onload=\x00alert(1)>", None),
        (b"", None),
        (b"  \n", None),
        (b"\xff\xfe\x00", None),
    ],
)
def test_a_file_is_what_its_bytes_say(content: bytes, media_type: str | None) -> None:
    assert media_type_of(content) == media_type


@pytest.mark.pure
def test_a_page_sent_as_a_picture_is_only_ever_text() -> None:
    assert checked(Upload("boiler.jpg", b"<script>alert(1)</script>")).media_type == TEXT


@pytest.mark.pure
@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"\xff\xd8\xff\xe0", b"a" * (LARGEST + 1)])
def test_what_cannot_be_kept_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        checked(Upload("photo.jpg", content))
    assert refusal.value.fields["file"].endswith((".", "text."))


async def noted(viewer: Viewer, supplier: UUID, about: About = About.GOOD) -> tuple[UUID, UUID]:
    """A note with one photo: the ids of both."""
    note = await notes.note(viewer, supplier, about=about, body="See the photo.", files=[Upload("leak.jpg", jpeg())])
    (file,) = (await notes.ours(viewer, note)).files
    return note, file.id


async def last_openings(subject: str) -> dict[str, str]:
    async with database.read():
        entry = await Entry.select(Entry.event_id).where(Entry.subject == subject).order_by(Entry.idx, ascending=False).first()
        assert entry is not None
        rows = await Opening.select(Opening.field, Opening.value).where(Opening.event_id == entry["event_id"])
    return {row["field"]: row["value"] for row in rows}


async def test_a_file_comes_back_as_it_was_kept_and_the_trail_holds_its_digest(ann: Viewer, boilers: UUID) -> None:
    note, file = await noted(ann, boilers)
    fetched = await attachments.fetch(ann, file)
    assert (fetched.name, fetched.media_type, fetched.content) == ("leak.jpg", JPEG, b"\xff\xd8" + JFIF + PICTURE)
    told = await last_openings(f"note:{note}")
    assert sha256(fetched.content).hexdigest() in told["facts"]
    assert told["personal.filename.1"] == '"leak.jpg"'


async def test_files_are_added_later_up_to_five_and_the_sixth_changes_nothing(ann: Viewer, boilers: UUID) -> None:
    note, _ = await noted(ann, boilers)
    more = [Upload(f"page {n}.txt", b"Paid") for n in range(MOST_A_NOTE - 1)]
    said: Any = {"about": About.GOOD, "body": "See the photo."}
    await notes.revise(ann, note, version=1, files=more, **said)
    with pytest.raises(Invalid):
        await notes.revise(ann, note, version=2, files=[Upload("sixth.txt", b"Paid")], **said)
    found = await notes.ours(ann, note)
    assert (len(found.files), found.version) == (MOST_A_NOTE, 2)


async def test_a_note_with_one_bad_file_keeps_none(ann: Viewer, boilers: UUID) -> None:
    files = [Upload("a.txt", b"Paid"), Upload("b.exe", b"MZ\x90\x00")]
    with pytest.raises(Invalid):
        await notes.note(ann, boilers, about=About.GOOD, body="Two files.", files=files)
    async with database.read():
        assert await Note.count() == 0


@pytest.mark.parametrize(
    ("fields", "opens"), [(Fields.ATTACHMENTS, True), (ALL, True), (ALL & ~Fields.ATTACHMENTS, False), (Fields.PRAISE, False)]
)
async def test_a_file_is_fetched_only_where_files_are_shared(
    ann: Viewer, bob: Viewer, boilers: UUID, fields: Fields, opens: bool
) -> None:
    note, file = await noted(ann, boilers)
    await shares.share(ann, OpinionKind.NOTE, note, AudienceChoice((GrantChoice(GrantKind.SCHOOL, bob.school, fields=fields),)))
    if opens:
        assert (await attachments.fetch(bob, file)).name == "leak.jpg"
    else:
        with pytest.raises(NotFound):
            await attachments.fetch(bob, file)


async def test_nobody_else_fetches_a_private_file_and_nobody_at_all_a_withdrawn_one(
    ann: Viewer, bob: Viewer, boilers: UUID
) -> None:
    note, file = await noted(ann, boilers)
    with pytest.raises(NotFound):
        await attachments.fetch(bob, file)
    with pytest.raises(NotFound):
        await attachments.fetch(ann, uuid4())
    await shares.share(
        ann, OpinionKind.NOTE, note, AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=ALL & ~Fields.CRITICISM),))
    )
    assert (await attachments.fetch(bob, file)).name == "leak.jpg"
    await shares.unshare(ann, OpinionKind.NOTE, note)
    with pytest.raises(NotFound):
        await attachments.fetch(bob, file)
    await notes.withdraw(ann, note)
    with pytest.raises(NotFound):
        await attachments.fetch(ann, file)


async def test_the_photo_of_a_problem_is_criticism_too(ann: Viewer, bob: Viewer, boilers: UUID) -> None:
    note, file = await noted(ann, boilers, About.PROBLEM)
    without = GrantChoice(GrantKind.SCHOOL, bob.school, fields=ALL & ~Fields.CRITICISM)
    await shares.share(ann, OpinionKind.NOTE, note, AudienceChoice((without,)))
    for viewer in (bob, replace(ann, role=Role.GOVERNOR)):
        with pytest.raises(NotFound):
            await attachments.fetch(viewer, file)
    await shares.share(ann, OpinionKind.NOTE, note, AudienceChoice((replace(without, fields=ALL),)))
    assert (await attachments.fetch(bob, file)).name == "leak.jpg"
