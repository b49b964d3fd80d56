"""What the charts of web/templates/charts.html are given. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from math import hypot
from typing import Final, NamedTuple

from base.words import miles

RINGS: Final = (1, 3, 5, 10, 20, 50, 100, 200, 300, 400, 500)  # miles: what a map's outer ring may stand for
RADIUS: Final = 100  # of the outer ring, in the units of the drawing


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


class PlacedDot(NamedTuple):
    """A dot where it is drawn, in the units of the drawing, with the words that stand for it."""

    x: float
    y: float
    words: str
    is_second: bool


@dataclass(frozen=True, slots=True)
class DotMap:
    within: int  # miles from the middle to the outer ring
    dots: tuple[PlacedDot, ...]  # the nearest first
    kinds: tuple[bool, ...]  # those that are there: False for the first of the key, True for the second


def dot_map(dots: Collection[Dot]) -> DotMap | None:
    """None where there is nothing to draw. A page may have hundreds of dots, so all is worked out before the template draws."""
    if not dots:
        return None
    nearest_first = sorted(dots, key=lambda dot: dot.miles)
    ring = _ring_around(nearest_first[-1].miles)
    scale = RADIUS / ring
    return DotMap(
        ring,
        tuple(
            PlacedDot(round(scale * dot.east, 1), round(-scale * dot.north, 1), f"{dot.name}, {miles(dot.miles)}", dot.is_second)
            for dot in nearest_first
        ),
        tuple(sorted({dot.is_second for dot in dots})),
    )


def _ring_around(farthest: float) -> int:
    """The smallest of RINGS, in miles, that holds what is so far away; the largest, where none does."""
    return next((ring for ring in RINGS if farthest <= ring), RINGS[-1])
