"""Which characters the printed reports can show: those in the character map of the font that is shipped.

A PDF that says it can be read aloud (PDF/UA) must not hold a character without a glyph, so others are shown as one sign.
"""

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "fonts"
REGULAR: Final = FOLDER / "LiberationSans-Regular.ttf"
STAND_IN: Final = "□"  # what people know from screens as "a character that is not here"
WINDOWS_BMP: Final = (3, 1)  # platform and encoding of the map that every TrueType font has
INVISIBLE: Final = "Cf"  # signs that turn the direction of writing could make a page read as something else
LONGEST_WORD: Final = 24  # characters: what fits in the narrowest column of texts
BREAK: Final = "\u200b"  # a line may end here; shows nothing


def shown(text: str) -> str:
    """The text with a stand-in for what has no glyph, and a place to break long words."""
    seen = (c for c in text if unicodedata.category(c) != INVISIBLE)
    plain = "".join(" " if c.isspace() else c if ord(c) in characters() else STAND_IN for c in seen)
    return " ".join(map(_breakable, plain.split(" ")))


@cache
def characters() -> frozenset[int]:
    """Code points with a glyph, from the font's cmap table, format 4 (OpenType specification, "cmap")."""
    data = REGULAR.read_bytes()
    table = _table(data, b"cmap")
    (count,) = struct.unpack_from(">H", data, table + 2)
    records = [struct.unpack_from(">HHL", data, table + 4 + 8 * n) for n in range(count)]
    start = next(table + offset for platform, encoding, offset in records if (platform, encoding) == WINDOWS_BMP)
    (doubled,) = struct.unpack_from(">H", data, start + 6)
    ends, starts, deltas = (
        struct.unpack_from(f">{doubled // 2}H", data, start + at) for at in (14, 16 + doubled, 16 + 2 * doubled)
    )
    ranges = start + 16 + 3 * doubled
    found = set()
    for n, (first, last) in enumerate(zip(starts, ends, strict=True)):
        (offset,) = struct.unpack_from(">H", data, ranges + 2 * n)
        for code in range(first, min(last, 0xFFFE) + 1):
            at = ranges + 2 * n + offset + 2 * (code - first)
            glyph = (code + deltas[n]) & 0xFFFF if offset == 0 else struct.unpack_from(">H", data, at)[0]
            if glyph:
                found.add(code)
    return frozenset(found)


def _table(data: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", data, 4)
    entries = [struct.unpack_from(">4sLLL", data, 12 + 16 * n) for n in range(count)]
    return next(int(offset) for name, _, offset, _ in entries if name == tag)


def _breakable(word: str) -> str:
    return BREAK.join(word[at : at + LONGEST_WORD] for at in range(0, len(word), LONGEST_WORD))
