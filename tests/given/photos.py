"""Photos that tell where they were taken, by whom and with what: made by hand, as small as their formats allow."""

import struct
import zlib

PLACE = b"GPS 53.2307 -0.5406"


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def exif(order: str, orientation: int) -> bytes:
    """An Exif block with the orientation and, after it, a place."""
    mark = b"MM\x00*" if order == ">" else b"II*\x00"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"Exif\x00\x00" + mark + struct.pack(order + "IH", 8, 1) + entry + bytes(4) + PLACE


JFIF = segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
PICTURE = (
    segment(0xDB, bytes(65))
    + segment(0xC2, b"\x08\x00\x01\x00\x01\x01\x01\x11\x00")
    + segment(0xC4, bytes(19))
    + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    + b"\x12\xff\x00\x34\xff\xd0\x56"  # scan data with a stuffed byte and a restart marker
    + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    + b"\x78"
    + b"\xff\xd9"
)


def jpeg(*, orientation: int = 1, order: str = ">") -> bytes:
    told = segment(0xE1, exif(order, orientation)) + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + PLACE)
    told += segment(0xED, b"Photoshop 3.0\x00" + PLACE) + segment(0xE2, b"MPF\x00" + PLACE) + segment(0xFE, PLACE)
    return b"\xff\xd8" + JFIF + told + PICTURE + PLACE


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


HEADER, DATA, END = (
    chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
    chunk(b"IDAT", zlib.compress(b"\x00\x7f")),
    chunk(b"IEND", b""),
)
PNG_START = b"\x89PNG\r\n\x1a\n"
TOLD_PNG = PNG_START + HEADER + chunk(b"tEXt", b"Comment\x00" + PLACE) + chunk(b"eXIf", PLACE) + DATA + END + PLACE


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for kind, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


VP8X = bytes([0x2C, 0, 0, 0, 0, 0, 0, 0, 0, 0])  # a colour profile, Exif and XMP
TOLD_WEBP = riff((b"VP8X", VP8X), (b"VP8L", b"picture"), (b"EXIF", PLACE), (b"XMP ", PLACE)) + PLACE


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


def heic(*, method: int = 0, extra: bytes = b"") -> bytes:
    """A picture item and an Exif item, in ``mdat`` (method 0) or in ``idat`` (method 1)."""
    items = b"".join(
        box(b"infe", struct.pack(">IHH4s", 2 << 24, item, 0, kind) + b"\x00") for item, kind in ((1, b"hvc1"), (2, b"Exif"))
    )
    ftyp = box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic")
    iinf = box(b"iinf", struct.pack(">IH", 0, 2) + items)

    def meta(offset: int) -> bytes:
        iloc = struct.pack(">IHH", 1 << 24, 0x4400, 2)
        for item, start, length in ((1, 0, 7), (2, 7, len(PLACE))):
            iloc += struct.pack(">HHHHII", item, method, 0, 1, offset + start, length)
        return box(b"meta", bytes(4) + iinf + box(b"iloc", iloc) + (box(b"idat", b"picture" + PLACE) if method else b""))

    if method:
        return ftyp + meta(0) + extra
    return ftyp + meta(len(ftyp) + len(meta(0)) + 8) + box(b"mdat", b"picture" + PLACE) + extra
