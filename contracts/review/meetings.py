"""Writing down a contract review meeting, correcting that, and saying that an action was done. Each is an entry in the trail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from base import clock, text
from base.refusals import Conflict, Invalid, refuse_together
from base.viewer import Viewer, must_keep_contracts
from contracts.access import served
from contracts.access.served import ServedContract
from contracts.events import Event
from contracts.judging.kinds import Side
from contracts.review import access, stored
from contracts.review.tables import Action, Meeting
from contracts.review.topics import TOPICS

LONGEST_WORDS: Final = 4_000
LONGEST_NAMES: Final = 400
LONGEST_ACTION: Final = 500
LONGEST_OWNER: Final = 200
MOST_ACTIONS: Final = 20  # of one meeting: more are a project, not a contract review
LATEST: Final = timedelta(days=366 * 5)  # from today: an action or a next meeting after that is a slip
CHANGED: Final = "A colleague corrected this record after you read it. Read theirs, then send yours again."


@dataclass(frozen=True, slots=True)
class ToDo:
    """An action as somebody types it: who does it, on which side, and by when. ``row`` of the form, by which it is told."""

    what: str
    owner: str
    side: Side
    due_on: date | None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Minutes:
    """What a record says; ``words`` by the names of topics.py. ``ours`` and ``theirs`` are who was there for each side."""

    held_on: date | None
    ours: str
    theirs: str
    words: Mapping[str, str] = field(default_factory=dict)
    next_on: date | None = None
    actions: tuple[ToDo, ...] = ()


async def hold(viewer: Viewer, contract_id: UUID, new: Minutes) -> UUID:
    """Writes down a meeting with its actions; returns its id. Raises Forbidden, NotFound, Invalid that names each wrong field."""
    must_keep_contracts(viewer)
    async with audit.recording(viewer) as record:
        about = await access.own(viewer, contract_id, lock=True)
        meeting, _ = await hold_one(record, viewer, about, new)
    return meeting


async def hold_one(record: Record, viewer: Viewer, about: ServedContract, new: Minutes) -> tuple[UUID, tuple[UUID, ...]]:
    """As ``hold``, inside the caller's unit: the meeting, and its actions in their order."""
    new = checked(new)
    meeting = await _keep(viewer, about, new, uuid4())
    personal = _words(new)
    for n, action in enumerate(new.actions, 1):
        personal |= {f"action.{n}": action.what, f"owner.{n}": action.owner}
    actions = [await _keep_action(viewer, about, meeting, one) for one in new.actions]
    facts = {**_days(new), "meeting": str(meeting), "actions": [_due(one) for one in new.actions]}
    await served.tell(record, Event.REVIEW_HELD, about, viewer, facts, personal, moves_figures=False)
    return meeting, tuple(actions)


async def correct(viewer: Viewer, meeting_id: UUID, new: Minutes, *, row: UUID, reason: str) -> None:
    """Puts a record in the place of the row that was read, which stays. Its actions are not touched.

    Raises as ``hold``; Conflict where somebody else corrected ``row``.
    """
    must_keep_contracts(viewer)
    async with audit.recording(viewer) as record:
        about, there = await access.own_meeting(viewer, meeting_id, lock=True)
        refuse_together(lambda: checked_reason(reason), lambda: checked(replace(new, actions=())))
        why, new = checked_reason(reason), checked(replace(new, actions=()))
        if there.row != row:
            raise Conflict(CHANGED)
        await _keep(viewer, about, new, meeting_id, corrects=row)
        facts = {**_days(new), "meeting": str(meeting_id)}
        await served.tell(
            record, Event.REVIEW_CORRECTED, about, viewer, facts, {**_words(new), "reason": why}, moves_figures=False
        )


async def settle(viewer: Viewer, action_id: UUID, done_on: date | None, note: str = "") -> UUID:
    """Notes that an action was done; returns its contract. Raises Forbidden, NotFound, Invalid, Conflict where it was done."""
    must_keep_contracts(viewer)
    async with audit.recording(viewer) as record:
        return await settle_one(record, viewer, action_id, done_on, note)


async def settle_one(record: Record, viewer: Viewer, action_id: UUID, done_on: date | None, note: str) -> UUID:
    """As ``settle``, inside the caller's unit."""
    about, action = await access.own_action(viewer, action_id)
    if action.done_on is not None:
        raise Conflict("A colleague noted this already.")
    day = _past_day(done_on, "done_on", "Enter the day on which it was done.")
    said = text.prose(note, field="note", longest=LONGEST_ACTION)
    columns: dict[Any, Any] = {Action.done_on: day, Action.note: said or None}
    await Action.update(columns).where(Action.id == action_id)
    facts = {"action": str(action_id), "meeting": str(action.meeting), "done_on": day.isoformat()}
    words = {name: typed for name, typed in (("action", action.what), ("note", said)) if typed}
    await served.tell(record, Event.ACTION_DONE, about, viewer, facts, words, moves_figures=False)
    return about.id


async def of_contract(viewer: Viewer, contract_id: UUID) -> tuple[ServedContract, stored.Reviews]:
    """Raises NotFound for a contract that is not the viewer's school's."""
    async with database.read():
        about = await access.own(viewer, contract_id)
        return about, await stored.reviews_of(contract_id)


async def of_meeting(viewer: Viewer, meeting_id: UUID) -> tuple[ServedContract, stored.HeldMeeting, stored.Reviews]:
    """Raises NotFound."""
    async with database.read():
        about, there = await access.own_meeting(viewer, meeting_id)
        return about, there, await stored.reviews_of(about.id)


async def of_action(viewer: Viewer, action_id: UUID) -> tuple[ServedContract, stored.AgreedAction]:
    """Raises NotFound."""
    async with database.read():
        return await access.own_action(viewer, action_id)


def checked(new: Minutes) -> Minutes:
    """Raises Invalid that names each wrong field."""
    if len(new.actions) > MOST_ACTIONS:
        raise _wrong("actions", f"A meeting has at most {MOST_ACTIONS} actions.")
    found: dict[str, str] = {}
    actions: list[ToDo] = []
    refuse_together(
        lambda: _past_day(new.held_on, "held_on", "Enter the day of the meeting."),
        lambda: _next_day(new),
        lambda: found.update(ours=_names(new.ours, "ours", "Enter who was there for the school.")),
        lambda: found.update(theirs=_names(new.theirs, "theirs", "Enter who was there for the supplier.")),
        *(partial(_keep_topic, found, one.name, new.words.get(one.name, "")) for one in TOPICS),
        *(partial(_keep_checked, actions, one, one.row or n, new.held_on) for n, one in enumerate(new.actions, 1)),
    )
    topics = {one.name: found[one.name] for one in TOPICS}
    return Minutes(new.held_on, found["ours"], found["theirs"], topics, new.next_on, tuple(actions))


def _keep_topic(found: dict[str, str], name: str, typed: str) -> None:
    found[name] = text.prose(typed, field=name, longest=LONGEST_WORDS)


def _names(typed: str, field: str, missing: str) -> str:
    return text.line(typed, field=field, longest=LONGEST_NAMES, missing=missing)


def checked_reason(typed: str) -> str:
    return text.prose(typed, field="reason", longest=LONGEST_WORDS, required=True, missing="Enter why you correct it.")


def _next_day(new: Minutes) -> None:
    if new.next_on and new.held_on and new.next_on <= new.held_on:
        raise _wrong("next_on", "The next meeting comes after this one. Check the day.")
    _not_too_late(new.next_on, "next_on")


def _keep_checked(kept: list[ToDo], one: ToDo, n: int, held: date | None) -> None:
    said: dict[str, str] = {}

    def due() -> None:
        if one.due_on is None or (held and one.due_on < held):
            raise _wrong(f"due_{n}", "Enter the day by which it is to be done: not before the meeting.")
        _not_too_late(one.due_on, f"due_{n}")

    def what() -> None:
        said["what"] = text.line(one.what, field=f"what_{n}", longest=LONGEST_ACTION, missing="Enter what is to be done.")

    def owner() -> None:
        said["owner"] = text.line(one.owner, field=f"owner_{n}", longest=LONGEST_OWNER, missing="Enter who does it.")

    refuse_together(what, owner, due)
    kept.append(ToDo(said["what"], said["owner"], one.side, one.due_on))


def _past_day(day: date | None, field_name: str, missing: str) -> date:
    if day is None:
        raise _wrong(field_name, missing)
    if day > clock.today():
        raise _wrong(field_name, "This is in the future. Enter the day on which it happened.")
    return day


def _not_too_late(day: date | None, field_name: str) -> None:
    if day and day > clock.today() + LATEST:
        raise _wrong(field_name, "This is more than five years ahead. Check the year.")


async def _keep(viewer: Viewer, about: ServedContract, new: Minutes, meeting: UUID, corrects: UUID | None = None) -> UUID:
    row = uuid4() if corrects else meeting
    words: dict[str, Any] = {name: said or None for name, said in {**new.words, "ours": new.ours, "theirs": new.theirs}.items()}
    await Meeting(
        id=row, meeting=meeting, contract=about.id, held_on=new.held_on, next_on=new.next_on, corrects=corrects,
        author=viewer.person, recorded_at=clock.now(), **words,
    ).save()  # fmt: skip
    return row


async def _keep_action(viewer: Viewer, about: ServedContract, meeting: UUID, one: ToDo) -> UUID:
    made = uuid4()
    await Action(
        id=made, meeting=meeting, contract=about.id, what=one.what, owner=one.owner, side=one.side.value,
        due_on=one.due_on, author=viewer.person, recorded_at=clock.now(),
    ).save()  # fmt: skip
    return made


def _days(new: Minutes) -> dict[str, Any]:
    days: Iterable[tuple[str, date | None]] = (("held_on", new.held_on), ("next_on", new.next_on))
    return {name: day.isoformat() for name, day in days if day}


def _due(one: ToDo) -> dict[str, Any]:
    return {"due_on": one.due_on.isoformat() if one.due_on else None, "side": one.side.value}


def _words(new: Minutes) -> dict[str, str]:
    return {name: said for name, said in {**new.words, "ours": new.ours, "theirs": new.theirs}.items() if said}


def _wrong(field_name: str, sentence: str) -> Invalid:
    return Invalid(sentence, **{field_name: sentence})
