"""Takes out of a photo what it says beside the picture: where and when it was taken, with which phone, by whom.

Pure: bytes in, bytes out. The picture itself is copied bit for bit. What can't be read to its end is refused rather
than passed on with its secrets.
"""

import struct
from collections.abc import Iterator
from typing import Final

from suppliers.files import heic_metadata

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
WEBP: Final = "image/webp"
HEIC: Final = "image/heic"

# JPEG markers (ITU-T T.81, table B.1).
_END, _SCAN = 0xD9, 0xDA
_WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_PICTURE: Final = range(0xC0, 0xE0)  # frames, tables, scans; what lies beside is of applications, comments, or reserved
_JFIF, _EXIF, _COLOUR_PROFILE, _ADOBE = 0xE0, 0xE1, 0xE2, 0xEE
_ORIENTATION: Final = 0x0112  # the Exif tag that says which way up

# PNG chunks that shape the picture (PNG specification, third edition, section 11); all others are left out.
_PNG_KEPT: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"}
)
_PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"

# WebP chunks that shape the picture (RFC 9649, section 2.7).
_WEBP_KEPT: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_SAYS_EXIF_OR_XMP: Final = 0x0C


class BrokenPhoto(ValueError):
    """The file is not a whole photo of the kind that it starts like."""


def without_metadata(photo: bytes, media_type: str) -> bytes:
    """The same picture and nothing else; raises BrokenPhoto. Which way up it is shown stays (not in WebP)."""
    clean = {JPEG: _clean_jpeg, PNG: _clean_png, WEBP: _clean_webp, HEIC: heic_metadata.blanked}[media_type]
    try:
        return clean(photo)
    except (LookupError, struct.error, ValueError) as error:
        raise BrokenPhoto("the photo ends too early, or is not what it says") from error


def _clean_jpeg(photo: bytes) -> bytes:
    kept, orientation = [b"\xff\xd8"], 1
    for marker, segment in _jpeg_segments(photo):
        if marker == _EXIF and orientation == 1:
            orientation = _orientation(segment[4:])
        kept.append(_kept_of(marker, segment))
    if orientation != 1:
        kept.insert(1, _exif_with(orientation))
    return b"".join(kept)


def _jpeg_segments(photo: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, whole segment) up to the end of the image; a scan's segment holds its data. What follows is left out."""
    at = 2
    while True:
        while photo[at + 1] == 0xFF:  # fill bytes
            at += 1
        if photo[at] != 0xFF:
            raise BrokenPhoto(f"got byte {photo[at]:#x} at {at}, want a marker")
        marker, end = photo[at + 1], at + 2
        if marker not in _WITHOUT_LENGTH and marker != _END:
            end += int(struct.unpack_from(">H", photo, end)[0])
        if marker == _SCAN:
            end = _end_of_scan(photo, end)
        yield marker, photo[at:end]
        if marker == _END:
            return
        at = end


def _end_of_scan(photo: bytes, at: int) -> int:
    """Where the next marker stands: in scan data 0xFF is followed by 0, or by one of the eight restart markers."""
    while True:
        at = photo.index(b"\xff", at)
        following = photo[at + 1]
        if following != 0 and following not in _WITHOUT_LENGTH and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2


def _kept_of(marker: int, segment: bytes) -> bytes:
    """The segment as far as it shapes the picture: without the small copy in JFIF's, which may show what was cut away since, and
    without what cameras and programs put into segments of the same numbers.
    """
    if marker in _PICTURE or (marker == _COLOUR_PROFILE and segment[4:16] == b"ICC_PROFILE\x00"):
        return segment
    if marker == _JFIF and segment[4:9] == b"JFIF\x00" and len(segment) >= 18:
        return segment[:2] + b"\x00\x10" + segment[4:16] + b"\x00\x00"
    if marker == _ADOBE and segment[4:9] == b"Adobe" and len(segment) >= 16:
        return segment[:2] + b"\x00\x0e" + segment[4:16]
    return b""


def _orientation(exif: bytes) -> int:
    """1 to 8, and 1 (as it is) for whatever can't be read: then the photo may lie on its side, no worse."""
    try:
        order = {b"II": "<", b"MM": ">"}[exif[6:8]]
        (start,) = struct.unpack_from(order + "I", exif, 10)
        (count,) = struct.unpack_from(order + "H", exif, 6 + start)
        for n in range(min(count, 100)):
            tag, _, _, value = struct.unpack_from(order + "HHIH", exif, 8 + start + 12 * n)
            if tag == _ORIENTATION:
                return value if 1 <= value <= 8 else 1
    except (KeyError, struct.error):
        pass
    return 1


def _exif_with(orientation: int) -> bytes:
    body = b"Exif\x00\x00MM\x00*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    return struct.pack(">BBH", 0xFF, _EXIF, len(body) + 2) + body


def _clean_png(photo: bytes) -> bytes:
    kept, at = [_PNG_SIGNATURE], len(_PNG_SIGNATURE)
    while True:
        length, kind = struct.unpack_from(">I4s", photo, at)
        end = at + 12 + length
        if end > len(photo):
            raise BrokenPhoto(f"got {len(photo)} bytes, want at least {end}")
        if kind in _PNG_KEPT:
            kept.append(photo[at:end])
        if kind == b"IEND":
            return b"".join(kept)
        at = end


def _clean_webp(photo: bytes) -> bytes:
    (size,) = struct.unpack_from("<I", photo, 4)
    if size + 8 > len(photo):
        raise BrokenPhoto(f"got {len(photo)} bytes, want {size + 8}")
    kept, at = [], 12
    while at < size + 8:
        kind, length = struct.unpack_from("<4sI", photo, at)
        end = at + 8 + length + length % 2
        if kind in _WEBP_KEPT:
            kept.append(_unflagged(photo[at:end]) if kind == b"VP8X" else photo[at:end])
        at = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _unflagged(header: bytes) -> bytes:
    return header[:8] + bytes([header[8] & ~_WEBP_SAYS_EXIF_OR_XMP]) + header[9:]
