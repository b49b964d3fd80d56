"""A copy of a school's own records to take away: a list by itself, or all of them, recorded in its trail.

The entry says what was taken and how much of it, and has the digest of the file; it repeats no word of it.
"""

import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from enum import StrEnum
from typing import BinaryIO, Final
from uuid import UUID

import msgspec

import audit
from audit.log import subjects
from base.refusals import Invalid
from base.spreadsheets.writing import Csv, Xlsx
from base.viewer import Viewer
from contracts.documents import documents
from contracts.service_events import photos
from disclosure import collecting, record_format, sheets
from disclosure.collecting import Collected
from disclosure.events import Event
from disclosure.record_parts import FileRecord
from disclosure.sheets import TITLES, Part
from sharing.sign_in import sessions
from suppliers.opinions import attachments
from suppliers.opinions.attachments import File
from web.http.downloads import digest_of

EVERYTHING: Final = "everything"
RECORDS: Final = "records.json"  # in a zip
FIRST_WIDTH: Final = 36  # characters: a supplier's name
Fetch = Callable[[Viewer, UUID], Awaitable[File]]


class CopyFormat(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"
    ZIP = "zip"  # of everything alone: the JSON, each list as CSV, and all photos and files

    @property
    def media_type(self) -> str:
        return {
            CopyFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            CopyFormat.CSV: "text/csv",
            CopyFormat.JSON: "application/json",
            CopyFormat.ZIP: "application/zip",
        }[self]


OF_ONE: Final = (CopyFormat.XLSX, CopyFormat.CSV, CopyFormat.JSON)
OF_ALL: Final = (CopyFormat.ZIP, CopyFormat.JSON, CopyFormat.XLSX)


async def export(viewer: Viewer, what: str, made_as: str, *, to: BinaryIO) -> CopyFormat:
    """Writes a list, or EVERYTHING, to ``to`` and records that it was taken. Raises Invalid, TooLarge, Forbidden."""
    parts, chosen = _asked(what, made_as)
    collected = await collecting.everything(viewer)
    if chosen is CopyFormat.ZIP:
        await _zip(viewer, collected, to)
    elif chosen is CopyFormat.JSON:
        to.write(record_format.written(_only(collected, parts)))
    elif chosen is CopyFormat.XLSX:
        _workbook(collected, parts, to)
    else:
        _csv(collected, parts[0], to)
    await sessions.require_still_there(viewer)  # it may have taken a while
    counts = {part.value: len(getattr(collected.records, part.value)) for part in parts}
    digest = digest_of(to)
    async with audit.recording(viewer) as record:
        facts = {"what": what, "format": chosen.value, "counts": counts, "sha256": digest}
        record(Event.RECORDS_EXPORTED, stream=subjects.PACKS, subject=subjects.records(digest), facts=facts)
    return chosen


def _asked(what: str, made_as: str) -> tuple[tuple[Part, ...], CopyFormat]:
    if what == EVERYTHING and made_as in OF_ALL:
        return tuple(Part), CopyFormat(made_as)
    if what in set(Part) and made_as in OF_ONE:
        return (Part(what),), CopyFormat(made_as)
    raise Invalid("Choose one of the files that the page offers.")


def _only(collected: Collected, parts: tuple[Part, ...]) -> record_format.Records:
    left_out = {part.value: () for part in Part if part not in parts}
    return msgspec.structs.replace(collected.records, **left_out)


def _workbook(collected: Collected, parts: tuple[Part, ...], to: BinaryIO) -> None:
    book = Xlsx(to, sheet=TITLES[parts[0]], first_width=FIRST_WIDTH)
    for place, part in enumerate(parts):
        if place:
            book.begin(TITLES[part], first_width=FIRST_WIDTH)
        table = sheets.of(collected, part)
        book.add(table.headings)
        for row in table.rows:
            book.add(row)
    book.close()


def _csv(collected: Collected, part: Part, to: BinaryIO) -> None:
    table, file = sheets.of(collected, part), Csv(to)
    file.add(table.headings)
    for row in table.rows:
        file.add(row)
    file.close()


async def _zip(viewer: Viewer, collected: Collected, to: BinaryIO) -> None:
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(RECORDS, record_format.written(collected.records))
        for part in Part:
            with archive.open(f"{part.value}.csv", "w") as file:
                _csv(collected, part, file)  # type: ignore[arg-type]
        async for path, content in _files(viewer, collected.records):  # one at a time: together they may be gigabytes
            archive.writestr(path, content, zipfile.ZIP_STORED)


async def _files(viewer: Viewer, records: record_format.Records) -> AsyncIterator[tuple[str, bytes]]:
    fetched: tuple[tuple[Iterable[FileRecord], Fetch], ...] = (
        ((file for one in records.notes for file in one.files), attachments.fetch),
        ((one.file for one in records.documents), documents.fetch),
        ((file for one in records.happened for file in one.files), photos.fetch),
    )
    for files, fetch in fetched:
        for one in files:
            yield one.path, (await fetch(viewer, record_format.file_in(one))).content
