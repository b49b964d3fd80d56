"""The time stamp of a pack, for the installed command: the published file stands on nothing that could check it.

What was stamped is the seal as its signer made it. Lines that witnesses added came behind, so it is the note up to the end of one
of its lines, and a line by a key that signed is among those before.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from cryptography.x509 import Certificate

from audit.note import split_note
from audit.sheet import instant
from audit.stamps import trust
from audit.stamps.tokens import NotATimeStamp, read_answer
from audit.stamps.trust import NotTrusted, TimeStamp
from audit.verifier.archive import Unreadable, open_archive, read_all
from audit.verifier.heads import Source, opened
from audit.verifier.verdict import FAILS, LEFT_OPEN, UNREADABLE, PackFacts, PackVerdict, SealKey, printable
from audit.verifier.words import in_words
from audit.vkeys import read_vkey

FAULT: Final = "timestamp"
WHAT: Final = "The time stamp does not hold: {why}."
ASK: Final = " With --tsa FILE it is."
MOST_BYTES: Final = 1_000_000  # of certificates that are trusted


@dataclass(frozen=True)
class TimeStampFact:
    """``by`` is the name in the certificate of whoever gave the time stamp, ``at`` its time, in ISO 8601 and UTC."""

    by: str
    at: str


@dataclass(frozen=True)
class StampedFacts(PackFacts):
    """The facts of a pack whose time stamp was checked too."""

    time_stamp: TimeStampFact


def read_trusted(source: Source) -> tuple[Certificate, ...]:
    """Raises Unreadable."""
    with opened(source) as file:
        try:
            return trust.read_certificates(file.read(MOST_BYTES))
        except ValueError as error:
            raise Unreadable("What was given with --tsa is no PEM file of certificates.") from error


def with_time_stamp(found: PackVerdict, pack: Source, tsa: Source) -> PackVerdict:
    """The verdict on a pack once its time stamp is looked at, by the certificates in ``tsa``. One that fails stays as it is."""
    try:
        trusted = read_trusted(tsa)
        if found.facts is None:
            return found
        stamp = _checked(pack, found.facts.signers, trusted)
    except (NotATimeStamp, NotTrusted) as error:
        return PackVerdict(FAILS, WHAT.format(why=error), FAULT)
    except Unreadable as error:  # the certificates, or a pack that was taken away meanwhile
        return PackVerdict(UNREADABLE, str(error))
    fact = TimeStampFact(printable(stamp.by), instant(stamp.at))
    left = tuple(what for what in found.facts.left_open if what != FAULT)
    values = {name: getattr(found.facts, name) for name in PackFacts.__dataclass_fields__}
    return replace(found, facts=StampedFacts(**{**values, "left_open": left}, time_stamp=fact))


def _checked(pack: Source, signers: Sequence[SealKey], trusted: Sequence[Certificate]) -> TimeStamp:
    """Raises NotATimeStamp or NotTrusted."""
    with opened(pack) as file:
        archive = open_archive(file)
        answer, note = (read_all(archive, name) if name in archive.members else None for name in ("timestamp", "checkpoint"))
    if answer is None or note is None:
        raise NotTrusted("the pack has none")
    return trust.verify(answer, _stamped_part(answer, note, signers), trusted)


def told(found: PackVerdict, *, verifiers: Collection[str] = ()) -> str:
    """As in_words, with a line for a time stamp that was checked, and how to check one that was not."""
    said = in_words(found, verifiers=verifiers).replace(LEFT_OPEN[FAULT], LEFT_OPEN[FAULT] + ASK)
    if not isinstance(found.facts, StampedFacts):
        return said
    line = f"Time stamp: the seal was time-stamped by {found.facts.time_stamp.by} at {found.facts.time_stamp.at}"
    return f"{said}\n  {line}, by that service's clock"


def _stamped_part(answer: bytes, note: bytes, signers: Sequence[SealKey]) -> bytes:
    """The part of the note that the time stamp is about. Raises NotATimeStamp, or NotTrusted where it is about no such part."""
    imprint = read_answer(answer).imprint
    for part in _parts(note, signers):
        if sha256(part).digest() == imprint:
            return part
    raise NotTrusted("it is about something else")


def _parts(note: bytes, signers: Sequence[SealKey]) -> Iterator[bytes]:
    """The note up to the end of each line from the first one by a key that signed on."""
    text, lines = split_note(note)
    known = {(key.name, key.key_id) for key in (read_vkey(signer.vkey) for signer in signers)}
    part, is_signed = f"{text}\n".encode(), False
    for one in lines:
        part += f"{one.line}\n".encode()
        is_signed = is_signed or (one.name, one.key_id) in known
        if is_signed:
            yield part
