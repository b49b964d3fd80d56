"""The one clock, so that a test can set it: ``clock.now()`` is always UTC-aware."""

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The day on the calendar that hangs in an English school: at half past midnight in June, UTC is a day behind."""
    return now().astimezone(LONDON).date()
