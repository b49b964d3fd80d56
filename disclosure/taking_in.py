"""Takes in, at a school that has nothing yet, what another installation gave out: `record_format.py` says what that is.

All or nothing, in one unit of work, by the verbs that people's own forms use, with their entries: what comes in is checked like
anything that is typed. Shares are not taken in, for the schools here are others: nobody sees anything until it is shared anew.
"""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final
from uuid import UUID

import audit
from audit import Record
from audit.log import subjects
from base import clock
from base.refusals import Conflict, Invalid, TooLarge
from base.viewer import Viewer, must_write
from contracts.access import access, served
from contracts.fields import said as contract_said
from contracts.judging.kinds import PauseReason, Side, StampKind
from contracts.promises import stored_metrics
from contracts.promises.kinds import EventKind, How
from contracts.register import register
from contracts.service_events import access as event_access
from contracts.service_events import logging_one, stamping
from contracts.service_events.logging_one import Logged
from contracts.service_events.stamping import Stamping
from contracts.tables import Contract
from disclosure import record_format
from disclosure.events import Event
from disclosure.exporting import RECORDS
from disclosure.record_format import ContractRecord, HappenedRecord, NoteRecord, Records, ReviewRecord, SupplierRecord
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import checked
from suppliers.ours import taking_in
from web.http.downloads import digest_of

LARGEST: Final = 10 * 1024 * 1024  # bytes of the file, as of any that a page takes
MOST_UNPACKED: Final = 60 * 1024 * 1024  # bytes of all that is read of a zip
MOST_AT_ONCE: Final = 3_000  # records: one unit of work, while which others wait for the writer

NOT_EMPTY: Final = (
    "Your school has suppliers, reviews, notes or contracts here already. Records are taken in only where there are none yet; "
    "a list of suppliers and a register of contracts can be imported at any time."
)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many of each; ``left_out`` says in words what was not taken in, and why."""

    counts: Mapping[str, int]
    left_out: tuple[str, ...]


async def take_in(viewer: Viewer, content: bytes) -> TakenIn:
    """Raises Forbidden, Invalid that says which record can't be kept and why, TooLarge, and Conflict where something is there."""
    must_write(viewer)
    if len(content) > LARGEST:
        raise TooLarge("Choose a file of at most 10 MB. Without its photos the JSON by itself is small.")
    records, files = _opened(content)
    if sum(map(len, (records.suppliers, records.reviews, records.notes, records.contracts, records.happened))) > MOST_AT_ONCE:
        raise TooLarge(f"This holds more than {MOST_AT_ONCE:,} records. Ask whoever runs this installation.")
    async with audit.recording(viewer) as record:
        if await taking_in.has_records(viewer) or await Contract.exists().where(access.ours(viewer.school)):
            raise Conflict(NOT_EMPTY)
        found = _Taking(record, viewer, files)
        await found.all(records)
        left_out = found.left_out(records)
        counts = {name: number for name, number in found.counts.items() if number}
        digest = digest_of(BytesIO(content))
        facts = {"counts": counts, "sha256": digest}
        record(Event.RECORDS_TAKEN_IN, stream=subjects.IMPORTS, subject=subjects.records(digest), facts=facts)
    return TakenIn(counts, left_out)


def _opened(content: bytes) -> tuple[Records, Mapping[str, bytes]]:
    """The records, and the files beside them, by path. Raises Invalid, TooLarge."""
    if not content.startswith(b"PK"):
        return record_format.read(content), {}
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED:
                raise TooLarge("This zip unpacks to more than Vouch reads.")
            records = record_format.read(archive.read(RECORDS))
            wanted = {file.path for note in records.notes for file in note.files} & set(archive.namelist())
            return records, {path: archive.read(path) for path in wanted}
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise Invalid(record_format.NOT_OURS, file=record_format.NOT_OURS) from error


class _Taking:
    """One unit of work: what was made of what, by the ids of the file."""

    def __init__(self, record: Record, viewer: Viewer, files: Mapping[str, bytes]) -> None:
        self._record, self._viewer, self._files = record, viewer, files
        self._suppliers: dict[UUID, UUID] = {}
        self._contracts: dict[UUID, UUID] = {}
        self.counts = dict.fromkeys(("suppliers", "reviews", "notes", "files", "contracts", "happened"), 0)

    async def all(self, records: Records) -> None:
        for supplier in records.suppliers:
            await self._supplier(supplier)
        for review in records.reviews:
            await self._review(review)
        for note in records.notes:
            await self._note(note)
        await self._contracts_of(records.contracts)
        for happened in records.happened:
            await self._happened(happened)

    def left_out(self, records: Records) -> tuple[str, ...]:
        said = {
            "Who sees what: nobody sees anything of it until you share it here.": len(records.shares),
            "Photos and files that are not in what you chose.": sum(len(one.files) for one in records.notes)
            - self.counts["files"],
            "What happened under promises of a contract, which are not in it.": len(records.happened) - self.counts["happened"],
            "Criticism that whoever took the copy could not read.": records.kept_back,
        }
        return tuple(f"{number:,}: {what}" for what, number in said.items() if number)

    async def _supplier(self, one: SupplierRecord) -> None:
        with _about(one.name):
            known = taking_in.facts_of(one.name, one.aliases, one.identifiers, one.categories)
            since = _past(one.in_use_since) if one.in_use_since else None
            self._suppliers[one.id] = await taking_in.supplier(self._record, self._viewer, known, since)
        self.counts["suppliers"] += 1

    async def _review(self, one: ReviewRecord) -> None:
        with _about(f"the review {one.id}"):
            said, supplier = checked(one.said), self._known(one.supplier)
            await reviews.write_one(self._record, self._viewer, supplier, said, at=_past(one.written_at))
        self.counts["reviews"] += 1

    async def _note(self, one: NoteRecord) -> None:
        with _about(f"the note {one.id}"):
            there = [Upload(file.name, self._files[file.path]) for file in one.files if file.path in self._files]
            body, day, kept = notes.checked(one.body, one.happened_on, there)
            said = notes.Said(About(one.about), body, day, kept, _past(one.written_at))
            await notes.write_one(self._record, self._viewer, self._known(one.supplier), said)
        self.counts["notes"] += 1
        self.counts["files"] += len(kept)

    async def _contracts_of(self, records: Sequence[ContractRecord]) -> None:
        found = []
        for one in records:
            with _about(f"the contract {one.id}"):
                supplier = self._known(one.supplier) if one.supplier else None
                found.append(contract_said.checked(record_format.said_of(one, supplier)))
        made = await register.add_each(self._record, self._viewer, found)
        self._contracts = dict(zip((one.id for one in records), made, strict=True))
        self.counts["contracts"] = len(made)

    async def _happened(self, one: HappenedRecord) -> None:
        if one.kind != EventKind.JOB or one.promise is not None:
            return
        with _about(f"what happened, {one.id}"):
            about = await served.contract(self._viewer, self._contracts[one.contract])
            metrics = await stored_metrics.metrics_of(about.id)
            job = await logging_one.log_one(self._record, self._viewer, about, metrics, _logged(one))
            for stamp in one.stamps:
                _, found = await event_access.open_job(self._viewer, job)
                new = Stamping(
                    StampKind(stamp.kind),
                    stamp.at,
                    stamp.priority,
                    PauseReason(stamp.reason) if stamp.reason else None,
                    Side(stamp.claimed_by),
                    stamp.note,
                )
                await stamping.stamp_one(self._record, self._viewer, about, found, new, metrics)
        self.counts["happened"] += 1

    def _known(self, supplier: UUID) -> UUID:
        return self._suppliers[supplier]


def _logged(one: HappenedRecord) -> Logged:
    return Logged(
        kind=EventKind(one.kind),
        happened_at=one.happened_at,
        on_day=one.on_day,
        told_at=one.told_at,
        told_how=How(one.told_how) if one.told_how else None,
        job_number=one.job_number,
        priority=one.priority,
        said=one.said,
        what=one.what,
        notes=one.notes,
        claimed_by=Side(one.claimed_by),
    )


def _past(moment: datetime) -> datetime:
    """That moment, and now for one that is still to come. Raises ValueError for one without its offset."""
    if moment.tzinfo is None:
        raise ValueError("a time without its offset")
    return min(moment, clock.now())


@contextmanager
def _about(what: str) -> Iterator[None]:
    """Names the record that can't be kept, in the refusal that says why."""
    try:
        yield
    except (Invalid, Conflict) as error:
        why = next(iter(error.fields.values()), error.sentence)
        sentence = f"Nothing was taken in. {what}: {why}"
        raise Invalid(sentence, file=sentence) from error
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        sentence = f"Nothing was taken in. {what} is not as it should be."
        raise Invalid(sentence, file=sentence) from error
