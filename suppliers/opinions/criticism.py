"""Criticism goes one to one: to three schools at most, unless a head confirms it, and that is of the words as they stood.

The text of a note about a problem is criticism as a review's is. Whoever confirms is a head, or whom a head named for it
(``sharing/people/confirmers.py``), and nobody whose interest in the supplier keeps the words from them. When confirmed words
change, they go back to the narrower audience until somebody confirms the new ones; a correction of a few characters asks
nothing, and the head is shown it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, LCSseq

import database
from audit import Record
from audit.log.subjects import Subject
from base import clock
from base.refusals import Forbidden, Invalid
from base.viewer import Viewer
from sharing.access import audiences, visibility
from sharing.access.audiences import PRIVATE, AudienceChoice, GrantChoice
from sharing.access.fields import ONE_TO_ONE, Fields
from sharing.people import confirmers
from suppliers.events import Event
from suppliers.opinions import interest
from suppliers.record import merge_edges
from suppliers.tables import Attachment, ConfirmedCriticism, Note, Review, ToldCriticism

MOST_SCHOOLS: Final = 3  # that one school tells on its own; more is a meeting
REMEMBERED: Final = timedelta(days=365)  # for so long a school that was told counts, also when it can read it no more
CORRECTION: Final = 20  # characters put in and taken out, together, since the words were confirmed
SHORTEST_MOVED: Final = 20  # characters: fewer are found in any text
ALIKE: Final = 85  # of 100: a text that was moved and touched up

TOO_MANY: Final = (
    f"Criticism of one supplier goes to at most {MOST_SCHOOLS} schools in a year, all your reviews and notes of it together. "
    "Only your head can share it with more."
)
MOVED: Final = (
    "Part of this was criticism until now, which fewer schools can read. Only your head can move it there: "
    "put it back, or stop sharing first."
)
CHANGES_WAIT: Final = (
    f"A head confirmed these words of criticism for more schools. If you change more than {CORRECTION} characters of them, only "
    "the schools told one to one read the new ones until your head confirms. Smaller corrections are shown to your head."
)
WAITS: Final = "New words of criticism wait for your head: until they are confirmed, only the schools told one to one read them."
BY_KEY: Final = (
    "Other schools can read this criticism, so new words of it would go to them. An API key changes them only where it may share "
    "and one school reads them. Sign in with a browser, or stop sharing first."
)


def text_of(row: Review | Note) -> str:
    """What it says in criticism; "" for a note about something else."""
    if isinstance(row, Review):
        return str(row.criticism)
    return str(row.body) if row.about == "problem" else ""


def is_wide(choice: AudienceChoice) -> bool:
    """Whether a head has to confirm criticism that goes to this audience."""
    opened = [grant for grant in choice.grants if Fields.CRITICISM in grant.fields]
    return any(grant.kind not in ONE_TO_ONE for grant in opened) or len(_told_by(opened)) > MOST_SCHOOLS


def is_correction(confirmed: str, now: str) -> bool:
    """At most 20 characters put in and taken out, counted from the confirmed words, at least half of which still stand."""
    stands = LCSseq.similarity(confirmed, now)
    return bool(confirmed) and Indel.distance(confirmed, now) <= CORRECTION and 2 * stands >= len(confirmed)


async def may_confirm(viewer: Viewer, row: Review | Note) -> bool:
    """Whether the viewer may confirm what it says in criticism: nobody does whose own interest keeps that from them.

    Inside the caller's unit.
    """
    return await confirmers.may_confirm(viewer) and not await interest.hides_criticism(viewer, row)


async def before_share(
    viewer: Viewer, row: Review | Note, choice: AudienceChoice, *, confirms: bool, same_as: UUID | None = None
) -> None:
    """Raises Invalid where ``choice`` tells criticism to more schools than the viewer may; ``same_as`` is the entry that the
    supplier joins with this share. Inside the caller's unit.
    """
    fresh = _told_by(choice.grants) - _told_by((await audiences.choice_of(row.audience)).grants)
    if confirms or not fresh:
        return
    told = await _told_of(viewer.school, await merge_edges.wholes((row.supplier, same_as), viewer.school))
    if len(told | fresh | _told_by(choice.grants)) > MOST_SCHOOLS:
        raise Invalid(TOO_MANY, fields=TOO_MANY)


async def after_share(viewer: Viewer, row: Review | Note, choice: AudienceChoice, *, confirms: bool) -> None:
    """Notes whom it was told to, or which words were confirmed; nothing waits any more. ``row`` as it was before.

    Part of the caller's unit of work.
    """
    await ConfirmedCriticism.update({ConfirmedCriticism.wanted: None, ConfirmedCriticism.waits_since: None}).where(
        ConfirmedCriticism.id == row.id
    )
    if confirms:
        if is_wide(choice):
            await keep_confirmed(viewer, row)
        return
    now, fresh = clock.now(), _told_by(choice.grants) - _told_by((await audiences.choice_of(row.audience)).grants)
    told = [ToldCriticism(id=uuid4(), school=viewer.school, supplier=row.supplier, reader=one, told_at=now) for one in fresh]
    if told:
        await ToldCriticism.insert(*told)


async def after_revision(record: Record, viewer: Viewer, was: str, row: Review | Note, *, files_added: bool = False) -> None:
    """Narrows who reads criticism that many can read, where its words were changed and not confirmed.

    ``was``: its text before; ``row`` as it is stored now. Part of the caller's unit of work.
    """
    choice = await audiences.choice_of(row.audience)
    changed = files_added or was != text_of(row)
    if not changed or not text_of(row) or not is_wide(choice) or await _stands_confirmed(row):
        return
    if await may_confirm(viewer, row):
        await keep_confirmed(viewer, row)
        return
    narrow = AudienceChoice(tuple(map(_without_criticism_for_many(choice), choice.grants)))
    audience = await audiences.store(viewer, narrow, keeping=row.audience)
    table = type(row)
    await table.update({table.audience: audience}).where(table.id == row.id)
    await _wait(viewer, row)
    record(
        Event.SHARE_WITHDRAWN,
        stream=Subject.SUPPLIER.of(row.supplier),
        subject=(Subject.REVIEW if isinstance(row, Review) else Subject.NOTE).of(row.id),
        facts={"old": {"grants": choice.facts()}, "new": {"grants": narrow.facts()}, "until": "confirmed"},
    )


async def must_not_move(viewer: Viewer, row: Review | Note, was_open: str, now_open: str) -> None:
    """Raises Invalid where words that were criticism come up in a text that more may read. Inside the caller's unit."""
    moved, choice = text_of(row), await audiences.choice_of(row.audience)
    if len(moved) < SHORTEST_MOVED or choice == PRIVATE or await may_confirm(viewer, row):
        return
    if all(Fields.CRITICISM in grant.fields or Fields.PRAISE not in grant.fields for grant in choice.grants):
        return
    if _contains(now_open, moved) and not _contains(was_open, moved):
        raise Invalid(MOVED, **{"praise" if isinstance(row, Review) else "about": MOVED})


async def must_not_reach_by_key(viewer: Viewer, row: Review | Note, words: str) -> None:
    """Raises Forbidden where a program's new ``words`` of criticism would be read by others than its key may share them with:
    one school, and none without the scope to share. Inside the caller's unit.
    """
    if not viewer.by_key or words in ("", text_of(row)):
        return
    choice = await audiences.choice_of(row.audience)
    opened = [grant for grant in choice.grants if Fields.CRITICISM in grant.fields]
    is_to_one = len(_told_by(opened)) == 1 and all(grant.kind in ONE_TO_ONE for grant in opened)
    if opened and not (viewer.shares and is_to_one):
        raise Forbidden(BY_KEY)


async def on_edit(viewer: Viewer, item_id: UUID) -> str:
    """What the form says before somebody changes our review or note: that its criticism waits, or would; "" where neither."""
    async with database.read():
        row = await _ours(viewer, item_id)
        if row is None or await may_confirm(viewer, row):
            return ""
        if await waiting([row.id]):
            return WAITS
        return CHANGES_WAIT if is_wide(await audiences.choice_of(row.audience)) else ""


async def _ours(viewer: Viewer, item_id: UUID) -> Review | Note | None:
    for table in (Review, Note):
        mine = (table.id == item_id) & (table.school == viewer.school) & visibility.in_sight(table)
        row: Review | Note | None = await table.objects().where(mine).first()
        if row is not None:
            return row
    return None


async def waiting(items: Iterable[UUID]) -> frozenset[UUID]:
    """Those of our reviews and notes whose new words wait to be confirmed. Inside the caller's unit."""
    query = ConfirmedCriticism.select(ConfirmedCriticism.id).where(
        database.among(ConfirmedCriticism.id, list(items)), ConfirmedCriticism.wanted.is_not_null()
    )
    return frozenset(await query.output(as_list=True))


def _without_criticism_for_many(choice: AudienceChoice) -> Any:
    """Takes criticism from a grant that a head has to confirm; those one to one keep it while they are few."""
    one_to_one = [grant for grant in choice.grants if grant.kind in ONE_TO_ONE]
    few = len(_told_by(one_to_one)) <= MOST_SCHOOLS

    def narrowed(grant: GrantChoice) -> GrantChoice:
        keeps = few and grant.kind in ONE_TO_ONE
        return grant if keeps else replace(grant, fields=grant.fields & ~Fields.CRITICISM)

    return narrowed


def _told_by(grants: Iterable[GrantChoice]) -> frozenset[UUID]:
    """The schools that read criticism by lines of their own, or of one person there."""
    told = (grant.at_school or grant.subject for grant in grants if grant.kind in ONE_TO_ONE and Fields.CRITICISM in grant.fields)
    return frozenset(one for one in told if one)


async def _told_of(school: UUID, whole: Sequence[UUID]) -> frozenset[UUID]:
    """Schools that can read criticism of a supplier, by all its ids, by a line of their own, or could in the last year."""
    found: set[UUID] = set()
    for table in (Review, Note):
        rows = await table.select(table.audience).where(
            table.school == school, database.among(table.supplier, whole), table.withdrawn_at.is_null(),
            table.audience.is_not_null(),
        )  # fmt: skip
        for audience in {row["audience"] for row in rows}:
            choice = await audiences.choice_of(audience)
            found |= frozenset() if is_wide(choice) else _told_by(choice.grants)
    rows = await ToldCriticism.select(ToldCriticism.reader).where(
        ToldCriticism.school == school, database.among(ToldCriticism.supplier, whole),
        ToldCriticism.told_at > clock.now() - REMEMBERED,
    )  # fmt: skip
    return frozenset(found | {row["reader"] for row in rows})


async def _stands_confirmed(row: Review | Note) -> bool:
    found = await ConfirmedCriticism.objects().where(ConfirmedCriticism.id == row.id).first()
    confirmed_by: UUID | None = found.confirmed_by if found else None
    if found is None or confirmed_by is None or await files_of(row) - set(found.files.split()):
        return False
    return bool(found.text == text_of(row) or is_correction(found.text, text_of(row)))


async def files_of(row: Review | Note) -> set[str]:
    """The ids of a note's files. Inside the caller's unit."""
    if isinstance(row, Review):
        return set()
    ids = await Attachment.select(Attachment.id).where((Attachment.note == row.id) & (Attachment.school == row.school))
    return {str(one["id"]) for one in ids}


async def is_confirmed(kept: ConfirmedCriticism, row: Review | Note) -> bool:
    """Whether a head confirmed it exactly as it stands, and nothing of it waits."""
    files = " ".join(sorted(await files_of(row)))
    is_waiting = kept.wanted is not None
    return not is_waiting and (kept.text, kept.files) == (text_of(row), files)


async def keep_confirmed(viewer: Viewer, row: Review | Note) -> None:
    """Keeps the words as they stand as what was confirmed."""
    values: dict[str, Any] = {
        "school": viewer.school, "text": text_of(row), "files": " ".join(sorted(await files_of(row))),
        "confirmed_by": viewer.person, "confirmed_at": clock.now(), "wanted": None, "waits_since": None, "changed_by": None,
    }  # fmt: skip
    await _keep(row.id, values)


async def _wait(viewer: Viewer, row: Review | Note) -> None:
    values: dict[str, Any] = {"wanted": row.audience, "waits_since": clock.now(), "changed_by": viewer.person}
    await _keep(row.id, values, first={"school": viewer.school, "text": "", "files": ""})


async def _keep(item_id: UUID, values: dict[str, Any], first: dict[str, Any] | None = None) -> None:
    changed: dict[Any, Any] = values
    done = await ConfirmedCriticism.update(changed).where(ConfirmedCriticism.id == item_id).returning(ConfirmedCriticism.id)
    if not done:
        await ConfirmedCriticism.insert(ConfirmedCriticism(id=item_id, **(first or {}), **values))


def _contains(text: str, moved: str) -> bool:
    return len(text) >= len(moved) // 2 and fuzz.partial_ratio(moved.casefold(), text.casefold()) >= ALIKE
