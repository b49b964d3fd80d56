"""The review pack: one contract and some days as PDF, XLSX, CSV and JSON, in an edition for the supplier, governors or the file.

Made in a temporary folder by short reads, a thread and a process for the PDF; sent, and not kept. That it was made is an entry in
the contract's stream with the digest of each file, so the audit pack inside the edition for the file proves those files too.
"""

import asyncio
import hashlib
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final
from uuid import UUID

import audit
from audit.log.subjects import Subject
from audit.packs import packs, report_pdf
from audit.packs.extent import Scope
from audit.packs.order import Grade
from audit.packs.order import PackOrder as AuditOrder
from audit.packs.takeaway import Sources, one_at_a_time
from base import clock
from base.refusals import Forbidden, Invalid
from base.viewer import Viewer, must_keep_contracts
from contracts.access import served
from contracts.events import Event
from contracts.review import access, printed, written
from contracts.review.composing import compose
from contracts.review.gathering import gather
from contracts.review.report import Edition, ReviewReport

ONLY_WITH_PRICES: Final = "Only those who keep contracts and governors can take this. Ask a business manager or head."
AUDIT_PACK: Final = "audit-pack.zip"
NO_PDF: Final = "no-pdf.txt"


class PackFormat(StrEnum):
    ZIP = "zip"  # all of them
    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"

    @property
    def media_type(self) -> str:
        return {
            PackFormat.ZIP: "application/zip",
            PackFormat.PDF: "application/pdf",
            PackFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            PackFormat.CSV: "text/csv",  # Litestar adds the charset
            PackFormat.JSON: "application/json",
        }[self]


WRITERS: Final[Mapping[PackFormat, Callable[[ReviewReport, BinaryIO], None]]] = {
    PackFormat.PDF: printed.as_pdf,
    PackFormat.XLSX: written.as_xlsx,
    PackFormat.CSV: written.as_csv,
    PackFormat.JSON: written.as_json,
}


@dataclass(frozen=True, slots=True)
class PackOrder:
    """What is wanted; both days are included."""

    contract: UUID
    edition: Edition
    first: date
    last: date
    made_as: PackFormat = PackFormat.ZIP


async def make(viewer: Viewer, order: PackOrder, *, to: BinaryIO, sources: Sources) -> ReviewReport:
    """Writes the pack to ``to``, and returns what is in it.

    Raises Forbidden, NotFound for a contract that is not the viewer's school's, Invalid, Busy, NoPdf.
    """
    _check(viewer, order)
    with TemporaryDirectory(prefix="vouch-review-") as name:
        folder = Path(name)
        with one_at_a_time(str(viewer.school), viewer):
            found = await gather(viewer, order.contract, order.first, order.last)
            report = await asyncio.to_thread(compose, found, order.edition)
            digests = await asyncio.to_thread(_written, report, _formats(order.made_as), folder)
        await sources.still_there(viewer)  # it may have taken half a minute
        await _tell(viewer, order, digests)
        if order.edition is Edition.FILE and order.made_as is PackFormat.ZIP:
            await _audit_pack(viewer, order.contract, folder / AUDIT_PACK, sources)
        await asyncio.to_thread(_sent, folder, order.made_as, to)
    return report


def _check(viewer: Viewer, order: PackOrder) -> None:
    if order.edition is not Edition.GOVERNORS:
        must_keep_contracts(viewer)
    elif not viewer.role.reads_prices:
        raise Forbidden(ONLY_WITH_PRICES)
    if order.first > clock.today():
        raise Invalid("The first day is in the future.", first="The first day is in the future.")
    if order.made_as is PackFormat.PDF:
        report_pdf.require()


def _formats(made_as: PackFormat) -> tuple[PackFormat, ...]:
    if made_as is not PackFormat.ZIP:
        return (made_as,)
    return tuple(one for one in WRITERS if one is not PackFormat.PDF or report_pdf.is_there())


def _written(report: ReviewReport, formats: Iterable[PackFormat], folder: Path) -> dict[str, str]:
    """SHA-256, in hex, of each file by its name."""
    digests = {}
    for one in formats:
        path = folder / f"review.{one.value}"
        with path.open("wb") as file:
            WRITERS[one](report, file)
        with path.open("rb") as file:
            digests[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests


async def _tell(viewer: Viewer, order: PackOrder, digests: Mapping[str, str]) -> None:
    async with audit.recording(viewer) as record:
        about = await access.own(viewer, order.contract)
        facts = {
            "edition": order.edition.value,
            "first": order.first.isoformat(),
            "last": order.last.isoformat(),
            "sha256": dict(digests),
        }
        await served.tell(record, Event.REVIEW_PACK_MADE, about, viewer, facts, {}, moves_figures=False)


async def _audit_pack(viewer: Viewer, contract: UUID, path: Path, sources: Sources) -> None:
    """Of all that was ever recorded of the contract; complete, so that it proves that nothing of it is missing."""
    scope = Scope((Subject.CONTRACT.of(contract),))
    order = AuditOrder(str(viewer.school), viewer.school_name, scope, Grade.COMPLETE)
    with path.open("w+b") as file:
        await packs.export(viewer, order, to=file, sources=sources)


def _sent(folder: Path, made_as: PackFormat, to: BinaryIO) -> None:
    if made_as is not PackFormat.ZIP:
        to.write((folder / f"review.{made_as.value}").read_bytes())
        return
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
        if not (folder / "review.pdf").exists():
            archive.writestr(NO_PDF, "This installation of Vouch can't make PDFs. Open review.xlsx and print it.\n")
