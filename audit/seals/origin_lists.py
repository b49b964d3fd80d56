"""For each school, the signed list of every origin that a trail of it ever had here, so that no second set of books goes unseen.

What a trail says of whose it is decides (`audit/log/whose.py`), not what our records say today; what was listed once stays
listed, since the signer remembers it beside its key. A list is about one school: nobody gets the list of all by it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from piccolo.query.functions import Max

import database
from audit import note
from audit.errors import VerificationError
from audit.log import origins, whose
from audit.log.known import Owner
from audit.seals import keys, signer
from audit.seals.keyring import SigningKey
from audit.tables import OriginsNote
from audit.verifier.heads import ORIGINS_FORMAT
from audit.vkeys import vkey_text
from base import clock

BATCH: Final = 100  # trails in one unit of work


def about(owner: Owner) -> str:
    """What the list says that it is about, such as "school 100023"; "" for an owner without a number, who has no list."""
    return f"{owner.kind} {owner.number}" if owner.number else ""


async def write_all(trails: Sequence[str], own: Sequence[SigningKey]) -> int:
    """Signs each list that is new, has grown, or is not signed by the newest of ``own``; returns how many.

    Opens its own units.
    """
    written = 0
    for start in range(0, len(trails), BATCH):
        written += await _write_some(trails[start : start + BATCH], own)
    return written


async def newest(subjects: Sequence[str]) -> bytes | None:
    """The newest list about the first of ``subjects`` that there is one about. Inside the caller's unit."""
    for subject in subjects:
        query = OriginsNote.select(OriginsNote.note).where(OriginsNote.about == subject)
        row = await query.order_by(OriginsNote.made_at, ascending=False).first()
        if row:
            return bytes(row["note"])
    return None


async def of_number(number: str) -> bytes | None:
    """The newest list about the school with this URN, or the trust with this UID; None for neither. Opens its own unit."""
    async with database.read():
        return await newest([about(Owner(kind, "", number)) for kind in ("school", "trust")])


async def for_pack(owner: Owner | None, named: Sequence[str]) -> bytes | None:
    """The list to put into a pack of ``owner``'s trail; None unless it lists all of ``named``. Inside the caller's unit."""
    found = await newest([about(owner)]) if owner and owner.number else None
    return found if found and set(named) <= set(listed_in(found)) else None


def listed_in(signed: bytes) -> tuple[str, ...]:
    """The origins in a list, whoever signed it."""
    return tuple(signed.decode().partition("\n\n")[0].split("\n")[2:])


async def _write_some(trails: Sequence[str], own: Sequence[SigningKey]) -> int:
    async with database.read():
        now: dict[str, set[str]] = {}
        for trail in trails:
            names = {origin.origin for origin in await origins.of(trail)}
            for subject in {about(owner) for owner in await whose.owners_of(trail)} - {""}:
                now.setdefault(subject, set()).update(names)
        stored = {subject: found for subject in now if (found := await newest([subject]))}
    # A hundred signatures take a tenth of a second, in which nobody would get a page.
    signed_by = await asyncio.to_thread(lambda: {subject: _signers(found, own) for subject, found in stored.items()})
    for subject, found in stored.items():  # of a memory that is an older copy
        now[subject] |= set(listed_in(found)) if signed_by[subject] else set()
    known = await asyncio.to_thread(signer.list_origins, keys.folder(), now)
    due = {
        subject: _signed(subject, names, own)
        for subject, names in known.items()
        if subject not in stored or listed_in(stored[subject]) != names or own[0].vkey not in signed_by[subject]
    }
    await _store(due)
    return len(due)


def _signed(subject: str, names: Sequence[str], own: Sequence[SigningKey]) -> bytes:
    made = note.sign_note("\n".join([ORIGINS_FORMAT, subject, *names]) + "\n", own[0].secret)
    for key in own[1:]:
        made = note.cosign(made, key.secret)
    return made


def _signers(signed: bytes, own: Sequence[SigningKey]) -> frozenset[str]:
    """Which of our own verifier keys signed it; none where a signature by one of them fails."""
    try:
        _, signers = note.signers_of(signed, [key.vkey for key in own])
    except VerificationError:
        return frozenset()
    return frozenset(vkey_text(key.name, key.data) for key in signers)


async def _store(due: Mapping[str, bytes]) -> None:
    if not due:
        return
    async with database.housekeeping():
        query = OriginsNote.select(OriginsNote.about, Max(OriginsNote.made_at, alias="last"))
        stored = await query.where(database.among(OriginsNote.about, due)).group_by(OriginsNote.about)
        last = {row["about"]: database.moment_of(row["last"]) for row in stored}
        rows: list[Any] = [
            OriginsNote(id=uuid4(), about=subject, note=made, made_at=clock.after(last.get(subject)))
            for subject, made in due.items()
        ]
        await OriginsNote.insert(*rows)
