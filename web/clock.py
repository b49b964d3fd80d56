"""The one clock, so that a test or the demo town can set it: ``clock.now()`` is always UTC-aware."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")

_set_to: ContextVar[datetime | None] = ContextVar("set_to", default=None)


def now() -> datetime:
    return _set_to.get() or datetime.now(UTC)


def today() -> date:
    """The day on the calendar that hangs in an English school: at half past midnight in June, UTC is a day behind."""
    return now().astimezone(LONDON).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, for this task alone, it is ``moment`` and stays so: for the demo town's past, never for a request."""
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)
