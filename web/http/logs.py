"""Structured logs: one line an event, of ours and of every library, to standard output or a command's standard error.

Nothing personal: no bodies, cookies or queries are ever given to a log, keys that look like secrets are dropped, and a
failure is told as types and places in our code, because an exception's own words may quote what somebody typed.
"""

import logging
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor

SECRET_WORDS: Final = ("password", "token", "cookie", "secret", "authorization", "body", "api_key", "session")
# Our own access log replaces uvicorn's, and the command says where Vouch is and why it could not start.
NOISY: Final = {
    "uvicorn.access": logging.CRITICAL,
    "uvicorn.error": logging.WARNING,
    "asyncio": logging.WARNING,
    "piccolo": logging.WARNING,
}
MOST_FRAMES: Final = 30
# What a stranger, or a database that is away, can make happen a thousand times a second.
OFTEN: Final = frozenset({"the database could not do it"})
OFTEN_BY: Final = frozenset({"asyncio", "asyncpg.pool", "uvicorn.error"})
REPEATED_SECONDS: Final = 60
MOST_KINDS: Final = 1_000  # remembered; past it all are forgotten and told again
ROOT: Final = Path(__file__).parents[2]


def configure(log_format: str, to: TextIO | None = None) -> None:
    """``json`` for machines; ``console`` for a person at a terminal, with whole tracebacks. To standard output, unless said."""
    stream = to or sys.stdout
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_secrets,
    ]
    plain = structlog.dev.plain_traceback
    shown: list[Processor] = [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]
    if log_format == "json":
        shown = [tell_failure, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
    )
    _route_everything_through(formatter, stream)


def _route_everything_through(formatter: logging.Formatter, stream: TextIO) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    handler.addFilter(OnceAMinute())
    logging.raiseExceptions = False  # a full disk under the log must not reach a reader
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name, level in NOISY.items():
        logging.getLogger(name).setLevel(level)


class OnceAMinute(logging.Filter):
    """Of warnings that come by the thousand the first of each minute is told, with how many there were since the one before."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[tuple[str, str], tuple[float, int]] = {}  # when it was told, and how often it came since

    def filter(self, record: logging.LogRecord) -> bool:
        kind = _kind(record)
        if kind is None:
            return True
        now = time.monotonic()
        told_at, since = self._told.get(kind, (-REPEATED_SECONDS, 0))
        if now - told_at < REPEATED_SECONDS:
            self._told[kind] = (told_at, since + 1)
            return False
        if len(self._told) >= MOST_KINDS:
            self._told.clear()
        self._told[kind] = (now, 0)
        if since:
            _add_repeats(record, since)
        return True


def _kind(record: logging.LogRecord) -> tuple[str, str] | None:
    """What the same happening has in common, for what may come by the thousand."""
    if isinstance(record.msg, dict):
        event = record.msg
        return (record.name, f"{event['event']} {event['error']}") if event.get("event") in OFTEN else None
    if record.name not in OFTEN_BY:
        return None
    failure = type(record.exc_info[1]).__name__ if record.exc_info else ""
    return record.name, str(record.msg).partition("\n")[0] + failure


def _add_repeats(record: logging.LogRecord, since: int) -> None:
    if isinstance(record.msg, dict):
        record.msg = {**record.msg, "repeated": since}
    else:
        record.msg, record.args = f"{record.getMessage()} (and {since} times since the line before)", ()


def drop_secrets(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return {key: value for key, value in event.items() if not any(word in key.lower() for word in SECRET_WORDS)}


def tell_failure(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replaces ``exc_info`` by the chain of types and the frames, without messages or local values."""
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error"] = " from ".join(map(named, _chain(error)))
        event["at"] = _frames(error.__traceback__)
    return event


def named(error: BaseException) -> str:
    """Its type, and for a failure of the database the name that SQLite or the SQL standard gives it; never its message."""
    code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    return type(error).__name__ + (f"({code})" if code else "")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _frames(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-MOST_FRAMES:]
    return [f"{_shortened(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _shortened(filename: str) -> str:
    """Which file, without where this computer keeps it."""
    return filename.rpartition("site-packages/")[2].removeprefix(f"{ROOT}/")
