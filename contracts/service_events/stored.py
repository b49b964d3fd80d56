"""Rows of this room, read as jobs: those that stand, by contract and day, or one. Inside the caller's unit of work."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from piccolo.query.functions.aggregate import Max
from piccolo.querystring import QueryString

import database
from contracts.access.served import NOBODYS
from contracts.judging.job import Job, SaidOfJob, Stamped, standing
from contracts.judging.kinds import Agreed, Discussed, PauseReason, Side, StampKind
from contracts.promises.kinds import EventKind, How
from contracts.service_events.tables import Outcome, ServiceEvent, Stamp, Words

_STANDING: Final = """SELECT e.* FROM contracts_service_event e WHERE e.contract = {} AND {} AND NOT e.is_withdrawn
    AND NOT EXISTS (SELECT 1 FROM contracts_service_event c WHERE c.corrects = e.id)
    ORDER BY e.on_day DESC, e.job DESC LIMIT {}"""
WORDS: Final = database.shape(Words, (Words.id, Words.about, Words.contract, Words.name, Words.words))
MOST_READ: Final = 100_000  # of one contract and period: more than any service has
AT_ONCE: Final = 500  # ids of one statement: a database takes some thousands


async def jobs_between(contract: UUID, first: date | None, last: date, *, also: Collection[UUID] = ()) -> tuple[Job, ...]:
    """The jobs of a contract's days, the latest first, as they stand; and ``also`` these, whatever their day."""
    which = _days(first, last)
    if also:
        which = QueryString(f"({{}} OR e.job IN ({', '.join('{}' for _ in also)}))", which, *also)
    return await jobs(contract, which, MOST_READ)


async def jobs(contract: UUID, which: QueryString, limit: int) -> tuple[Job, ...]:
    """``which`` is a condition on "e", a row of contracts_service_event."""
    rows = await ServiceEvent.raw(_STANDING, contract, which, limit)
    return await _with_parts(rows)


async def contract_of_job(job_id: UUID) -> UUID:
    """NOBODYS where there is none."""
    rows = await ServiceEvent.select(ServiceEvent.contract).where(ServiceEvent.id == job_id, ServiceEvent.job == job_id)
    found: UUID = rows[0]["contract"] if rows else NOBODYS
    return found


async def words_of(about: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """What was typed beside rows, by name; nothing where it was erased."""
    found: dict[UUID, dict[str, str]] = {}
    for part in _parts(list(about)):
        rows = await Words.select(Words.about, Words.name, Words.words).where(database.among(Words.about, part))
        for row in rows:
            found.setdefault(row["about"], {})[row["name"]] = row["words"]
    return found


async def keep_words(about: UUID, contract: UUID, words: Mapping[str, str]) -> None:
    """Those that are not empty. The caller's entry commits to them."""
    await database.write_together((WORDS, rows_of_words(about, contract, words)))


def rows_of_words(about: UUID, contract: UUID, words: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """Of those that are not empty, to write as WORDS together with what they are about."""
    return [(uuid4(), about, contract, name, text) for name, text in words.items() if text]


def _days(first: date | None, last: date) -> QueryString:
    if first is None:
        return QueryString("e.on_day <= {}", last)
    return QueryString("e.on_day BETWEEN {} AND {}", first, last)


async def _with_parts(rows: list[dict[str, Any]]) -> tuple[Job, ...]:
    ids = [row["job"] for row in rows]
    stamps: dict[UUID, list[Stamped]] = {}
    said: dict[UUID, list[SaidOfJob]] = {}
    for part in _parts(ids):
        for row in await _standing_stamps(part):
            stamps.setdefault(row["job"], []).append(_stamp(row))
        for row in await Outcome.select().where(database.among(Outcome.job, part)).order_by(Outcome.recorded_at, Outcome.id):
            said.setdefault(row["job"], []).append(_said(row))
    return tuple(
        replace(
            _job(row),
            stamps=standing(stamps.get(row["job"], ()), row["priority"]),
            discussions=tuple(said.get(row["job"], ())),
        )
        for row in rows
    )


async def _standing_stamps(jobs_: list[UUID]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await Stamp.select().where(database.among(Stamp.job, jobs_))
    corrected = {row["corrects"] for row in rows}
    return [row for row in rows if row["id"] not in corrected and not row["is_withdrawn"]]


def _parts(ids: list[UUID]) -> Iterable[list[UUID]]:
    return (ids[n : n + AT_ONCE] for n in range(0, len(ids), AT_ONCE))


def _job(row: Mapping[str, Any]) -> Job:
    return Job(
        job=row["job"], row=row["id"], contract=row["contract"], school=row["school"], metric=row["metric"],
        kind=EventKind(row["kind"]), on_day=row["on_day"], happened_at=row["happened_at"], told_at=row["told_at"],
        told_how=How(row["told_how"]) if row["told_how"] else None, job_number=row["job_number"] or "",
        priority=row["priority"], said=json.loads(row["said"]) if row["said"] else {}, claimed_by=Side(row["claimed_by"]),
        is_corrected=row["corrects"] is not None, author=row["author"], recorded_at=row["recorded_at"],
    )  # fmt: skip


def _stamp(row: Mapping[str, Any]) -> Stamped:
    return Stamped(
        row["id"], StampKind(row["kind"]), row["at"], row["priority"], PauseReason(row["reason"]) if row["reason"] else None,
        Side(row["claimed_by"]), row["agrees"], row["corrects"] is not None, row["author"], row["recorded_at"],
    )  # fmt: skip


def _said(row: Mapping[str, Any]) -> SaidOfJob:
    return SaidOfJob(
        row["id"], row["metric"], Discussed(row["state"]) if row["state"] else None,
        Agreed(row["outcome"]) if row["outcome"] else None, row["clause"] or "", row["on_day"], row["author"],
        row["recorded_at"],
    )  # fmt: skip


def named(job: UUID) -> QueryString:
    """The condition of one job, for ``jobs``."""
    return QueryString("e.job = {}", job)


async def job_numbers(contract: UUID) -> set[str]:
    """The supplier's numbers of the jobs that are logged."""
    chosen = ServiceEvent.select(ServiceEvent.job_number).where(ServiceEvent.contract == contract)
    return set(await chosen.where(ServiceEvent.job_number.is_not_null()).output(as_list=True))


async def last_days(contracts: Iterable[UUID]) -> dict[UUID, date]:
    """By contract, the last day on which something happened that stands or was corrected."""
    found: dict[UUID, date] = {}
    for part in _parts(list(contracts)):
        chosen = ServiceEvent.select(ServiceEvent.contract, Max(ServiceEvent.on_day, alias="last_day"))
        rows = await chosen.where(database.among(ServiceEvent.contract, part), ServiceEvent.is_withdrawn.eq(False)).group_by(
            ServiceEvent.contract
        )
        found |= {row["contract"]: _day(row["last_day"]) for row in rows}
    return found


def _day(value: date | str) -> date:
    """SQLite gives what it reckoned as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


async def contracts_at(school: UUID, since: date) -> tuple[UUID, ...]:
    """The contracts, whoever has them, under which something happened at the school since a day."""
    there = ServiceEvent.select(ServiceEvent.contract).where(ServiceEvent.school == school, ServiceEvent.on_day >= since)
    return tuple(await there.distinct().output(as_list=True))


async def contracts_with_events(contracts: Iterable[UUID], since: date) -> tuple[UUID, ...]:
    """Those of the contracts under which something happened since a day."""
    found: list[UUID] = []
    for part in _parts(list(contracts)):
        there = ServiceEvent.select(ServiceEvent.contract).where(
            database.among(ServiceEvent.contract, part), ServiceEvent.on_day >= since
        )
        found += await there.distinct().output(as_list=True)
    return tuple(found)
