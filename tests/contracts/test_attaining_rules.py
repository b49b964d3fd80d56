"""What the given cases of attainment don't show: banking, voices, offsets, what is left out, and corrections that go wrong."""

from typing import Any, Final

import pytest

from contracts.attaining.attaining import attain
from contracts.clock.refused import Refused

pytestmark = pytest.mark.pure

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri")
OFFICE: Final = {
    "tz": "Europe/London",
    "versions": [{"from": "2020-01-01", "weekly": {name: [["08:00", "17:00"]] for name in WEEKDAYS}, "bank_holidays": "ENG"}],
}
A_WEEK: Final = {"from": "2025-11-17", "to": "2025-11-21"}
BOUNDS: Final = {"target": 98, "mostly": 90}


def attained(metric: dict[str, Any], period: dict[str, str] = A_WEEK, **given: Any) -> dict[str, Any]:
    return attain({"metric": metric, "period": period, "calendar": OFFICE, "as_of": "2025-12-31"} | given)


def hours(**by_day: float) -> list[dict[str, Any]]:
    return [{"on": f"2025-11-{day[1:]}", "qty": qty} for day, qty in by_day.items()]


def test_what_is_banked_makes_good_another_day_but_never_more_than_was_contracted() -> None:
    metric = BOUNDS | {"type": "quantity", "per_open_day": 4, "cap": "period"}
    found = attained(metric, delivered=hours(d17=2, d18=4, d19=4, d20=4, d21=4, d22=2))
    assert (found["measured"], found["delivered"], found["breaches"]) == (90.0, 18, 1), "Saturday is not in the period"
    with_saturday = {"from": "2025-11-17", "to": "2025-11-22"}
    found = attained(metric, with_saturday, delivered=hours(d17=2, d18=4, d19=4, d20=4, d21=4, d22=2))
    assert (found["measured"], found["delivered"], found["breaches"]) == (100.0, 20, 1), "a closed day is banked, a day is short"
    found = attained(metric, with_saturday, delivered=hours(d17=40))
    assert (found["delivered"], found["shortfall"], found["missing"]) == (20, 0, 4)


def test_only_records_of_closed_days_are_no_data() -> None:
    metric = BOUNDS | {"type": "quantity", "per_open_day": 4, "cap": "period"}
    found = attained(metric, {"from": "2025-11-17", "to": "2025-11-22"}, delivered=hours(d22=40))
    assert (found["measured"], found["verdict"], found["contracted"]) == (None, "no data", 20)


def test_parts_of_an_hour_are_reckoned_exactly() -> None:
    found = attained(BOUNDS | {"type": "quantity", "per_open_day": 0.3}, delivered=hours(d17=0.1) + hours(d17=0.2))
    assert (found["delivered"], found["breaches"], found["missing"]) == (0.3, 0, 4)


def test_a_window_that_is_left_out_leaves_its_days_and_minutes_out() -> None:
    strike = [{"from": "2025-11-18", "to": "2025-11-19", "reason": "strike"}]
    metric = BOUNDS | {"type": "quantity", "per_open_day": 4}
    found = attained(metric, delivered=hours(d17=4, d20=4, d21=4), exclusions=strike)
    assert (found["measured"], found["n"], found["excluded"]) == (100.0, 3, 2)
    found = attained(BOUNDS | {"type": "availability"}, watched=[["2025-11-17T00:00Z", "2025-11-22T00:00Z"]], exclusions=strike)
    assert (found["measured"], found["n"], found["excluded"]) == (100.0, 1620, 1080)
    late = {"id": 1, "happened": "2025-11-18T09:00Z", "priority": "P1", "stages": {"fixed": "2025-11-20T09:00Z"}, "closed": True}
    timed = BOUNDS | {"type": "time_to_event", "stage": "fixed", "targets": {"P1": {"minutes": 60}}}
    found = attained(timed, events=[late], exclusions=strike)
    assert (found["n"], found["excluded"], found["verdict"]) == (0, 1, "no data")
    assert attained(timed, events=[late])["verdict"] == "not met"


@pytest.mark.parametrize(
    ("visits", "left_out", "found"),
    [
        (("2025-10-07", "2025-11-04"), ("2025-10-22",), (100.0, 2, 0, 1)),  # in its time
        (("2025-10-07", "2025-11-04"), ("2025-10-30",), (100.0, 2, 0, 1)),  # nine days late, and nobody came in time
        (("2025-10-07", "2025-10-21"), ("2025-11-01",), (66.6, 3, 1, 0)),  # the day before it was answered
        (("2025-10-07", "2025-10-21", "2025-11-04"), ("2025-10-30", "2025-11-05"), (100.0, 3, 0, 0)),  # nothing was missed
        (("2025-10-21",), ("2025-10-07", "2025-10-08", "2025-11-30"), (100.0, 1, 0, 2)),  # two for one day
        ((), ("2025-10-01",), (0.0, 3, 3, 0)),  # before anything was due
    ],
)
def test_a_visit_that_both_sides_left_out_leaves_out_the_day_that_it_was_for(
    visits: tuple[str, ...], left_out: tuple[str, ...], found: tuple[float, int, int, int]
) -> None:
    done = [{"on": day} for day in visits] + [{"on": day, "excluded": True} for day in left_out]
    planned = ["2025-10-07", "2025-10-21", "2025-11-04"]
    autumn = {"from": "2025-10-01", "to": "2025-12-31"}
    said = attained(BOUNDS | {"type": "schedule", "window_days": 2}, autumn, planned=planned, done=done)
    assert (said["measured"], said["n"], said["breaches"], said["excluded"]) == found


def test_a_document_that_both_sides_left_out_counts_as_not_given() -> None:
    metric = BOUNDS | {"type": "document", "kinds": ["insurance"]}
    given = {"on": "2025-11-17", "kind": "insurance", "from": "2025-11-01", "to": "2026-10-31"}
    assert attained(metric, documents=[given])["verdict"] == "met"
    found = attained(metric, documents=[{**given, "excluded": True}])
    assert (found["measured"], found["missing"], found["verdict"]) == (0.0, 1, "not met")


def test_nobody_watching_is_no_data_and_never_up() -> None:
    found = attained(BOUNDS | {"type": "availability"}, watched=[], down=[["2025-11-17T09:00Z", "2025-11-17T10:00Z"]])
    assert (found["measured"], found["verdict"], found["missing"]) == (None, "no data", 2700)


def test_outages_that_touch_are_one_and_those_outside_the_service_are_none() -> None:
    watched = [["2025-11-17T00:00Z", "2025-11-22T00:00Z"]]
    down = [
        ["2025-11-18T10:00Z", "2025-11-18T10:30Z"], ["2025-11-18T10:30Z", "2025-11-18T11:00Z"],
        ["2025-11-18T10:10Z", "2025-11-18T10:20Z"], ["2025-11-18T18:00Z", "2025-11-18T19:00Z"],
    ]  # fmt: skip
    found = attained(BOUNDS | {"type": "availability"}, watched=watched, down=down)
    assert (found["measured"], found["breaches"]) == (97.7, 1)


def test_a_survey_needs_enough_of_those_asked() -> None:
    metric = {"type": "survey", "at_least": 4, "target": 80, "least_percent": 50}
    answers = [{"by": name, "score": 5, "on": "2025-11-18"} for name in "abc"]
    assert attained(metric, answers=answers, asked=6)["verdict"] == "met"
    assert attained(metric, answers=answers, asked=7)["verdict"] == "no data"
    found = attained(metric, answers=[*answers, {"by": "c", "score": None, "on": "2025-11-19"}], asked=4)
    assert (found["n"], found["missing"], found["verdict"]) == (2, 1, "met"), "the latest voice is the one that counts"


def test_milestones_count_working_days_and_open_days() -> None:
    anchors = {"start": "2026-01-05", "open": None}
    rows = [
        {"anchor": "start", "offset": -2, "unit": "working_days", "done": "2025-12-31"},
        {"anchor": "start", "offset": 3, "unit": "open_days", "done": "2026-01-09"},
        {"anchor": "open", "offset": 1},
        {"anchor": "start", "offset": 30},
    ]
    found = attained({"type": "milestone", "grace_days": 1}, anchors=anchors, milestones=rows, as_of="2026-01-20")
    assert found["dues"] == ["2025-12-31", "2026-01-08", None, "2026-02-04"]
    assert (found["n"], found["missing"], found["pending"], found["verdict"]) == (2, 1, 1, "mostly met")


def test_credits_stop_at_the_cap() -> None:
    metric = {"type": "money", "measure": "credits", "per_breach_pence": 5_000, "cap_percent": 10, "fee_pence": 123_456}
    found = attained(metric, breaches=9, rows=[{"on": "2025-11-18", "pence": 12_345}])
    assert (found["target"], found["verdict"]) == (12_345, "met")


def test_a_row_that_corrects_and_withdraws_itself_takes_both_away() -> None:
    metric = {"type": "sample_ratio", "target": 90}
    samples = [{"id": 1, "on": "2025-11-18", "passed": False}, {"id": 2, "on": "2025-11-18", "passed": True}]
    assert attained(metric, samples=samples)["measured"] == 50.0
    gone = {"id": 3, "on": "2025-11-18", "passed": None, "corrects": 1, "withdrawn": True}
    assert attained(metric, samples=[*samples, gone])["measured"] == 100.0


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ([{"id": 1, "corrects": 9}], "corrects one that is not there"),
        ([{"id": 1, "corrects": 1}], "corrects one that is not there"),
        ([{"id": 1}, {"id": 1}], "have the same id"),
        ([{"id": 1}, {"id": 2, "corrects": 1}, {"id": 3, "corrects": 1}], "correct the same one"),
    ],
)
def test_corrections_that_go_nowhere_are_refused(wrong: list[dict[str, Any]], reason: str) -> None:
    rows = [row | {"on": "2025-11-18", "passed": True} for row in wrong]
    with pytest.raises(Refused, match=reason):
        attained({"type": "sample_ratio", "target": 90}, samples=rows)
