"""One streaming pass over a part of XML, with expat: no DOCTYPE is taken, so there are no entities to blow up. Pure.

What XML forbids and spreadsheet programs write all the same (control characters, bytes that are no UTF-8) is mended and read
again once: other readers pass over it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import ClassVar, Final, Protocol, TypeVar
from xml.parsers import expat

from base.refusals import Invalid
from base.spreadsheets.marks import DAMAGED

LONGEST_PIECE: Final = 2_000_000  # bytes of a tag or a text; a cell holds 32,767 characters at most

_FORBIDDEN: Final = bytes.maketrans(bytes([*range(9), 11, 12, *range(14, 32)]), b" " * 29)
_FORBIDDEN_REFERENCE: Final = re.compile(rb"&#(?:x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F])|0*(?:[0-8]|1[124-9]|2\d|3[01]));")
_LONGEST_REFERENCE: Final = 32  # bytes held back, in which one may begin

Attributes = Mapping[str, str]


class Watcher(Protocol):
    """What is told of each element as it begins; with ``has_ends`` also of ends, with ``has_text`` also of text."""

    has_ends: ClassVar[bool]
    has_text: ClassVar[bool]

    def start(self, name: str, attributes: Attributes) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...


W = TypeVar("W", bound=Watcher)


def watched(blocks: Callable[[], Iterable[bytes]], watcher: Callable[[], W]) -> W:
    """``blocks`` gives the part anew at each call, ``watcher`` a fresh one. Raises Invalid for what is no XML."""
    try:
        return _parsed(blocks(), watcher())
    except expat.ExpatError:
        pass
    try:
        return _parsed(_mended(blocks()), watcher())
    except expat.ExpatError as error:
        raise Invalid(DAMAGED) from error


def local(name: str) -> str:
    """The name without its prefix."""
    return name.rpartition(":")[2] if ":" in name else name


def _parsed(blocks: Iterable[bytes], watcher: W) -> W:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def doctype(*_: object) -> None:
        raise Invalid(DAMAGED)

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = watcher.start
    if watcher.has_ends:
        parser.EndElementHandler = watcher.end
    if watcher.has_text:
        parser.CharacterDataHandler = watcher.text
    for block in _in_short_pieces(blocks):
        parser.Parse(block, False)
    parser.Parse(b"", True)
    return watcher


def _in_short_pieces(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The blocks, as long as a tag or a text ends now and then: expat looks through one without an end again at each block."""
    open_since = 0
    for block in blocks:
        ends = block.find(b">")
        if open_since + (len(block) if ends < 0 else ends) > LONGEST_PIECE:
            raise Invalid(DAMAGED)
        open_since = open_since + len(block) if ends < 0 else len(block) - block.rfind(b">")
        yield block


def _mended(blocks: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for block in blocks:
        cleaned = _FORBIDDEN_REFERENCE.sub(b"", (held + block).translate(_FORBIDDEN))
        cut = max(len(cleaned) - _LONGEST_REFERENCE, 0)
        while cut and cleaned[cut] & 0xC0 == 0x80:  # not inside a character
            cut -= 1
        held = cleaned[cut:]
        yield cleaned[:cut].decode("utf-8", "replace").encode()
    yield held.decode("utf-8", "replace").encode()
