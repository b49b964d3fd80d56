"""What the stored seals and origins say a trail must be, for a check that recomputes it entry by entry."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from audit.errors import VerificationError
from audit.events import Event
from audit.log import origins, subjects
from audit.log.origins import Origin
from audit.log.recording import OPERATOR
from audit.note import open_note, parse_checkpoint
from audit.stamps.tokens import NotATimeStamp, read_answer
from audit.tables import CheckpointRow, CosignerRow, Entry, PublicKeyRow, TimeStampRow
from base.viewer import ABOUT_THE_TRAIL

Head = tuple[str, int]  # origin and size


@dataclass(slots=True)
class SealsAndOrigins:
    """``proven`` is the size of the largest seal that fitted so far; ``waiting`` are the seals not yet reached, by size."""

    origins: tuple[Origin, ...]
    waiting: dict[int, list[Mapping[str, Any]]]
    keys: tuple[str, ...]
    stamps: Mapping[Head, bytes]  # the hash that each time stamp is about; empty for one that says something else than its row
    proven: int = 0
    begun: set[int] = field(default_factory=set)

    def origin_at(self, idx: int) -> str:
        """The origin that the entry must name."""
        return max((origin for origin in self.origins if origin.start <= idx), key=lambda origin: origin.start).origin

    def fault_of_beginning(self, row: Mapping[str, Any], openings: Mapping[str, Mapping[str, Any]], root: bytes) -> str:
        """What is wrong with the first entry of a further origin; "" for any other entry and when nothing is."""
        idx = row["idx"]
        if idx == 0 or idx not in {origin.start for origin in self.origins}:
            return ""
        self.begun.add(idx)
        if (row["type"], row["stream"]) != (Event.TRAIL_RECOVERED.value, ABOUT_THE_TRAIL) or "facts" not in openings:
            return "another origin begins here, and the entry does not say why"
        facts = json.loads(openings["facts"]["value"])
        want = {"old_origin": self.origin_at(idx - 1), "restored_size": idx, "restored_root": root.hex()}
        wrong = [name for name, value in want.items() if facts.get(name) != value]
        return f"the recovery that it tells of is another one: {wrong[0]} does not fit" if wrong else ""

    def fault_at(self, size: int, root: bytes) -> str:
        """What is wrong with the seals of the first ``size`` entries, whose root was worked out to be ``root``."""
        for row in self.waiting.pop(size, ()):
            if bytes(row["root"]) != root:
                return f"the seal of {size} entries is of others: one of entries {self.proven + 1} to {size} was changed"
            if fault := self._fault_of_note(row):
                return f"the seal of {size} entries can't be trusted: {fault}"
            self.proven = size
        return ""

    def fault_at_end(self, size: int) -> str:
        if self.waiting:
            return f"there is a seal of {min(self.waiting)} entries, and there are only {size}: the rest was removed"
        missing = {origin.start for origin in self.origins if origin.start} - self.begun
        return f"an origin begins at entry {min(missing)}, which is not there" if missing else ""

    def _fault_of_note(self, row: Mapping[str, Any]) -> str:
        try:
            text, _ = open_note(bytes(row["note"]), self.keys)
            checkpoint = parse_checkpoint(text)
        except VerificationError as error:
            return error.what
        said = (checkpoint.origin, checkpoint.size, checkpoint.root)
        if said != (row["origin"], row["size"], bytes(row["root"])):
            return "its text says something else than its row"
        if row["origin"] != self.origin_at(row["size"] - 1):
            return "it names another origin"
        stamped = self.stamps.get((row["origin"], row["size"]))
        return "" if stamped in (None, sha256(bytes(row["note"])).digest()) else "its time stamp is about something else"


async def of(trail: str) -> SealsAndOrigins:
    """What the trail's stored seals and origins say. Inside the caller's read unit."""
    waiting: dict[int, list[Mapping[str, Any]]] = {}
    for row in await CheckpointRow.select().where(CheckpointRow.trail == trail).order_by(CheckpointRow.size):
        waiting.setdefault(row["size"], []).append(row)
    keys: list[str] = await PublicKeyRow.select(PublicKeyRow.vkey).output(as_list=True)
    keys += await CosignerRow.select(CosignerRow.vkey).output(as_list=True)
    return SealsAndOrigins(await origins.of(trail), waiting, tuple(keys), await _stamps(trail))


async def _stamps(trail: str) -> dict[Head, bytes]:
    rows = await TimeStampRow.select().where(TimeStampRow.trail == trail)
    return {(row["origin"], row["size"]): _stamped(row) for row in rows}


def _stamped(row: Mapping[str, Any]) -> bytes:
    try:
        token = read_answer(bytes(row["answer"]))
    except NotATimeStamp:
        return b""
    return token.imprint if abs(token.at - row["at"].timestamp() * 1_000_000) < 1_000 else b""


async def fault_of_copies(trail: str) -> str:
    """A clause for seals of which a copy left and that are stored no more, or were put back under another id; "" for none. Inside
    the caller's read unit.
    """
    (found,) = await CheckpointRow.raw(
        "SELECT count(DISTINCT d.checkpoint) AS n FROM audit_delivery d WHERE d.trail = {} "
        "AND NOT EXISTS (SELECT 1 FROM audit_checkpoint c WHERE c.id = d.checkpoint)",
        trail,
    )
    return f"{found['n']} seals of which a copy left were deleted, whether or not they were put back since" if found["n"] else ""


async def fault_of_keys() -> str:
    """A sentence for a key that replaced another without an entry, as a forger of the database might add one; "" for none."""
    listed: list[str] = (
        await PublicKeyRow.select(PublicKeyRow.vkey)
        .where(PublicKeyRow.replaces != "")
        .order_by(PublicKeyRow.since)
        .output(as_list=True)
    )
    unsaid = await _unsaid(listed, Event.KEY_ROTATED)
    if unsaid:
        return f"no entry says that the key {unsaid[0]} replaced another. After a restore, run: vouch jobs run-due"
    began = {row["vkey"]: row["since"] for row in await PublicKeyRow.select(PublicKeyRow.vkey, PublicKeyRow.since)}
    late = [row["vkey"] for row in await CosignerRow.select() if row["since"] > began[row["beside"]]]
    unsaid = await _unsaid(late, Event.KEY_JOINED)
    return f"no entry says that the key {unsaid[0][:60]}… signs beside another" if unsaid else ""


async def _unsaid(vkeys: Sequence[str], event: Event) -> list[str]:
    says_so = (Entry.trail == OPERATOR) & (Entry.type == event.value)
    recorded = set(await Entry.select(Entry.subject).where(says_so).output(as_list=True)) if vkeys else set()
    return [vkey for vkey in vkeys if subjects.key(vkey) not in recorded]
