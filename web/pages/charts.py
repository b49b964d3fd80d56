"""What the charts of web/templates/charts.html are given. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot
from typing import Final

RINGS: Final = (1, 3, 5, 10, 20, 50, 100, 200, 500)  # miles: what a map's outer ring may stand for


@dataclass(frozen=True, slots=True)
class Dot:
    """A school on a map: how many miles east and north of the middle, and of which of the two kinds in the map's key."""

    east: float
    north: float
    name: str
    is_second: bool

    @property
    def miles(self) -> float:
        return hypot(self.east, self.north)


def ring_around(dots: Iterable[Dot]) -> int:
    """The smallest of RINGS, in miles, that holds all of them; the largest, where none does."""
    farthest = max((dot.miles for dot in dots), default=0.0)
    return next((ring for ring in RINGS if farthest <= ring), RINGS[-1])
