"""DER as far as time stamps need it: read strictly from the front, one element after the other, and written.

Tags have one byte and lengths are definite and as short as they can be; anything else is refused. Nothing here recurses, so no
nesting is too deep.
"""

from dataclasses import dataclass
from typing import Final

BOOLEAN: Final = 0x01
INTEGER: Final = 0x02
OCTETS: Final = 0x04
NULL: Final = 0x05
OID: Final = 0x06
GENERALIZED_TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31
EXPLICIT: Final = 0xA0  # [0], around what it holds
MOST_LENGTH_BYTES: Final = 4  # 4 GiB: whoever reads has a limit far below


class BadDer(ValueError):
    """The bytes are not the DER that they should be; says why."""


@dataclass(frozen=True, slots=True)
class Element:
    """``content`` is what the tag and the length are about, ``whole`` all of it."""

    tag: int
    content: bytes
    whole: bytes

    def reader(self) -> "Reader":
        return Reader(self.content)


class Reader:
    """Walks over the elements that lie one behind the other."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    @property
    def next_tag(self) -> int | None:
        """None at the end."""
        return self._data[self._at] if self._at < len(self._data) else None

    def take(self, *tags: int) -> Element:
        """The next element, of one of these tags (any, where none is given). Raises BadDer."""
        start, tag = self._at, self.next_tag
        if tag is None or (tags and tag not in tags):
            raise BadDer("an element is missing or of another kind")
        if tag & 0x1F == 0x1F:
            raise BadDer("a tag is longer than a byte")
        length = self._length()
        end = self._at + length
        if end > len(self._data):
            raise BadDer("an element ends too early")
        content = self._data[self._at : end]
        self._at = end
        return Element(tag, content, self._data[start:end])

    def take_if(self, tag: int) -> Element | None:
        return self.take(tag) if self.next_tag == tag else None

    def end(self) -> None:
        """Raises BadDer where something is left."""
        if self.next_tag is not None:
            raise BadDer("there is more than there should be")

    def rest(self) -> list[Element]:
        found = []
        while self.next_tag is not None:
            found.append(self.take())
        return found

    def _length(self) -> int:
        """Moves on to the content."""
        first = self._data[self._at + 1 : self._at + 2]
        self._at += 2
        if not first:
            raise BadDer("an element ends too early")
        if first[0] < 0x80:
            return first[0]
        count = first[0] & 0x7F
        raw = self._data[self._at : self._at + count]
        self._at += count
        length = int.from_bytes(raw, "big")
        if not 0 < count <= MOST_LENGTH_BYTES or len(raw) < count or raw[0] == 0 or length < 0x80:
            raise BadDer("a length is not as short as it could be")
        return length


def only(data: bytes, tag: int) -> Element:
    """The one element that the data is. Raises BadDer."""
    reader = Reader(data)
    found = reader.take(tag)
    reader.end()
    return found


def integer(element: Element) -> int:
    """Raises BadDer for one that is not as short as it could be."""
    raw = element.content
    if not raw or (len(raw) > 1 and raw[0] in (0, 0xFF) and (raw[0] ^ raw[1]) < 0x80):
        raise BadDer("a number is not as short as it could be")
    return int.from_bytes(raw, "big", signed=True)


def encoded(tag: int, *contents: bytes) -> bytes:
    """An element of these contents, one behind the other."""
    content = b"".join(contents)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def encoded_integer(number: int) -> bytes:
    return encoded(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def oid(dotted: str) -> bytes:
    """The content of an object identifier, by which it is compared; ``encoded(OID, …)`` makes it whole."""
    first, second, *others = map(int, dotted.split("."))
    found = b""
    for arc in (first * 40 + second, *others):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | (arc & 0x7F))
        found += bytes(reversed(groups))
    return found
