"""The texts in a letter, as it was saved from a mailbox, copied out of it or typed. Takes no notice of how a message is built:
what is encoded is decoded, and all of it is looked at. Never raises. docs/reference/letter-format.md says how.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Final

MOST_BOUNDARIES: Final = 100
_MAIL_BOUNDARY: Final = re.compile(r'boundary="([!#-~ ]{1,70})"|boundary=([!#-:<-~]{1,70})', re.IGNORECASE | re.ASCII)
_MAIL_ENCODING: Final = re.compile(r"content-transfer-encoding:[ \t]*(base64|quoted-printable)[ \t]*\Z", re.IGNORECASE | re.ASCII)
_NO_BASE64_DIGIT: Final = re.compile("[^A-Za-z0-9+/]")
_QUOTED_BYTE: Final = re.compile("=([0-9A-Fa-f]{2})")


def texts_of(letter: bytes) -> list[str]:
    """The texts in their order, each part of a message one. What is no UTF-8 is read as ISO 8859-1."""
    whole = letter.decode("latin-1")  # so that each byte is a character until it is known what the bytes are
    found = list(dict.fromkeys(quoted or plain for quoted, plain in _MAIL_BOUNDARY.findall(whole)))[:MOST_BOUNDARIES]
    ends = {f"--{boundary}{dashes}" for boundary in found for dashes in ("", "--")}
    return [_mail_text(part) for part in _mail_parts(whole.split("\n"), ends)]


def _mail_parts(lines: list[str], ends: set[str]) -> list[str]:
    """What stands between boundaries, each with one character a byte; below a header that says so, decoded."""
    parts: list[str] = []
    part: list[str] = []
    encoding = coming = ""
    for raw in lines:
        line = raw.removesuffix("\r")
        told = None if encoding else _MAIL_ENCODING.match(line)
        if line.rstrip(" \t") in ends:
            parts.append(_mail_decoded(part, encoding))
            part, encoding, coming = [], "", ""
        elif told:
            coming = told[1].lower()
        elif coming and not line:
            parts.append(_mail_decoded(part, encoding))
            part, encoding, coming = [], coming, ""
        else:
            part.append(line)
    return [*parts, _mail_decoded(part, encoding)]


def _mail_decoded(lines: list[str], encoding: str) -> str:
    if encoding == "base64":
        digits = _NO_BASE64_DIGIT.sub("", "".join(lines))
        digits = digits[: len(digits) - (len(digits) % 4 == 1)]
        return b64decode(digits + "=" * (-len(digits) % 4)).decode("latin-1")
    if encoding == "quoted-printable":
        joined = "\n".join(line.rstrip(" \t") for line in lines).replace("=\n", "")
        return _QUOTED_BYTE.sub(lambda found: chr(int(found[1], 16)), joined)
    return "\n".join(lines)


def _mail_text(part: str) -> str:
    data = part.encode("latin-1")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return part
