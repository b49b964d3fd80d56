"""The one engine of this process, and the unit of work that runs now."""

from functools import cache
from typing import cast

from base import settings as configuration
from database.engine import Engine
from database.engines import EmbeddedEngine, GrowthEngine
from database.units import Unit, UnitMisuse


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
