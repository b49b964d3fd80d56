"""What was erased, kept outside the database, so that a restored backup can be made to forget it again.

One JSON object a line, no names and no values: ids only. Written and synced before the database commits; an erasure
that was listed and whose commit then failed for certain is made void by a line of its own.
"""

import fcntl
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import structlog

from audit.erasing.erasure import ErasureReason, OpeningKey
from base import settings
from base.disk import sync_folder

FILE: Final = "erasures.jsonl"
OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True)
class ListedErasure:
    """One erasure: ``openings`` by (event id, field), ``files`` by (attachment id, SHA-256 in hex)."""

    erasure: UUID
    trail: str
    at: datetime
    reason: ErasureReason
    openings: tuple[OpeningKey, ...]
    files: tuple[tuple[UUID, str], ...]
    person: UUID | None


def path() -> Path:
    return settings.current().data / FILE


def add(listed: ListedErasure) -> None:
    """Returns when the line is on the disk. Blocks for as long as that takes: call it in a thread."""
    _append(
        {
            "erasure": str(listed.erasure),
            "trail": listed.trail,
            "at": listed.at.isoformat(),
            "reason": listed.reason.value,
            "openings": [[str(event_id), field] for event_id, field in listed.openings],
            "files": [[str(file), digest] for file, digest in listed.files],
            "person": str(listed.person) if listed.person else None,
        }
    )


def void(erasure: UUID) -> None:
    """Says that an erasure which is listed did not happen."""
    _append({"void": str(erasure)})


def void_if_listed(erasure: UUID) -> None:
    if any(listed.erasure == erasure for listed in read()):
        void(erasure)


def read() -> tuple[ListedErasure, ...]:
    """The erasures in the order in which they were made, without void ones. A line that a crash cut off is skipped."""
    if not path().exists():
        return ()
    found: dict[UUID, ListedErasure] = {}
    for number, line in enumerate(path().read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        try:
            _take(found, json.loads(line))
        except (ValueError, KeyError, TypeError):
            structlog.get_logger("vouch").warning("a line of the list of erasures can't be read", line=number)
    return tuple(found.values())


def _take(found: dict[UUID, ListedErasure], line: dict[str, Any]) -> None:
    if "void" in line:
        found.pop(UUID(line["void"]), None)
        return
    erasure = UUID(line["erasure"])
    found[erasure] = ListedErasure(
        erasure=erasure,
        trail=line["trail"],
        at=datetime.fromisoformat(line["at"]),
        reason=ErasureReason(line["reason"]),
        openings=tuple((UUID(event_id), str(field)) for event_id, field in line["openings"]),
        files=tuple((UUID(file), str(digest)) for file, digest in line["files"]),
        person=UUID(line["person"]) if line["person"] else None,
    )


def _append(line: dict[str, Any]) -> None:
    """After a crash in the middle of a line, the next one begins on a line of its own."""
    path().parent.mkdir(parents=True, exist_ok=True)
    is_new = not path().exists()
    descriptor = os.open(path(), os.O_RDWR | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
    with os.fdopen(descriptor, "rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        end = file.seek(0, os.SEEK_END)
        is_torn = end > 0 and os.pread(descriptor, 1, end - 1) != b"\n"
        file.write(b"\n" * is_torn + json.dumps(line).encode() + b"\n")
        file.flush()
        os.fsync(descriptor)
    if is_new:
        sync_folder(path().parent)
