"""What the times of entries say is what a naive reading of all of them says."""

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid4, uuid7

from audit.times import SLACK, SomeEntries, Times, held_line, id_time, span_in_words, time_warnings

pytestmark = pytest.mark.pure

NOON: Final = 1_790_000_000_000_000
CLOSE = st.integers(NOON - 3, NOON + 3) | st.integers(NOON - 3 * SLACK, NOON + 3 * SLACK)


@st.composite
def event(draw: st.DrawFn) -> dict[str, Any]:
    made = uuid7(nanoseconds=1_000 * draw(CLOSE)) if draw(st.booleans()) else uuid4()
    return {"id": str(made), "at": draw(CLOSE)} | ({"clock": draw(CLOSE)} if draw(st.booleans()) else {})


def entry(at: int, clock: int | None = None, made: int | None = None) -> dict[str, Any]:
    said = at if clock is None else clock
    told = {} if clock is None else {"clock": clock}
    return {"id": str(uuid7(nanoseconds=1_000 * (said if made is None else made))), "at": at, **told}


def noted(*events: dict[str, Any], start: int = 0) -> Times:
    times = Times()
    for idx, one in enumerate(events, start=start):
        times.note(idx, one)
    return times


def oracle(events: list[tuple[int, dict[str, Any]]]) -> dict[str, dict[int, int]]:
    """The same in four questions to each entry, with all of them at hand: by how much, by position."""
    found: dict[str, dict[int, int]] = {"held": {}, "falling": {}, "unexplained": {}, "apart": {}}
    for place, (idx, one) in enumerate(events):
        before = events[place - 1] if place else None
        said, made = one.get("clock", one["at"]), id_time(one["id"])
        if "clock" in one:
            is_next = idx == 0 or (before is not None and before[0] == idx - 1)
            was = before[1]["at"] if before else None
            is_held = said < one["at"] and (not is_next or was == one["at"])
            found["held" if is_held else "unexplained"][idx] = abs(one["at"] - said)
        if before and before[1]["at"] > one["at"]:
            found["falling"][idx] = before[1]["at"] - one["at"]
        if made is None or abs(made - said) > SLACK:
            found["apart"][idx] = abs(made - said) if made is not None else 0
    return found


@given(st.dictionaries(st.integers(0, 12), event(), max_size=8))
def test_each_kind_is_counted_as_a_naive_reading_counts_it(given_events: dict[int, dict[str, Any]]) -> None:
    in_order = sorted(given_events.items())
    times = Times()
    for idx, one in in_order:
        times.note(idx, one)
    for kind, by in oracle(in_order).items():
        amount = SomeEntries(min(by), max(by), len(by), max(by.values())) if by else None
        assert getattr(times, kind) == amount, kind


def test_times_that_rise_say_nothing() -> None:
    times = noted(entry(NOON), entry(NOON), entry(NOON + 1))
    assert (times.held, time_warnings(times)) == (None, ())


def test_a_held_time_is_told_in_one_line_and_warns_of_nothing() -> None:
    day = 86_400_000_000
    times = noted(entry(NOON), entry(NOON, NOON - 400 * day), entry(NOON, NOON - 5), entry(NOON + 1))
    assert times.held is not None
    assert held_line(times.held) == (
        "Times held: 2 entries, from 2 to 3, as the clock was behind the entry before, by 400 days at most"
    )
    assert time_warnings(times) == ()


def test_what_no_clock_explains_is_a_warning_each() -> None:
    assert time_warnings(noted(entry(NOON), entry(NOON - 2_000_000))) == (
        "The recorded time goes back: entry 2, by 2 seconds at most. Ask why.",
    )
    ahead = noted(entry(NOON), entry(NOON, NOON + 1))
    assert time_warnings(ahead)[0].startswith(
        "What the clock is said to have shown does not account for the recorded time: entry 2"
    )
    apart = noted(entry(NOON, made=NOON - 2 * SLACK))
    assert time_warnings(apart)[0].startswith(
        "The entry's id was made at another time than the one recorded, or tells none: entry 1, by 2 min"
    )


def test_nothing_can_be_held_before_the_first_entry() -> None:
    assert noted(entry(NOON, NOON - 1)).unexplained == SomeEntries(0, 0, 1, 1)
    assert noted(entry(NOON, NOON - 1), start=3).held == SomeEntries(3, 3, 1, 1)  # an extract may lack the one before


def test_an_id_tells_its_millisecond_and_other_ids_tell_none() -> None:
    assert id_time(str(uuid7(nanoseconds=1_000 * NOON))) == NOON // 1_000 * 1_000
    for other in (str(uuid4()), "", "x", str(uuid7()).upper(), f"{uuid7()}\n"):
        assert id_time(other) is None


@pytest.mark.parametrize(
    ("microseconds", "words"),
    [(0, "less than a second"), (1_000_000, "1 second"), (119_999_999, "1 minute"), (10**11, "1 day"), (10**14, "1,157 days")],
)
def test_a_length_is_rounded_down_to_its_largest_unit(microseconds: int, words: str) -> None:
    assert span_in_words(microseconds) == words
