"""Where logs go is said for the whole process, by a command as by a test."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


@contextmanager
def logs_as_they_were() -> Iterator[None]:
    """What the block says of it is for the block alone."""
    root, kept = logging.getLogger(), structlog.get_config()
    handlers, level, raising = root.handlers[:], root.level, logging.raiseExceptions
    yield
    if structlog.get_config()["processors"] is not kept["processors"]:
        root.handlers[:], logging.raiseExceptions = handlers, raising
        root.setLevel(level)
        structlog.configure(**kept)
