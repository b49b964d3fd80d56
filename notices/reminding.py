"""From what is due to letters in the outbox: the one run that does it all."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID, uuid4

import structlog

import database
from base import clock
from base.due import Due, DueSource
from base.refusals import Busy
from notices import hearing, lease, planning, writing
from notices.tables import Told

MOST_LETTERS: Final = 500  # in one run, which the lease covers: the rest come with the next
AT_ONCE: Final = 500  # keys looked up in one query

log = structlog.get_logger("vouch.notices")


@dataclass(slots=True)
class Reminded:
    """How many letters one run wrote, and which slices could not say what is due."""

    letters: int = 0
    failed: tuple[str, ...] = field(default=())


async def remind(sources: Sequence[DueSource], *, anyhow: bool = False) -> Reminded:
    """Writes what is due now into the outbox, within the hours for letters or ``anyhow``; nothing while another worker does."""
    done, me = Reminded(), uuid4()
    if not (anyhow or planning.is_open(clock.now())) or not await lease.take(me):
        return done
    try:
        today = clock.today()
        await writing.reopen(today)
        await writing.finish()
        for person, dues in (await _untold(sources, today, done)).items():
            if done.letters >= MOST_LETTERS:
                break
            done.letters += await _write_to(person, dues, today)
    finally:
        with suppress(Busy):  # then it ends by itself
            await lease.give_back(me)
    return done


async def _write_to(person: UUID, dues: Sequence[Due], today: date) -> int:
    """How many letters somebody got."""
    async with database.read():
        hearer = await hearing.hearer(person)
    if hearer is None:
        return 0
    written = 0
    for plan in planning.plans(hearer, dues, today):
        claimed = await writing.claim(hearer, plan)
        written += claimed is not None and await writing.write(hearer, claimed)
    return written


async def _untold(sources: Sequence[DueSource], today: date, done: Reminded) -> dict[UUID, list[Due]]:
    """What nobody was told yet, by person."""
    found: dict[str, Due] = {}
    for source in sources:
        try:
            for day in planning.days_told_on(today):
                found |= {due.key: due async for due in source(day)}
        except Exception:  # one slice's trouble keeps back no other's letters
            log.exception("due_not_known", source=source.__module__)
            done.failed += (source.__module__,)
    by_person = defaultdict[UUID, list[Due]](list)
    keys = list(found)
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        async with database.read():
            told = set(await Told.select(Told.key).where(database.among(Told.key, some)).output(as_list=True))
        for key in some:
            if key not in told:
                by_person[found[key].person].append(found[key])
    return by_person
