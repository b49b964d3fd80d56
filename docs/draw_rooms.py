"""Draws docs/images/rooms.svg: the floors and rooms of `.importlinter`, and which room imports which, read from the code.

Of several ways down only the longest is drawn: where A imports B and C, and B imports C, the line from A to C is left out.
`VOUCH_WRITE=1 ./run test tests/house/test_rooms.py` writes the picture anew; the same code gives the same bytes.
"""

from configparser import ConfigParser
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import grimp

ROOT: Final = Path(__file__).parents[1]
PICTURE: Final = "docs/images/rooms.svg"
WIDTH, ROW, BOX_HEIGHT, LEFT = 1000, 58, 30, 120  # pixels
LETTER: Final = 7.4  # pixels that a letter of a box's text takes
HALLS: Final = {"audit": "tables, events, formats", "web": "terminal"}  # what lies in a floor beside its rooms
SEPARATORS: Final = "|:"  # of modules on one floor, as import-linter has them


@dataclass(frozen=True, slots=True)
class Row:
    """What stands side by side; ``floor`` is named at the left where its first row is."""

    floor: str
    rooms: tuple[str, ...]


@cache
def rows() -> tuple[Row, ...]:
    """From the top: the layers of the house, and in place of a floor with rooms their layers."""
    config = ConfigParser()
    config.read(ROOT / ".importlinter")
    inside = {
        section["containers"]: _layers(section["layers"])
        for section in config.values()
        if section.get("type") == "layers" and "containers" in section
    }
    found: list[Row] = []
    for layer in _layers(config["importlinter:contract:house"]["layers"]):
        for floor in layer:
            if floor in inside:
                found += [Row(floor, rooms) for part in inside[floor] if (rooms := _rooms(floor, part))]
        if alone := tuple(floor for floor in layer if floor not in inside and (ROOT / floor).is_dir()):
            found.append(Row(" ".join(alone), alone))
    return tuple(found)


def _layers(text: str) -> list[tuple[str, ...]]:
    lines = [line for line in text.split("\n") if line.strip()]
    return [tuple("".join(" " if c in SEPARATORS else c for c in line).split()) for line in lines]


def _rooms(floor: str, part: tuple[str, ...]) -> tuple[str, ...]:
    """The folders of a layer by their dotted names; its single files together are the floor's hall, named as the floor is."""
    folders = tuple(f"{floor}.{name}" for name in part if (ROOT / floor / name).is_dir())
    files = [name for name in part if not (ROOT / floor / name).is_dir() and name != "piccolo_app"]
    return (*folders, floor) if files else folders


@cache
def imports() -> dict[str, frozenset[str]]:
    """Which rooms each room imports, itself left out."""
    places = {room for row in rows() for room in row.rooms}
    graph = grimp.build_graph(*sorted({room.partition(".")[0] for room in places}), include_external_packages=False)
    homes = {module: _room_of(module, places) for module in graph.modules if not module.endswith(".piccolo_app")}
    for floor in {
        place.partition(".")[0] for place in places if "." in place
    }:  # its __init__ counts as the room whose names it hands on
        homes[floor] = next((homes[other] for other in graph.find_modules_directly_imported_by(floor)), homes[floor])
    found: dict[str, set[str]] = {place: set() for place in places}
    for module, home in homes.items():
        found[home] |= {homes[other] for other in graph.find_modules_directly_imported_by(module) if other in homes} - {home}
    return {place: frozenset(others) for place, others in found.items()}


def _room_of(module: str, places: set[str]) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if ".".join(parts[:2]) in places else parts[0]


def climbing() -> list[tuple[str, str]]:
    """Imports of a room that stands on the same row or above, where there should be none."""
    level = {room: n for n, row in enumerate(rows()) for room in row.rooms}
    return sorted((room, other) for room, others in imports().items() for other in others if level[other] <= level[room])


def lines() -> list[tuple[str, str]]:
    """The imports that are drawn."""
    return sorted((a, b) for a, others in imports().items() for b in others if not any(b in _below(c) for c in others - {b}))


@cache
def _below(room: str) -> frozenset[str]:
    """All that it imports, through others too."""
    return imports()[room].union(*(_below(other) for other in imports()[room]))


def drawn() -> str:
    """The picture as SVG text."""
    height = len(rows()) * ROW + 20
    boxes = {room: box for n, row in enumerate(rows()) for room, box in _row(row, 12 + n * ROW).items()}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13">',
        "<title>Rooms of Vouch: each imports only what stands below it</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
    firsts = [rows()[0], *(after for before, after in pairwise(rows()) if after.floor != before.floor)]
    for n, row in enumerate(rows()):
        if row in firsts:
            parts.append(f'<path d="M0 {4 + n * ROW}H{WIDTH}" stroke="#cfd8d7"/>')
            parts.append(f'<text x="8" y="{32 + n * ROW}" font-weight="bold" fill="#0d4f4b">{row.floor}</text>')
    parts += [_line(boxes[a], boxes[b]) for a, b in lines()]
    for room, (x, y, width) in boxes.items():
        parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{BOX_HEIGHT}" rx="4" fill="#eaf3f2" stroke="#0d4f4b"/>')
        parts.append(f'<text x="{x + width // 2}" y="{y + 20}" text-anchor="middle">{_label(room)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _row(row: Row, y: int) -> dict[str, tuple[int, int, int]]:
    """(x, y, width) of each box, spread over the row."""
    step = (WIDTH - LEFT) // len(row.rooms)
    widths = {room: int(len(_label(room)) * LETTER) + 24 for room in row.rooms}
    return {room: (LEFT + n * step + (step - widths[room]) // 2, y, widths[room]) for n, room in enumerate(row.rooms)}


def _line(upper: tuple[int, int, int], lower: tuple[int, int, int]) -> str:
    x1, y1, x2, y2 = upper[0] + upper[2] // 2, upper[1] + BOX_HEIGHT, lower[0] + lower[2] // 2, lower[1]
    half = (y2 - y1) // 2
    return f'<path d="M{x1} {y1}C{x1} {y1 + half} {x2} {y2 - half} {x2} {y2}" fill="none" stroke="#0d4f4b" opacity=".55"/>'


def _label(room: str) -> str:
    return room.partition(".")[2] or (
        "tables, events, formats" if room == "audit" else room if _alone(room) else "tables, events"
    )


def _alone(room: str) -> bool:
    return sum(row.floor == room for row in rows()) <= 1
