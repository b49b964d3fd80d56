"""What Python's zipfile raises for an archive that is damaged, or made to do harm: its own error only for some of it."""

import zlib
from typing import Final
from zipfile import BadZipFile

try:
    from lzma import LZMAError
except ImportError:  # a Python that was built without it, and opens no such archive
    LZMAError = BadZipFile  # type: ignore[misc, assignment]

# RuntimeError: a member that says it has a password, and, as NotImplementedError, a method or version that nobody knows.
UNREADABLE: Final = (BadZipFile, zlib.error, LZMAError, EOFError, OSError, RuntimeError, ValueError)
