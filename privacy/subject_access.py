"""A copy of what one school holds about one person, for that person: the right of access of the UK GDPR's article 15.

In it: the account, what the person wrote, and the entries of the trail that they made or that concern them. Not in it:
secrets (passwords, tokens), other people's names and e-mails, and what others wrote, which the school looks through first.
"""

import functools
import io
import json
import operator
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import audit
import database
from audit import sheet
from audit.erasing import erasure
from audit.events import Event
from audit.log import hidden
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock
from base.refusals import Forbidden, NotFound
from base.viewer import Viewer
from contracts.documents.tables import Document
from contracts.service_events.tables import Photo
from contracts.tables import Contract
from contracts.texts import written
from sharing.accounts import copy as accounts
from sharing.accounts.copy import Account
from suppliers.asking.tables import Enquiry, EnquiryAnswer
from suppliers.merging.tables import Decision
from suppliers.record import extras, interests
from suppliers.record.criteria import Criterion
from suppliers.tables import Attachment, Note, PastReview, Review, Supplier
from web.pages.templating import plain_environment

TEMPLATES: Final = Path(__file__).parent / "templates"
MEDIA_TYPE: Final = "application/zip"
REVIEW_FIELDS: Final = (
    *("rating", "would_use_again", "interest", "praise", "criticism", "used_from", "used_until", "written_at"),
    *Criterion,
    *("stage", "evidence", "extras"),
)
NOTE_FIELDS: Final = ("about", "happened_on", "body", "written_at", "withdrawn_at")


@dataclass(frozen=True, slots=True)
class Copy:
    """``wrote`` and ``entries`` are plain values, the newest first."""

    account: Account
    made_at: datetime
    reviews: tuple[dict[str, Any], ...]
    notes: tuple[dict[str, Any], ...]
    decisions: tuple[dict[str, Any], ...]
    enquiries: tuple[dict[str, Any], ...]
    contracts: tuple[dict[str, Any], ...]
    written: tuple[dict[str, Any], ...]  # about contracts, and under those of a trust that cover the school
    entries: tuple[sheet.TimelineRow, ...]


async def about(viewer: Viewer, person: UUID) -> Account:
    """The account, for the page that offers the copy. Raises NotFound for whoever never belonged to the school; Forbidden."""
    async with database.read():
        found = await accounts.account(viewer.school, person)
    _require_may(viewer, person)
    return found


async def give(viewer: Viewer | None, person: UUID, *, school: UUID | None = None) -> bytes:
    """The copy as a zip, recorded in the school's trail. ``viewer`` None is the command line. Raises NotFound, Forbidden."""
    where = viewer.school if viewer else school
    if where is None:
        raise NotFound
    async with audit.recording(viewer) as record:
        found = await accounts.account(where, person)
        if viewer is not None:
            _require_may(viewer, person)
            await _require_no_interest(viewer, person)
        copy = await _copy(where, found)
        record(
            Event.SUBJECT_ACCESS_GIVEN,
            stream=OUR_SCHOOL,
            subject=Subject.PERSON.of(person),
            facts={"entries": len(copy.entries), "reviews": len(copy.reviews), "notes": len(copy.notes)},
            personal={"name": found.name},
            about=person,
            trail=where,
        )
    return zipped(copy)


def zipped(copy: Copy) -> bytes:
    """A zip of three files: a page for people, JSON for programs, and the trail as a CSV table."""
    page = plain_environment(TEMPLATES).get_template("erasure/copy.html").render(copy=copy)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("what-is-held.html", page)
        archive.writestr("what-is-held.json", json.dumps(_plain(copy), ensure_ascii=False, indent=1, default=str))
        archive.writestr("trail.csv", sheet.csv_bytes(copy.entries))
    return packed.getvalue()


def _require_may(viewer: Viewer, person: UUID) -> None:
    if viewer.person != person and not viewer.role.writes:
        raise Forbidden("Only the person, a business manager or the head may have this copy.")


async def _require_no_interest(viewer: Viewer, person: UUID) -> None:
    """A copy is whole or it is none: whoever declared an interest in a supplier may not read what colleagues hold against it."""
    if viewer.person != person and await interests.suppliers_of(viewer):
        raise Forbidden("You declared an interest in a supplier, and a copy holds what a colleague wrote. Ask another colleague.")


async def _copy(school: UUID, account: Account) -> Copy:
    return Copy(
        account=account,
        made_at=clock.now(),
        reviews=await _reviews(school, account.id),
        notes=await _notes(school, account.id),
        decisions=await _decisions(school, account.id),
        enquiries=await _enquiries(school, account.id),
        contracts=await _contracts(school, account.id),
        written=await written.of_person(school, account.id),
        entries=await _entries(str(school), account.id),
    )


async def _reviews(school: UUID, person: UUID) -> tuple[dict[str, Any], ...]:
    """The reviews that the person wrote, with earlier versions."""
    rows = {row["id"]: row for row in await Review.select().where((Review.school == school) & Review.hidden_at.is_null())}
    past = await PastReview.select().where(database.among(PastReview.review, rows)) if rows else []
    suppliers = await _names(row["supplier"] for row in rows.values())
    said: list[dict[str, Any]] = []
    for row in rows.values():
        versions = [*(one for one in past if one["review"] == row["id"]), _version(row)]
        said += [{"supplier": suppliers.get(row["supplier"], "")} | one for one in _their_words(versions, person)]
    return tuple(sorted(said, key=lambda one: one["written_at"], reverse=True))


def _their_words(versions: Iterable[Mapping[str, Any]], person: UUID) -> list[dict[str, Any]]:
    """The person's versions of one review; what a colleague wrote and the person left as it was is the colleague's."""
    found: list[dict[str, Any]] = []
    last: dict[str, Any] = {}
    said_by: dict[str, UUID] = {}
    for version in sorted(versions, key=lambda one: int(one["version"])):
        said_by |= {name: version["author"] for name in REVIEW_FIELDS if name not in last or last[name] != version[name]}
        last = {name: version[name] for name in REVIEW_FIELDS}
        if version["author"] == person:
            theirs = {name: value if said_by[name] == person else None for name, value in last.items()}
            found.append({"version": version["version"]} | theirs | {"extras": _in_words(theirs["extras"])})
    return found


def _in_words(answers: str | None) -> str | None:
    """Answers to extra questions, as a review keeps them."""
    return "; ".join(f"{label}: {answer}" for label, answer in extras.in_words(extras.of_column(answers)).items()) or None


def _version(row: Mapping[str, Any]) -> dict[str, Any]:
    """A current row with the writer and time of its latest version, as earlier versions have theirs."""
    latest = {"author": row["revised_by"], "written_at": row["revised_at"]} if row["revised_at"] else {}
    return {**row, **latest}


async def _notes(school: UUID, person: UUID) -> tuple[dict[str, Any], ...]:
    is_theirs = (Note.author == person) | (Note.revised_by == person)
    mine = (Note.school == school) & is_theirs & Note.hidden_at.is_null()
    found = [_version(row) for row in await Note.select().where(mine)]
    theirs = (row for row in found if row["author"] == person)
    rows = sorted(theirs, key=lambda row: row["written_at"], reverse=True)
    ids, suppliers = [row["id"] for row in rows], await _names(row["supplier"] for row in rows)
    columns = (Attachment.note, Attachment.filename, Attachment.size, Attachment.media_type)
    there = database.among(Attachment.note, ids) & Attachment.hidden_at.is_null()
    files = await Attachment.select(*columns).where(there) if ids else []
    return tuple(
        {"supplier": suppliers.get(row["supplier"], "")}
        | {name: row[name] for name in NOTE_FIELDS}
        | {"files": [file["filename"] for file in files if file["note"] == row["id"]]}
        for row in rows
    )


async def _decisions(school: UUID, person: UUID) -> tuple[dict[str, Any], ...]:
    """What the person said of two suppliers, and why."""
    mine = (Decision.owner == school) & (Decision.decided_by == person)
    rows = await Decision.select().where(mine).order_by(Decision.decided_at, ascending=False)
    suppliers = await _names(row[side] for row in rows for side in ("left_supplier", "right_supplier"))
    return tuple(
        {"one": suppliers.get(row["left_supplier"], ""), "other": suppliers.get(row["right_supplier"], "")}
        | {name: row[name] for name in ("judgement", "reason", "decided_at", "undone_at")}
        for row in rows
    )


async def _enquiries(school: UUID, person: UUID) -> tuple[dict[str, Any], ...]:
    """What the person asked other schools, and answered them."""
    mine = (Enquiry.school == school) & (Enquiry.author == person) & Enquiry.hidden_at.is_null()
    asked = await Enquiry.select(Enquiry.words, Enquiry.asked_at).where(mine).order_by(Enquiry.asked_at, ascending=False)
    theirs = (EnquiryAnswer.school == school) & (EnquiryAnswer.author == person)
    columns = (EnquiryAnswer.answers_with, EnquiryAnswer.supplier, EnquiryAnswer.answered_at)
    given = await EnquiryAnswer.select(*columns).where(theirs).order_by(EnquiryAnswer.answered_at, ascending=False)
    suppliers = await _names(row["supplier"] for row in given if row["supplier"])
    return (*asked, *(row | {"supplier": suppliers.get(row["supplier"], "")} for row in given))


async def _contracts(school: UUID, person: UUID) -> tuple[dict[str, Any], ...]:
    """Contracts that the person added, changed last or looks after, and the files that they brought; not what these say."""
    columns = (Contract.author, Contract.revised_by, Contract.officer_person, Contract.deputy_person)
    is_theirs = functools.reduce(operator.or_, (column == person for column in columns))
    mine = (Contract.school == school) & Contract.hidden_at.is_null()
    rows = await Contract.select(Contract.id, Contract.title, Contract.written_at, *columns).where(mine & is_theirs)
    added = (Document.school == school) & (Document.author == person) & Document.hidden_at.is_null()
    files = await Document.select(Document.contract, Document.filename, Document.added_at).where(added)
    pictured = (Photo.school == school) & (Photo.author == person) & Photo.hidden_at.is_null()
    photos = await Photo.select(Photo.filename, Photo.added_at).where(pictured)
    parts = {"author": "added it", "revised_by": "changed it last", "officer_person": "officer", "deputy_person": "deputy"}
    found = [
        {"contract": row["title"], "as": ", ".join(words for name, words in parts.items() if row[name] == person)}
        | {"written_at": row["written_at"]}
        for row in rows
    ]
    return (
        *found,
        *({"document": file["filename"], "added_at": file["added_at"]} for file in files),
        *({"photo": file["filename"], "added_at": file["added_at"]} for file in photos),
    )


async def _names(suppliers: Iterable[UUID]) -> Mapping[UUID, str]:
    wanted = list(set(suppliers))
    if not wanted:
        return {}
    return {
        row["id"]: row["name"]
        for row in await Supplier.select(Supplier.id, Supplier.name).where(database.among(Supplier.id, wanted))
    }


async def _entries(trail: str, person: UUID) -> tuple[sheet.TimelineRow, ...]:
    """Entries that the person made or that concern them, without the names of others in them."""
    by_entry: dict[int, dict[str, Any]] = {}
    hidden_texts = await hidden.of(trail)
    for opened in await erasure.concerning(trail, person):
        is_anothers = opened.field.startswith(erasure.PERSONAL) and opened.person != person
        is_anothers |= opened.field == "actor" and opened.person not in (None, person)
        is_hidden = hidden_texts.covers({"event_id": opened.event_id, "subject": opened.subject}, opened.field)
        if not is_anothers and not is_hidden:
            by_entry.setdefault(opened.idx, {})[opened.field] = opened.value
    return tuple(sheet.row(idx, fields) for idx, fields in sorted(by_entry.items(), reverse=True))


def _plain(copy: Copy) -> dict[str, Any]:
    account = copy.account
    return {
        "format": "vouch-subject-access/1",
        "made_at": copy.made_at,
        "school": account.school_name,
        "person": {"id": account.id, "name": account.name, "email": account.email, "account_since": account.since}
        | {"address_proved_at": account.address_proved_at, "address_proof": account.address_proof}
        | {"last_signed_in_on": account.signed_in_on},
        "memberships": [dict(one) for one in account.memberships],
        "sessions": [dict(one) for one in account.sessions],
        "known_browsers": [dict(one) for one in account.browsers],
        "api_keys": [dict(one) for one in account.keys],
        "links": [dict(one) for one in account.links],
        "reviews": list(copy.reviews),
        "notes": list(copy.notes),
        "decisions": list(copy.decisions),
        "enquiries": list(copy.enquiries),
        "contracts": list(copy.contracts),
        "written_about_contracts": list(copy.written),
        "trail": [dict(zip(sheet.COLUMNS, sheet.cells(row), strict=True)) for row in copy.entries],
    }
