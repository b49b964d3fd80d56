"""The one engine of this process, and the unit of work that runs now."""

from collections.abc import Awaitable, Callable, Hashable
from functools import cache
from typing import TypeVar, cast

from base import settings as configuration
from database.engine import Engine
from database.engines import EmbeddedEngine, GrowthEngine
from database.units import Unit, UnitKind, UnitMisuse

_Answer = TypeVar("_Answer")


@cache
def engine() -> Engine:
    """The one engine of this process, made from the settings; ``open`` connects it."""
    chosen = configuration.current()
    made = EmbeddedEngine(chosen.sqlite_path) if chosen.is_sqlite else GrowthEngine(chosen.database_url)
    return cast(Engine, made)


def is_postgres() -> bool:
    return engine().engine_type == "postgres"


def in_unit() -> bool:
    current: Unit | None = engine().current_transaction.get()
    return current is not None and current.is_mine


def unit_now() -> Unit:
    unit: Unit | None = engine().current_transaction.get()
    if unit is None:
        raise UnitMisuse("a query outside any unit of work: open read() or write()")
    return unit


async def asked_once(question: Hashable, ask: Callable[[], Awaitable[_Answer]]) -> _Answer:
    """What ``ask`` answers, asked once in a read unit, which sees one snapshot; anew each time in any other.

    ``question`` names whose answer it is and all that it depends on. Nobody may change the answer: others get the same one.
    """
    unit = unit_now()
    if unit.kind is not UnitKind.READ or not unit.is_mine:
        return await ask()
    if question not in unit.answers:
        unit.answers[question] = await ask()
    return cast(_Answer, unit.answers[question])


async def afterwards(work: Callable[[], Awaitable[None]]) -> None:
    """Does ``work`` when the unit that is open has ended well and its connection is back; at once where none is open.

    For what is kept so that the next reader is quicker, and for what is said of a change. Whoever opened the unit waits for it,
    so it should raise nothing.
    """
    if in_unit():
        unit_now().afterwards.append(work)
    else:
        await work()
