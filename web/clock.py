"""The one clock, so that a test can set it: ``clock.now()`` is always UTC-aware."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
