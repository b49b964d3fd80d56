"""A photo or file of a note: taken for what its bytes are, whatever its name says, and stored with its note.

Photos lose where and when they were taken before anything is stored; the digest is of what is stored.
"""

import io
import re
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid4

import database
from base.refusals import Invalid, NotFound
from base.spreadsheets.zips import UNREADABLE
from base.text import line
from base.viewer import Viewer
from sharing.access import visibility
from sharing.access.visibility import Principals
from suppliers.files import outlook
from suppliers.files.outlook import OUTLOOK
from suppliers.files.photo_metadata import HEIC, JPEG, PNG, WEBP, BrokenPhoto, without_metadata
from suppliers.record import field_groups, interests
from suppliers.tables import Attachment, Note

LARGEST: Final = 10 * 1024 * 1024  # bytes: a phone's photo or a scanned contract; the table checks it too
MOST_A_NOTE: Final = 5
MOST_ZIP_PARTS: Final = 5_000  # of a document; a long report has some hundred

PDF: Final = "application/pdf"
TEXT: Final = "text/plain"
EMAIL: Final = "message/rfc822"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PHOTOS: Final = frozenset({JPEG, PNG, WEBP, HEIC})
SHOWN_IN_PLACE: Final = frozenset({JPEG, PNG, WEBP})  # what every browser shows by itself; the rest is downloaded

# What a name may end in, by type; the first is added where it ends otherwise.
ENDINGS: Final = {
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    WEBP: (".webp",),
    HEIC: (".heic", ".heif"),
    PDF: (".pdf",),
    TEXT: (".txt", ".csv", ".md", ".log"),
    EMAIL: (".eml",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    OUTLOOK: (".msg",),
}

WHAT_WE_TAKE: Final = "Choose a photo (JPEG, PNG, WebP or HEIC), a PDF, a Word or Excel file, an e-mail (.eml) or plain text."
WE_TAKE_OUTLOOK_TOO: Final = WHAT_WE_TAKE.replace("(.eml)", "(.eml or .msg, without macros)")
TOO_LARGE: Final = "Each photo or file must be {megabytes} MB or smaller."
BROKEN_PHOTO: Final = "Vouch can't read that photo to its end, to take out where it was taken. Save it as a JPEG and try again."

_FIRST_BYTES: Final = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF))
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_EMAIL_START: Final = re.compile(
    rb"(?:[!-9;-~]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)+\r?\n", re.DOTALL
)  # header lines, then an empty one (RFC 5322, section 2.1)
_EMAIL_NEEDS: Final = re.compile(rb"^from:", re.IGNORECASE | re.MULTILINE)
_LONGEST_EMAIL_HEAD: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class File:
    """A file that was checked, and is fit to keep."""

    name: str
    media_type: str
    content: bytes

    @property
    def digest(self) -> bytes:
        return sha256(self.content).digest()

    @property
    def saved_as(self) -> str:
        """The name for somebody's disk. It ends as the type does: text called .html or .svg would open as a page of its own."""
        endings = ENDINGS.get(self.media_type, ())
        return self.name if self.name.lower().endswith(endings) or not endings else f"{self.name}{endings[0]}"


@dataclass(frozen=True, slots=True)
class Attached:
    """What a page says of a file without reading it."""

    id: UUID
    name: str
    media_type: str
    size: int  # bytes

    @property
    def is_picture(self) -> bool:
        return self.media_type in SHOWN_IN_PLACE


def checked(upload: Upload, *, field: str = "file", largest: int = LARGEST, with_outlook: bool = False) -> File:
    """Raises Invalid that names ``field`` for what is too large, empty, broken or of no kind that we take."""
    if len(upload.content) > largest:
        too_large = TOO_LARGE.format(megabytes=largest // 1024 // 1024)
        raise Invalid(too_large, **{field: too_large})
    media_type = media_type_of(upload.content)
    if media_type is None and with_outlook and outlook.is_message(upload.content):
        media_type = OUTLOOK
    if media_type is None:
        we_take = WE_TAKE_OUTLOOK_TOO if with_outlook else WHAT_WE_TAKE
        raise Invalid(we_take, **{field: we_take})
    content = upload.content
    if media_type in PHOTOS:
        try:
            content = without_metadata(content, media_type)
        except BrokenPhoto as error:
            raise Invalid(BROKEN_PHOTO, **{field: BROKEN_PHOTO}) from error
    return File(line(upload.name, field=field, required=False)[-200:] or "file", media_type, content)


def media_type_of(content: bytes) -> str | None:
    """Its type by its first bytes and, for documents, the parts inside; None for what we don't take. The name doesn't count."""
    for first_bytes, media_type in _FIRST_BYTES:
        if content.startswith(first_bytes):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return HEIC
    return _document_type(content) if content.startswith(b"PK\x03\x04") else _text_type(content)


def _document_type(content: bytes) -> str | None:
    """Reads the list of parts only: nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except UNREADABLE:
        return None
    if len(names) > MOST_ZIP_PARTS or any("vbaProject" in name for name in names):
        return None
    if {"[Content_Types].xml", "word/document.xml"} <= names:
        return DOCX
    return XLSX if {"[Content_Types].xml", "xl/workbook.xml"} <= names else None


def _text_type(content: bytes) -> str | None:
    head = _EMAIL_START.match(content, 0, _LONGEST_EMAIL_HEAD)
    if head and _EMAIL_NEEDS.search(head[0]) and b"\x00" not in content:
        return EMAIL
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    is_plain = text.strip() and all(c.isprintable() or c in "\r\n\t\f\ufeff" for c in text)
    return TEXT if is_plain else None


async def attach(viewer: Viewer, note_id: UUID, files: Sequence[File]) -> tuple[dict[str, Any], dict[str, str]]:
    """Stores the files inside the caller's unit of work; returns the facts and personal fields of its trail entry."""
    kept = await Attachment.count().where(Attachment.note == note_id) if files else 0
    if kept + len(files) > MOST_A_NOTE:
        sentence = f"A note holds at most {MOST_A_NOTE} photos and files."
        raise Invalid(sentence, file=sentence)
    facts, names = [], {}
    for n, file in enumerate(files, start=1):
        row = Attachment(
            id=uuid4(),
            note=note_id,
            school=viewer.school,
            filename=file.name,
            media_type=file.media_type,
            digest=file.digest,
            size=len(file.content),
            data=file.content,
        )
        await row.save()
        facts.append({"id": str(row.id), "sha256": file.digest.hex(), "size": row.size, "media_type": file.media_type})
        names[f"filename.{n}"] = file.name
    return ({"attachments": facts} if facts else {}), names


async def of_notes(note_ids: Sequence[UUID]) -> dict[UUID, tuple[Attached, ...]]:
    """The files of notes, without their bytes; the caller leaves out what the mask keeps back. Call it in a unit."""
    if not note_ids:
        return {}
    columns = (Attachment.id, Attachment.note, Attachment.filename, Attachment.media_type, Attachment.size)
    there = database.among(Attachment.note, note_ids) & Attachment.hidden_at.is_null()
    rows = await Attachment.select(*columns).where(there).order_by(Attachment.filename, Attachment.id)
    found: dict[UUID, tuple[Attached, ...]] = {}
    for row in rows:
        attached = Attached(row["id"], row["filename"], row["media_type"], row["size"])
        found[row["note"]] = (*found.get(row["note"], ()), attached)
    return found


async def fetch(viewer: Viewer, attachment_id: UUID) -> File:
    """The file, for whoever sees its note, where the note's files are shared too. Raises NotFound otherwise.

    What is hidden takes the same statements as what is not there.
    """
    async with database.read():
        principals = await visibility.principals(viewer)
        interested = await interests.suppliers_of(viewer)
        note = Attachment.select(Attachment.note).where((Attachment.id == attachment_id) & Attachment.hidden_at.is_null())
        row = await _visible_note(principals, database.among(Note.id, note))
        found = (
            await Attachment.objects().where(Attachment.id == attachment_id).first() if _opens_files(row, interested) else None
        )
    if found is None:
        raise NotFound
    return File(found.filename, found.media_type, found.data)


async def _visible_note(principals: Principals, where: Any) -> Mapping[str, Any] | None:
    columns = (Note.about, Note.supplier, visibility.mask(principals, Note))
    row: Mapping[str, Any] | None = await Note.select(*columns).where(visibility.visible(principals, Note), where).first()
    return row


def _opens_files(note: Mapping[str, Any] | None, interested: Collection[UUID]) -> bool:
    """Whether the files of a note are open; the photo of a problem is criticism too, and kept from whoever has an interest."""
    if note is None:
        return False
    is_problem = note["about"] == "problem"
    is_for_others = is_problem and note["supplier"] in interested
    return "files" in field_groups.open_of_note(note["mask"], is_problem=is_problem) and not is_for_others
