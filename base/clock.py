"""The one clock, so that a test or the demo town can set it: ``clock.now()`` is always UTC-aware."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_set_to: ContextVar[datetime | None] = ContextVar("set_to", default=None)


def now() -> datetime:
    return _set_to.get() or datetime.now(UTC)


def after(newest: datetime | None) -> datetime:
    """Now; where the clock says no later than ``newest``, the microsecond after that.

    For rows of which the last one stands: a clock that was put back must not let an earlier one stand. The trail keeps what the
    clock said (audit/log/moments.py).
    """
    return now() if newest is None else max(now(), newest + timedelta(microseconds=1))


def today() -> date:
    """The day on the calendar that hangs in an English school: at half past midnight in June, UTC is a day behind."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day on that calendar on which something was: never ``moment.date()``, which is UTC's."""
    return moment.astimezone(LONDON).date()


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970, UTC: how entries of the trail keep their time."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def of_microseconds(at: int) -> datetime:
    """The moment, in UTC, that lies so many microseconds after the start of 1970."""
    return EPOCH + timedelta(microseconds=at)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, for this task alone, it is ``moment`` and stays so: for the demo town's past, never for a request."""
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)
