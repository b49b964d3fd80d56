"""What other slices tell the trail's pages, which know ids, kinds and words of nobody else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from audit.log.streams import Merging
from audit.reading.filters import Kinds
from audit.reading.plain import Vocabulary
from base.viewer import Viewer


class Titles(Protocol):
    """The names of streams: the trail itself keeps only ids."""

    async def __call__(self, viewer: Viewer, streams: Collection[str], /) -> Mapping[str, str]: ...


class Colleagues(Protocol):
    """The people of the viewer's school who may have done something, by name."""

    async def __call__(self, viewer: Viewer, /) -> Mapping[UUID, str]: ...


class KeptBack(Protocol):
    """The streams whose criticism the viewer's declared interests keep from them."""

    async def __call__(self, viewer: Viewer, /) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Told:
    """``sentences`` by the types of entries; ``kinds`` to filter by; ``words`` for fields and values."""

    sentences: Mapping[str, str]
    kinds: Kinds
    words: Vocabulary
    titles: Titles
    colleagues: Colleagues
    merging: Merging
    criticism_kept_back: KeptBack
