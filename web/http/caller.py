"""Where the request that is being answered comes from: for the security log and the list of sessions, and for nothing else.

The outermost layer sets it, so that no verb has to hand it on. No page and no decision depends on it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from litestar.types import HTTPScope

LONGEST_AGENT: Final = 1_000  # characters that are looked at; what browsers send is under 300


@dataclass(frozen=True, slots=True)
class Caller:
    """``address`` is that of the person rather than of the proxy. Both are empty where there is no request."""

    address: str = ""
    user_agent: str = ""


_current: ContextVar[Caller] = ContextVar("caller", default=Caller())  # noqa: B039 - it is frozen


def current() -> Caller:
    """Of this task's request."""
    return _current.get()


@contextmanager
def of(scope: HTTPScope) -> Iterator[None]:
    """Inside, ``current`` is whoever sent the request."""
    client = scope.get("client")
    agent = next((value for name, value in scope["headers"] if name == b"user-agent"), b"")
    token = _current.set(Caller(client[0] if client else "", agent[:LONGEST_AGENT].decode("latin-1")))
    try:
        yield
    finally:
        _current.reset(token)
