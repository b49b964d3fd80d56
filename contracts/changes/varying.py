"""What both sides agreed on while a contract ran: variations as dated rows, and extensions taken, with who decided."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from base import clock, text
from base.refusals import Conflict, Invalid, read_together
from base.viewer import Viewer, must_keep_contracts
from contracts.access import access
from contracts.changes.tables import Variation
from contracts.clock.dates_ahead import Outlook
from contracts.clock.reading import EARLIEST, LATEST
from contracts.events import Event
from contracts.fields import said
from contracts.fields.contract_fields import LONGEST_LINE, LONGEST_PROSE
from contracts.fields.dates_asked import Extension
from contracts.fields.said import Said
from contracts.register import register
from contracts.tables import Contract

MOST_VARIATIONS: Final = 200  # of one contract: one a month for sixteen years
NONE_LEFT: Final = "Every extension of this contract is taken, or it has none. Add one first."


@dataclass(frozen=True, slots=True)
class NewVariation:
    """A variation as somebody enters it. ``annual_pence`` and ``new_end`` None: they stay as they were."""

    agreed_on: date | None
    what: str
    agreed_by: str = ""
    supplier_agreed_by: str = ""
    annual_pence: int | None = None
    new_end: date | None = None


@dataclass(frozen=True, slots=True)
class Varied:
    """A variation as it is kept, with what it replaced."""

    agreed_on: date
    what: str
    agreed_by: str
    supplier_agreed_by: str
    annual_before_pence: int | None
    annual_pence: int | None
    end_before: date | None
    new_end: date | None
    written_at: datetime


async def vary(viewer: Viewer, contract: UUID, agreed: NewVariation, *, version: int) -> Outlook | None:
    """Keeps a variation, and lets the price and the end of the contract follow it: what follows, None where neither moves.

    Raises Invalid, Conflict, NotFound.
    """
    must_keep_contracts(viewer)
    kept = checked(agreed)
    async with audit.recording(viewer) as record:
        row = await _read(viewer, contract, version)
        await _require_room(contract)
        before = await register.as_said(row)
        new = _followed(before, agreed)
        was: dict[str, Any] = {"annual_before_pence": before.values["annual_pence"] if agreed.annual_pence is not None else None}
        was["end_before"] = _end(before) if agreed.new_end else None
        made = Variation(id=uuid4(), contract=contract, author=viewer.person, written_at=clock.now(), **kept, **was)
        await made.save()
        words = {name: str(kept[name]) for name in ("what", "agreed_by", "supplier_agreed_by") if kept[name]}
        facts = {"agreed_on": made.agreed_on.isoformat()}
        found = await register.change_one(record, viewer, row, new, Event.CONTRACT_VARIED, words, facts)
        if found is None:
            await register.tell(record, Event.CONTRACT_VARIED, contract, before, facts, words)
        return found


async def keep_one(
    record: Record,
    viewer: Viewer,
    row: Mapping[str, Any],
    agreed: NewVariation,
    *,
    price_before: int | None,
    end_before: date | None,
) -> None:
    """One that was agreed and followed elsewhere: it is kept as it was, and the contract of ``row``, which ``register.own`` gave,
    stays as it is. Inside the caller's unit. Raises Invalid.
    """
    contract: UUID = row["id"]
    kept = checked(agreed)
    await _require_room(contract)
    was: dict[str, Any] = {"annual_before_pence": price_before, "end_before": end_before}
    made = Variation(id=uuid4(), contract=contract, author=viewer.person, written_at=clock.now(), **kept, **was)
    await made.save()
    words = {name: str(kept[name]) for name in ("what", "agreed_by", "supplier_agreed_by") if kept[name]}
    facts: dict[str, Any] = {"agreed_on": made.agreed_on.isoformat()}
    prices = {"price_before_pence": price_before, "price_after_pence": agreed.annual_pence}
    ends = {"end_before": end_before, "end_after": agreed.new_end}
    facts |= {name: pence for name, pence in prices.items() if pence is not None}
    facts |= {name: day.isoformat() for name, day in ends.items() if day}
    await register.tell(record, Event.CONTRACT_VARIED, contract, await register.as_said(row), facts, words)


async def take_extension(
    viewer: Viewer, contract: UUID, *, decided_by: str, decided_on: date | None, minute: str, version: int
) -> Outlook | None:
    """Takes the next extension up: what follows, since the end moves. Raises Invalid, Conflict, NotFound."""
    must_keep_contracts(viewer)
    by, on, reference = checked_decision(decided_by, decided_on, minute)
    async with audit.recording(viewer) as record:
        row = await _read(viewer, contract, version)
        before = await register.as_said(row)
        place = next((place for place, one in enumerate(before.extensions) if not one.is_taken), None)
        if place is None:
            raise Invalid(NONE_LEFT)
        taken = replace(before.extensions[place], is_taken=True, decided_on=on, decided_by=by, minute=reference)
        extensions = (*before.extensions[:place], taken, *before.extensions[place + 1 :])
        new = said.checked(replace(before, extensions=extensions))
        return await register.change_one(record, viewer, row, new, Event.CONTRACT_EXTENDED)


def _decided(day: date | None) -> date:
    if day is None or not EARLIEST <= day <= clock.today():
        raise Invalid("It was not saved.", decided_on="Enter the day on which it was decided, not one that is still to come.")
    return day


def checked_decision(decided_by: str, decided_on: date | None, minute: str) -> tuple[str, date, str]:
    """Who decided, when, and the minute, fit to keep. Raises Invalid that names each wrong field."""
    missing = "Enter who decided, such as the finance committee."
    by, on, reference = read_together(
        lambda: text.line(decided_by, field="decided_by", longest=LONGEST_LINE, missing=missing),
        lambda: _decided(decided_on),
        lambda: text.line(minute, field="minute", longest=LONGEST_LINE, required=False),
    )
    return by, on, reference


async def variations(viewer: Viewer, contract: UUID) -> tuple[Varied, ...]:
    """Of a contract of the viewer's school, the newest first; none of another's."""
    async with database.read():
        if not await Contract.exists().where((Contract.id == contract) & access.ours(viewer.school)):
            return ()
        rows = await Variation.select().where(Variation.contract == contract).order_by(Variation.agreed_on, ascending=False)
    names = ("what", "agreed_by", "supplier_agreed_by")
    return tuple(
        Varied(**{**{name: row[name] for name in Varied.__slots__}, **{name: row[name] or "" for name in names}}) for row in rows
    )


async def _require_room(contract: UUID) -> None:
    if await Variation.count().where(Variation.contract == contract) >= MOST_VARIATIONS:
        raise Invalid(f"At most {MOST_VARIATIONS} variations are kept of one contract.")


async def _read(viewer: Viewer, contract: UUID, version: int) -> Mapping[str, Any]:
    row = await register.own(viewer, contract)
    if row["version"] != version:
        raise Conflict(register.CHANGED)
    return row


def _followed(before: Said, agreed: NewVariation) -> Said:
    """Raises Invalid that names the field of the variation."""
    try:
        return said.checked(_varied(before, agreed))
    except Invalid as refusal:
        fields = {_FIELDS.get(name, name): sentence for name, sentence in refusal.fields.items()}
        raise Invalid(refusal.sentence, **fields) from refusal


_FIELDS: Final = {"ends_on": "new_end", "extensions": "new_end", "starts_on": "new_end"}


def _varied(before: Said, agreed: NewVariation) -> Said:
    """A new end is that of the extension that runs, or of the first term where none was taken."""
    values = dict(before.values)
    if agreed.annual_pence is not None:
        values["annual_pence"] = agreed.annual_pence
        values["total_pence"] = None if _is_less(values["total_pence"], agreed.annual_pence) else values["total_pence"]
    if agreed.new_end is None:
        return replace(before, values=values)
    taken = [place for place, one in enumerate(before.extensions) if one.is_taken]
    if not taken:
        return replace(before, values={**values, "ends_on": agreed.new_end, "term": None})
    extensions: list[Extension] = list(before.extensions)
    extensions[taken[-1]] = replace(extensions[taken[-1]], length=None, to_day=agreed.new_end)
    return replace(before, values=values, extensions=extensions)


def _is_less(total: object, annual: int) -> bool:
    return isinstance(total, int) and total < annual


def _end(before: Said) -> date | None:
    found = before.values["ends_on"]
    return found if isinstance(found, date) else None


def checked(agreed: NewVariation) -> dict[str, Any]:
    """What of it is kept. Raises Invalid that names each wrong field."""
    problems: dict[str, str] = {}
    kept: dict[str, Any] = {"annual_pence": agreed.annual_pence, "new_end": agreed.new_end, "agreed_on": agreed.agreed_on}
    if agreed.agreed_on is None or not EARLIEST <= agreed.agreed_on <= clock.today():
        problems["agreed_on"] = "Enter the day on which it was agreed, not one that is still to come."
    if agreed.new_end is not None and not EARLIEST <= agreed.new_end <= LATEST:
        problems["new_end"] = f"Enter a real date between the years {EARLIEST.year} and {LATEST.year}."
    try:
        kept["what"] = text.prose(
            agreed.what, field="what", longest=LONGEST_PROSE, required=True, missing="Enter what was agreed."
        )
    except Invalid as refusal:
        problems |= refusal.fields
    for name in ("agreed_by", "supplier_agreed_by"):
        try:
            kept[name] = text.line(getattr(agreed, name), field=name, longest=LONGEST_LINE, required=False) or None
        except Invalid as refusal:
            problems |= refusal.fields
    if problems:
        raise Invalid("It was not saved.", **problems)
    return kept
