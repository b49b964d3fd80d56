"""Figures that were reckoned, kept beside what they were reckoned from: read back only while that is what stands."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import database
from contracts.attainment.reckoning import Reckoned
from contracts.attainment.tables import Attained
from contracts.promises.metric import as_json

Key = tuple[UUID, date, date]  # the metric's version, the first and last day
Found = tuple[UUID, int, Mapping[Key, Reckoned]]  # what was reckoned of a contract, and of which version of what happened
_COLUMNS: Final = (
    Attained.id, Attained.contract, Attained.metric, Attained.first_day, Attained.last_day, Attained.is_between,
    Attained.service_version, Attained.reckoned_at, Attained.holds_until, Attained.figures, Attained.said, Attained.share,
)  # fmt: skip


async def read(versions: Mapping[UUID, int], now: datetime) -> dict[UUID, dict[Key, Reckoned]]:
    """By contract, those that still hold for its version. Inside the caller's unit."""
    found: dict[UUID, dict[Key, Reckoned]] = {}
    for row in await Attained.select().where(database.among(Attained.contract, versions)):
        if row["service_version"] == versions[row["contract"]] and holds(row, now):
            key = (row["metric"], row["first_day"], row["last_day"])
            found.setdefault(row["contract"], {})[key] = Reckoned(
                json.loads(row["figures"]),
                row["reckoned_at"],
                row["holds_until"],
                bool(row["is_between"]),
                row["said"],
                row["share"],
            )
    return found


def holds(row: Mapping[str, Any], now: datetime) -> bool:
    """Whether time changed nothing since. What was reckoned later than now was so by a clock that was ahead."""
    is_of_before = row["reckoned_at"] is not None and row["reckoned_at"] <= now
    return is_of_before and (row["holds_until"] is None or now < row["holds_until"])


async def keep(found: Iterable[Found]) -> None:
    """In place of those of older versions, and of the same periods. A unit of its own.

    A version was read before the events were: where these changed meanwhile, what is kept is never read.
    """
    async with database.housekeeping():
        for contract, version, its in found:
            await Attained.delete().where(Attained.contract == contract, Attained.service_version < version)
            await Attained.delete().where(Attained.contract == contract, Attained.service_version == version, _any_of(its))
            await database.insert_rows(Attained, _COLUMNS, list(_rows(contract, version, its)))


def _any_of(found: Iterable[Key]) -> Any:
    return database.among(Attained.first_day, {first for _, first, _ in found}) & database.among(
        Attained.metric, {metric for metric, _, _ in found}
    )


def _rows(contract: UUID, version: int, found: Mapping[Key, Reckoned]) -> Iterable[tuple[Any, ...]]:
    for (metric, first, last), one in found.items():
        yield (
            uuid4(),
            contract,
            metric,
            first,
            last,
            one.is_between,
            version,
            one.at,
            one.holds_until,
            as_json(one.figures),
            one.said,
            one.share,
        )
