"""Performance ratings in the words of regulation 39: a person rates each indicator, says why and signs. Nothing is published."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from base import clock, text
from base.refusals import Invalid, NotFound, read_together
from base.spreadsheets.writing import Csv
from base.viewer import Viewer, must_keep_contracts
from contracts.access import served
from contracts.access.served import NOBODYS, ServedContract
from contracts.attainment import attainment, wording
from contracts.attainment.attainment import Days
from contracts.events import Event
from contracts.improvement import duty, kept
from contracts.improvement.duty import Rating
from contracts.improvement.tables import Assessment
from contracts.promises.metric import as_json
from contracts.register import reading
from suppliers.record import facts

MOST: Final = 200  # assessments of one contract
LONGEST_REASON: Final = 2_000
LONGEST_NAME: Final = 200
LINES: Final = ("procurement", "identifier", "address", "email")  # that may be left empty
LONGEST_KEPT: Final = 4_000  # characters of any other field of what was signed elsewhere: a supplier may have many numbers
# In the order of regulation 39(4).
FIELDS: Final = (
    "contracting_authority", "procurement_title", "procurement_identifier", "contract_identifier", "indicator", "statement",
    "supplier_name", "supplier_postal_address", "supplier_email", "supplier_identifier", "rating", "reason", "period_from",
    "period_to", "signed_by", "signed_on",
)  # fmt: skip
STATEMENT: Final = "This sets out the contracting authority's assessment of performance against the key performance indicators."


@dataclass(frozen=True, slots=True)
class Rated:
    """Of one promise."""

    metric: UUID
    rating: Rating
    reason: str


@dataclass(frozen=True, slots=True)
class New:
    """``address`` and ``email`` are the supplier's; ``procurement`` and ``identifier`` name the procurement and the contract."""

    first: date | None
    last: date | None
    rated: tuple[Rated, ...]
    signed_by: str
    procurement: str = ""
    identifier: str = ""
    address: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """A rating as it was signed: a row an indicator, by FIELDS."""

    first: date
    last: date
    rows: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """``why_not``: why the contract is not assessed in these words. ``metrics`` with what was measured, in words."""

    contract: reading.ContractView
    why_not: tuple[str, ...]
    metrics: tuple[tuple[UUID, str, str], ...]
    source: str
    months: int
    signed: tuple[tuple[UUID, date, date], ...]  # id, period; the latest first


async def asked(viewer: Viewer, contract: UUID) -> Asked:
    """Opens its own units. Raises NotFound unless the contract is the viewer's school's."""
    view = await reading.contract(viewer, contract)
    if not view.is_ours:
        raise NotFound
    figures = await attainment.of_contract(viewer, contract)
    said = tuple((one.metric, one.name, wording.sentence(one, one.latest) if one.latest else "") for one in figures)
    limits = duty.limits_on(clock.today()) or duty.LIMITS[-1]
    async with database.read():
        chosen = Assessment.select(Assessment.id, Assessment.first_day, Assessment.last_day)
        rows = await chosen.where(Assessment.contract == contract).order_by(Assessment.recorded_at, ascending=False)
    signed = tuple((row["id"], row["first_day"], row["last_day"]) for row in rows)
    return Asked(view, _why_not(view), said, limits.source, limits.months, signed)


async def sign(viewer: Viewer, contract: UUID, new: New) -> UUID:
    """Raises Forbidden, NotFound, Invalid that names each wrong field, or says why the contract is not assessed like this."""
    must_keep_contracts(viewer)
    view = await reading.contract(viewer, contract)
    if not view.is_ours:
        raise NotFound
    if reasons := _why_not(view):
        raise Invalid(" ".join(reasons))
    first, last = checked(new)
    figures = {one.metric: one.name for one in await attainment.of_contract(viewer, contract, Days(first, last))}
    async with audit.recording(viewer) as record:
        about = await kept.ours(viewer, contract)
        rows = list(_rows(view, new, figures, await _supplier(view), first, last))
        return await _keep(record, viewer, about, rows, first, last)


async def keep_signed(
    record: Record, viewer: Viewer, about: ServedContract, rows: Sequence[Mapping[str, str]], first: date, last: date
) -> UUID:
    """What was signed elsewhere, by FIELDS, as it was. Inside the caller's unit. Raises Invalid for what no rating says."""
    first, last = _period(New(first, last, (), ""))
    is_complete = all(set(row) == set(FIELDS) and row["rating"] in set(Rating) for row in rows)
    if not rows or len(rows) > MOST or not is_complete:
        raise Invalid("This is no rating that somebody signed.")
    for row in rows:
        text.prose(row["reason"], field="reason", longest=LONGEST_REASON)
        for name in set(FIELDS) - {"reason"}:
            text.line(row[name], field=name, longest=LONGEST_KEPT, required=False)
    return await _keep(record, viewer, about, rows, first, last)


async def _keep(
    record: Record, viewer: Viewer, about: ServedContract, rows: Sequence[Mapping[str, str]], first: date, last: date
) -> UUID:
    if await Assessment.count().where(Assessment.contract == about.id) >= MOST:
        raise Invalid(f"At most {MOST} ratings are kept of one contract.")
    data, made = as_json(rows), uuid4()
    await Assessment(
        id=made, contract=about.id, first_day=first, last_day=last, data=data, author=viewer.person, recorded_at=clock.now()
    ).save()
    told = {
        "assessment": str(made),
        "from": first.isoformat(),
        "to": last.isoformat(),
        "sha256": sha256(data.encode()).hexdigest(),
    }
    signed_by = {"signed_by": rows[0]["signed_by"]} if rows[0]["signed_by"] else {}
    await served.tell(record, Event.ASSESSMENT_SIGNED, about, viewer, told, signed_by, moves_figures=False)
    return made


async def of_contract(viewer: Viewer, contract: UUID) -> tuple[Signed, ...]:
    """The earliest first. Inside the caller's unit. Raises NotFound unless the contract is the viewer's school's."""
    await kept.ours(viewer, contract, lock=False)
    rows = await Assessment.select().where(Assessment.contract == contract).order_by(Assessment.recorded_at, Assessment.id)
    return tuple(Signed(row["first_day"], row["last_day"], tuple(_by_fields(row["data"]))) for row in rows)


async def export(viewer: Viewer, assessment: UUID) -> list[dict[str, str]]:
    """A row an indicator, by FIELDS. Opens its own unit. Raises NotFound."""
    async with database.read():
        row = await Assessment.select().where(Assessment.id == assessment).first()
        await kept.ours(viewer, row["contract"] if row else NOBODYS, lock=False)
    if row is None:
        raise NotFound
    return _by_fields(row["data"])


def _by_fields(data: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(data)
    return [{name: one[name] for name in FIELDS} for one in found]


def as_csv(rows: list[dict[str, str]]) -> bytes:
    file = io.BytesIO()
    table = Csv(file)
    table.add(FIELDS)
    for one in rows:
        table.add(tuple(one[name] for name in FIELDS))
    table.close()
    return file.getvalue()


def _why_not(view: reading.ContractView) -> tuple[str, ...]:
    values = view.said.values
    total = values["total_pence"]
    return duty.why_not(values, total if isinstance(total, int) else None, clock.today())


def checked(new: New) -> tuple[date, date]:
    """The period. Raises Invalid that names each wrong field."""
    reasons, lines = [partial(_reason, one) for one in new.rated], [partial(_line, new, name) for name in LINES]
    (first, last), *_ = read_together(lambda: _period(new), lambda: _signer(new), lambda: _require_rated(new), *reasons, *lines)
    return first, last


def _require_rated(new: New) -> None:
    if not new.rated:
        kept.refuse("rated", "Rate at least one promise.")


def _line(new: New, name: str) -> str:
    return text.line(getattr(new, name), field=name, longest=LONGEST_NAME, required=False)


def _signer(new: New) -> str:
    return text.line(new.signed_by, field="signed_by", longest=LONGEST_NAME, missing="Enter the name of the person who signs.")


def _reason(rated: Rated) -> str:
    field = f"reason-{rated.metric}"
    reason = text.prose(rated.reason, field=field, longest=LONGEST_REASON)
    return reason or kept.refuse(field, "Say why you rate it so.")


def _period(new: New) -> tuple[date, date]:
    first, last = read_together(lambda: kept.past(new.first, "first"), lambda: kept.past(new.last, "last"))
    if last < first:
        kept.refuse("last", "The period ends before it begins.")
    return first, last


async def _supplier(view: reading.ContractView) -> str:
    known = (await facts.load({view.said.supplier})).get(view.said.supplier) if view.said.supplier else None
    return ", ".join(f"{scheme}:{value}" for scheme, value in known.identifiers) if known else ""


def _rows(
    view: reading.ContractView, new: New, names: Mapping[UUID, str], identifiers: str, first: date, last: date
) -> Iterator[dict[str, Any]]:
    signed = _signer(new)
    lines = dict(zip(LINES, [_line(new, name) for name in LINES], strict=True))
    for one in new.rated:
        if one.metric not in names:
            kept.refuse("rated", "The contract had no such promise in this period.")
        reason = _reason(one)
        yield {
            "contracting_authority": view.school_name, "procurement_title": view.title,
            "procurement_identifier": lines["procurement"], "contract_identifier": lines["identifier"],
            "indicator": names[one.metric], "statement": STATEMENT, "supplier_name": view.supplier_name,
            "supplier_postal_address": lines["address"], "supplier_email": lines["email"], "supplier_identifier": identifiers,
            "rating": one.rating.value, "reason": reason, "period_from": first.isoformat(), "period_to": last.isoformat(),
            "signed_by": signed, "signed_on": clock.today().isoformat(),
        }  # fmt: skip
