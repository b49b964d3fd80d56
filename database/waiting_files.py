"""Files that wait in the database while a person looks at what they say: each once, few of a school, gone after their time.

The table has columns id, school, person, state, digest (SHA-256), size, sentence, done and ends_at, the tables of what was read
from it a column import_id; housekeeping may write them. What a file means, and which states it goes through, is its slice's
business.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import database
from base import clock
from base.refusals import Conflict, NotFound

MOST_KEPT: Final = 10  # of one school at a time, finished ones of the last days included
MOST_BYTES: Final = 40 * 1024 * 1024  # of all files of one school that wait
MOVED_ON: Final = "This import has gone on meanwhile. Look at it as it is now."


@dataclass(frozen=True, slots=True)
class WaitingFiles:
    """``over`` are the states in which a file waits no more, ``done`` the one of those that keeps no file, and ``under_way`` that
    in which it can't be taken away.
    """

    table: Any
    rows: Sequence[Any]
    over: Collection[str]
    done: str
    under_way: str

    async def same(self, school: UUID, digest: bytes, size: int) -> UUID | None:
        """The file of these bytes that waits already; None where there is room for it. Inside a unit. Raises Conflict."""
        columns = (self.table.id, self.table.size, self.table.state, self.table.digest)
        kept = await self.table.select(*columns).where(self.table.school == school)
        for row in kept:
            if bytes(row["digest"]) == digest and row["state"] not in self.over:
                waiting: UUID = row["id"]
                return waiting
        if len(kept) >= MOST_KEPT:
            sentence = f"Your school has {MOST_KEPT} imports here already. Remove one that you don't need any more."
            raise Conflict(sentence, file=sentence)
        if sum(row["size"] for row in kept if row["state"] != self.done) + size > MOST_BYTES:
            sentence = "Your school's files that wait here are too large together. Import or remove one of them first."
            raise Conflict(sentence, file=sentence)
        return None

    async def must_have(self, school: UUID, file: UUID, columns: Sequence[Any]) -> dict[str, Any]:
        """These columns of a file of the school. Inside a unit. Raises NotFound."""
        found: dict[str, Any] | None = await self.table.select(*columns).where(self._mine(school, file)).first()
        if found is None:
            raise NotFound
        return found

    async def at_schools(self, school: UUID, file: UUID, person: UUID, there: Collection[UUID]) -> dict[UUID, UUID]:
        """By school, the same file where the person brought it to these other schools too. Inside a unit. Raises NotFound."""
        ours = await self.must_have(school, file, (self.table.digest,))
        same = (self.table.digest == ours["digest"]) & (self.table.person == person)
        found = await self.table.select(self.table.id, self.table.school).where(same & database.among(self.table.school, there))
        return {row["school"]: row["id"] for row in found}

    async def move(self, school: UUID, file: UUID, old: str, new: str, more: Mapping[Any, Any]) -> None:
        """From one state to another, once, in a unit of its own. Raises Conflict where somebody moved it meanwhile."""
        change: dict[Any, Any] = {self.table.state: new, self.table.sentence: "", self.table.done: 0, **more}
        async with database.housekeeping():
            there = self._mine(school, file) & (self.table.state == old)
            if not await self.table.update(change).where(there).returning(self.table.id):
                raise Conflict(MOVED_ON)

    async def discard(self, school: UUID, file: UUID) -> None:
        """Takes the file away, in a unit of its own; what came of it stays. Raises NotFound, Conflict while it is under way."""
        async with database.housekeeping():
            found = await self.must_have(school, file, (self.table.state,))
            if found["state"] == self.under_way:
                raise Conflict("This import is under way. Wait until it is done.")
            await self._forget([file])

    async def forget_all_of(self, school: UUID) -> None:
        """Inside an erasure's unit: nobody looks for a name in files that can be chosen again."""
        await self._forget(await self.table.select(self.table.id).where(self.table.school == school).output(as_list=True))

    async def forget_old(self) -> int:
        """A job: takes away what nobody finished in time; returns how many."""
        async with database.housekeeping():
            old = await self.table.select(self.table.id).where(self.table.ends_at <= clock.now()).output(as_list=True)
            await self._forget(old)
        return len(old)

    async def _forget(self, files: Sequence[UUID]) -> None:
        if files:
            for table in self.rows:
                await table.delete().where(database.among(table.import_id, files))
            await self.table.delete().where(database.among(self.table.id, files))

    def _mine(self, school: UUID, file: UUID) -> Any:
        return (self.table.id == file) & (self.table.school == school)
