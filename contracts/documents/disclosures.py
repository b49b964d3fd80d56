"""Whether a file looks like a DBS certificate, which a school must not keep: only that one was seen, or a letter.

Source: Keeping children safe in education, on copies of certificates (no longer than six months, and none of other employers'
staff). Looked for in its name and in text that stands in it plainly. Pure.
"""

import io
import re
import zipfile
from typing import Final

from base.spreadsheets.zips import UNREADABLE

MOST_READ: Final = 2 * 1024 * 1024  # bytes of text: a certificate has two pages
WORD_TEXT: Final = "word/document.xml"

_LOOKS_LIKE_ONE: Final = re.compile(
    r"\bDBS\b|disclosure (?:and|&) barring|criminal records? (?:certificate|check|bureau)|enhanced (?:disclosure|certificate)",
    re.IGNORECASE,
)
_BETWEEN_WORDS: Final = re.compile(r"[_\-.+]+")
_TAG: Final = re.compile(r"<[^>]*>")


def looks_like_one(name: str, content: bytes) -> bool:
    if _LOOKS_LIKE_ONE.search(_BETWEEN_WORDS.sub(" ", name)):
        return True
    return any(_LOOKS_LIKE_ONE.search(text) for text in _texts(content))


def _texts(content: bytes) -> tuple[str, ...]:
    if content.startswith(b"PK\x03\x04"):
        return (_TAG.sub("", _word_text(content)),)
    plain = content[:MOST_READ]
    return plain.decode("utf-8", errors="ignore"), plain.decode("utf-16-le", errors="ignore")


def _word_text(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(WORD_TEXT) as part:
            return part.read(MOST_READ).decode("utf-8", errors="ignore")
    except (*UNREADABLE, KeyError):
        return ""
