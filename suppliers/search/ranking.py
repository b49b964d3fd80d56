"""The one formula that orders suppliers, given in full on the page "How ranking works". Pure.

    score    = relevance × (1 + standing) / 2
    standing = Σ wᵢ·vᵢ / (Σ wᵢ + 2)
    wᵢ       = 0.5^(age / 24 months) × 1 / (1 + (distance / reach)²)

One word a school. vᵢ, from −1 to 1, is what school i says; wᵢ, from 0 to 1, how recent and how near it is. The 2 is the
weight of doubt: one glowing word can't outrank twenty good ones. Only words that the viewer may see count.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

DOUBT: Final = 2.0
HALF_LIFE: Final = timedelta(days=730)
USES_THEM: Final = 0.25  # a school that lets it be known that it uses a supplier, and no more
RATING_VALUES: Final = {1: -1.0, 2: -0.6, 3: 0.0, 4: 0.6, 5: 1.0}


@dataclass(frozen=True, slots=True)
class Word:
    """What one school says. ``miles`` None: where it is doesn't matter, or isn't known."""

    rating: int | None
    would_use_again: bool | None
    written_at: datetime
    miles: float | None

    @property
    def value(self) -> float:
        """-1 to 1: the mean of what was said; nothing is made up for what was not."""
        said = [] if self.rating is None else [RATING_VALUES[self.rating]]
        if self.would_use_again is not None:
            said.append(1.0 if self.would_use_again else -1.0)
        return sum(said) / len(said) if said else USES_THEM


def score(relevance: float, words: Iterable[Word], *, now: datetime, reach_miles: float | None) -> float:
    """0 to 1. ``relevance``, 0 to 1: how well the supplier fits the question; ``reach_miles`` None: distance says nothing."""
    weighed = [(weight(word, now=now, reach_miles=reach_miles), word.value) for word in words]
    return scored(relevance, standing(sum(w * v for w, v in weighed), sum(w for w, _ in weighed)))


def standing(weight_times_value: float, weights: float) -> float:
    """-1 to 1, of the two sums over all words."""
    return weight_times_value / (weights + DOUBT)


def scored(relevance: float, stands: float) -> float:
    return relevance * (1 + stands) / 2


def weight(word: Word, *, now: datetime, reach_miles: float | None) -> float:
    """How much a word counts, 0 to 1: by how recent it is, and how near."""
    age = max(now - word.written_at, timedelta())
    recency: float = 0.5 ** (age / HALF_LIFE)
    if reach_miles is None or word.miles is None:
        return recency
    return recency / (1 + (word.miles / reach_miles) ** 2)
