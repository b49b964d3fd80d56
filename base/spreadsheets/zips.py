"""What Python's zipfile raises for an archive that is damaged, or made to do harm: its own error only for some of it."""

import zlib
from typing import Final
from zipfile import BadZipFile

# RuntimeError: a member that says it has a password, and, as NotImplementedError, a method or version that nobody knows.
UNREADABLE: Final = (BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
