"""Whose heads this installation cosigns: a small file that VOUCH_WITNESS_FOR names, written by hand.

    vouch.oak.example/trail/  vouch.oak.example+1234abcd+AY…

Each line has the origins and a verifier key of their log. What ends with a slash stands for every origin that begins with it;
anything else for that origin alone. A log with several keys has several lines. Empty lines and those that begin with # count
for nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from audit import vkeys
from audit.errors import VerificationError
from base import settings
from base.settings import SettingsError

MOST_LINES: Final = 1_000
LONGEST_FILE: Final = 4_000_000  # bytes: so many lines with post-quantum keys, and comments


@dataclass(frozen=True, slots=True)
class KnownLog:
    """A log, by the beginning of its origins or its one origin, and a verifier key of it."""

    origins: str
    vkey: str

    def has(self, origin: str) -> bool:
        return origin.startswith(self.origins) if self.origins.endswith("/") else origin == self.origins


def current() -> tuple[KnownLog, ...]:
    """None where this installation is no witness. Raises SettingsError for a file that can't be used."""
    path = settings.current().witness_for
    return _read(path) if path else ()


def keys_of(logs: Sequence[KnownLog], origin: str) -> tuple[str, ...]:
    """The verifier keys that may sign a head of this origin; none if it is nobody's that we know."""
    return tuple(log.vkey for log in logs if log.has(origin))


@cache
def _read(path: Path) -> tuple[KnownLog, ...]:
    """Once for each process."""
    try:
        with path.open("rb") as file:
            text = file.read(LONGEST_FILE + 1).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"VOUCH_WITNESS_FOR names a file that can't be read: {path}.") from error
    lines = [line.split() for line in text.splitlines()]
    said = [(number, words) for number, words in enumerate(lines, 1) if words and not words[0].startswith("#")]
    if len(text) > LONGEST_FILE or len(said) > MOST_LINES:
        raise SettingsError(f"VOUCH_WITNESS_FOR names a file of more than {MOST_LINES:,} logs: {path}.")
    return tuple(_log(path, number, words) for number, words in said)


def _log(path: Path, number: int, words: Sequence[str]) -> KnownLog:
    try:
        origins, vkey = words
        vkeys.key_name(vkey)
    except (ValueError, VerificationError) as error:
        raise SettingsError(
            f"VOUCH_WITNESS_FOR: line {number} of {path} must be the beginning of a log's origins, a space and a verifier key."
        ) from error
    return KnownLog(origins, vkey)
