"""A school puts an enquiry to other schools, and closes it: by itself it is over after ``LASTS``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from audit.log.subjects import ENQUIRIES, Subject
from base import clock, text
from base.refusals import Conflict, Invalid, NotFound, read_together
from base.viewer import Viewer, must_speak_for_the_school, must_write
from base.words import count
from sharing.access import audiences, visibility
from sharing.access.checking import check_shape
from sharing.access.choices import AudienceChoice, GrantChoice
from sharing.access.fields import Fields
from sharing.access.readers import who_can_see
from suppliers.asking import whom
from suppliers.asking.tables import Enquiry
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.record import taxonomy
from suppliers.shares import there, words

LASTS: Final = timedelta(days=14)  # a half-term fits in
LONGEST_WORDS: Final = 200  # characters: a sentence or two; what one thinks belongs in a review
MOST_OPEN: Final = 5  # of one school at a time: each waits on the home page of everybody asked
LATELY: Final = timedelta(days=30)
MOST_LATELY: Final = 10  # of one school in that time: what is closed at once was read all the same

ABOUT_ONE: Final = "Ask about a supplier or about a need: about one of the two."
NOT_LISTED: Final = "Only your school sees this supplier, so others can't say anything about it. Share a review of it first."
NOBODY: Final = "No other school would be asked. Choose others."
WHOM: Final = "Choose whom to ask."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be asked: about a need (the slug of a category) or a supplier, in one sentence, to one circle of schools."""

    category: str | None = None
    supplier: UUID | None = None
    words: str
    to: GrantChoice


@dataclass(frozen=True, slots=True)
class Put:
    """An enquiry that was put to so many other schools."""

    id: UUID
    schools: int


def checked(category: str | None, supplier: UUID | None, words: str) -> str:
    """The words made fit to keep. Raises Invalid naming every answer that can't be used."""
    said: str
    said, _ = read_together(
        lambda: text.line(words, field="text", longest=LONGEST_WORDS, missing="Say what you want to know."),
        lambda: _check_about(category, supplier),
    )
    return said


def _check_about(category: str | None, supplier: UUID | None) -> None:
    if (category is None) == (supplier is None):
        raise Invalid(ABOUT_ONE, category="Choose what you are looking for." if supplier is None else ABOUT_ONE)
    if category is not None and category not in taxonomy.by_slug():
        raise Invalid(ABOUT_ONE, category="Choose what you are looking for from the list.")


async def ask(viewer: Viewer, wanted: Wanted) -> Put:
    """Puts it to the schools of the circle, until it closes. Raises Invalid, Forbidden, NotFound; Conflict beyond MOST_OPEN."""
    must_speak_for_the_school(viewer)
    said = checked(wanted.category, wanted.supplier, wanted.words)
    if wanted.to.kind not in whom.KINDS:
        raise Invalid(WHOM, to=WHOM)
    async with audit.recording(viewer) as record:
        supplier = await _listed(viewer, wanted.supplier) if wanted.supplier else None
        await _refuse_too_many(viewer)
        choice = AudienceChoice((wanted.to,))
        audience = await audiences.intern(viewer, choice, groups=Fields.NONE)
        schools = len({one.school for one in (await who_can_see(viewer, audience)).named})
        if not schools:
            raise Invalid(NOBODY, to=NOBODY)
        now = clock.now()
        row = Enquiry(
            id=uuid4(), school=viewer.school, category=wanted.category, supplier=supplier, words=said, schools=schools,
            author=viewer.person, audience=audience, asked_at=now, closes_at=now + LASTS,
        )  # fmt: skip
        await _save(record, viewer, row, choice)
        return Put(row.id, schools)


async def keep_one(
    record: Record,
    viewer: Viewer,
    asked: Wanted,
    *,
    schools: int,
    asked_at: datetime,
    closes_at: datetime,
    closed_at: datetime | None,
) -> None:
    """One that was asked elsewhere, as it was, also about a supplier that only our school sees: nobody else ever sees this one.

    What is still open there is closed here. Inside the caller's unit. Raises Invalid, and ValueError for times that can't be.
    """
    said, now = checked(asked.category, asked.supplier, asked.words), clock.now()
    if asked.to.kind not in whom.KINDS:
        raise Invalid(WHOM, to=WHOM)
    check_shape(asked.to, confirms=False, groups=Fields.NONE)
    if asked_at > min(closes_at, closed_at or closes_at):
        raise ValueError("over before it was asked")
    choice = AudienceChoice((asked.to,))
    row = Enquiry(
        id=uuid4(), school=viewer.school, category=asked.category, supplier=asked.supplier, words=said, schools=schools,
        author=viewer.person, audience=await audiences.store(viewer, choice), asked_at=asked_at, closes_at=closes_at,
        withdrawn_at=closed_at or (now if closes_at > now else None),
    )  # fmt: skip
    await _save(record, viewer, row, choice)
    if row.withdrawn_at is not None:
        record(Event.ENQUIRY_CLOSED, stream=ENQUIRIES, subject=Subject.ENQUIRY.of(row.id))


async def _save(record: Record, viewer: Viewer, row: Enquiry, choice: AudienceChoice) -> None:
    await row.save()
    (line,) = await words.lines(viewer, choice, there.A_REVIEW)
    facts = {**facts_of(row), "schools": row.schools, "grants": choice.facts()}
    personal = {"words": row.words, "who_is_asked": line.who}
    record(Event.ENQUIRY_ASKED, stream=ENQUIRIES, subject=Subject.ENQUIRY.of(row.id), facts=facts, personal=personal)


def facts_of(row: Enquiry | Mapping[str, Any]) -> dict[str, Any]:
    """What the trail tells of it without its words."""
    category, supplier, closes_at = (row[name] if isinstance(row, Mapping) else getattr(row, name) for name in _TOLD)
    return {
        "category": category,
        "supplier": str(supplier) if supplier else None,
        "closes_on": closes_at.astimezone(clock.LONDON).date().isoformat(),
    }


_TOLD: Final = ("category", "supplier", "closes_at")


async def close(viewer: Viewer, enquiry_id: UUID) -> None:
    """No other school sees it any more; ours keeps it with its answers. Raises NotFound, Forbidden."""
    must_write(viewer)
    async with audit.recording(viewer) as record:
        ours = (Enquiry.id == enquiry_id) & (Enquiry.school == viewer.school) & Enquiry.hidden_at.is_null()
        row = await database.locked(Enquiry.objects().where(ours)).first()
        if row is None:
            raise NotFound
        if row.withdrawn_at is not None:
            record.unchanged()
            return
        await Enquiry.update({Enquiry.withdrawn_at: clock.now()}).where(Enquiry.id == row.id)
        record(Event.ENQUIRY_CLOSED, stream=ENQUIRIES, subject=Subject.ENQUIRY.of(row.id))


async def _listed(viewer: Viewer, supplier_id: UUID) -> UUID:
    """The directory's entry, locked. Raises Conflict for an own record, which others don't see."""
    found = await directory.must_see(viewer, supplier_id, lock=True)
    if directory.is_own(found):
        raise Conflict(NOT_LISTED)
    supplier: UUID = found.id
    return supplier


async def _refuse_too_many(viewer: Viewer) -> None:
    now = clock.now()
    ours = Enquiry.school == viewer.school
    is_open = visibility.in_sight(Enquiry), Enquiry.closes_at > now
    if await Enquiry.count().where(ours, *is_open) >= MOST_OPEN:
        raise Conflict(f"Your school has {count(MOST_OPEN, 'open enquiry', 'open enquiries')}. Close one before you ask more.")
    if await Enquiry.count().where(ours, Enquiry.asked_at > now - LATELY) >= MOST_LATELY:
        raise Conflict(f"Your school has asked {MOST_LATELY} times in {LATELY.days} days. Wait before you ask more.")
