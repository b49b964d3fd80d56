"""A person's word on the end of a contract: that notice was sent, when the supplier received it, and that it has ended."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from base import clock, text
from base.refusals import Conflict, Invalid, read_together, refuse_all
from base.viewer import Viewer, must_keep_contracts
from contracts.access import access
from contracts.clock.dates_ahead import Outlook
from contracts.clock.reading import EARLIEST
from contracts.endings.tables import Sending
from contracts.events import Event
from contracts.fields import said
from contracts.fields.contract_fields import LONGEST_LINE, LONGEST_PROSE, METHOD
from contracts.fields.said import Said
from contracts.register import register
from contracts.tables import Contract
from sharing.tables import Person

MOST_SENDINGS: Final = 50  # of one contract: notice is sent once or twice


@dataclass(frozen=True, slots=True)
class Sends:
    """A notice as somebody enters it."""

    sent_on: date | None
    how: str
    to_end_on: date | None
    sent_to: str
    note: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Notice as it was sent. ``how`` is a key of METHOD; ``by`` is whoever wrote it down."""

    sent_on: date
    how: str
    to_end_on: date | None
    sent_to: str
    note: str
    by: str
    written_at: datetime


async def notice_given(viewer: Viewer, contract: UUID, received_on: date | None, *, version: int) -> Outlook | None:
    """Keeps the day on which the supplier received our notice; None takes it back: what follows, None where nothing differs.

    Raises Invalid, Conflict, NotFound.
    """
    return await _change(viewer, contract, Event.CONTRACT_NOTICE_GIVEN, {"notice_given_on": received_on}, version)


async def ceased(viewer: Viewer, contract: UUID, last_day: date | None, *, version: int) -> Outlook | None:
    """The same of the day on which a contract ended, whatever its dates say."""
    return await _change(viewer, contract, Event.CONTRACT_CEASED, {"ceased_on": last_day}, version)


async def sent(viewer: Viewer, contract: UUID, new: Sends) -> UUID:
    """Keeps that notice was sent: the proof for the day on which somebody says that none came. Raises Invalid, NotFound."""
    must_keep_contracts(viewer)
    checked(new)
    async with audit.recording(viewer) as record:
        return await sent_one(record, viewer, contract, new)


async def sent_one(record: Record, viewer: Viewer, contract: UUID, new: Sends) -> UUID:
    """As ``sent``, inside the caller's unit."""
    columns = checked(new)
    about = await register.as_said(await register.own(viewer, contract))
    if await Sending.count().where(Sending.contract == contract) >= MOST_SENDINGS:
        raise Invalid(f"At most {MOST_SENDINGS} notices are kept of one contract.")
    made = Sending(id=uuid4(), contract=contract, author=viewer.person, written_at=clock.now(), **columns)
    await made.save()
    facts = {"sent_on": made.sent_on.isoformat(), "how": new.how}
    facts |= {"to_end_on": new.to_end_on.isoformat()} if new.to_end_on else {}
    words = {name: str(columns[name]) for name in ("sent_to", "note") if columns[name]}
    await register.tell(record, Event.CONTRACT_NOTICE_SENT, contract, about, facts, words)
    return made.id


async def sendings(viewer: Viewer, contract: UUID) -> tuple[Sent, ...]:
    """Of a contract of the viewer's school, the newest first; none of another's."""
    async with database.read():
        if not await Contract.exists().where((Contract.id == contract) & access.ours(viewer.school)):
            return ()
        rows = await Sending.select().where(Sending.contract == contract).order_by(Sending.sent_on, ascending=False)
        authors = await Person.select(Person.id, Person.name).where(database.among(Person.id, {row["author"] for row in rows}))
    names = {row["id"]: row["name"] for row in authors}
    return tuple(_sent(row, names) for row in rows)


async def _change(viewer: Viewer, contract: UUID, event: Event, what: Mapping[str, Any], version: int) -> Outlook | None:
    must_keep_contracts(viewer)
    async with audit.recording(viewer) as record:
        row = await register.own(viewer, contract)
        if row["version"] != version:
            raise Conflict(register.CHANGED)
        new: Said = said.checked(replace(await register.as_said(row), **what))
        found = await register.change_one(record, viewer, row, new, event)
        if found is None:
            record.unchanged()
        return found


def checked(new: Sends) -> dict[str, Any]:
    """The columns to keep. Raises Invalid that names each wrong field."""
    problems: dict[str, str] = {}
    if new.sent_on is None or not EARLIEST <= new.sent_on <= clock.today():
        problems["sent_on"] = "Enter the day on which it was sent, not one that is still to come."
    if new.how not in METHOD:
        problems["how"] = "Choose how it was sent."
    to, words, _ = read_together(
        lambda: text.line(new.sent_to, field="sent_to", longest=LONGEST_LINE, required=False),
        lambda: text.prose(new.note, field="note", longest=LONGEST_PROSE),
        lambda: refuse_all([Invalid("It was not saved.", **problems)] if problems else []),
    )
    return {"sent_on": new.sent_on, "how": new.how, "to_end_on": new.to_end_on, "sent_to": to or None, "note": words or None}


def _sent(row: Mapping[str, Any], names: Mapping[UUID, str]) -> Sent:
    by = names.get(row["author"], "somebody")
    return Sent(
        row["sent_on"], row["how"], row["to_end_on"], row["sent_to"] or "", row["note"] or "", by, row["written_at"]
    )  # fmt: skip
