"""What to say of a file that can't be used: SQLite's own words end before the remedy."""

from pathlib import Path
from typing import Final

from base import disk

NO_ROOM: Final = 64 * 1024  # bytes: two pages of the file that readers share, without which nobody reads


def remedy(error: BaseException, path: Path) -> str:
    """The end of a sentence that quotes ``error`` about the file ``path``; "" where nobody knows more than SQLite says.

    Of a full disk SQLite says "disk I/O error", as of a broken one.
    """
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return ". The file is damaged: restore the last good backup."
    if name.startswith(("SQLITE_IOERR", "SQLITE_FULL", "SQLITE_CANTOPEN")) and disk.room(path) < NO_ROOM:
        return f". No room is left on the disk of {path.parent}, and Vouch writes there even to read. Make room."
    return ""
