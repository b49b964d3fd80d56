"""The clock against one that walks minute by minute, on events of every sort; and what must hold for all of them."""

import json
from datetime import UTC, timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.clock import clock
from contracts.clock.reading import instant, of_minute
from contracts.clock.refused import Refused
from contracts.clock.targets import Target
from tests.given.checkout import ROOT
from tests.given.examples import examples
from tests.given.minute_by_minute import iso, judged, minute

pytestmark = pytest.mark.pure

DRAWS: Final = examples(200)

CASES: Final = [json.loads(line) for line in (ROOT / "tests/data/sla/clock.jsonl").read_text(encoding="utf-8").splitlines()]
NOT_EVEN_READ: Final = ("bad_calendar", "bad_input")
CALENDARS: Final = list(
    {
        json.dumps(case["input"]["calendar"]): case["input"]["calendar"]
        for case in CASES
        if case["expected"].get("error") not in NOT_EVEN_READ
    }.values()
)
NIGHTS: Final = {
    "tz": "Europe/London",
    "versions": [
        {
            "from": "2025-03-01",
            "weekly": {
                "mon": [["06:00", "09:00"]],
                "fri": [["18:00", "24:00"]],
                "sat": [["20:00", "05:00"]],
                "sun": [["23:00", "04:00"]],
            },
            "bank_holidays": "SCT",
            "special": {"2025-10-27": [["22:00", "03:30"]], "2025-10-25": [["12:00", "13:00"], ["12:30", "14:00"]]},
            "closed": [["2025-12-20", "2026-01-03"]],
        },
        {"from": "2025-10-26", "weekly": {"sun": [["00:00", "24:00"]], "tue": [["22:00", "06:00"]]}, "bank_holidays": None},
    ],
}
# Around both changes of the clock, half-term, the ends of what calendars know, Christmas and Easter.
DAYS: Final = ("2025-03-28", "2025-08-30", "2025-09-02", "2025-10-23", "2025-12-22", "2026-02-12", "2026-04-01", "2026-07-19")

instants = st.builds(lambda day, minutes: minute(f"{day}T00:00Z") + minutes, st.sampled_from(DAYS), st.integers(0, 4 * 1440))
lengths = st.one_of(st.integers(0, 90), st.integers(0, 10 * 1440))


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(instants)
    end = start + draw(lengths)
    event: dict[str, Any] = {"calendar": draw(st.sampled_from([*CALENDARS, NIGHTS])), "start": iso(start)}
    event["target"] = draw(
        st.one_of(
            st.builds(lambda n: {"minutes": n, "modes": {"inspection": 60, "exams": 120}}, st.integers(0, 3_000)),
            st.builds(
                lambda n, received: {"business_days": n, "received": received},
                st.integers(0, 5),
                st.sampled_from(["as_happened", "next_opening"]),
            ),
        )
    )
    event["pauses"] = [
        {"from": iso(first), "to": draw(st.sampled_from([iso(first + draw(lengths))] * 4 + [None]))}
        for first in (start - 600 + draw(lengths) for _ in range(draw(st.integers(0, 3))))
    ]
    if draw(st.booleans()):
        event["reopened"] = [{"stop": iso(start + draw(st.integers(0, end - start))), "at": iso(end)}] if end > start else []
        end += draw(lengths)
    if "minutes" in event["target"]:
        times = sorted(start + draw(st.integers(0, end - start)) for _ in range(draw(st.integers(0, 2))))
        event["changes"] = [{"at": iso(at), "minutes": draw(st.integers(0, 3_000))} for at in times]
    event[draw(st.sampled_from(["stop", "as_of"]))] = iso(end)
    if draw(st.booleans()):
        event["recorded"] = iso(start + draw(lengths))
    return event


def answered(event: dict[str, Any]) -> dict[str, Any]:
    try:
        found = clock.judge(event)
    except Refused as refused:
        return {"error": refused.code}
    return found | {"due": found["due"] and minute(found["due"])}


@settings(max_examples=DRAWS)
@given(event=events())
def test_it_says_what_walking_says(event: dict[str, Any]) -> None:
    assert answered(event) == judged(event)


@settings(max_examples=DRAWS // 4)
@given(event=events(), first=lengths, length=lengths)
def test_another_pause_never_brings_due_forward(event: dict[str, Any], first: int, length: int) -> None:
    more = {"from": iso(minute(event["start"]) + first), "to": iso(minute(event["start"]) + first + length)}
    before, after = answered(event), answered(event | {"pauses": [*event["pauses"], more]})
    if "error" not in before and "error" not in after and not event.get("changes"):
        assert after["due"] is None or (before["due"] is not None and before["due"] <= after["due"])
        assert after["elapsed_minutes"] <= before["elapsed_minutes"]


@settings(max_examples=DRAWS // 4)
@given(event=events(), share=st.integers(0, 100))
def test_splitting_or_repeating_a_pause_changes_nothing(event: dict[str, Any], share: int) -> None:
    parts = []
    for pause in event["pauses"]:
        first, last = minute(pause["from"]), minute(pause["to"]) if pause["to"] else minute(pause["from"]) + 600
        middle = iso(first + (last - first) * share // 100)
        parts += [{"from": middle, "to": pause["to"]}, pause, {"from": pause["from"], "to": middle}]
    assert answered(event | {"pauses": parts}) == answered(event)


@settings(max_examples=DRAWS // 4)
@given(start=instants, calendar=st.sampled_from([*CALENDARS, NIGHTS]), minutes=st.integers(0, 3_000), pauses=events())
def test_what_has_elapsed_when_it_is_due_is_the_target(
    start: int, calendar: dict[str, Any], minutes: int, pauses: dict[str, Any]
) -> None:
    table, when = clock.timetable_of(calendar), of_minute(start)
    waits = [clock.Pause(instant(each["from"], ""), instant(each["to"], "") if each["to"] else None) for each in pauses["pauses"]]
    try:
        due = clock.due(table, when, Target(minutes=minutes), waits)
    except Refused:
        return
    if due is not None:
        assert clock.elapsed(table, when, due, waits) == minutes
        if minutes:
            assert clock.elapsed(table, when, due.astimezone(UTC) - timedelta(minutes=1), waits) == minutes - 1


def _known_until_half_term() -> dict[str, Any]:
    weekly = {day: [["07:30", "16:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    terms = {"terms": [["2025-09-03", "2025-10-24"]], "only": "term"}
    return {"tz": "Europe/London", "versions": [{"from": "2020-01-01", "weekly": weekly, **terms}]}


@pytest.mark.parametrize("days", [0, 1, 3])
@pytest.mark.parametrize("received", ["as_happened", "next_opening"])
def test_what_waits_without_an_end_has_no_due_time_whatever_is_known_of_the_days_after(days: int, received: str) -> None:
    told, target = "2025-10-24T18:00:00+00:00", {"business_days": days, "received": received}
    pauses = [{"from": "2025-10-24T09:00:00+00:00", "to": None}]
    event = {"calendar": _known_until_half_term(), "start": told, "target": target, "pauses": pauses, "as_of": told}
    assert answered(event) == judged(event)
    assert (answered(event)["due"], answered(event)["verdict"]) == (None, "paused")


def test_a_target_of_nothing_is_due_at_once_even_on_a_day_that_nobody_knows() -> None:
    calendar = _known_until_half_term()
    told = "2025-03-28T00:01:00+00:00"
    event = {"calendar": calendar, "start": told, "target": {"minutes": 0}, "pauses": [], "changes": [], "stop": told}
    assert answered(event) == judged(event)
    assert answered(event)["verdict"] == "met"
