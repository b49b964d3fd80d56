"""Passwords: which ones may be chosen, and their Argon2id hashes, made off the event loop and never more than two at once.

Of the two, strangers get one: however many of them try, whoever is known already finds the other.

Length is what protects, so there are no rules about capitals or digits; what is easily guessed is refused.
"""

import asyncio
import base64
import gzip
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hmac import compare_digest
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar

from anyascii import anyascii
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from base.refusals import Busy, Invalid

SHORTEST: Final = 10
LONGEST: Final = 128  # a limit only so that nobody sends a book
LEAST_OF_ONE_S_OWN: Final = 6  # characters left when the names of school, service and person are taken out
LEAST_DIFFERENT: Final = 4  # characters: "aaaaaaaaaa" and "1212121212" have fewer
MOST_WAITING: Final = 100  # in one line: ten seconds of work; past it the visitor is better served by "try again"

HINT: Final = (
    f"At least {SHORTEST} characters; 15 or more is better. Three or four words that don't belong together make a good one."
)
EASILY_GUESSED: Final = "That password is easily guessed. Try three or four words that don't belong together."

_COMMON: Final = Path(__file__).parent / "data" / "common_passwords.txt.gz"
_NOT_LETTERS = re.compile(r"[^a-z]+")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")

T = TypeVar("T")


class Argon2:
    """Argon2id with RFC 9106's second recommended parameters: 64 MiB, 3 passes, 4 lanes.

    Each hash takes a good part of a processor for a tenth of a second, so there are two lines and no more.
    """

    def __init__(self, hasher: PasswordHasher) -> None:
        self.hasher = hasher
        self._reserved, self._strangers = _Line(), _Line()
        self._nobodys = ""

    @contextmanager
    def turn(self, *, reserved: bool) -> Iterator["Turn"]:
        """A place in the line of strangers or, ``reserved`` for those who are known, in the shorter of both.

        Raises Busy where the line is too long; nothing has been counted or hashed by then.
        """
        line = min(self._reserved, self._strangers, key=lambda line: line.waiting) if reserved else self._strangers
        if line.waiting >= MOST_WAITING:
            raise Busy("Many people are signing in at once. Try again in a moment.")
        line.waiting += 1
        try:
            yield Turn(self, line)
        finally:
            line.waiting -= 1

    async def hashed(self, password: str, *, beside: Sequence[str] = ()) -> str:
        """For somebody who is signed in or came with a link; ``beside`` are the hashes of the accounts that claim the address."""
        with self.turn(reserved=True) as turn:
            return await turn.hashed(password, beside=beside)

    def is_outdated(self, stored: str) -> bool:
        """True also for what is no hash: an account without a password."""
        try:
            return self.hasher.check_needs_rehash(stored)
        except InvalidHashError:
            return True

    def make(self, password: str, beside: Sequence[str] = ()) -> str:
        """Accounts that claim one address share their salt, so that comparing a password with all of them is one hash: it takes
        as long as with one of them, or none.
        """
        salt = next((salt_of(stored) for stored in beside if not self.is_outdated(stored)), None)
        return self.hasher.hash(_normal(password), salt=salt)

    def which(self, password: str, stored: Sequence[str]) -> int | None:
        made: dict[bytes, str] = {}
        for place, one in enumerate(stored):
            if self.is_outdated(one):
                fits = self.verify(password, one)
            else:
                salt = salt_of(one)
                made[salt] = made.get(salt) or self.make(password, [one])
                fits = compare_digest(made[salt], one)
            if fits:
                return place
        if not stored:
            self.verify(password, None)
        return None

    def verify(self, password: str, stored: str | None) -> bool:
        if not self._nobodys or self.is_outdated(self._nobodys):
            self._nobodys = self.hasher.hash("nobody's password")
        try:
            return self.hasher.verify(stored or self._nobodys, _normal(password))
        except (VerifyMismatchError, InvalidHashError):
            return False


class _Line:
    """Who waits for one of the two threads that hash."""

    def __init__(self) -> None:
        self.waiting = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="password")

    async def run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


@dataclass(frozen=True, slots=True)
class Turn:
    """A place in a line, for as long as its ``with`` lasts."""

    _argon2: Argon2
    _line: _Line

    async def hashed(self, password: str, *, beside: Sequence[str] = ()) -> str:
        return await self._line.run(lambda: self._argon2.make(password, beside))

    async def which(self, password: str, stored: Sequence[str]) -> int | None:
        """The place of the first of ``stored`` that the password fits; None for none, and for no account, after the same time."""
        return await self._line.run(lambda: self._argon2.which(password, stored))


argon2 = Argon2(PasswordHasher())


def chosen(password: str, *, context: Iterable[str] = (), field: str = "password") -> str:
    """The password, if it may be chosen; ``context`` holds what others know of its owner, such as e-mail and school.

    Raises Invalid with a sentence that says what to do.
    """
    if len(password) < SHORTEST:
        raise _refused(f"The password must be at least {SHORTEST} characters long.", field)
    if len(password) > LONGEST:
        raise _refused(f"The password must be {LONGEST} characters or fewer.", field)
    if _is_common(password) or _is_a_pattern(password) or _is_about_its_owner(password, context):
        raise _refused(EASILY_GUESSED, field)
    return password


def salt_of(stored: str) -> bytes:
    """The salt in a hash of ours: $argon2id$v=19$m=65536,t=3,p=4$<salt>$<digest>, in Base64 without its "="."""
    salt = stored.split("$")[4]
    return base64.b64decode(salt + "=" * (-len(salt) % 4))


def _refused(sentence: str, field: str) -> Invalid:
    return Invalid(sentence, **{field: sentence})


def _normal(password: str) -> str:
    """One spelling of what keyboards type in several ways; surrogates that no keyboard types become question marks."""
    return unicodedata.normalize("NFKC", password).encode(errors="replace").decode()


def _is_common(password: str) -> bool:
    folded = password.casefold().strip()
    return folded in _common() or _NOT_LETTERS.sub("", folded) in _common()


@cache
def _common() -> frozenset[str]:
    return frozenset(gzip.decompress(_COMMON.read_bytes()).decode().split())


def _is_a_pattern(password: str) -> bool:
    steps = {ord(later) - ord(earlier) for earlier, later in pairwise(password)}
    return len(set(password.casefold())) < LEAST_DIFFERENT or len(steps) == 1


def _is_about_its_owner(password: str, context: Iterable[str]) -> bool:
    rest = _folded(password)
    known = {"vouch"} | {_folded(part) for text in context for part in (text, *re.split(r"[\s@.]+", text))}
    for word in sorted(known, key=len, reverse=True):
        if len(word) >= LEAST_DIFFERENT:
            rest = rest.replace(word, "")
    return len(rest) < LEAST_OF_ONE_S_OWN and len(rest) < len(_folded(password))


def _folded(text: str) -> str:
    return _NOT_PLAIN.sub("", anyascii(text).casefold())
