"""How a table of text was written: which encoding, which line ends, which separator. Pure."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Final, Protocol, cast

from base.spreadsheets import code_pages

HEAD: Final = 65_536  # bytes to look at
LOOKED_AT: Final = 50  # records
SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
MANY_NULS: Final = 0.3  # of every second byte: English in UTF-16 has nearly all
FEW: Final = 0.2  # of those NULs may be among the other bytes

UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


class ByteLines(Protocol):
    def readline(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Dialect:
    delimiter: str
    words: str
    names_itself: bool  # its first line is Excel's "sep=;"


@contextmanager
def readable(stream: IO[bytes]) -> Iterator[ByteLines]:
    """The text of the stream with LF line ends, and in UTF-8 where it was UTF-16. Raises UnicodeDecodeError while it is read."""
    with _peeked(stream) as (buffered, head):
        encoding, as_bytes = _wide(head), "utf-8"
        if not encoding and (page := _narrow(head)) != code_pages.WINDOWS:
            encoding = page
        if not encoding and b"\r" in head.rstrip(b"\r") and b"\n" not in head:  # an old Macintosh
            encoding = as_bytes = "latin-1"
        if not encoding:
            yield buffered
            return
        text = io.TextIOWrapper(buffered, encoding=encoding, newline=None)
        try:
            yield _Recoded(text, as_bytes)
        finally:
            text.detach()


def guessed(stream: IO[bytes]) -> Dialect:
    """Guessed from the beginning of the file: the separator that gives most rows one width."""
    with _peeked(stream) as (_, head):
        text, encoding = _decoded(head)
    first = text.lstrip("\ufeff").split("\n", 1)[0].strip().strip('"')
    if first.lower().startswith("sep=") and len(first) == len("sep=") + 1 and first[-1] in SEPARATORS:
        return Dialect(first[-1], f"{encoding} text separated by {SEPARATORS[first[-1]]}", names_itself=True)
    delimiter = max(SEPARATORS, key=lambda one: _regularity(text, one))
    separated = f" separated by {SEPARATORS[delimiter]}" if delimiter in text else ""
    return Dialect(delimiter, f"{encoding} text{separated}", names_itself=False)


@contextmanager
def _peeked(stream: IO[bytes]) -> Iterator[tuple[Any, bytes]]:
    """The stream, and its beginning; the stream stays open afterwards, for whoever opened it."""
    buffered = io.BufferedReader(cast(io.RawIOBase, stream), HEAD)
    try:
        yield buffered, buffered.peek(HEAD)[:HEAD]
    finally:
        buffered.detach()


class _Recoded:
    def __init__(self, text: io.TextIOWrapper, encoding: str) -> None:
        self._text, self._encoding = text, encoding

    def readline(self, size: int, /) -> bytes:
        return self._text.readline(size).encode(self._encoding)


def _wide(head: bytes) -> str:
    """The name of the UTF-16 that this is, with or without a mark; "" for none."""
    if head.startswith(UTF_16_MARKS):
        return "utf-16"
    even, odd = head[0:2000:2].count(0), head[1:2000:2].count(0)
    half = min(len(head), 2000) // 2
    if max(even, odd) <= MANY_NULS * half or min(even, odd) > max(even, odd) * FEW:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _narrow(head: bytes) -> str:
    """The code page of text that is no UTF-8; where one line is UTF-8, each is read by itself."""
    lines = [line for line in head.splitlines() if not line.isascii()]
    return code_pages.WINDOWS if any(map(_is_utf_8, lines)) else code_pages.code_page(b"\n".join(lines))


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decoded(head: bytes) -> tuple[str, str]:
    """The beginning as text with LF line ends, and the encoding in words."""
    wide = _wide(head)
    if wide:
        return _lines(head[: len(head) // 2 * 2].decode(wide, errors="replace")), "UTF-16"
    whole = head.rpartition(b"\n")[0] or head if len(head) == HEAD else head
    try:
        return _lines(whole.decode("utf-8")), "UTF-8"
    except UnicodeDecodeError:
        page = _narrow(head)
        return _lines(whole.decode(page, errors="replace")), code_pages.WORDS[page]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _regularity(text: str, delimiter: str) -> tuple[int, int]:
    """Rows of the commonest width times that width, where it is more than one column."""
    widths: Counter[int] = Counter()
    rows = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=delimiter)
    try:
        for _, row in zip(range(LOOKED_AT), rows, strict=False):
            widths[len(row)] += len(row) > 1
    except csv.Error:
        return (0, 0)
    most = max(widths.values(), default=0)
    return most, max((width for width, count in widths.items() if count == most and most), default=0)
