"""What is told of times: those that were held, and what is worth a question."""

import re
from typing import Any

UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
BACK = "The recorded time goes back"
CLOCK = "What the clock is said to have shown does not account for the recorded time"
IDS = "The entry's id was made at another time than the one recorded, or tells none"
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
MINUTE = 60_000_000

Noted = dict[str, list[tuple[int, int]]]  # what → the entries, from 0, and the microseconds by which


def is_held(idx: int, event: dict[str, Any], before: tuple[int, int] | None) -> bool:
    """``before``: position and time of the entry opened before it."""
    is_same = before is None or before[0] != idx - 1 or before[1] == event["at"]
    return "clock" in event and event["clock"] < event["at"] and is_same


def time_of(uuid: str) -> int | None:
    """Microseconds since 1970 of a UUIDv7."""
    made = int(uuid[:13].replace("-", ""), 16) * 1_000 if UUID7.fullmatch(uuid) else 2**53
    return made if made < 2**53 else None


def note(noted: Noted, idx: int, event: dict[str, Any], before: tuple[int, int] | None) -> None:
    """Takes in what is odd about the times of an opened event."""
    at, clock = event["at"], event.get("clock", event["at"])
    if before is not None and at < before[1]:
        noted.setdefault(BACK, []).append((idx, before[1] - at))
    if "clock" in event and not is_held(idx, event, before):
        noted.setdefault(CLOCK, []).append((idx, abs(at - clock)))
    made = time_of(event["id"])
    if made is None or abs(made - clock) > MINUTE:
        noted.setdefault(IDS, []).append((idx, 0 if made is None else abs(made - clock)))


def sentences(noted: Noted) -> list[str]:
    return [sentence(what, noted[what]) for what in (BACK, CLOCK, IDS) if what in noted]


def sentence(what: str, entries: list[tuple[int, int]]) -> str:
    first, last, most = entries[0][0] + 1, entries[-1][0] + 1, span(max(by for _, by in entries))
    if len(entries) == 1:
        return f"{what}: entry {first:,}, by {most} at most. Ask why."
    return f"{what}: {len(entries):,} entries, from {first:,} to {last:,}, by {most} at most. Ask why."


def span(microseconds: int) -> str:
    for unit, seconds in UNITS:
        number = microseconds // 1_000_000 // seconds
        if number:
            return f"{number:,} {unit}{'s' if number > 1 else ''}"
    return "less than a second"
