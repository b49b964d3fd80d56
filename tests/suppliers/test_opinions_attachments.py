"""Photos and files of notes: taken for what they are, rid of what they tell, and fetched only by whom they are shared with."""

import io
import struct
import zipfile
import zlib
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

import database
from audit.tables import Entry, Opening
from base.refusals import Invalid, NotFound
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from suppliers.directory import directory
from suppliers.opinions import attachments, notes
from suppliers.opinions.attachments import DOCX, EMAIL, LARGEST, MOST_A_NOTE, PDF, TEXT, XLSX, Upload, checked, media_type_of
from suppliers.opinions.notes import About
from suppliers.opinions.photo_metadata import HEIC, JPEG, PNG, WEBP, BrokenPhoto, without_metadata
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from suppliers.tables import Note
from tests.given.builders import a_person, a_school

PLACE = b"GPS 53.2307 -0.5406"


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def exif(order: str, orientation: int) -> bytes:
    """An Exif block with the orientation and, after it, a place."""
    mark = b"MM\x00*" if order == ">" else b"II*\x00"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"Exif\x00\x00" + mark + struct.pack(order + "IH", 8, 1) + entry + bytes(4) + PLACE


JFIF = segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
PICTURE = (
    segment(0xDB, bytes(65))
    + segment(0xC2, b"\x08\x00\x01\x00\x01\x01\x01\x11\x00")
    + segment(0xC4, bytes(19))
    + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    + b"\x12\xff\x00\x34\xff\xd0\x56"  # scan data with a stuffed byte and a restart marker
    + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    + b"\x78"
    + b"\xff\xd9"
)


def jpeg(*, orientation: int = 1, order: str = ">") -> bytes:
    told = segment(0xE1, exif(order, orientation)) + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + PLACE)
    told += segment(0xED, b"Photoshop 3.0\x00" + PLACE) + segment(0xE2, b"MPF\x00" + PLACE) + segment(0xFE, PLACE)
    return b"\xff\xd8" + JFIF + told + PICTURE + PLACE


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


HEADER, DATA, END = (
    chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
    chunk(b"IDAT", zlib.compress(b"\x00\x7f")),
    chunk(b"IEND", b""),
)
PNG_START = b"\x89PNG\r\n\x1a\n"
TOLD_PNG = PNG_START + HEADER + chunk(b"tEXt", b"Comment\x00" + PLACE) + chunk(b"eXIf", PLACE) + DATA + END + PLACE


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for kind, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


VP8X = bytes([0x2C, 0, 0, 0, 0, 0, 0, 0, 0, 0])  # a colour profile, Exif and XMP
TOLD_WEBP = riff((b"VP8X", VP8X), (b"VP8L", b"picture"), (b"EXIF", PLACE), (b"XMP ", PLACE)) + PLACE


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


def heic(*, method: int = 0, extra: bytes = b"") -> bytes:
    """A picture item and an Exif item, in ``mdat`` (method 0) or in ``idat`` (method 1)."""
    items = b"".join(
        box(b"infe", struct.pack(">IHH4s", 2 << 24, item, 0, kind) + b"\x00") for item, kind in ((1, b"hvc1"), (2, b"Exif"))
    )
    ftyp = box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic")
    iinf = box(b"iinf", struct.pack(">IH", 0, 2) + items)

    def meta(offset: int) -> bytes:
        iloc = struct.pack(">IHH", 1 << 24, 0x4400, 2)
        for item, start, length in ((1, 0, 7), (2, 7, len(PLACE))):
            iloc += struct.pack(">HHHHII", item, method, 0, 1, offset + start, length)
        return box(b"meta", bytes(4) + iinf + box(b"iloc", iloc) + (box(b"idat", b"picture" + PLACE) if method else b""))

    if method:
        return ftyp + meta(0) + extra
    return ftyp + meta(len(ftyp) + len(meta(0)) + 8) + box(b"mdat", b"picture" + PLACE) + extra


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
@pytest.mark.parametrize("order", [">", "<"])
def test_a_jpeg_loses_place_and_comments_and_stays_the_same_picture(order: str) -> None:
    assert without_metadata(jpeg(order=order), JPEG) == b"\xff\xd8" + JFIF + PICTURE


@pytest.mark.pure
@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_jpeg_keeps_which_way_up_it_is(order: str, orientation: int) -> None:
    clean = without_metadata(jpeg(order=order, orientation=orientation), JPEG)
    assert PLACE not in clean
    assert clean.endswith(JFIF + PICTURE)
    kept = clean[2 : -len(JFIF + PICTURE)]
    assert (kept[:4], kept[4:10]) == (b"\xff\xe1\x00\x22", b"Exif\x00\x00")
    assert struct.unpack(">H", kept[28:30])[0] == orientation
    assert without_metadata(clean, JPEG) == clean


@pytest.mark.pure
def test_a_png_loses_its_texts() -> None:
    assert without_metadata(TOLD_PNG, PNG) == PNG_START + HEADER + DATA + END


@pytest.mark.pure
def test_a_webp_loses_exif_and_xmp_and_says_no_more_that_it_has_them() -> None:
    assert without_metadata(TOLD_WEBP, WEBP) == riff((b"VP8X", b"\x20" + VP8X[1:]), (b"VP8L", b"picture"))


@pytest.mark.pure
@pytest.mark.parametrize("method", [0, 1])
def test_a_heic_has_its_place_blanked_and_nothing_else_moves(method: int) -> None:
    assert without_metadata(heic(method=method), HEIC) == heic(method=method).replace(PLACE, bytes(len(PLACE)))


@pytest.mark.pure
def test_a_heic_with_a_part_that_may_tell_anything_is_refused() -> None:
    with pytest.raises(BrokenPhoto):
        without_metadata(heic(extra=box(b"uuid", PLACE)), HEIC)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("photo", "media_type"),
    [(jpeg(), JPEG), (TOLD_PNG, PNG), (TOLD_WEBP, WEBP), (heic(), HEIC)],
    ids=["jpeg", "png", "webp", "heic"],
)
def test_a_photo_cut_short_anywhere_is_refused_or_tells_nothing(photo: bytes, media_type: str) -> None:
    for end in range(12, len(photo)):
        try:
            assert PLACE not in without_metadata(photo[:end], media_type)
        except BrokenPhoto:
            continue


@pytest.mark.pure
@given(st.binary(max_size=300), st.sampled_from([jpeg(), TOLD_PNG, TOLD_WEBP, heic()]), st.integers(0, 400))
def test_garbage_in_a_photo_never_breaks_the_reader(noise: bytes, photo: bytes, at: int) -> None:
    broken = photo[:at] + noise + photo[at + len(noise) :]
    media_type = media_type_of(broken)
    if media_type in (JPEG, PNG, WEBP, HEIC):
        try:
            without_metadata(broken, media_type)
        except BrokenPhoto:
            return


@pytest.mark.pure
@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"\xff\xd8\xff\xe0", b"a" * (LARGEST + 1)])
def test_what_cannot_be_kept_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        checked(Upload("photo.jpg", content))
    assert refusal.value.fields["file"].endswith((".", "text."))


@pytest.fixture
async def ann(db: object) -> Viewer:
    return await a_person(await a_school("Oakfield Primary"))


@pytest.fixture
async def bob(ann: Viewer) -> Viewer:
    return await a_person(await a_school("Elmwood School"), name="Bob Brown")


@pytest.fixture
async def boilers(ann: Viewer) -> UUID:
    return (await directory.add(ann, name="Ashby Boilers")).id


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
