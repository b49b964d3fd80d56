"""Takes in, at a school that has nothing yet, what another installation gave out: `record_format.py` says what that is.

All or nothing, in one unit of work, by the verbs that people's own forms use, with their entries: what comes in is checked like
anything that is typed. Who saw what there opens nothing: it waits for a head to confirm it (`shares_to_confirm.py`).
"""

import zipfile
from collections.abc import Callable, Iterator, Mapping, Sized
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO, Final

import audit
import database
from audit.log import subjects
from base.progress import Progress, no_progress
from base.refusals import Conflict, Invalid, TooLarge
from base.spreadsheets.zips import UNREADABLE
from base.viewer import Viewer, must_write
from base.words import in_words
from contracts.access import access
from contracts.tables import Contract
from disclosure import enquiries, record_format, shares_to_confirm, taking_in_contracts
from disclosure.beside import taking_in as beside
from disclosure.events import Event
from disclosure.exporting import RECORDS
from disclosure.record_format import NoteRecord, Records, ReviewRecord, SupplierRecord
from disclosure.record_parts import School
from disclosure.taking import ERASED, Read, Taking, about, nothing_beside, past
from sharing.schools import schools
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import checked
from suppliers.ours import taking_in
from web.http.downloads import digest_of

LARGEST: Final = 30 * 1024 * 1024  # bytes of the file, as of a document, the largest that a page takes
MOST_UNPACKED: Final = 60 * 1024 * 1024  # bytes of all that is in a zip
MOST_AT_ONCE: Final = 3_000  # records: one unit of work, while which others wait for the writer
MOST_BY_COMMAND: Final = 4 * 1024 * 1024 * 1024  # bytes of all that is in a file that whoever runs the installation takes in
LARGEST_RECORDS: Final = 400 * 1024 * 1024  # bytes of them without their files: 20,000 of each kind, held in memory
ASK: Final = "Ask whoever runs this installation: the command vouch take-in takes in more."

UNPACKS_TO_MORE: Final = "This unpacks to more than Vouch reads."
_BY_THEMSELVES: Final[Mapping[str, str]] = {}
NOT_EMPTY: Final = (
    "Your school has suppliers, reviews, notes or contracts here already. Records are taken in only where there are none yet; "
    "a list of suppliers and a register of contracts can be imported at any time."
)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many of each; ``left_out`` says in words what was not taken in, and why; ``to_confirm`` shares wait for the head."""

    counts: Mapping[str, int]
    left_out: tuple[str, ...]
    to_confirm: int


class OfAnotherSchool(Invalid):
    """The records name ``theirs`` as their school, which is not the viewer's, and nobody has said yet that they are meant."""

    def __init__(self, theirs: School, ours: str) -> None:
        urn = f" (URN {theirs.urn})" if theirs.urn else ""
        sentence = f"These are the records of {theirs.name}{urn}. Say whether to take them in as those of {ours}."
        super().__init__(sentence, whose=sentence)
        self.theirs = theirs


async def take_in(viewer: Viewer, content: bytes, *, whose: str = "") -> TakenIn:
    """``whose`` is the name in the records, where they are another school's and are meant to become the viewer's school's.

    Raises Forbidden, OfAnotherSchool, Invalid that says which record can't be kept and why, TooLarge, Conflict where something is
    there.
    """
    must_write(viewer)
    if len(content) > LARGEST:
        raise TooLarge(f"Choose a file of at most 30 MB: the JSON is small without photos and documents. {ASK}")
    async with database.read():
        await _require_nothing_yet(viewer)  # said before anything is asked of the file
    file = BytesIO(content)
    with _opened(file, MOST_UNPACKED) as (records, read):
        await _require_meant(viewer, records.school, whose)
        if _counted(records) > MOST_AT_ONCE:
            raise TooLarge(f"This holds more than {MOST_AT_ONCE:,} records, the most that a page takes in. Nothing was. {ASK}")
        return await _taken_in(viewer, records, read, file)


async def take_in_by_command(
    viewer: Viewer, file: BinaryIO, *, whose: str = "", progress: Progress = no_progress
) -> TakenIn:  # fmt: skip
    """As ``take_in``, for whoever runs the installation, who was asked to by the viewer: of any length, and the trail says who
    did it. Others wait for it as long as it takes, at least on SQLite.
    """
    must_write(viewer)
    async with database.read():
        await _require_nothing_yet(viewer)
    with _opened(file, MOST_BY_COMMAND) as (records, read):
        await _require_meant(viewer, records.school, whose)
        with progress("Taking in records", _counted(records) - len(records.shares)) as advance:
            return await _taken_in(viewer, records, read, file, by={"by": "operator"}, advance=advance)


def _quietly(_number: int) -> None:
    """For a page, which says what was taken in when it was."""


async def _taken_in(
    viewer: Viewer,
    records: Records,
    read: Read,
    file: BinaryIO,
    *,
    by: Mapping[str, str] = _BY_THEMSELVES,
    advance: Callable[[int], None] = _quietly,
) -> TakenIn:
    async with audit.recording(viewer) as record:
        await _require_nothing_yet(viewer)
        taking = Taking(record, viewer, read, advance)
        await _all(taking, records)
        to_confirm = await shares_to_confirm.keep(viewer, records.shares, taking.things)
        counts = {name: number for name, number in taking.counts.items() if number}
        file.seek(0)
        digest = digest_of(file)
        facts: dict[str, Any] = {"counts": counts, "sha256": digest, "of_school": records.school.name, **by}
        facts |= {"of_urn": records.school.urn} if records.school.urn else {}
        record(Event.RECORDS_TAKEN_IN, stream=subjects.IMPORTS, subject=subjects.records(digest), facts=facts)
    return TakenIn(counts, _left_out(taking, records, to_confirm), to_confirm)


async def _require_nothing_yet(viewer: Viewer) -> None:
    if await taking_in.has_records(viewer) or await Contract.exists().where(access.ours(viewer.school)):
        raise Conflict(NOT_EMPTY)


async def _require_meant(viewer: Viewer, theirs: School, whose: str) -> None:
    """Schools are told apart by their URNs, and by their names where one has none. Raises OfAnotherSchool."""
    urn = (await schools.one(viewer.school)).urn
    same_name = theirs.name.casefold() == viewer.school_name.casefold()
    is_ours = theirs.urn == urn if theirs.urn and urn else same_name
    if not is_ours and whose != theirs.name:
        raise OfAnotherSchool(theirs, viewer.school_name)


def _counted(records: Records) -> int:
    lists: tuple[Sized, ...] = (records.suppliers, records.reviews, records.notes, records.contracts, records.happened)
    lists += (records.documents, records.promises, records.shares, records.enquiries, records.meetings, records.decisions)
    lists += (records.variations, records.concerns, records.credits, records.ratings, records.questions, records.links)
    return sum(map(len, (*lists, records.notices)))


@contextmanager
def _opened(file: BinaryIO, most: int) -> Iterator[tuple[Records, Read]]:
    """The records, and what gives a file beside them by its path, read when it is asked for. Raises Invalid, TooLarge."""
    begins, _ = file.read(2), file.seek(0)
    if begins != b"PK":
        content = file.read(LARGEST_RECORDS + 1)
        if len(content) > LARGEST_RECORDS:
            raise TooLarge(UNPACKS_TO_MORE)
        yield record_format.read(content), nothing_beside
        return
    try:
        archive = zipfile.ZipFile(file)
        sizes = {one.filename: one.file_size for one in archive.infolist()}
        if sum(sizes.values()) > most or sizes.get(RECORDS, 0) > LARGEST_RECORDS:
            raise TooLarge(UNPACKS_TO_MORE)
        records = record_format.read(archive.read(RECORDS))
    except (*UNREADABLE, KeyError) as error:
        raise Invalid(record_format.NOT_OURS, file=record_format.NOT_OURS) from error

    def read(path: str) -> bytes | None:
        if sizes.get(path, 0) > LARGEST:
            raise ValueError("a part of the zip is larger than any file that Vouch keeps")
        try:
            return archive.read(path) if path in sizes else None
        except UNREADABLE as error:
            raise ValueError("a part of the zip can't be read") from error

    with archive:
        yield records, read


async def _all(taking: Taking, records: Records) -> None:
    for supplier in records.suppliers:
        await _supplier(taking, supplier)
    for review in records.reviews:
        await _review(taking, review)
    for note in records.notes:
        await _note(taking, note)
    await taking_in_contracts.take(taking, records)
    await beside.take(taking, records)
    await enquiries.take(taking, records)


def _left_out(taking: Taking, records: Records, to_confirm: int) -> tuple[str, ...]:
    said = {
        "Who sees what, of people, schools and networks that are not here, or until a day that is past.": len(records.shares)
        - to_confirm,
        "Photos and files that are not in what you chose.": taking.missing,
        "Criticism that whoever took the copy could not read.": records.kept_back,
        **taking.left_out,
    }
    return tuple(f"{number:,}: {what}" for what, number in said.items() if number)


async def _supplier(taking: Taking, one: SupplierRecord) -> None:
    with about(one.name):
        taking.names[one.id] = one.name
        known = taking_in.facts_of(one.name, one.aliases, one.identifiers, one.categories)
        since = past(one.in_use_since) if one.in_use_since else None
        taking.suppliers[one.id] = await taking_in.supplier(taking.record, taking.viewer, known, since)
    taking.done("suppliers")


async def _review(taking: Taking, one: ReviewRecord) -> None:
    with about(f"the review of {taking.name_of(one.supplier)}"):
        said, supplier = checked(one.said), taking.suppliers[one.supplier]
        made = await reviews.write_one(taking.record, taking.viewer, supplier, said, at=past(one.written_at))
        taking.things["review", one.id] = made.id
    taking.done("reviews")


async def _note(taking: Taking, one: NoteRecord) -> None:
    with about(f"the note of {in_words(one.happened_on)} on {taking.name_of(one.supplier)}"):
        body, day, kept = notes.checked(one.body or ERASED, one.happened_on, taking.uploads(one.files))
        said = notes.NoteSaid(About(one.about), body, day, kept, past(one.written_at))
        supplier = taking.suppliers[one.supplier]
        taking.things["note", one.id] = await notes.write_one(taking.record, taking.viewer, supplier, said)
    taking.done("notes")
