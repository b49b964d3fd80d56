"""The timeline as a file for people: CSV, Excel or PDF. Not evidence, and taking it away is an entry of its own."""

import asyncio
from collections.abc import Iterable
from contextlib import closing
from enum import StrEnum
from typing import BinaryIO

from audit import sheet
from audit.events import Event
from audit.log import subjects
from audit.log.recording import recording
from audit.packs import extent as extents
from audit.packs import report_pdf, report_xlsx, reports
from audit.packs.extent import Scope
from audit.packs.reports import Frame
from audit.packs.takeaway import Sources, head_of, one_at_a_time
from audit.reading import plain
from base.viewer import Viewer
from web.http.downloads import digest_of


class TimelineFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"

    @property
    def media_type(self) -> str:
        return {
            TimelineFormat.CSV: "text/csv",  # Litestar adds the charset
            TimelineFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            TimelineFormat.PDF: "application/pdf",
        }[self]


async def download(viewer: Viewer, made_as: TimelineFormat, *, stream: str | None, to: BinaryIO, sources: Sources) -> None:
    """Writes the school's timeline to ``to``, or one stream of it, and records that it was taken away.

    Raises Invalid for a stream that is not there or not open to the viewer, NoPdf, Busy, Forbidden, and Conflict for an empty
    trail.
    """
    if made_as is TimelineFormat.PDF:
        report_pdf.require()
    trail, scope = str(viewer.school), Scope(None if stream is None else (stream,))
    await extents.settle(viewer, trail, scope)  # what is to be refused is refused before anything is sealed
    with one_at_a_time(trail, viewer), closing(_report(made_as, to)) as report:
        size = await _write(viewer, scope, report, sources)
    await sources.still_there(viewer)  # it may have taken minutes
    digest = await asyncio.to_thread(digest_of, to)
    facts = {"format": made_as.value, "streams": scope.stream_names(viewer), "size": size, "sha256": digest}
    async with recording(viewer) as record:
        record(Event.TIMELINE_EXPORTED, stream=subjects.PACKS, subject=subjects.timeline(digest), facts=facts)


async def _write(viewer: Viewer, scope: Scope, report: reports.ReportFile, sources: Sources) -> int:
    """Writes the report; returns the size of the trail that it covers."""
    trail = str(viewer.school)
    head, _ = await head_of(trail)
    extent = await extents.settle(
        viewer, trail, scope, size=head.size, criticism_kept_back=await sources.criticism_kept_back(viewer)
    )
    wanted = set(extent.streams if scope.streams is None else scope.streams)
    readable = reports.Readable(trail, sources)
    await readable.know(wanted)
    made_at = 0
    async for leaves in extents.walk(extent, only_streams=True):
        told = [(leaf, extents.changes_of(extent, leaf)) for leaf in leaves if leaf.stream in wanted]
        await readable.know(plain.named_in(change for _, changes in told for change in changes))
        rows = [readable.row(extents.row_of(extent, leaf), changes, leaf.stream) for leaf, changes in told]
        await asyncio.to_thread(report.add, rows)
        made_at = leaves[-1].at
    frame = reports.frame(viewer.school_name, extent, head, names=readable.names, made_at=made_at)
    await asyncio.to_thread(report.finish, frame)
    return head.size


def _report(made_as: TimelineFormat, to: BinaryIO) -> reports.ReportFile:
    match made_as:
        case TimelineFormat.CSV:
            return _CsvReport(to)
        case TimelineFormat.XLSX:
            return report_xlsx.XlsxReport(to)
        case TimelineFormat.PDF:
            return report_pdf.PdfReport(to)


class _CsvReport:
    def __init__(self, to: BinaryIO) -> None:
        self._to = to
        to.write(next(sheet.csv_lines(())))

    def add(self, rows: Iterable[sheet.TimelineRow]) -> None:
        self._to.writelines(list(sheet.csv_lines(rows))[1:])

    def finish(self, frame: Frame) -> None:
        """A table of comma-separated values has no place for words around it."""

    def close(self) -> None:
        """The file is the caller's."""
