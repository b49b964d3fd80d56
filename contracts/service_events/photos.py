"""Photos and files of what happened: taken as those of a note are, read with the event, hidden at once. Each change is an entry.

Whoever may log adds some; site staff see those that they added, to events that they logged. A trust lead sees none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
from base.refusals import Conflict, Invalid, NotFound
from base.viewer import Role, Viewer, must_speak_for_the_school, must_write
from contracts.access import kept_files, served
from contracts.access.served import ServedContract
from contracts.events import Event
from contracts.service_events import access
from contracts.service_events.tables import Photo
from sharing.tables import Person
from suppliers.opinions import attachments
from suppliers.opinions.attachments import Attached, File, Upload

MOST: Final = attachments.MOST_A_NOTE  # of an event
TOO_MANY: Final = f"An event holds at most {MOST} photos and files."
NO_FILE: Final = "Choose a photo or file."
of_trail: Final = partial(kept_files.of_trail, Photo)  # for a school's own audit packs
_COLUMNS: Final = (Photo.id, Photo.filename, Photo.media_type, Photo.size)


@dataclass(frozen=True, slots=True)
class SeenPhoto(Attached):
    """``is_ours``: the viewer's school added it, and so hides it."""

    is_ours: bool


@dataclass(frozen=True, slots=True)
class HiddenPhoto:
    id: UUID
    title: str  # of the contract
    filename: str
    hidden_by: str
    hidden_at: datetime


async def add(viewer: Viewer, job_id: UUID, upload: Upload | None) -> None:
    """To an event that the viewer reads. Raises Forbidden, NotFound, Invalid."""
    access.must_log(viewer)
    if upload is None:
        raise Invalid(NO_FILE, file=NO_FILE)
    file = attachments.checked(upload)
    async with audit.recording(viewer) as record:
        about, job = await access.open_job(viewer, job_id, lock=True)
        await attach(record, viewer, about, job.job, [file])


async def attach(record: Record, viewer: Viewer, about: ServedContract, job: UUID, files: Sequence[File]) -> None:
    """Files that were checked, inside the caller's unit. Raises Invalid for more than an event holds."""
    if not files:
        return
    if await Photo.count().where(Photo.job == job) + len(files) > MOST:
        raise Invalid(TOO_MANY, file=TOO_MANY)
    told, names = [], {}
    for n, file in enumerate(files, start=1):
        photo = Photo(
            id=uuid4(), job=job, contract=about.id, school=viewer.school, filename=file.name, media_type=file.media_type,
            digest=file.digest, size=len(file.content), data=file.content, author=viewer.person, added_at=clock.now(),
        )  # fmt: skip
        await photo.save()
        told.append({"id": str(photo.id), "sha256": file.digest.hex(), "size": photo.size, "media_type": file.media_type})
        names[f"filename.{n}"] = file.name
    await _tell(record, Event.SERVICE_PHOTO_ADDED, about, viewer, {"job": str(job), "attachments": told}, names)


async def of_jobs(viewer: Viewer, about: ServedContract, jobs: Sequence[UUID]) -> dict[UUID, tuple[SeenPhoto, ...]]:
    """By event, those that the viewer sees of events that they read; inside the caller's unit."""
    if about.is_led or not jobs:
        return {}
    there = database.among(Photo.job, jobs) & Photo.hidden_at.is_null()
    rows = await Photo.select(*_COLUMNS, Photo.job, Photo.school, Photo.author).where(there).order_by(Photo.added_at, Photo.id)
    found: dict[UUID, tuple[SeenPhoto, ...]] = {}
    for row in rows:
        if viewer.role is not Role.SITE_STAFF or row["author"] == viewer.person:
            is_ours = row["school"] == viewer.school
            one = SeenPhoto(row["id"], row["filename"], row["media_type"], row["size"], is_ours)
            found[row["job"]] = (*found.get(row["job"], ()), one)
    return found


async def of_event(viewer: Viewer, job_id: UUID) -> tuple[SeenPhoto, ...]:
    """Of one event, the first to be added first. Raises NotFound."""
    async with database.read():
        about, job = await access.open_job(viewer, job_id)
        return (await of_jobs(viewer, about, [job.job])).get(job.job, ())


async def fetch(viewer: Viewer, photo_id: UUID) -> File:
    """For whoever sees it with its event. Raises NotFound; what is hidden takes the same statements as what is not there."""
    async with database.read():
        there = (Photo.id == photo_id) & Photo.hidden_at.is_null()
        if viewer.role is Role.SITE_STAFF:
            there &= Photo.author == viewer.person
        row = await Photo.select(Photo.job).where(there).first()
        about, _ = await access.open_job(viewer, row["job"] if row else uuid4())
        found = await Photo.objects().where(there).first()
    if found is None or about.is_led:
        raise NotFound
    return File(found.filename, found.media_type, found.data)


async def hide(viewer: Viewer, photo_id: UUID) -> UUID:
    """Nobody reads it from now on but those who decide about erasing it; returns the event's id. Raises Forbidden, NotFound.

    A school hides and shows what it added itself: another school's copy of the same file, and its name, stay as they are.
    """
    must_write(viewer)
    async with audit.recording(viewer) as record:
        row, about = await _ours(viewer, photo_id)
        if row["hidden_at"] is not None:
            raise Conflict("A colleague has hidden this already.")
        await Photo.update({Photo.hidden_at: clock.now(), Photo.hidden_by: viewer.person}).where(Photo.id == photo_id)
        for trail in {str(viewer.school), str(about.school)}:
            names = await erasure.names_of_attachment(trail, Subject.CONTRACT.of(about.id), photo_id)
            await hidden.hide(trail, _name(photo_id), names)
        await _tell(record, Event.SERVICE_PHOTO_HIDDEN, about, viewer, {"photo": str(photo_id)}, {})
    return row["job"]  # type: ignore[no-any-return]  # the table's own column


async def show_again(viewer: Viewer, photo_id: UUID) -> None:
    """Whoever could see it before sees it again. Raises as ``hide``."""
    must_speak_for_the_school(viewer)
    async with audit.recording(viewer) as record:
        row, about = await _ours(viewer, photo_id)
        if row["hidden_at"] is None:
            raise NotFound
        await Photo.update({Photo.hidden_at: None, Photo.hidden_by: None}).where(Photo.id == photo_id)
        for trail in {str(viewer.school), str(about.school)}:
            await hidden.show(trail, _name(photo_id))
        await _tell(record, Event.SERVICE_PHOTO_SHOWN, about, viewer, {"photo": str(photo_id)}, {})


async def listed_hidden(viewer: Viewer) -> tuple[HiddenPhoto, ...]:
    """What the viewer's school hid, the newest first, for those who may have it erased. Raises Forbidden."""
    must_write(viewer)
    async with database.read():
        ours = (Photo.school == viewer.school) & Photo.hidden_at.is_not_null()
        columns = (Photo.id, Photo.contract, Photo.filename, Photo.hidden_by, Photo.hidden_at)
        rows = await Photo.select(*columns).where(ours).order_by(Photo.hidden_at, ascending=False)
        titles = dict(await served.titles(viewer.school)) if rows else {}
        people = {row["hidden_by"] for row in rows}
        names = await Person.select(Person.id, Person.name).where(database.among(Person.id, people)) if people else []
    by_id = {row["id"]: row["name"] for row in names}
    return tuple(
        HiddenPhoto(row["id"], titles.get(row["contract"], "A contract"), row["filename"],
                    by_id.get(row["hidden_by"], ""), row["hidden_at"])
        for row in rows
    )  # fmt: skip


async def fetch_hidden(viewer: Viewer, photo_id: UUID) -> File:
    """One that is hidden, for those who may have it erased. Raises Forbidden, NotFound."""
    return await kept_files.hidden(viewer, Photo, photo_id)


async def _ours(viewer: Viewer, photo_id: UUID) -> tuple[Mapping[str, Any], ServedContract]:
    """One of the viewer's school without its bytes, locked, with its contract, which may be over for it. Raises NotFound."""
    columns = (Photo.job, Photo.contract, Photo.hidden_at)
    rows = await database.locked(Photo.select(*columns).where((Photo.id == photo_id) & (Photo.school == viewer.school)))
    if not rows:
        raise NotFound
    return rows[0], await served.contract_once_served(rows[0]["contract"])


async def _tell(
    record: Record, event: Event, about: ServedContract, viewer: Viewer, facts: Mapping[str, Any], names: Mapping[str, str]
) -> None:
    await served.tell(record, event, about, viewer, facts, names, moves_figures=False)


def _name(photo: UUID) -> str:
    """Under which the trail's names of the file are hidden."""
    return f"photo:{photo}"
