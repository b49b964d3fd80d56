"""Structured logs: one line an event, to standard output, for our own events and those of every library.

Nothing personal: no bodies, cookies or queries are ever given to a log, keys that look like secrets are dropped, and a
failure is told as types and places in our code, because an exception's own words may quote what somebody typed.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final

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
ROOT: Final = Path(__file__).parents[2]


def configure(log_format: str) -> None:
    """``json`` for machines; ``console`` for a person at a terminal, with whole tracebacks."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_secrets,
    ]
    plain = structlog.dev.plain_traceback
    shown: list[Processor] = [structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty(), exception_formatter=plain)]
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
    _route_everything_through(formatter)


def _route_everything_through(formatter: logging.Formatter) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    logging.raiseExceptions = False  # a full disk under the log must not reach a reader
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name, level in NOISY.items():
        logging.getLogger(name).setLevel(level)


def drop_secrets(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return {key: value for key, value in event.items() if not any(word in key.lower() for word in SECRET_WORDS)}


def tell_failure(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replaces ``exc_info`` by the chain of types and the frames, without messages or local values."""
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error"] = " from ".join(type(link).__name__ for link in _chain(error))
        event["at"] = _frames(error.__traceback__)
    return event


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
