"""Text that people type, made fit to keep: one form of every character, nothing invisible, never longer than said."""

import re
import unicodedata

from base.refusals import Invalid

LONGEST_LINE = 200
LONGEST_PROSE = 4_000
NO_ANSWER = "Enter an answer."

# Windows-1252 that was read as ISO 8859-1: as every browser does (WHATWG Encoding, 4.2), 0x92 is an apostrophe.
_AS_WINDOWS_1252 = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}
_C1 = re.compile("[\x80-\x9f]")


def without_c1(text: str) -> str:
    """Control characters U+0080 to U+009F as the characters that they were meant to be; five of them are none."""
    return text.translate(_AS_WINDOWS_1252) if _C1.search(text) else text


def line(value: str, *, field: str, longest: int = LONGEST_LINE, required: bool = True, missing: str = NO_ANSWER) -> str:
    """One line: NFC, white space folded. Raises Invalid that names ``field``, with ``missing`` where there is nothing."""
    text = " ".join(unicodedata.normalize("NFC", without_c1(value)).split())
    if required and not text:
        raise _invalid(field, missing)
    return _checked(text, field=field, longest=longest, required=required)


def prose(value: str, *, field: str, longest: int = LONGEST_PROSE, required: bool = False, missing: str = NO_ANSWER) -> str:
    """Several lines: NFC, LF line ends, outer white space gone. Raises Invalid as ``line``."""
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if required and not text:
        raise _invalid(field, missing)
    return _checked(text, field=field, longest=longest, required=required)


def _checked(text: str, *, field: str, longest: int, required: bool) -> str:
    if required and not text:
        raise _invalid(field, NO_ANSWER)
    if len(text) > longest:
        raise _invalid(field, f"The text must be {longest:,} characters or fewer.")
    if not text.isprintable() and any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise _invalid(field, "The text holds a character that can't be stored. Type it again rather than pasting it.")
    return text


def _invalid(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, **{field: sentence})
