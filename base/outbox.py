"""The folders that mail is in: files that nobody else may read. What the messages say is `mail.py`'s to know.

    outbox     to be sent
    sent       what the mail server took
    refused    what it will never take

A file's ending says what becomes of it: `.once.eml` is not kept once it is sent, `.day.eml` goes at the hours for letters.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

from base import clock, settings
from base.disk import sync_folder

OUTBOX: Final = "outbox"
SENT: Final = "sent"
REFUSED: Final = "refused"
FOLDERS: Final = (OUTBOX, SENT, REFUSED)  # in the order in which a file moves: who looks for one must not miss it

KEPT: Final = ".eml"
NOT_KEPT: Final = ".once.eml"
BY_DAY: Final = ".day.eml"


def folder(name: str = "") -> Path:
    """A folder of the queue, made when needed and open to its owner alone."""
    path = settings.current().data / "mail"
    for one in (path, path / name):
        one.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path / name


def write(content: bytes, name: str, ending: str) -> None:
    """Puts a message into the outbox, whole or not at all; one of the same name and ending is replaced."""
    draft = folder(OUTBOX) / f"{uuid4().hex}.draft"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    moment = clock.now().timestamp()
    os.utime(draft, (moment, moment))
    draft.replace(draft.with_name(f"{name}{ending}"))
    sync_folder(draft.parent)


def waiting(*, by_day: bool = True) -> list[Path]:
    """What is to be sent, oldest first; with ``by_day``, what goes at the hours for letters too."""
    found = (path for path in folder(OUTBOX).glob("*.eml") if by_day or not path.name.endswith(BY_DAY))
    return sorted(found, key=_written)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # somebody took it meanwhile
        return 0.0


def is_there(name: str) -> bool:
    """Whether a file of this name, ending and all, is in any of the folders."""
    return any((folder(one) / name).exists() for one in FOLDERS)


def put_away(path: Path, where: str) -> None:
    if path.name.endswith(NOT_KEPT):
        path.unlink(missing_ok=True)
    else:
        path.replace(folder(where) / path.name)


def take_back(name: str) -> bool:
    """Removes a file from the outbox, unless something is being sent at this moment; returns whether it did."""
    with only_one() as alone:
        path = folder(OUTBOX) / name
        if not (alone and path.exists()):
            return False
        path.unlink()
        sync_folder(path.parent)
    return True


def everything() -> Iterator[Path]:
    """Every message in the folders, half-written drafts too."""
    for name in FOLDERS:
        yield from folder(name).iterdir()


def remove(paths: Iterator[Path]) -> int:
    """Returns how many messages went."""
    removed = 0
    for path in list(paths):
        path.unlink(missing_ok=True)
        removed += path.suffix == KEPT
    return removed


@contextmanager
def only_one() -> Iterator[bool]:
    """Yields False while another process, or another run of this one, is sending."""
    with (folder() / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
