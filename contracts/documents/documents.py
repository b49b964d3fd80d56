"""Documents of a contract: adding one, correcting what it is, reading them, hiding one at once. Each change is an entry.

Who reads a contract as its school or as one that it covers reads its documents; others where a share opens them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from audit.erasing import erasure
from audit.log import hidden
from audit.log.subjects import Subject
from base import clock
from base.refusals import Conflict, Invalid, NotFound, refuse_together
from base.viewer import Role, Viewer, must_speak_for_the_school, must_write
from contracts.access import access, kept_files, naming, service_version
from contracts.documents import checking, disclosures, kept
from contracts.documents.answering import What
from contracts.documents.kinds import DocumentKind
from contracts.documents.tables import Document
from contracts.events import Event
from contracts.register import register
from contracts.tables import Contract
from sharing.access import visibility
from sharing.access.fields import Fields
from sharing.people import trust_leads
from sharing.tables import Person
from suppliers.opinions import attachments
from suppliers.opinions.attachments import Attached, File, Upload

LARGEST: Final = 30 * 1024 * 1024  # bytes: a scanned contract of some hundred pages; the table checks it too
MOST: Final = 40  # of a contract
TOO_MANY: Final = f"A contract holds at most {MOST} documents."
NO_FILE: Final = "Choose a file."
of_trail: Final = partial(kept_files.of_trail, Document)  # for a school's own audit packs
A_DISCLOSURE: Final = (
    "This looks like a DBS certificate. Don't keep one here: the supplier's letter of assurance says that its checks were made. "
    "If it is such a letter, choose the file again and tick the box."
)


@dataclass(frozen=True, slots=True)
class ContractDocument:
    """What a page says of a document without reading it."""

    file: Attached
    contract: UUID
    what: What
    added_at: datetime
    is_out_of_date: bool

    @property
    def kind(self) -> DocumentKind:
        return self.what.kind

    @property
    def expires_on(self) -> date | None:
        return self.what.expires_on


@dataclass(frozen=True, slots=True)
class HiddenDocument:
    id: UUID
    contract: UUID
    title: str
    filename: str
    hidden_by: str
    hidden_at: Any


async def add(viewer: Viewer, contract: UUID, upload: Upload | None, what: What | None, *, is_letter: bool) -> UUID:
    """``is_letter``: somebody looked, and it is no DBS certificate. Raises Forbidden, NotFound, Invalid."""
    must_write(viewer)
    files: list[File] = []
    refuse_together(lambda: files.append(checked_file(upload, is_letter=is_letter)), lambda: checking.checked(what))
    (file,), what = files, checking.checked(what)
    async with audit.recording(viewer) as record:
        return await add_one(record, viewer, contract, file, what)


async def add_one(record: Record, viewer: Viewer, contract: UUID, file: File, what: What, *, at: datetime | None = None) -> UUID:
    """As ``add``, of what was checked, inside the caller's unit; ``at`` an earlier time, where it was added then."""
    row = await register.own(viewer, contract)
    await checking.require_promised(contract, what)
    if await Document.count().where(Document.contract == contract) >= MOST:
        raise Invalid(TOO_MANY, file=TOO_MANY)
    document = Document(
        id=uuid4(), contract=contract, school=viewer.school, kind=what.kind.value, begins_on=what.begins_on,
        expires_on=what.expires_on, answers=what.answers, filename=file.name, media_type=file.media_type, digest=file.digest,
        size=len(file.content), data=file.content, author=viewer.person, added_at=at or clock.now(),
    )  # fmt: skip
    await document.save()
    told = {"id": str(document.id), "sha256": file.digest.hex(), "size": document.size, "media_type": file.media_type}
    facts = {"attachments": [told | _told(what)]}
    await _tell(record, Event.CONTRACT_DOCUMENT_ADDED, row, facts, {"filename.1": file.name})
    made: UUID = document.id
    return made


async def correct(viewer: Viewer, document: UUID, what: What | None) -> UUID:
    """Says anew what it is and in which days it holds; returns the contract's id. Raises Forbidden, NotFound, Invalid."""
    must_write(viewer)
    what = checking.checked(what)
    async with audit.recording(viewer) as record:
        row, contract = await _own(viewer, document)
        was = kept.what(row)
        if was == what:
            record.unchanged()
            return row["contract"]  # type: ignore[no-any-return]  # the table's own column
        if was.answers != what.answers:
            await checking.require_promised(row["contract"], what)
        columns: dict[Any, Any] = {Document.kind: what.kind.value, Document.answers: what.answers}
        columns |= {Document.begins_on: what.begins_on, Document.expires_on: what.expires_on}
        columns |= {Document.corrections: Document.corrections + 1, Document.corrected_at: clock.now()}
        await Document.update(columns).where(Document.id == document)
        facts = {"document": str(document), "was": _told(was), "is": _told(what)}
        await _tell(record, Event.CONTRACT_DOCUMENT_CORRECTED, contract, facts, {})
    return row["contract"]  # type: ignore[no-any-return]  # the table's own column


async def of_contract(viewer: Viewer, contract: UUID) -> tuple[ContractDocument, ...]:
    """By kind, the newest first; none for whom the documents are not open. Raises NotFound for a contract they may not read."""
    async with database.read():
        if not await opens(viewer, contract):
            return ()
        there = (Document.contract == contract) & Document.hidden_at.is_null()
        columns = [column for column in Document.all_columns() if column is not Document.data]
        rows = await Document.select(*columns).where(there).order_by(Document.added_at, ascending=False)
    kinds = list(DocumentKind)
    return tuple(sorted(map(_shown, rows), key=lambda one: kinds.index(one.kind)))


async def fetch(viewer: Viewer, document: UUID) -> File:
    """The file, for whoever reads the contract's documents. Raises NotFound; what is hidden takes the same statements."""
    async with database.read():
        there = (Document.id == document) & Document.hidden_at.is_null()
        row = await Document.select(Document.contract).where(there).first()
        is_open = await opens(viewer, row["contract"] if row else uuid4())
        found = await Document.objects().where(there).first() if is_open else None
    if found is None:
        raise NotFound
    return File(found.filename, found.media_type, found.data)


async def contract_of(viewer: Viewer, document: UUID) -> UUID:
    """The contract of a document of the viewer's school. Raises NotFound."""
    async with database.read():
        mine = (Document.id == document) & (Document.school == viewer.school)
        found: UUID = register.found(await Document.select(Document.contract).where(mine))["contract"]
    return found


async def hide(viewer: Viewer, document: UUID) -> UUID:
    """Nobody reads it from now on but those who decide about erasing it; returns the contract's id. Raises as ``correct``."""
    must_write(viewer)
    async with audit.recording(viewer) as record:
        row, contract = await _own(viewer, document)
        if row["hidden_at"] is not None:
            raise Conflict("A colleague has hidden this already.")
        await _set_hidden(document, {Document.hidden_at: clock.now(), Document.hidden_by: viewer.person})
        names = await erasure.names_of_attachment(str(viewer.school), Subject.CONTRACT.of(row["contract"]), document)
        await hidden.hide(str(viewer.school), _name(document), names)
        await _tell(record, Event.CONTRACT_DOCUMENT_HIDDEN, contract, {"document": str(document)}, {})
    return row["contract"]  # type: ignore[no-any-return]  # the table's own column


async def show_again(viewer: Viewer, document: UUID) -> UUID:
    """Whoever could read it before reads it again; returns the contract's id. Raises Forbidden, NotFound."""
    must_speak_for_the_school(viewer)
    async with audit.recording(viewer) as record:
        row, contract = await _own(viewer, document)
        if row["hidden_at"] is None:
            raise NotFound
        await _set_hidden(document, {Document.hidden_at: None, Document.hidden_by: None})
        await hidden.show(str(viewer.school), _name(document))
        await _tell(record, Event.CONTRACT_DOCUMENT_SHOWN, contract, {"document": str(document)}, {})
    return row["contract"]  # type: ignore[no-any-return]  # the table's own column


async def listed_hidden(viewer: Viewer) -> tuple[HiddenDocument, ...]:
    """What the viewer's school hid, the newest first, for those who may have it erased. Raises Forbidden."""
    must_write(viewer)
    async with database.read():
        ours = (Document.school == viewer.school) & Document.hidden_at.is_not_null()
        columns = (Document.id, Document.contract, Document.filename, Document.hidden_by, Document.hidden_at)
        rows = await Document.select(*columns).where(ours).order_by(Document.hidden_at, ascending=False)
        contracts, people = {row["contract"] for row in rows}, {row["hidden_by"] for row in rows}
        titles = await _by_id(Contract, Contract.title, contracts, Contract.school == viewer.school)
        names = await _by_id(Person, Person.name, people)
    return tuple(
        HiddenDocument(row["id"], row["contract"], titles[row["contract"]], row["filename"],
                       names.get(row["hidden_by"], ""), row["hidden_at"])
        for row in rows
    )  # fmt: skip


async def fetch_hidden(viewer: Viewer, document: UUID) -> File:
    """A document that is hidden, for those who may have it erased. Raises Forbidden, NotFound."""
    return await kept_files.hidden(viewer, Document, document)


def checked_file(upload: Upload | None, *, is_letter: bool) -> File:
    """Raises Invalid for none, and for one that can't be kept."""
    if upload is None:
        raise Invalid(NO_FILE, file=NO_FILE)
    file = attachments.checked(upload, largest=LARGEST, with_outlook=True)
    if not is_letter and disclosures.looks_like_one(file.name, file.content):
        raise Invalid(A_DISCLOSURE, is_letter=A_DISCLOSURE)
    return file


async def opens(viewer: Viewer, contract: UUID) -> bool:
    """Inside the caller's unit. Raises NotFound for a contract that the viewer may not read. Site staff and leads of its trust
    open no documents.
    """
    if viewer.role is Role.SITE_STAFF:
        return False
    principals, led = await visibility.principals(viewer), await trust_leads.schools_led(viewer)
    query = Contract.select(Contract.school, access.mask(principals))
    row = await query.where((Contract.id == contract) & access.readable(principals, led)).first()
    if row is None:
        raise NotFound
    return bool(Fields.ATTACHMENTS & row["mask"]) or await access.is_covered(contract, viewer.school)


async def _own(viewer: Viewer, document: UUID) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A document of the viewer's school without its bytes, locked, and the row of its contract, withdrawn or not."""
    columns = [column for column in Document.all_columns() if column is not Document.data]
    mine = (Document.id == document) & (Document.school == viewer.school)
    rows = await database.locked(Document.select(*columns).where(mine))
    row = register.found(rows)
    its = (Contract.id == row["contract"]) & (Contract.school == viewer.school)
    return row, register.found(await Contract.select().where(its))


async def _set_hidden(document: UUID, columns: dict[Any, Any]) -> None:
    await Document.update(columns).where(Document.id == document)


async def _tell(
    record: Record, event: Event, contract: Mapping[str, Any], facts: Mapping[str, Any], names: Mapping[str, str]
) -> None:
    await service_version.next_of(contract["id"])  # a document may be one that the contract promises
    named = await naming.named(contract["title"], contract["supplier"], contract["supplier_name"])
    about_it = Subject.CONTRACT.of(contract["id"])
    record(event, stream=about_it, subject=about_it, facts=facts, personal={**named.personal, **names})


async def _by_id(table: Any, column: Any, ids: set[UUID], *also: Any) -> dict[UUID, str]:
    if not ids:
        return {}
    rows = await table.select(table.id, column).where(database.among(table.id, ids), *also)
    return {row["id"]: row[column._meta.name] for row in rows}  # noqa: SLF001 - Piccolo's way to a column's name


def _shown(row: Mapping[str, Any]) -> ContractDocument:
    file = Attached(row["id"], row["filename"], row["media_type"], row["size"])
    ends = row["expires_on"]
    is_over = ends is not None and ends < clock.today()
    return ContractDocument(file, row["contract"], kept.what(row), row["added_at"], is_over)


def _told(what: What) -> dict[str, str]:
    """As an entry has it."""
    days = {"begins_on": what.begins_on, "expires_on": what.expires_on}
    told = {"kind": what.kind.value, **{name: day.isoformat() for name, day in days.items() if day}}
    return told if what.answers is None else {**told, "answers": what.answers}


def _name(document: UUID) -> str:
    """Under which the trail's names of the file are hidden."""
    return f"document:{document}"
