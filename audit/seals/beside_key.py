"""An SQLite file beside a private key: what was signed with it is on the disk before a signature leaves.

Several processes may ask at once, and one after the other is answered. Everything here waits for the disk: call it in a thread.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from audit.seals import keyring

__all__ = ["Connection", "transaction"]

WAIT_SECONDS: Final = 20  # for other processes that are signing; a batch takes them a tenth of one


@contextmanager
def transaction(path: Path, tables: Sequence[str]) -> Iterator[Connection]:
    """One transaction, which nobody else's overlaps; on the disk when it ends. ``tables`` are made where they are missing."""
    path.parent.mkdir(mode=keyring.FOLDER_RIGHTS, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, keyring.FILE_RIGHTS))
    with closing(sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as memory:
        memory.execute("PRAGMA synchronous=EXTRA")  # FULL does not sync the folder: a lost deletion would undo a commit
        memory.execute("BEGIN IMMEDIATE")
        try:
            for table in tables:
                memory.execute(table)
            yield memory
            memory.execute("COMMIT")
        except BaseException:
            memory.execute("ROLLBACK")
            raise
