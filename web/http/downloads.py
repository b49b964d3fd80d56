"""A file that is made, sent and gone. It has no name on the disk, so nothing is left of it whatever happens."""

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO, Final

from litestar.response import Stream

BLOCK: Final = 256 * 1024  # bytes sent at a time
NOT_IN_NAMES: Final = re.compile(r"[^a-z0-9]+")
LONGEST_NAME: Final = 60  # characters


def blank() -> BinaryIO:
    """An empty temporary file to write and read; closing it removes it."""
    return tempfile.TemporaryFile()


def sent(file: BinaryIO, *, name: str, media_type: str) -> Stream:
    """The whole file as a download; closes it at the end. ``name`` is plain ASCII."""
    size = file.seek(0, os.SEEK_END)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size)}
    return Stream(_blocks(file), media_type=media_type, headers=headers)


def digest_of(file: BinaryIO) -> str:
    """SHA-256, in hex, of the whole file."""
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def in_a_file_name(text: str) -> str:
    """What is left of a name where only plain letters are safe: st-mary-s-primary."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return NOT_IN_NAMES.sub("-", plain).strip("-")[:LONGEST_NAME] or "file"


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while block := file.read(BLOCK):
            yield block
