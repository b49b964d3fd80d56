"""The letter that carries a seal: its words, the seal as it can be typed, and the proof that it continues the letter before.

docs/reference/letter-format.md describes what is read out of it again.
"""

from dataclasses import dataclass
from datetime import datetime
from textwrap import indent
from typing import Final
from uuid import UUID

import structlog

import database
from audit.cosignature import add_checkpoint
from audit.log import proofs
from audit.seals import seals
from audit.seals.keys import PublicKey
from audit.seals.seals import Seal
from audit.seals.stamped import Stamped
from audit.times import SomeEntries, held_line
from audit.verifier.verdict import printable
from base import settings

SEAL_FILE: Final = "seal.txt"
WITNESSED_FILE: Final = "witnessed.txt"
STAMP_FILE: Final = "seal.tsr"

log = structlog.get_logger("vouch.seals")


@dataclass(frozen=True, slots=True)
class LetterBefore:
    """The seal that the same person was sent last. ``proof`` leads from it to this one; None where nothing can."""

    origin: str
    size: int
    proof: tuple[bytes, ...] | None


@dataclass(frozen=True, slots=True)
class Told:
    """What a seal's letters say to everybody. ``note`` is the seal with the lines of witnesses."""

    seal: Seal
    note: bytes
    held: SomeEntries | None
    stamp: Stamped | None
    key: PublicKey


async def before(seal: Seal, recipient: UUID, since: datetime) -> LetterBefore | None:
    """None for somebody's first letter. Opens its own units."""
    found = await seals.queued_before(seal, recipient, since)
    if found is None:
        return None
    origin, size = found
    if origin != seal.origin:
        return LetterBefore(origin, size, None)
    try:
        async with database.read():
            return LetterBefore(origin, size, await proofs.consistency(seal.trail, size, seal.size))
    except (ValueError, RuntimeError):  # of a trail that went back, or lost some of its hashes: Check and fsck say what it is
        log.exception("letter_without_proof", trail=seal.trail)
        return LetterBefore(origin, size, None)


def letter(school: str, told: Told, earlier: LetterBefore | None) -> str:
    seal, key = told.seal, told.key
    return f"""{school} keeps an audit trail of its suppliers in Vouch, and named you to hold copies of its seals.

The file {SEAL_FILE} is the seal of the trail as it stood on {seal.sealed_at:%-d %B %Y}: {entries(seal.size)}.
It is one short number made of them all, signed, and says nothing of what the entries are about.
{_witnessed(told)}{_stamped(told.stamp)}{_told_of(told.held)}
Please keep this message. If an entry among them is ever changed, left out or put in another place, the trail no longer
fits this seal, and you can prove it:
  {settings.current().origin}/verify
{_continues(seal, earlier)}
It is checked with the key
  {key.vkey}
whose fingerprint is
  {key.fingerprint}
{_beside(key)}A check of a pack shows the fingerprint of each key that sealed it. If it shows another, and nobody told you of it,
ask.

{_on_paper(told.note, earlier)}

You need do nothing else. To receive no more of these, ask {school}.
"""


def entries(size: int) -> str:
    return "1 entry" if size == 1 else f"{size:,} entries"


def _continues(seal: Seal, earlier: LetterBefore | None) -> str:
    """What this seal is to the one in the letter before."""
    if earlier is None:
        return ""
    if earlier.origin != seal.origin:
        return f"""
The letter before this one was of {entries(earlier.size)} of
  {earlier.origin}
The trail began anew since, as when a backup was restored, and has another name. Ask {_operator()} why, and keep
both letters.
"""
    if earlier.proof is None:
        return f"""
The letter before this one was of {entries(earlier.size)}. This one brings no proof that it continues it: what the trail
consists of could not be read as it should. Ask {_operator()} why.
"""
    return f"""
The letter before this one was of {entries(earlier.size)}. There you can also check, with the two letters and nothing else,
that they are the first of these.
"""


def _on_paper(note: bytes, earlier: LetterBefore | None) -> str:
    typed = seals.on_paper(note)
    if earlier is None or earlier.proof is None:
        return f"On paper the seal is\n{indent(typed, '  ')}"
    whole = add_checkpoint(earlier.size, earlier.proof, typed.encode()).decode()
    return f"On paper the seal is, below the proof that it continues the one before,\n{indent(whole, '  ')}"


def _beside(key: PublicKey) -> str:
    if key.cosigner is None:
        return ""
    return f"""Beside it signs a key by ML-DSA-44, which holds even if somebody can forge the other signature. Its fingerprint is
  {key.cosigner_fingerprint}
"""


def _witnessed(told: Told) -> str:
    if told.note == told.seal.note:
        return ""
    return f"""
The file {WITNESSED_FILE} is the same seal with the signatures of other installations of Vouch which saw it.
"""


def _stamped(stamp: Stamped | None) -> str:
    if stamp is None:
        return ""
    return f"""
{printable(stamp.by)} had the seal before it on {stamp.at:%-d %B %Y at %H:%M} UTC, by its own clock, and says so in the file
{STAMP_FILE}: a time stamp of RFC 3161, which whoever knows that service's certificate can check.
"""


def _told_of(held: SomeEntries | None) -> str:
    """What came to pass with the clock since the letter before."""
    if held is None:
        return ""
    return f"""
The computer's clock was behind since the last letter. {held_line(held)}.
Ask {_operator()} why.
"""


def _operator() -> str:
    return settings.current().operator_name or "whoever runs Vouch there"
