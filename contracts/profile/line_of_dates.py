"""A contract's days on a line: where each stands on the drawing, so that no two labels cross. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

WIDTH: Final = 640  # of the wide drawing, in its own units; the phone's runs downwards
MARGIN: Final = 8
GAP: Final = 20  # between two labels
LETTER: Final = 8.2  # about the width of one, at 16 units


@dataclass(frozen=True, slots=True)
class Point:
    label: str
    day: date
    kind: str = ""  # today | end


@dataclass(frozen=True, slots=True)
class Placed:
    """``x`` on the line; the label begins or ends there, as ``anchor`` says, in ``row`` above it, from 0."""

    point: Point
    x: float
    row: int
    anchor: str  # of SVG text: start | end


def placed(points: Iterable[Point]) -> tuple[Placed, ...]:
    """In order of days, spread over WIDTH."""
    ordered = _by_day(points)
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


def _by_day(points: Iterable[Point]) -> list[Point]:
    """In order, one for each day: what falls on one day shares a label."""
    found: dict[date, Point] = {}
    for one in points:
        before = found.get(one.day)
        label = f"{before.label}, {one.label[0].lower()}{one.label[1:]}" if before else one.label
        found[one.day] = Point(label, one.day, one.kind or (before.kind if before else ""))
    return [found[day] for day in sorted(found)]


def _free_row(taken: list[list[tuple[float, float]]], stretch: tuple[float, float]) -> int:
    for row, others in enumerate(taken):
        if all(stretch[1] + GAP < start or end + GAP < stretch[0] for start, end in others):
            others.append(stretch)
            return row
    taken.append([stretch])
    return len(taken) - 1
