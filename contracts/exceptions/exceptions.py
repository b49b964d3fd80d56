"""Exceptions and commitments of one school, or of all that a trust lead looks after; and the rules of buying that they ask."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from audit.log.subjects import OUR_SCHOOL
from base import clock
from base.refusals import Conflict, Forbidden
from base.viewer import Viewer, must_keep_contracts
from contracts.documents import expiring
from contracts.documents.kinds import DocumentKind
from contracts.events import Event
from contracts.exceptions import commitments, rules
from contracts.exceptions import scheme as schemes
from contracts.exceptions.commitments import Commitment
from contracts.exceptions.rules import Facts, Finding
from contracts.exceptions.scheme import Scheme
from contracts.exceptions.tables import BuyingRules
from contracts.lists import awarded, trust_contracts
from contracts.reminders import decisions
from contracts.service_events import stored
from sharing.members import members
from suppliers.record import facts as supplier_facts

YEAR_DAYS: Final = 365.25
SINCE_CHANGED: Final = "The rules were changed after you read them. Read them again, then change what is still wrong."


@dataclass(frozen=True, slots=True)
class Asked:
    """``schools`` looked at, with their names; ``scheme`` is that of the viewer's own school or trust."""

    schools: Mapping[UUID, str]
    scheme: Scheme
    version: int
    rows: list[dict[str, Any]]
    dates: Mapping[UUID, Mapping[str, Any]]
    names: Mapping[UUID, str]  # of suppliers


async def exceptions(viewer: Viewer, *, of_trust: bool = False) -> tuple[Asked, tuple[Finding, ...]]:
    """Opens its own unit. Raises Forbidden for whoever reads no prices, NotFound where no school is led."""
    async with database.read():
        asked = await _asked(viewer, of_trust=of_trust)
        facts = await _facts(asked)
    return asked, rules.found(facts, asked.scheme, clock.today())


async def commitments_of(viewer: Viewer, on: date, *, of_trust: bool = False) -> tuple[Commitment, ...]:
    """As they stand at the end of a day, by school and title. Raises as ``exceptions``."""
    async with database.read():
        asked = await _asked(viewer, of_trust=of_trust)
    going_on = [row for row in asked.rows if not _is_over(row, asked.dates.get(row["id"]), on)]
    found = [
        commitments.of(
            row["id"], row["title"], asked.schools[row["school"]], _supplier_name(row, asked),
            annual_pence=row["annual_pence"], until=_until(row, asked.dates.get(row["id"])), on=on,
        )
        for row in going_on
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.school, one.title)))


async def scheme_of(viewer: Viewer) -> tuple[Scheme, int]:
    """The rules of the viewer's school or trust, and their version; 0 and empty where none were saved. Raises Forbidden."""
    _must_read(viewer)
    async with database.read():
        return await _scheme(viewer.school)


async def has_scheme(school: UUID) -> bool:
    """Whether it ever saved some. Inside the caller's unit."""
    return (await _scheme(school))[1] > 0


async def save_scheme(viewer: Viewer, scheme: Scheme, *, version: int) -> None:
    """Raises Forbidden, Invalid that names each wrong field, Conflict for a stale version."""
    must_keep_contracts(viewer)
    schemes.checked(scheme)
    async with audit.recording(viewer) as record:
        if not await save_one(record, viewer, scheme, version=version):
            record.unchanged()


async def save_one(record: Record, viewer: Viewer, scheme: Scheme, *, version: int) -> bool:
    """As ``save_scheme``, inside the caller's unit: whether they are others than before."""
    scheme = schemes.checked(scheme)
    before, newest = await _scheme(viewer.school)
    if newest != version:
        raise Conflict(SINCE_CHANGED)
    if before == scheme:
        return False
    data = schemes.to_json(scheme)
    with database.duplicates(Conflict(SINCE_CHANGED)):
        await BuyingRules(
            id=uuid4(), school=viewer.school, version=version + 1, data=data, made_by=viewer.person, made_at=clock.now()
        ).save()
    record(Event.BUYING_RULES_SAVED, stream=OUR_SCHOOL, subject=OUR_SCHOOL, facts={"version": version + 1, "rules": data})
    return True


def _must_read(viewer: Viewer) -> None:
    if not viewer.role.reads_prices:
        raise Forbidden("Only governors and those who keep contracts read this. Ask one of them.")


async def _asked(viewer: Viewer, *, of_trust: bool) -> Asked:
    _must_read(viewer)
    schools = await trust_contracts.schools(viewer) if of_trust else {viewer.school: viewer.school_name}
    scheme, version = await _scheme(viewer.school)
    rows = await awarded.of_schools(schools)
    known = await supplier_facts.load({row["supplier"] for row in rows if row["supplier"]})
    names = {supplier: its.name for supplier, its in known.items()}
    return Asked(schools, scheme, version, rows, await awarded.dates_today(schools), names)


async def _scheme(school: UUID) -> tuple[Scheme, int]:
    row = await BuyingRules.select().where(BuyingRules.school == school).order_by(BuyingRules.version, ascending=False).first()
    return (schemes.of_json(row["data"]), row["version"]) if row else (Scheme(), 0)


async def _facts(asked: Asked) -> list[Facts]:
    kept = await expiring.held(asked.schools)
    undecided = await awarded.undecided_extensions(asked.schools)
    used = await stored.last_days([row["id"] for row in asked.rows])
    there = await _people(asked.schools)
    decided = await decisions.of_each([row["id"] for row in asked.rows])
    return [
        _of_one(
            row, asked, kept.get(row["id"], {}), undecided.get(row["id"], 0), used.get(row["id"]), there,
            decisions.ends_decided(decided.get(row["id"], ())),
        )
        for row in asked.rows
    ]  # fmt: skip


def _of_one(
    row: Mapping[str, Any], asked: Asked, kept: Mapping[DocumentKind, date | None], undecided: int, used: date | None,
    there: Mapping[UUID, frozenset[UUID]], ends_decided: Collection[date],
) -> Facts:  # fmt: skip
    dates, officer = asked.dates.get(row["id"]), row["officer_person"]
    over = dates is not None and dates["state"] == "ended"
    said = {
        name: row[name]
        for name in ("title", "starts_on", "annual_pence", "route", "quotes", "approved_by", "approved_on",
                     "approval_limit_pence", "conflicts", "review_due_on")
    }  # fmt: skip
    return Facts(
        row["id"],
        school=asked.schools[row["school"]],
        supplier=str(row["supplier"] or (row["supplier_name"] or "").strip().lower()),
        supplier_name=_supplier_name(row, asked),
        ended_on=row["ceased_on"] or (dates["current_end"] if dates and over else None),
        last_used_on=used,
        value_pence=_value(row, dates),
        renewals=_renewed_undecided(dates, ends_decided),
        undecided=undecided,
        has_signed_copy=DocumentKind.SIGNED_COPY in kept,
        documents=tuple((kind.words, last) for kind, last in kept.items() if last is not None),
        needs_data_agreement=bool(row["needs_data_agreement"]),
        has_data_agreement=DocumentKind.DATA_AGREEMENT in kept,
        officer=row["officer"] or ("a person" if officer else None),
        officer_left=officer is not None and officer not in there[row["school"]],
        **said,
    )


async def _people(schools: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    return {school: frozenset([one.id for one in await members.members(school)]) for school in schools}


def _renewed_undecided(dates: Mapping[str, Any] | None, ends_decided: Collection[date]) -> int:
    """How often it renewed by itself without a decision before about the end that it had."""
    rolled = int(dates["rolled"]) if dates else 0
    end: date | None = dates["current_end"] if dates else None
    return max(0, rolled - sum(1 for one in ends_decided if end and one < end))


def _value(row: Mapping[str, Any], dates: Mapping[str, Any] | None) -> int | None:
    """In all: as it is written down, else a year's price over the length that is known."""
    total: int | None = row["total_pence"]
    annual: int | None = row["annual_pence"]
    if total is not None or annual is None:
        return total
    end: date | None = dates["current_end"] if dates else None
    if row["starts_on"] is None or end is None:
        return annual
    days = int((end - row["starts_on"]).days) + 1
    return max(annual, round(annual * days / YEAR_DAYS))


def _supplier_name(row: Mapping[str, Any], asked: Asked) -> str:
    return asked.names.get(row["supplier"]) or row["supplier_name"] or ""


def _is_over(row: Mapping[str, Any], dates: Mapping[str, Any] | None, on: date) -> bool:
    ended = row["ceased_on"] or (dates["current_end"] if dates and dates["state"] == "ended" else None)
    return ended is not None and ended <= on


def _until(row: Mapping[str, Any], dates: Mapping[str, Any] | None) -> date | None:
    """The last day for which we pay in any case."""
    if row["ceased_on"] is not None or dates is None:
        ceased: date | None = row["ceased_on"]
        return ceased
    end: date | None = dates["current_end"] or dates["earliest_exit"]
    return end
