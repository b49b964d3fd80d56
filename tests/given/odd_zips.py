"""Zips at the borders of what a pack may be: made by another hand, damaged, patched where their headers are."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from random import Random
from typing import Final

from tests.given.hand_made_packs import listed, unzipped


def changed(chance: Random, data: bytes) -> bytes:
    return chance.choice(CHANGES)(chance, data)


def bytes_are_others(chance: Random, data: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(chance.randrange(1, 4)):
        at = chance.choice((chance.randrange(len(made)), len(made) - 1 - chance.randrange(min(600, len(made)))))
        made[at : at + chance.choice((0, 1, 1, 1, 2))] = chance.randbytes(chance.choice((0, 1, 1, 1, 2)))
    return bytes(made)


def is_packed_again(chance: Random, data: bytes) -> bytes:
    """Another order, other levels, dates, attributes: some of it allowed."""
    files = list(unzipped(data).items())
    chance.shuffle(files)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.external_attr = chance.choice((0, 0, 0o100644 << 16, 0o120777 << 16, 0o40755 << 16, 0x10))
            archive.writestr(info, content, chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)), chance.randrange(10))
    return target.getvalue()


def has_long_files(chance: Random, data: bytes) -> bytes:
    """More than a piece of one file, and something wrong in it early or late; damaged or not."""
    files = unzipped(data)
    name = chance.choice(("timeline.csv", "leaves", "report.pdf", "entries.jsonl"))
    more = chance.choice((b"\n", b"x", b"{}\n", chance.randbytes(97))) * chance.randrange(1, 200_000)
    files[name] = (files.get(name, b"") + more, more + files.get(name, b""))[chance.randrange(2)][: 2**20]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for one, content in listed(files).items():
            archive.writestr(zipfile.ZipInfo(one), content, chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))
    return bytes_are_others(chance, target.getvalue()) if chance.random() < 0.5 else target.getvalue()


def has_another_header(chance: Random, data: bytes) -> bytes:
    """A field of one file's headers is another: in the directory, before the file, or in both."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos, directory = archive.infolist(), archive.start_dir
    made, at = bytearray(data), directory
    which = chance.randrange(len(infos))
    for info in infos[:which]:
        at += 46 + len(info.filename)
    field = chance.choice(FIELDS)
    put = chance.choice((0, 1, 8, 0x0802, 0xFFFF, 20, 45)).to_bytes(4, "little")[: field[2]]
    if chance.random() < 0.8:
        made[at + field[1] : at + field[1] + field[2]] = put
    if chance.random() < 0.8:
        start = infos[which].header_offset + field[0]
        made[start : start + field[2]] = put
    return bytes(made)


def has_another_end(chance: Random, data: bytes) -> bytes:
    end = list(struct.unpack("<IHHHHIIH", data[-22:]))
    at = chance.randrange(len(end))
    end[at] = max(0, min(end[at] + chance.choice((-1, 1, 2**15)), (2**32, 2**16)[at in (1, 2, 3, 4, 7)] - 1))
    return data[:-22] + struct.pack("<IHHHHIIH", *end)


def is_deflated_oddly(chance: Random, data: bytes) -> bytes:
    """Deflated bytes that end early, late, twice or in empty blocks: the sizes are as the zip says."""
    target = io.BytesIO()
    files = unzipped(data)
    odd = chance.choice(list(files))
    central = b""
    for name, content in files.items():
        packer = zlib.compressobj(chance.randrange(10), zlib.DEFLATED, -15, strategy=chance.randrange(5))
        packed = packer.compress(content) + (packer.flush(zlib.Z_FULL_FLUSH) if chance.random() < 0.3 else b"") + packer.flush()
        if name == odd:
            packed = chance.choice(
                (packed + b"\0", packed[:-1], packed + b"\x03\0", b"\0\0\0\xff\xff" + packed, b"\2\0" + packed, b"", packed)
            )
        crc, size = zlib.crc32(content), len(content)
        shared = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(packed), size, len(name), 0)
        central += b"PK\1\2\x14\0" + shared + struct.pack("<HHHII", 0, 0, 0, 0, target.tell()) + name.encode()
        target.write(b"PK\3\4" + shared + name.encode() + packed)
    start = target.tell()
    target.write(central + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(files), len(files), len(central), start, 0))
    return target.getvalue()


# Where a field stands before a file and in the directory, and how many bytes it has: version, flags, method, time, date,
# checksum, sizes, lengths of names.
FIELDS: Final = (
    (4, 6, 2), (6, 8, 2), (8, 10, 2), (10, 12, 2), (12, 14, 2), (14, 16, 4), (18, 20, 4), (22, 24, 4), (26, 28, 2), (28, 30, 2),
    (28, 32, 2), (28, 34, 2), (28, 36, 2), (28, 38, 4), (28, 42, 4),
)  # fmt: skip
CHANGES: Final[tuple[Callable[[Random, bytes], bytes], ...]] = (
    bytes_are_others, bytes_are_others, is_packed_again, has_long_files, has_another_header, has_another_end, is_deflated_oddly,
)  # fmt: skip
