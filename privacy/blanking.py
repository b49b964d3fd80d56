"""Erases words and files from what a school says of suppliers and of contracts, in current and earlier versions.

Ratings, dates and the fact that a note was written stay. Whoever has the old words open in a form can't save them
again, because the version number has moved on.
"""

from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID

import database
from audit.log.subjects import Subject
from contracts.access import service_version
from contracts.changes.tables import Variation
from contracts.documents.tables import Document
from contracts.endings.tables import Sending
from contracts.improvement.tables import Assessment
from contracts.promises.tables import Metric
from contracts.reminders.tables import Decision as ContractDecision
from contracts.reminders.tables import GovernorQuestion
from contracts.review.tables import Action, Meeting
from contracts.service_events.tables import Photo, Words
from contracts.tables import CalendarVersion, Contract, Extension
from contracts.texts import texts as contract_texts
from privacy.places import REVIEW_TEXTS, review_text
from suppliers.asking.tables import Enquiry
from suppliers.corrections.tables import Correction
from suppliers.merging.tables import Decision
from suppliers.tables import Attachment, ConfirmedCriticism, Note, PastReview, Review

OF_CONTRACTS: Final = (
    *(Contract, Extension, Sending, Variation, Document, Words, Photo, Meeting, Action, ContractDecision, GovernorQuestion),
    *(Metric, Assessment, CalendarVersion),
)
TABLES: Final = (Review, PastReview, Note, ConfirmedCriticism, Enquiry, Decision, Correction, Attachment, *OF_CONTRACTS)
# That there is an interest, or evidence, must not vanish with its words.
STAYS: Final = {"interest": "Declared. The words were erased.", "evidence": "Given. The reference was erased."}


async def blank(school: UUID, key: str, texts: Collection[str]) -> None:
    """Erases the exact words ``texts`` at the key of a find (`finds.py`). Inside the caller's unit of work, which records it."""
    await contract_texts.blank(school, key, texts)
    if text := review_text(key):
        await _blank_review(school, *text, texts)
        await _blank_confirmed(school, text[0], texts)
    if note := Subject.NOTE.id_in(key):
        await _blank_note(school, note, texts)
        await _blank_confirmed(school, note, texts)
    if enquiry := Subject.ENQUIRY.id_in(key):
        mine = (Enquiry.id == enquiry) & (Enquiry.school == school) & database.among(Enquiry.words, texts)
        await Enquiry.update({Enquiry.words: ""}).where(mine)
    if decision := Subject.DECISION.id_in(key):
        mine = (Decision.id == decision) & (Decision.owner == school) & database.among(Decision.reason, texts)
        await Decision.update({Decision.reason: ""}).where(mine)


async def _blank_review(school: UUID, review: UUID, field: str, texts: Collection[str]) -> None:
    instead = STAYS.get(field, "")
    row = await Review.objects().where((Review.id == review) & (Review.school == school)).first()
    if row is None or field not in REVIEW_TEXTS:
        return
    if getattr(row, field) in texts:
        now: dict[Any, Any] = {field: instead, "version": row.version + 1}
        await Review.update(now).where(Review.id == review)
    for past in await PastReview.objects().where(PastReview.review == review):
        if getattr(past, field) in texts:
            await PastReview.update({field: instead}).where(PastReview.id == past.id)


async def _blank_note(school: UUID, note: UUID, texts: Collection[str]) -> None:
    row = await Note.objects().where((Note.id == note) & (Note.school == school)).first()
    if row is not None and row.body in texts:
        now: dict[Any, Any] = {"body": "", "version": row.version + 1}
        await Note.update(now).where(Note.id == note)


async def _blank_confirmed(school: UUID, item: UUID, texts: Collection[str]) -> None:
    """The words that a head confirmed are kept beside what they are of."""
    mine = (ConfirmedCriticism.id == item) & (ConfirmedCriticism.school == school)
    await ConfirmedCriticism.update({ConfirmedCriticism.text: ""}).where(mine & database.among(ConfirmedCriticism.text, texts))


async def delete_files(school: UUID, files: Iterable[UUID]) -> dict[str, list[str]]:
    """Deletes files; returns their SHA-256 by stream of what they are about. Inside the caller's unit, which records it."""
    wanted = list(files)
    if not wanted:
        return {}
    chosen = database.among(Attachment.id, wanted) & (Attachment.school == school)
    rows = await Attachment.select(Attachment.note, Attachment.digest).where(chosen)
    columns = (Note.id, Note.supplier, Note.written_for)
    notes = await Note.select(*columns).where(database.among(Note.id, [row["note"] for row in rows])) if rows else []
    # Entries about a note are with the supplier that it was written for and, after a merge, with the one that has it now.
    suppliers = {row["id"]: {row["supplier"], row["written_for"]} - {None} for row in notes}
    gone: dict[str, set[str]] = {}
    for row in rows:
        for supplier in suppliers[row["note"]]:
            gone.setdefault(Subject.SUPPLIER.of(supplier), set()).add(bytes(row["digest"]).hex())
    await Attachment.delete().where(chosen)
    its = database.among(Document.id, wanted) & (Document.school == school)
    for row in await Document.select(Document.contract, Document.digest).where(its):
        gone.setdefault(Subject.CONTRACT.of(row["contract"]), set()).add(bytes(row["digest"]).hex())
        await service_version.next_of(row["contract"])  # it may have been one that the contract promises
    await Document.delete().where(its)
    photos = database.among(Photo.id, wanted) & (Photo.school == school)
    for row in await Photo.select(Photo.contract, Photo.digest).where(photos):
        gone.setdefault(Subject.CONTRACT.of(row["contract"]), set()).add(bytes(row["digest"]).hex())
    await Photo.delete().where(photos)
    return {stream: sorted(digests) for stream, digests in gone.items()}


async def are_there(files: Iterable[UUID]) -> bool:
    """Whether any of these files is still kept. Inside the caller's unit."""
    wanted = list(files)
    if not wanted:
        return False
    for table in (Document, Photo, Attachment):
        if await table.exists().where(database.among(table.id, wanted)):
            return True
    return False
