"""The service clock beside libraries that people use for it: right of the given cases, and time.

    python3 -m venv peers && peers/bin/pip install -r bench/sla_peers.txt
    peers/bin/python bench/sla_clock.py

First how long a calendar of five years is in being laid out, and ``judge`` on one that was: three pauses, four years between
start and stop. Then every case of tests/data/sla that a peer's kind of question covers, as somebody would ask the peer who
follows its documentation: hours, bank holidays and closed days are given to it wherever it takes them. A peer counts as right
when its answer is the case's ``due`` to the minute, or its date; a failure counts as wrong. Peers that are not installed are
left out. Microseconds are of one question, calendar read before, median of all cases asked.
"""

import importlib.util
import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.sla_peers import CLOCK_PEERS, DATE_PEERS, LONDON, DueBy
from contracts.clock import dates
from contracts.clock.clock import judge, judge_by, timetable_of
from contracts.clock.open_minutes import Timetable
from contracts.clock.service_calendar import WEEKDAYS, calendar_of

CASES: Final = Path(__file__).parent.parent / "tests" / "data" / "sla"
ROUNDS: Final = 3_000
TERMS: Final = [
    [f"{year + later}-{first}", f"{year + later}-{last}"]
    for year in range(2022, 2027)
    for later, first, last in (
        (0, "09-03", "10-24"), (0, "11-03", "12-19"), (1, "01-05", "02-13"), (1, "02-23", "03-27"), (1, "04-13", "05-22"),
        (1, "06-01", "07-21"),
    )
]  # fmt: skip
CALENDAR: Final[dict[str, Any]] = {
    "tz": "Europe/London",
    "versions": [
        {
            "from": "2020-01-01",
            "weekly": {day: [["07:30", "12:00"], ["13:00", "16:30"]] for day in WEEKDAYS[:5]},
            "bank_holidays": "ENG",
            "terms": TERMS,
            "only": "term",
            "inset": ["2022-11-03", "2023-01-05", "2024-01-05", "2025-01-06", "2026-01-05"],
        }
    ],
}
EVENT: Final[dict[str, Any]] = {
    "start": "2022-09-05T10:17+01:00",
    "target": {"minutes": 60 * 8 * 300},
    "pauses": [
        {"from": "2023-02-01T09:00Z", "to": "2023-02-03T12:00Z", "reason": "access"},
        {"from": "2024-05-01T09:00+01:00", "to": "2024-06-10T12:00+01:00", "reason": "parts"},
        {"from": "2025-11-05T09:00Z", "to": "2025-11-05T15:00Z", "reason": "us"},
    ],
    "stop": "2026-09-04T10:00+01:00",
}


def main() -> None:
    speed()
    print("\n| | clock: right | µs | dates: right | µs |\n|---|---|---|---|---|")
    clock_cases, date_cases = cases("clock.jsonl"), cases("dates.jsonl")
    print(f"cases: {len(clock_cases)} of the clock, {len(date_cases)} of contract dates", file=sys.stderr)
    row("Vouch", ours_due(clock_cases), ours_dates(date_cases))
    for name, (needs, peer) in CLOCK_PEERS.items():
        if importlib.util.find_spec(needs):
            row(name, peer_due(clock_cases, peer), None)
    for name, (needs, back) in DATE_PEERS.items():
        if importlib.util.find_spec(needs):
            row(name, None, peer_dates(date_cases, back))


def row(name: str, clock: tuple[int, int, float] | None, contract: tuple[int, int, float] | None) -> None:
    cells = [f"{found[0]} of {found[1]} | {found[2]:.0f}" if found else " | " for found in (clock, contract)]
    print(f"| {name} | {' | '.join(cells)} |")


def speed() -> None:
    table = timetable_of(CALENDAR)
    table.covering(date(2022, 9, 3), date(2027, 7, 21))  # the bank holidays of each year are worked out once a process
    laid_out = [taken(lambda: Timetable(calendar_of(CALENDAR)).covering(date(2022, 9, 3), date(2027, 7, 21))) for _ in range(99)]
    judge_by(table, EVENT)
    by_table = [taken(lambda: judge_by(table, EVENT)) for _ in range(ROUNDS)]
    whole = [taken(lambda: judge({"calendar": CALENDAR, **EVENT})) for _ in range(ROUNDS)]
    print("| | p50 | p99 |\n|---|---|---|")
    told = (("laying out five years", laid_out), ("judge, calendar by its version", by_table), ("judge, calendar as JSON", whole))
    for name, times in told:
        print(f"| {name} | {1e3 * statistics.median(times):.2f} ms | {1e3 * sorted(times)[int(len(times) * 0.99)]:.2f} ms |")


def taken(work: Callable[[], object]) -> float:
    """Seconds of the processor: the machine has other things to do."""
    began = time.process_time()
    work()
    return time.process_time() - began


def cases(name: str) -> list[dict[str, Any]]:
    """All that expect an answer; of the clock those with a time by which it is due, of dates those with a day of notice."""
    found = [json.loads(line) for line in (CASES / name).read_text().splitlines()]
    wanted = "due" if name == "clock.jsonl" else "notice_received_by"
    return [case for case in found if case["expected"].get(wanted) and (wanted != "due" or not case["input"].get("changes"))]


def ours_due(asked: Sequence[dict[str, Any]]) -> tuple[int, int, float]:
    right, times = 0, []
    for case in asked:
        judge(case["input"])
        began = time.process_time()
        found = judge(case["input"])["due"]
        times.append(time.process_time() - began)
        right += same(found, case)
    return right, len(asked), 1e6 * statistics.median(times)


def same(found: str | datetime | None, case: Mapping[str, Any]) -> bool:
    if found is None:
        return False
    moment = datetime.fromisoformat(found) if isinstance(found, str) else found
    return moment.astimezone(UTC) == datetime.fromisoformat(case["expected"]["due"]).astimezone(UTC)


def peer_due(asked: Sequence[dict[str, Any]], peer: DueBy) -> tuple[int, int, float]:
    right, times = 0, []
    for case in asked:
        given = deepcopy(case["input"])
        start = datetime.fromisoformat(given["start"]).astimezone(LONDON)
        try:
            due = peer(given["calendar"]["versions"][0], start.date() - timedelta(days=3), start.date() + timedelta(days=120))
            minutes = minutes_of(given)
            began = time.process_time()
            found = due(start, minutes)
            times.append(time.process_time() - began)
            right += same(found, case)
        except Exception:  # noqa: BLE001, S112 - whatever a peer raises, it has no answer
            continue
    return right, len(asked), 1e6 * statistics.median(times)


def minutes_of(given: Mapping[str, Any]) -> int:
    """The target, with the pauses added to it as people do who have no clock that pauses. Business days are nine hours each."""
    target = given["target"]
    found: int = target["minutes"] if "minutes" in target else target["business_days"] * 9 * 60
    for pause in (one for one in given.get("pauses", ()) if one.get("to")):
        length = datetime.fromisoformat(pause["to"]) - datetime.fromisoformat(pause["from"])
        found += int(length.total_seconds() // 60)
    return found


def ours_dates(asked: Sequence[dict[str, Any]]) -> tuple[int, int, float]:
    right, times = 0, []
    for case in asked:
        began = time.process_time()
        found = dates.contract_dates(case["input"])
        times.append(time.process_time() - began)
        right += found["notice_received_by"] == case["expected"]["notice_received_by"]
    return right, len(asked), 1e6 * statistics.median(times)


def peer_dates(asked: Sequence[dict[str, Any]], back: Callable[[Mapping[str, Any]], date | None]) -> tuple[int, int, float]:
    right, times = 0, []
    for case in asked:
        began = time.process_time()
        try:
            found = back(case["input"])
        except Exception:  # noqa: BLE001 - whatever a peer raises, it has no answer
            found = None
        times.append(time.process_time() - began)
        right += found is not None and found.isoformat() == case["expected"]["notice_received_by"]
    return right, len(asked), 1e6 * statistics.median(times)


if __name__ == "__main__":
    main()
