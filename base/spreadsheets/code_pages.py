"""Text of one byte a character that is not Windows': an old Macintosh's, or DOS's, as old finance systems write it. Pure."""

from typing import Final

WINDOWS: Final = "cp1252"
WORDS: Final = {WINDOWS: "Windows-1252", "mac_roman": "Macintosh", "cp850": "DOS"}
TELLING: Final = 2  # more characters that stand well, or badly, than the other way round
APOSTROPHES: Final = "’'"
POUNDS: Final = "£"
OPENING: Final = "‚„‘“«¡¿"  # signs that no word ends in
REPLACED: Final = "\ufffd"  # for a byte that the code page does not have


def code_page(content: bytes) -> str:
    """The one in which what is no ASCII stands as in names: Windows' unless that reads badly, and one other well."""
    read = {page: likelihood(content.decode(page, errors="replace")) for page in WORDS}
    (best, score), (_, next_best) = sorted(read.items(), key=lambda one: -one[1])[:2]
    return best if read[WINDOWS] <= -TELLING and score >= TELLING and score > next_best else WINDOWS


def likelihood(text: str) -> int:
    """How many characters beyond ASCII stand where they may, less those that may not: "CafŽ", "No‘l", "Caf‚"."""
    return sum(_fits(text[at - 1 : at], one, text[at + 1 : at + 2]) for at, one in enumerate(text) if one > "\x7f")


def _fits(before: str, one: str, behind: str) -> int:
    if not one.isalpha():
        return _sign_fits(before, one, behind)
    if before.isalpha() and one.isupper() and behind.islower():
        return -1
    if before.islower() or (before.isupper() and behind.isupper()):
        return 1 if one.islower() == before.islower() else -1
    return 1 if before.isalpha() or behind.isalpha() else -1


def _sign_fits(before: str, one: str, behind: str) -> int:
    if one == REPLACED:
        return -3
    if one in POUNDS:
        return 1 if behind.isdigit() or not before.isalpha() else -1
    if one in APOSTROPHES:
        return 1 if before.isalpha() else 0
    return -1 if before.isalpha() and (behind.isalpha() or one in OPENING) else 0
