"""A contract's days on a line: where each stands on the drawing, so that no two labels cross. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

WIDTH: Final = 640  # of the wide drawing, in its own units; the phone's runs downwards
MARGIN: Final = 8
LETTER: Final = 8.2  # about the width of one, at 16 units
ROW: Final = 42
NARROW_STEP: Final = 62


@dataclass(frozen=True, slots=True)
class Point:
    label: str
    day: date
    kind: str = ""  # today | end


@dataclass(frozen=True, slots=True)
class Placed:
    """``x`` on the line; the label begins, or ends where ``is_left`` is not so, there and stands in ``row`` above it, from 0."""

    point: Point
    x: float
    row: int
    anchor: str  # of SVG text: start | end


def placed(points: Iterable[Point]) -> tuple[Placed, ...]:
    """In order of days, spread over WIDTH."""
    ordered = sorted(points, key=lambda one: one.day)
    if not ordered:
        return ()
    first, span = ordered[0].day, max(1, (ordered[-1].day - ordered[0].day).days)
    taken: list[list[tuple[float, float]]] = []
    found = []
    for one in ordered:
        x = MARGIN + (WIDTH - 2 * MARGIN) * (one.day - first).days / span
        width = LETTER * max(len(one.label), len("30 September 2026"))
        anchor = "start" if x + width <= WIDTH else "end"
        stretch = (x, x + width) if anchor == "start" else (x - width, x)
        row = _free_row(taken, stretch)
        found.append(Placed(one, round(x, 1), row, anchor))
    return tuple(found)


def rows(found: Sequence[Placed]) -> int:
    return max((one.row for one in found), default=-1) + 1


def _free_row(taken: list[list[tuple[float, float]]], stretch: tuple[float, float]) -> int:
    for row, others in enumerate(taken):
        if all(stretch[1] + MARGIN < start or end + MARGIN < stretch[0] for start, end in others):
            others.append(stretch)
            return row
    taken.append([stretch])
    return len(taken) - 1
