"""Trails to seal in tests: how they grow, and how somebody with the database in their hands puts them back or changes them."""

import io
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from enum import StrEnum

import audit
import database
from audit import merkle
from audit.log import fsck
from audit.packs import packs
from audit.packs.extent import Scope
from audit.packs.order import Grade, PackOrder
from audit.seals import keys, sealing, seals
from audit.tables import Entry, Opening
from audit.verifier.verify import verify_pack
from tests.given.tampered_database import switched_off_and_on
from vouch.wiring import SOURCES

TRAIL = "11111111-1111-4111-8111-111111111111"


class Event(StrEnum):
    THING_DONE = "thing.done"


async def grow(n: int = 1, trail: str = TRAIL, word: str = "a") -> None:
    async with audit.recording(None) as record:
        for i in range(n):
            record(Event.THING_DONE, stream="school", subject="thing:1", facts={"n": i, "word": word}, trail=trail)


async def sealed(n: int = 1, trail: str = TRAIL) -> seals.Seal:
    await grow(n, trail)
    made = await seals.seal(trail)
    assert made is not None
    return made


async def sealing_of(*trails: str) -> sealing.SealingResult:
    return await sealing.seal_some(trails or (TRAIL,), await keys.signing())


async def fault_of(trail: str = TRAIL) -> str:
    finding = (await fsck.check(trail)).finding
    return finding.what if finding else ""


async def forget_from(size: int, trail: str = TRAIL) -> None:
    """As if a backup had been put back that was made when the trail had ``size`` entries."""
    async with database.read():
        rows = await Entry.select(Entry.event_id).where((Entry.trail == trail) & (Entry.idx >= size))
        leaves = await Entry.select(Entry.leaf_hash).where(Entry.trail == trail).order_by(Entry.idx).output(as_list=True)
        sizes = await Entry.raw(
            "SELECT stream, count(*) AS size FROM audit_entry WHERE trail = {} AND idx < {} GROUP BY stream", trail, size
        )
    frontier = merkle.Frontier()
    for leaf in leaves[:size]:
        frontier.push(bytes(leaf))
    async with triggers_off():
        for row in rows:
            await Opening.delete().where(Opening.event_id == row["event_id"])
        await Entry.raw("DELETE FROM audit_entry WHERE trail = {} AND idx >= {}", trail, size)
        await Entry.raw(
            "DELETE FROM audit_delivery WHERE checkpoint IN (SELECT id FROM audit_checkpoint WHERE trail = {} AND size > {})",
            trail,
            size,
        )
        await Entry.raw("DELETE FROM audit_checkpoint WHERE trail = {} AND size > {}", trail, size)
        await Entry.raw("DELETE FROM audit_origin WHERE trail = {} AND start >= {}", trail, size)
        await Entry.raw(
            """UPDATE audit_head SET size = {}, frontier = {}, last_at = coalesce((SELECT e.at FROM audit_entry e
            WHERE e.trail = audit_head.trail AND e.idx = {}), 0) WHERE trail = {}""",
            size,
            frontier.hashes,
            size - 1,
            trail,
        )
        await Entry.raw("UPDATE audit_stream SET size = 0 WHERE trail = {}", trail)
        for row in sizes:
            await Entry.raw("UPDATE audit_stream SET size = {} WHERE trail = {} AND name = {}", row["size"], trail, row["stream"])


@asynccontextmanager
async def triggers_off() -> AsyncIterator[None]:
    """A write unit of somebody with the database in their hands."""
    off, on = await switched_off_and_on()
    async with database.write():
        if database.is_postgres():  # foreign keys that wait for the end of the unit would stand in the way
            await database.engine().run_ddl("SET LOCAL session_replication_role = replica")
        for statement in off:
            await database.engine().run_ddl(statement)
        yield
        for statement in on:
            await database.engine().run_ddl(statement)


async def a_pack() -> bytes:
    to = io.BytesIO()
    await packs.build(None, PackOrder(TRAIL, "Oakfield", Scope(), Grade.COMPLETE), to=to, sources=SOURCES)
    return to.getvalue()


def verdict_of(pack: bytes, vkeys: Iterable[str], *, since: bytes | None = None) -> str:
    earlier = io.BytesIO(since) if since is not None else None
    return verify_pack(io.BytesIO(pack), keys=vkeys, since=earlier).status
