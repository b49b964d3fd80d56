"""The questions that every check asks, and their answers: of one trail, and of what belongs to no trail."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

import database
from audit import times
from audit.checking import compared, comparing, memory
from audit.checking.told import Told
from audit.log import fsck, fsck_seals, streams
from audit.log.fsck import Finding
from audit.seals import keys, signer
from database import triggers


@dataclass(frozen=True, slots=True)
class Answer:
    """What a check of one trail found: the root hash over its ``entries``, and what is wrong, the gravest first. ``holds``: its
    own entries are what was recorded, whatever else is wrong. ``remarks`` are sentences about what is no fault.
    """

    trail: str
    entries: int
    root: bytes
    findings: tuple[Finding, ...]
    holds: bool
    remarks: tuple[str, ...]


async def size_of(trail: str) -> int:
    """How many entries the trail says that it has. Opens its own read unit."""
    async with database.read():
        return await streams.size_of(trail)


async def trails() -> tuple[str, ...]:
    """Every trail that any table names, and every one that was sealed here: one that is gone altogether is noticed too."""
    sealed = await asyncio.to_thread(signer.trails, keys.folder()) if memory.is_here() else ()
    return tuple(sorted({*await fsck.trails(), *sealed}))


async def of_trail(
    trail: str, *, is_remembered: bool = True, on_progress: Callable[[int], None] = lambda _: None, rest: float = 0
) -> Answer:
    """Everything that is asked of one trail, in one snapshot of it. ``on_progress`` is called with the number of entries after
    each stretch, ``rest`` is how many seconds are then left to others. Not ``is_remembered``: the signer's memory is not asked,
    because an older backup is known to be behind it.
    """
    with Told(compared.kinds()) as told:
        async with database.read():
            verdict = await fsck.recomputed(trail, on_progress=on_progress, listener=told.hear, rest=rest)
            findings = [verdict.finding] if verdict.finding else [*await comparing.differences(trail, told, rest=rest)]
            if gone := await fsck_seals.fault_of_copies(trail):
                findings.append(Finding(trail, None, gone))
    if is_remembered:
        findings += [Finding(trail, None, what) for what in await memory.faults(trail)]
    remarks = times.remarks(verdict.times)
    return Answer(trail, verdict.entries, verdict.root, tuple(findings), verdict.finding is None, remarks)


async def of_installation(*, rest: float = 0) -> tuple[Finding, ...]:
    """What belongs to no trail: values without an entry, keys that no entry tells of, triggers that are not ours, and rows that
    are not what they derive from. ``rest``: seconds left to others after each stretch of these.
    """
    stray = await fsck.strays()
    derived = [Finding("", None, fault) for ask in compared.derived() for fault in await ask(rest)]
    return (*filter(None, (stray,)), *derived, *await of_rules())


async def of_rules() -> tuple[Finding, ...]:
    """Whether what keeps the tables append-only is as the migrations make it. Opens its own unit."""
    async with database.read():
        return tuple(Finding("", None, fault) for fault in await triggers.faults())


async def with_rules(answer: Answer) -> Answer:
    """The answer of a school's own check, which asks of the triggers too: they keep its trail."""
    return replace(answer, findings=(*answer.findings, *await of_rules()))


def unasked() -> tuple[str, ...]:
    """What can't be asked on this computer, a sentence each."""
    return () if memory.is_here() else (memory.NOT_HERE.format(folder=keys.folder()),)
