"""The page for a meeting of a network: which suppliers its schools spoke of lately, what they ask each other, and on which needs
none of them has a word.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import database
from base import clock
from base.refusals import Invalid
from base.viewer import Viewer
from sharing.networks.networks import JoinedNetwork
from suppliers.asking import seen
from suppliers.asking.seen import ShownEnquiry
from suppliers.coverage.spoken import spoken
from suppliers.meeting import at_the_table
from suppliers.opinions import readable
from suppliers.opinions.readable import PeerReview
from suppliers.record import taxonomy

SPANS: Final = {"1": "the last month", "3": "the last 3 months", "6": "the last 6 months", "12": "the last 12 months"}
USUAL: Final = "3"  # networks meet once a term
DAYS_OF_MONTH: Final = 30.5
MOST_WORDS: Final = 60  # two pages of paper


@dataclass(frozen=True, slots=True)
class SpokenOf:
    """A supplier, and what schools of the network said of it, the newest first and without criticism."""

    supplier: UUID
    name: str
    words: tuple[PeerReview, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """``said`` begins with the suppliers that most schools spoke of; ``without_a_word`` counts needs, of ``needs``."""

    network: JoinedNetwork
    span: str
    since: datetime
    said: tuple[SpokenOf, ...]
    has_more: bool  # words than MOST_WORDS
    asked: tuple[ShownEnquiry, ...]
    most_asked: int  # enquiries that ``asked`` holds at most
    without_a_word: int
    needs: int


async def prepared(viewer: Viewer, network: UUID, span: str = USUAL) -> Meeting:
    """Of what was said in the ``span``, a key of SPANS. Raises NotFound, Invalid."""
    if span not in SPANS:
        raise Invalid("Choose from the list how far back to look.")
    table = await at_the_table.table(viewer, network)
    since = clock.now() - timedelta(days=int(span) * DAYS_OF_MONTH)
    async with database.read():
        everybody = await at_the_table.everybody(viewer, network)
        words = await readable.lately(everybody, table.schools, since, MOST_WORDS + 1)
        said = await _by_supplier(words[:MOST_WORDS])
        asked = await seen.put_to(everybody, table.schools)
        spoken_of = {row["category"] for row in await spoken(everybody, table.schools)}
    needs = taxonomy.categories()
    return Meeting(
        network=table.network,
        span=span,
        since=since,
        said=said,
        has_more=len(words) > MOST_WORDS,
        asked=asked,
        most_asked=seen.MOST_LISTED,
        without_a_word=sum(one.slug not in spoken_of for one in needs),
        needs=len(needs),
    )


async def _by_supplier(words: Iterable[PeerReview]) -> tuple[SpokenOf, ...]:
    of_each: dict[UUID, list[PeerReview]] = {}
    for word in words:
        of_each.setdefault(word.supplier, []).append(word)
    named = await seen.suppliers(of_each)
    made = [SpokenOf(*named[supplier], tuple(said)) for supplier, said in of_each.items()]
    return tuple(sorted(made, key=lambda one: (-len(one.words), one.name, one.supplier)))
