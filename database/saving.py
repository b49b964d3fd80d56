"""What has been saved so far, for one request or one command: so that nobody is told that nothing was, after something was."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

# Written beside what somebody asked for: that a session was seen, a password was tried, a key was used, a request was refused;
# and what was reckoned for a page, so that the next one has it.
NOBODY_ASKED_FOR: Final = frozenset(
    {
        *("sharing_session", "sharing_last_school", "sharing_throttle", "sharing_known_browser"),
        *("sharing_api_key_use", "sharing_security_event"),
        "audit_sending",
        *("contracts_attained", "notices_looked", "suppliers_look"),
    }
)

_saved: ContextVar[list[bool] | None] = ContextVar("saved", default=None)


@contextmanager
def noted() -> Iterator[None]:
    """Around one request, or one command: its tasks included."""
    token = _saved.set([])
    try:
        yield
    finally:
        _saved.reset(token)


def note() -> None:
    """A change was committed, or may have been."""
    if (saved := _saved.get()) is not None and not saved:
        saved.append(True)


def is_anything() -> bool:
    return bool(_saved.get())
