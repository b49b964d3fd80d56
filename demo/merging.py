"""What schools of the demo town said of two suppliers: that they are one, or belong together."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from suppliers.merging import decisions, links, merges
from suppliers.merging.decisions import Judgement
from suppliers.merging.links import LinkKind


@dataclass(frozen=True, slots=True)
class ActOnTwo:
    """What one school says of two suppliers: firms by their keys, own records by what the school called them."""

    days_ago: int
    school: str
    one: str
    other: str
    do: Callable[..., Awaitable[Any]]  # a verb of (viewer, one, other)


OF_TWO: Final = (
    ActOnTwo(55, "oakfold", "Mowden and Son Grounds Maintenance", "mowden", merges.merge),
    ActOnTwo(48, "oakfold", "Sparkle & Shine, north depot", "sparkle", partial(links.link, kind=LinkKind.SITE_OF)),
    ActOnTwo(27, "oakfold", "fordway_coaches", "fords_minibus", partial(decisions.decide, judgement=Judgement.SAME)),
)
