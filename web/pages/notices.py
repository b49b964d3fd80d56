"""What the home page tells somebody by itself, because nobody was there to ask when it happened."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from base.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence or two, then where to do something about it; with a title it stands out above all else."""

    text: str
    href: str
    link: str  # what stands on the way there
    title: str = ""


Telling = tuple[Callable[[Viewer], Awaitable[Sequence[Notice]]], ...]  # each slice's, as `vouch/wiring.py` lists them


async def told(telling: Telling, viewer: Viewer) -> tuple[Notice, ...]:
    return tuple([notice for tell in telling for notice in await tell(viewer)])
