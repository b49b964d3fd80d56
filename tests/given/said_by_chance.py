"""What the reviews of a random world say, and of which supplier."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sharing.access.fields import Fields
from suppliers.record import extras
from suppliers.tables import Review
from tests.given.oracle import World
from tests.given.random_worlds import NOW, at

GROUPS = {"rating": Fields.RATING, "interest": Fields.RATING | Fields.PRAISE, "praise": Fields.PRAISE,
          "criticism": Fields.CRITICISM, "dates": Fields.DATES}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What a review of the world says, and of which supplier."""

    supplier: UUID
    rating: int | None
    again: bool | None
    has_interest: bool
    lapses_at: datetime | None
    evidence: str | None
    quality: int | None
    extras: dict[str, str]
    changed: dict[str, datetime]  # by group

    def row(self) -> dict[Any, Any]:
        times = {getattr(Review, f"{group}_at"): self.changed.get(group) for group in GROUPS}
        return times | {
            Review.supplier: self.supplier, Review.rating: self.rating, Review.would_use_again: self.again,
            Review.interest: "A cousin." if self.has_interest else None, Review.lapses_at: self.lapses_at,
            Review.evidence: self.evidence, Review.quality: self.quality,
            Review.extras: extras.stored(self.extras),
        }  # fmt: skip


def told(world: World, chance: Random) -> dict[UUID, Said]:
    spoken_of = world.reviews[:4]
    taken = {(review.school, review.id) for review in spoken_of}
    found = {}
    for review in world.reviews:
        supplier = chance.choice(spoken_of).id
        supplier = review.id if review in spoken_of or (review.school, supplier) in taken else supplier
        taken.add((review.school, supplier))
        rating = chance.choice([None, 1, 2, 3, 4, 5])
        again = chance.choice([True, False]) if rating is None else chance.choice([None, True, False])
        lapses = chance.choice([None, NOW, at(1), at(-1)])
        changed = {group: at(-1) - timedelta(hours=chance.randrange(900)) for group in GROUPS if chance.random() < 0.3}
        evidence, quality = chance.choice([None, "Invoice 12"]), chance.choice([None, 1, 4, 5])
        answered = chance.choice([{}, {"comes_soon": "later"}, {"comes_soon": "same_day", "price_as_quoted": "no"}])
        found[review.id] = Said(supplier, rating, again, chance.random() < 0.2, lapses, evidence, quality, answered, changed)
    return found
