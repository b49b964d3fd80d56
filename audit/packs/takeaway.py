"""What every copy that leaves the building needs: its size, root and seal, what other slices know, and its turn."""

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol
from uuid import UUID

import database
from audit.log import origins, proofs, streams
from audit.packs.extent import DOES_NOT_HOLD
from audit.packs.reports import TreeHead
from audit.reading.plain import Vocabulary
from audit.seals import seals
from audit.seals.seals import Seal
from base.refusals import Busy, Conflict
from base.viewer import Viewer

MOST_AT_ONCE: Final = 2  # copies in the making by one process: each fills a core and some hundred MB of disk

EMPTY: Final = "There is nothing in the trail yet, so there is nothing to take away."
ALREADY: Final = "Another copy of this trail is being made just now. Try again in a minute."
MINE: Final = "You are taking another copy just now. Wait until it is there, then ask for this one."


Attached = Mapping[str, Collection[UUID]]  # the ids of attachments by the SHA-256 of their bytes, in hex


class Evidence(Protocol):
    """Yields the SHA-256 in hex and the bytes of each file of the trail's school that is there and may be read.

    ``attached`` says under which ids entries name it: what is hidden under these stays out, whoever else attached the same bytes.
    It may not be read where a note's text is in a field whose name begins with one of ``unread``, or where that is criticism of a
    supplier whose stream is one of ``criticism_kept_back``.
    """

    def __call__(
        self, trail: str, attached: Attached, *, unread: tuple[str, ...], criticism_kept_back: Collection[str]
    ) -> AsyncIterator[tuple[str, bytes]]: ...


class Titles(Protocol):
    """What people call those streams of a trail that have a name elsewhere."""

    async def __call__(self, trail: str, streams: Iterable[str]) -> Mapping[str, str]: ...


class CriticismKeptBack(Protocol):
    """The streams whose criticism is kept from the viewer, whatever their role."""

    async def __call__(self, viewer: Viewer) -> frozenset[str]: ...


class StillThere(Protocol):
    """Raises Forbidden when the viewer's role at the school ended since the request began."""

    async def __call__(self, viewer: Viewer) -> None: ...


@dataclass(frozen=True, slots=True)
class Sources:
    """What other slices know and the trail does not; vouch/app.py puts it together."""

    evidence: Evidence
    titles: Titles
    still_there: StillThere
    criticism_kept_back: CriticismKeptBack
    sentences: Mapping[str, str]
    words: Vocabulary = field(default_factory=Vocabulary)


async def head_of(trail: str, size: int | None = None) -> tuple[TreeHead, Seal | None]:
    """Size and root of what is taken away, with the seal of exactly these if there is one.

    ``size`` None: what is unsealed is sealed if this process can, and the latest seal says where to end; without a seal,
    everything. Raises Conflict for a trail without entries, or one that does not hold.
    """
    newest = await seals.seal(trail) if size is None else None
    async with database.read():
        head = await streams.size_of(trail)
        now = await origins.current(trail)
        if newest and now and newest.origin != now.origin:  # of before a backup was restored
            newest = None
        size = size if size is not None else newest.size if newest else head
        if not 0 < size <= head:
            raise Conflict(EMPTY if head == 0 else DOES_NOT_HOLD)
        root = await _root(trail, size)
        known = [origin for origin in await origins.of(trail) if origin.start < size]
        seal = await seals.of(known[-1].origin, size)
    if seal and seal.root != root:
        raise Conflict(DOES_NOT_HOLD)
    keys, cosigners = await seals.verifier_keys(), await seals.cosigner_keys()
    return TreeHead(size, root, seal.note if seal else None, keys, cosigners), seal


async def _root(trail: str, size: int) -> bytes:
    try:
        return await proofs.root_at(trail, size)
    except RuntimeError as error:  # hashes are missing
        raise Conflict(DOES_NOT_HOLD) from error


_in_the_making: Final[dict[str, UUID | None]] = {}  # who takes a copy of each trail; None: the command line


@contextmanager
def one_at_a_time(trail: str, viewer: Viewer | None) -> Iterator[None]:
    """One copy of a trail, one for a person whatever their schools, and MOST_AT_ONCE in all; otherwise Busy."""
    if viewer and viewer.person in _in_the_making.values():
        raise Busy(MINE)
    if trail in _in_the_making or len(_in_the_making) >= MOST_AT_ONCE:
        raise Busy(ALREADY)
    _in_the_making[trail] = viewer.person if viewer else None
    try:
        yield
    finally:
        del _in_the_making[trail]
