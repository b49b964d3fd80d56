"""Signs checkpoints, and remembers outside the database what it signed, so that a database put back can't pass for the one
that was sealed. Writes its memory to the disk before it hands out a note; never two notes for one origin and size.

The memory is an SQLite file beside the key: several processes may ask at once, and one after the other is answered
(docs/decisions/0012). Everything here waits for the disk: call it in a thread.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit import note
from audit.errors import VerificationError
from audit.merkle import verify_consistency
from audit.seals import beside_key
from audit.seals.beside_key import Connection
from audit.seals.keyring import SigningKey
from base import clock

FILE: Final = "memory.sqlite"
AT_ONCE: Final = 500  # origins asked for in one query: SQLite takes a limited number of marks
TABLES: Final = (
    (
        "CREATE TABLE IF NOT EXISTS signed (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, "
        "note BLOB NOT NULL) WITHOUT ROWID"
    ),
    "CREATE TABLE IF NOT EXISTS named (trail TEXT PRIMARY KEY, origin TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS listed (about TEXT NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (about, origin)) WITHOUT ROWID",
)


@dataclass(frozen=True, slots=True)
class Signed:
    """A head that was signed; ``note`` has left the building, or may have."""

    origin: str
    size: int
    root: bytes
    note: bytes


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """A head to sign. ``after`` is the size that the asker found remembered (0: none), and ``proof`` shows that
    the head continues it.
    """

    trail: str
    origin: str
    size: int
    root: bytes
    after: int
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SigningRefused:
    """A head that was not signed, with a sentence that says what to do."""

    origin: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Another process signed another head of this origin meanwhile: ask again with what is remembered now."""

    origin: str


SigningAnswer = Signed | SigningRefused | Overtaken

RENAMED: Final = (
    "This trail was sealed as {known}, and is called otherwise now: another one was put in its place. "
    "Restore a newer backup if there is one. If not, run: vouch trail recover"
)


def remembered(folder: Path, origins: Sequence[str]) -> Mapping[str, Signed]:
    """What was last signed, by origin; an origin that never was signed is left out."""
    with _memory(folder) as memory:
        return _recall(memory, origins)


def names(folder: Path, trails: Sequence[str]) -> Mapping[str, str]:
    """By trail, the origin under which it was last signed, or may go on: no trail sheds its past by taking another name."""
    with _memory(folder) as memory:
        return _names(memory, trails)


def trails(folder: Path) -> tuple[str, ...]:
    """Every trail that was ever signed."""
    with _memory(folder) as memory:
        return tuple(trail for (trail,) in memory.execute("SELECT trail FROM named ORDER BY trail"))


def rename(folder: Path, trail: str, origin: str) -> None:
    """The trail goes on under this origin, and says why in an entry of its own."""
    with _memory(folder) as memory:
        _call(memory, [(trail, origin)])


def list_origins(folder: Path, found: Mapping[str, Collection[str]]) -> Mapping[str, tuple[str, ...]]:
    """Remembers these origins, by whose they are; returns every one that was ever remembered of each, in order."""
    with _memory(folder) as memory:
        pairs = [(about, origin) for about, origins in found.items() for origin in sorted(origins)]
        memory.executemany("INSERT OR IGNORE INTO listed (about, origin) VALUES (?, ?)", pairs)
        query = "SELECT origin FROM listed WHERE about = ? ORDER BY origin"
        return {about: tuple(origin for (origin,) in memory.execute(query, (about,))) for about in found}


def sign(folder: Path, keys: Sequence[SigningKey], asks: Sequence[SigningRequest]) -> tuple[SigningAnswer, ...]:
    """Signs with every one of ``keys`` (the first one first) what continues what was signed before; an answer for each."""
    with _memory(folder) as memory:
        known, called = _recall(memory, [ask.origin for ask in asks]), _names(memory, [ask.trail for ask in asks])
        answers = tuple(
            SigningRefused(ask.origin, RENAMED.format(known=called[ask.trail]))
            if called.get(ask.trail, ask.origin) != ask.origin
            else _answer(keys, ask, known.get(ask.origin))
            for ask in asks
        )
        signed = [(ask.trail, answer) for ask, answer in zip(asks, answers, strict=True) if isinstance(answer, Signed)]
        _keep(memory, [answer for _, answer in signed])
        _call(memory, [(trail, answer.origin) for trail, answer in signed])
    return answers


def adopt(folder: Path, signed: Sequence[Signed]) -> None:
    """Takes seals that were found elsewhere for what was last signed, where they are larger than what is remembered."""
    with _memory(folder) as memory:
        known = _recall(memory, [one.origin for one in signed])
        _keep(memory, [one for one in signed if one.origin not in known or known[one.origin].size < one.size])


def _answer(keys: Sequence[SigningKey], ask: SigningRequest, last: Signed | None) -> SigningAnswer:
    if ask.after != (last.size if last else 0):
        return Overtaken(ask.origin)
    if last is not None:
        if (ask.size, ask.root) == (last.size, last.root):
            return last
        if fault := _fault(ask, last):
            return SigningRefused(ask.origin, fault)
    return Signed(ask.origin, ask.size, ask.root, _sealed(keys, note.checkpoint_text(ask.origin, ask.size, ask.root)))


def _sealed(keys: Sequence[SigningKey], text: str) -> bytes:
    """The lines by Ed25519 first: they are what people can copy by hand. Those by ML-DSA-44 say when they were signed."""
    made, at = note.sign_note(text, keys[0].secret), int(clock.now().timestamp())
    for secret in [*(key.secret for key in keys[1:]), *(key.cosigner.secret for key in keys if key.cosigner)]:
        made = note.cosign(made, secret, at=at)
    return made


def _fault(ask: SigningRequest, last: Signed) -> str:
    """Why the head does not continue what was signed last; "" when it does."""
    if ask.size < last.size:
        return (
            f"A seal of {last.size} entries was signed, and the database has only {ask.size}: an older one was put back. "
            "Restore a newer backup if there is one. If not, run: vouch trail recover"
        )
    try:
        verify_consistency(size1=last.size, size2=ask.size, root1=last.root, root2=ask.root, proof=ask.proof)
    except VerificationError:
        return (
            f"The first {last.size} entries are not those that were sealed. Run: vouch trail fsck. "
            "If an older backup was put back and has grown since, run: vouch trail recover"
        )
    return ""


def _memory(folder: Path) -> AbstractContextManager[Connection]:
    """One transaction on the memory, which nobody else uses meanwhile; on the disk when it ends."""
    return beside_key.transaction(folder / FILE, TABLES)


def _recall(memory: Connection, origins: Sequence[str]) -> dict[str, Signed]:
    found = {}
    for start in range(0, len(origins), AT_ONCE):
        some = origins[start : start + AT_ONCE]
        query = f"SELECT origin, size, root, note FROM signed WHERE origin IN ({', '.join('?' * len(some))})"  # noqa: S608 - marks only
        found.update({row[0]: Signed(*row) for row in memory.execute(query, some)})
    return found


def _keep(memory: Connection, signed: Sequence[Signed]) -> None:
    memory.executemany(
        "INSERT OR REPLACE INTO signed (origin, size, root, note) VALUES (?, ?, ?, ?)",
        [(one.origin, one.size, one.root, one.note) for one in signed],
    )


def _names(memory: Connection, trails: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(trails), AT_ONCE):
        some = trails[start : start + AT_ONCE]
        query = f"SELECT trail, origin FROM named WHERE trail IN ({', '.join('?' * len(some))})"  # noqa: S608 - marks only
        found.update(memory.execute(query, some).fetchall())
    return found


def _call(memory: Connection, named: Sequence[tuple[str, str]]) -> None:
    memory.executemany("INSERT OR REPLACE INTO named (trail, origin) VALUES (?, ?)", named)
