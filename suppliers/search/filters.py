"""What a search may be narrowed by: whose words count, and what they have to come to. Pure.

What a viewer may hear is settled before (`word_rows.py`): a filter only leaves out.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sharing.schools.like_ours import SchoolKind


class Whose(StrEnum):
    TRUST = "trust"  # of our trust or federation
    NETWORKS = "networks"  # of that and of the networks that schools started


@dataclass(frozen=True, slots=True)
class Filters:
    """Without any, every word counts that is heard. With one, suppliers of whom no counted word is heard are left out."""

    rating: int | None = None  # at least so much, 1 to 5, is the mean of the ratings that are heard
    would_use_again: bool = False  # more of the schools that are heard would than would not
    evidence: bool = False  # words that say something of which the school gave evidence
    like_ours: bool = False  # words of schools like the viewer's (sharing/schools/like_ours.py)
    phase: SchoolKind | None = None  # words of schools of this kind
    whose: Whose | None = None  # words of schools of ours

    @property
    def is_any(self) -> bool:
        return self != NO_FILTERS


NO_FILTERS: Final = Filters()
