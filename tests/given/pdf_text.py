"""The text of a PDF that typst made, page by page in the order of reading: enough of the format for a test to read its figures.

Fonts are subset with a map from glyphs to characters (ISO 32000-1, 9.10.3), and each page names its fonts anew.
"""

import re
import zlib
from typing import Final

OBJECT: Final = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
STREAM: Final = re.compile(rb"stream\r?\n")
PAIR: Final = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>")
_INNER: Final = rb"\((?:\\.|[^\\()])*\)"  # brackets that balance stand for themselves
_STRING: Final = rb"\((?:\\.|[^\\()]|\((?:\\.|[^\\()]|" + _INNER + rb")*\))*\)"
SHOWN: Final = re.compile(rb"/(f\d+) [\d.]+ Tf|((?:\[(?:" + _STRING + rb"|[^\]()])*\]|" + _STRING + rb") ?T[jJ])", re.DOTALL)
TEXT: Final = re.compile(_STRING, re.DOTALL)
ESCAPED: Final = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
PLAIN: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of_pdf(pdf: bytes) -> str:
    """Runs of text with a space between them."""
    objects = {int(found[1]): found[2] for found in OBJECT.finditer(pdf)}
    pages = [one for one in objects.values() if b"/Type/Page/" in one]
    return " ".join(" ".join(_runs(page, objects)) for page in pages)


def _runs(page: bytes, objects: dict[int, bytes]) -> list[str]:
    resources = objects[_reference(page, b"/Resources")]
    fonts = dict(re.findall(rb"/(f\d+) (\d+) 0 R", resources))
    maps = {name: _characters(objects[_reference(objects[int(font)], b"/ToUnicode")]) for name, font in fonts.items()}
    runs, font = [], b""
    for found in SHOWN.finditer(_unpacked(objects[_reference(page, b"/Contents")])):
        if found[1]:
            font = found[1]
        elif found[2] is not None:
            glyphs = b"".join(map(_bytes, TEXT.findall(found[2])))
            codes = (int.from_bytes(glyphs[n : n + 2]) for n in range(0, len(glyphs), 2))
            runs.append("".join(maps[font].get(code, "") for code in codes).replace("\u200b", "").strip())
    return [run for run in runs if run]


def _reference(one: bytes, name: bytes) -> int:
    found = re.search(name + rb" (\d+) 0 R", one)
    assert found, name
    return int(found[1])


def _unpacked(one: bytes) -> bytes:
    length, found = re.search(rb"/Length (\d+)", one), STREAM.search(one)
    assert length
    assert found
    stream = one[found.end() : found.end() + int(length[1])]
    return zlib.decompress(stream) if b"/FlateDecode" in one else stream


def _characters(one: bytes) -> dict[int, str]:
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in PAIR.findall(_unpacked(one))}


def _bytes(text: bytes) -> bytes:
    def plain(found: re.Match[bytes]) -> bytes:
        return bytes([int(found[1], 8)]) if found[1].isdigit() else PLAIN.get(found[1], found[1])

    return ESCAPED.sub(plain, text[1:-1])
