"""A calendar as a school writes it: what can't be right is said; the clock gets terms without half-term, a notice whole ones."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.refusals import Invalid
from contracts.calendars import calendar_text, months
from contracts.calendars.months import DayKind
from contracts.clock import dates, school_calendar
from contracts.clock.calendar_layers import Layer, for_the_clock, known_terms, laid_over
from contracts.clock.clock import judge
from contracts.clock.refused import Refused
from contracts.clock.school_calendar import Mode, SchoolCalendar, Term, halves, problems, whole_terms, windows
from contracts.clock.service_calendar import WEEKDAYS
from tests.given.checkout import ROOT

pytestmark = pytest.mark.pure

AUTUMN: Final = Term("Autumn 2025", date(2025, 9, 3), date(2025, 12, 19), (date(2025, 10, 27), date(2025, 10, 31)))
SPRING: Final = Term("Spring 2026", date(2026, 1, 5), date(2026, 3, 27), (date(2026, 2, 16), date(2026, 2, 20)))
SUMMER: Final = Term("Summer 2026", date(2026, 4, 13), date(2026, 7, 21), (date(2026, 5, 25), date(2026, 5, 29)))
WEEK: Final[Mapping[Any, Any]] = dict.fromkeys(WEEKDAYS[:5], (("07:30", "16:30"),))
OAKFIELD: Final = SchoolCalendar(weekly=WEEK, only="term", terms=(AUTUMN, SPRING, SUMMER))
START: Final = date(2025, 9, 1)


def changed(**fields: Any) -> SchoolCalendar:
    return msgspec.structs.replace(OAKFIELD, **fields)


def clock_of(calendar: SchoolCalendar) -> dict[str, Any]:
    return for_the_clock([Layer(START, calendar)])


def test_a_calendar_that_closes_half_term_gives_a_terms_notice_before_31_august_as_10_april() -> None:
    terms = known_terms([Layer(START, OAKFIELD)])
    answer = dates.contract_dates(
        {
            "start": "2025-09-01",
            "term": {"n": 1, "unit": "years"},
            "renewal": {"mode": "rolls", "n": 12, "unit": "months"},
            "notice": {"n": 1, "unit": "terms"},
            "terms": whole_terms(terms),
            "half_terms": windows(terms),
            "as_of": "2025-11-28",
        }
    )
    assert answer["notice_received_by"] == "2026-04-10"
    half_term = judge(
        {
            "calendar": clock_of(OAKFIELD),
            "start": "2026-05-22T16:00+01:00",
            "target": {"minutes": 60},
            "stop": "2026-06-01T08:00+01:00",
        }
    )
    assert half_term["due"] == "2026-06-01T08:00:00+01:00"  # nothing of half-term counted


def test_the_clock_gets_the_windows_of_the_given_cases() -> None:
    cases = (json.loads(line) for line in (ROOT / "tests/data/sla/clock.jsonl").read_text().splitlines())
    given_terms = next(case for case in cases if case["id"] == "cd031")["input"]["calendar"]["versions"][0]["terms"]
    assert windows(OAKFIELD.terms) == given_terms


def test_in_half_terms_a_notice_counts_the_halves() -> None:
    assert halves(SUMMER) == ((date(2026, 4, 13), date(2026, 5, 22)), (date(2026, 6, 1), date(2026, 7, 21)))


def test_an_area_of_six_terms_counts_its_terms_whole() -> None:
    term = Term("Term 1", date(2026, 9, 2), date(2026, 10, 23))
    assert halves(term) == ((term.first, term.last),)
    assert problems(changed(six_terms=True, terms=(term,))) == {}


def off(first: str, last: str) -> Term:
    return msgspec.structs.replace(AUTUMN, half_term=(date.fromisoformat(first), date.fromisoformat(last)))


def lasting(first: str, last: str) -> Term:
    return msgspec.structs.replace(AUTUMN, first=date.fromisoformat(first), last=date.fromisoformat(last))


DAY: Final = date(2026, 5, 1)
REFUSED: Final[tuple[tuple[dict[str, Any], str, str], ...]] = (
    ({"weekly": {}}, "weekly", "at least one day"),
    ({"weekly": {"mon": (("08:00", "08:00"),)}}, "weekly", "no length"),
    ({"weekly": {"mon": (("24:00", "08:00"),)}}, "weekly", "no length"),
    ({"weekly": {"mon": (("8am", "17:00"),)}}, "weekly", "no time of day"),
    ({"weekly": {"mon": (("08:60", "17:00"),)}}, "weekly", "no time of day"),
    ({"weekly": {"mon": (("08:00", "12:00"), ("11:00", "17:00"))}}, "weekly", "overlap"),
    ({"weekly": {"mon": (("22:00", "02:00"), ("23:00", "23:30"))}}, "weekly", "overlap"),
    ({"weekly": {"mon": tuple((f"0{n}:00", f"0{n}:30") for n in range(7))}}, "weekly", "more than 6"),
    ({"terms": ()}, "terms", "need the term dates"),
    ({"terms": (AUTUMN, lasting("2025-12-19", "2026-02-13"))}, "terms", "half-term of autumn 2025 lies outside"),
    ({"terms": (AUTUMN, Term("Spring", date(2025, 12, 19), date(2026, 3, 1), SPRING.half_term))}, "terms", "overlap"),
    ({"terms": (lasting("2025-12-19", "2025-09-03"),)}, "terms", "ends before it begins"),
    ({"terms": (lasting("2025-09-03", "2026-07-21"),)}, "terms", "more than twenty weeks"),
    ({"terms": (Term("Autumn", AUTUMN.first, AUTUMN.last),)}, "terms", "has no half-term"),
    ({"terms": (off("2025-10-31", "2025-10-27"),)}, "terms", "ends before it begins"),
    ({"terms": (off("2025-08-27", "2025-08-31"),)}, "terms", "lies outside"),
    ({"terms": (off("2025-09-03", "2025-09-05"),)}, "terms", "lies outside"),
    ({"terms": (off("2025-12-15", "2025-12-19"),)}, "terms", "lies outside"),
    ({"terms": (off("2025-10-01", "2025-10-31"),)}, "terms", "more than three weeks"),
    ({"terms": (AUTUMN,), "six_terms": True}, "terms", "in an area of six terms none has"),
    ({"terms": (msgspec.structs.replace(AUTUMN, name=" "),)}, "terms", "needs a name"),
    ({"terms": (msgspec.structs.replace(AUTUMN, name="x" * 61),)}, "terms", "needs a name"),
    ({"terms": (msgspec.structs.replace(AUTUMN, name="a: b"),)}, "terms", "needs a name"),
    ({"terms": (lasting("1025-09-03", "1025-12-19"),)}, "terms", "can't be right"),
    ({"terms": (AUTUMN, Term("Autumn", date(2031, 9, 3), date(2031, 12, 19), (DAY.replace(2031, 10), DAY.replace(2031, 10))))},
     "terms", "more than 5 years"),
    ({"terms": tuple(Term(f"T{n}", DAY + timedelta(n * 40), DAY + timedelta(n * 40 + 20)) for n in range(37)), "six_terms": True},
     "terms", "at most 36"),
    ({"closed": ((DAY, DAY - timedelta(1)),)}, "closed", "ends before it begins"),
    ({"closed": ((DAY, DAY + timedelta(400)),)}, "closed", "more than a year"),
    ({"closed": ((DAY, DAY),) * 301}, "closed", "More than 300"),
    ({"closed": ((date(1026, 5, 1), date(1026, 5, 1)),)}, "closed", "can't be right"),
    ({"half_days": {DAY: ()}}, "half_days", "no hours"),
    ({"half_days": {DAY: (("12:00", "12:00"),)}}, "half_days", "no length"),
    ({"half_days": {DAY: (("08:00", "12:00"),)}, "closed": ((DAY, DAY),)}, "half_days", "Which is it"),
    ({"half_days": {date(1026, 5, 1): (("08:00", "12:00"),)}}, "half_days", "can't be right"),
    ({"inset": tuple(DAY + timedelta(n) for n in range(301))}, "inset", "300 at most"),
    ({"inset": (date(2126, 5, 1),)}, "inset", "can't be right"),
    ({"modes": (Mode("exams", DAY, DAY - timedelta(1)),)}, "modes", "ends before it begins"),
    ({"modes": (Mode("exams", DAY, DAY + timedelta(400)),)}, "modes", "more than a year"),
)  # fmt: skip


@pytest.mark.parametrize(("fields", "field", "said"), REFUSED, ids=[f"{field}: {said}" for _, field, said in REFUSED])
def test_what_can_not_be_right_is_said_beside_its_field(fields: dict[str, Any], field: str, said: str) -> None:
    found = problems(changed(**fields))
    assert said.lower() in found[field].lower()


UNREADABLE: Final = (
    ("hours", "8 to 5", "08:30 or 8.30am"),
    ("hours", "8:30 to 4:30", "the next morning"),
    ("hours", "08:00 to 08:00", "no length"),
    ("hours", "from nine", "08:00 to 17:00"),
    ("hours", "13am to 2pm", "08:30 or 8.30am"),
    ("hours", "08:75 to 17:00", "no such time"),
    ("hours", "25:00 to 26:00", "no such time"),
    ("days", "31 September 2026", "no day of the calendar"),
    ("days", "Christmas", "24 December 2026"),
    ("days", "24 December", "does not say its year"),
    ("days", "24 December 2026 to 1 January 2027 and 3 January 2027", "24 December 2026"),
    ("days", "Monday 24 December 2026", "is a Thursday"),
    ("days", "1 May 2026\n" * 301, "More than 300"),
    ("single", "1 May 2026 to 1 May 2025", "Check these days"),
    ("half", "18 December 2026", "a colon and its hours"),
    ("half", "18 December 2026: closed", "a colon and its hours"),
    ("half", "18 December 2026: 8am to noon\n18 December 2026: 1pm to 3pm", "twice"),
    ("terms", "2 September 2026 to 18 December 2026", "a name, a colon"),
    ("terms", "Autumn: 2 September 2026", "24 December 2026"),
    ("terms", "Autumn: 2 September 2026 to 18 December 2026, half-term in October", "24 December 2026"),
    ("busy", "SATs week: 11 May 2026", "Begin with one of"),
    ("busy", "Exams", "Begin with one of"),
)
READERS: Final[Mapping[str, Any]] = {
    "hours": calendar_text.hours_in,
    "days": calendar_text.days_in,
    "single": calendar_text.single_days_in,
    "half": calendar_text.half_days_in,
    "terms": calendar_text.terms_in,
    "busy": calendar_text.busy_times_in,
}


@pytest.mark.parametrize(("kind", "text", "said"), UNREADABLE, ids=[f"{kind}: {text[:40]}" for kind, text, _ in UNREADABLE])
def test_a_line_that_can_not_be_read_is_refused_with_what_to_write(kind: str, text: str, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        READERS[kind](text, "here")
    assert said in refusal.value.fields["here"]


HOURS: Final = (
    ("8am-5pm", (("08:00", "17:00"),)),
    ("08.00 to 12.30; 1.15pm – 5pm", (("08:00", "12:30"), ("13:15", "17:00"))),
    ("22:00 to 02:00", (("22:00", "02:00"),)),
    ("10pm to midnight", (("22:00", "24:00"),)),
    ("6pm to 1am", (("18:00", "01:00"),)),
    ("24 hours", (("00:00", "24:00"),)),
    ("closed", ()),
    ("", ()),
)


@pytest.mark.parametrize(("text", "hours"), HOURS)
def test_hours_are_read_as_people_write_them(text: str, hours: Any) -> None:
    assert calendar_text.hours_in(text, "here") == hours


times = st.integers(0, 24 * 60 - 1).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
ranges = st.tuples(times, times | st.just("24:00")).filter(lambda one: one[0] != one[1] and one[1] != "00:00")
some_days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
spans = st.tuples(some_days, st.integers(0, 30)).map(lambda one: (one[0], one[0] + timedelta(one[1])))


@st.composite
def terms(draw: st.DrawFn) -> Term:
    first = draw(some_days)
    name = draw(
        st.text(alphabet="Term AutumnSpring0123456789–", min_size=1, max_size=20).map(lambda n: " ".join(n.split()) or "T")
    )
    half = draw(st.none() | st.just((first + timedelta(40), first + timedelta(44))))
    return Term(name, first, first + timedelta(90), half)


@given(st.lists(ranges, max_size=3), st.lists(spans, max_size=4), st.lists(terms(), max_size=4), st.sets(some_days, max_size=4))
def test_what_stands_in_the_form_is_read_as_what_it_was_written_from(
    hours: list[Any], closed: list[Any], made: list[Term], inset: set[date]
) -> None:
    assert list(calendar_text.hours_in(calendar_text.hours_text(tuple(hours)), "x")) == (
        [("00:00", "24:00")] if hours == [("00:00", "24:00")] else hours
    )
    assert list(calendar_text.days_in(calendar_text.days_text(closed), "x")) == closed
    assert sorted(calendar_text.terms_in(calendar_text.terms_text(made), "x"), key=str) == sorted(made, key=str)
    assert set(calendar_text.single_days_in(calendar_text.single_days_text(sorted(inset)), "x")) == inset
    half_days = dict.fromkeys(inset, tuple(hours))
    if hours:
        assert calendar_text.half_days_in(calendar_text.half_days_text(half_days), "x") == half_days


@given(st.lists(terms(), max_size=4), st.sets(some_days, max_size=4))
def test_a_stored_calendar_comes_back_the_same(made: list[Term], inset: set[date]) -> None:
    calendar = changed(terms=tuple(made), inset=tuple(inset), half_days=dict.fromkeys(inset, (("08:00", "12:00"),)))
    assert school_calendar.of_json(school_calendar.to_json(calendar)) == calendar


def test_a_school_that_saved_nothing_follows_its_trust() -> None:
    trust = [Layer(START, OAKFIELD)]
    assert laid_over(trust, []) == tuple(trust)


def test_days_that_a_school_adds_lie_beside_its_trusts() -> None:
    own = SchoolCalendar(follows_trust=True, closed=((DAY, DAY),), inset=(date(2026, 6, 1),))
    start, added = laid_over([Layer(START, OAKFIELD)], [Layer(date(2026, 1, 1), own)])
    assert start.calendar == OAKFIELD
    assert added.calendar.closed == ((DAY, DAY),)
    assert added.calendar.terms == OAKFIELD.terms


def test_a_trusts_later_version_reaches_the_schools_that_follow_it() -> None:
    later = changed(nation="WLS")
    found = laid_over([Layer(START, OAKFIELD), Layer(date(2026, 9, 1), later)], [Layer(DAY, SchoolCalendar(follows_trust=True))])
    assert [layer.calendar.nation for layer in found] == ["ENG", "ENG", "WLS"]


def test_a_calendar_of_ones_own_stands_whatever_the_trust_saves() -> None:
    own = changed(nation="SCT")
    found = laid_over([Layer(START, OAKFIELD), Layer(date(2026, 9, 1), OAKFIELD)], [Layer(DAY, own)])
    assert [layer.calendar.nation for layer in found] == ["ENG", "SCT", "SCT"]


def test_nothing_is_known_of_a_trust_without_a_calendar() -> None:
    assert laid_over([], [Layer(START, SchoolCalendar(follows_trust=True))]) == ()


def test_of_two_versions_from_one_day_the_later_counts() -> None:
    (found,) = laid_over([], [Layer(START, OAKFIELD), Layer(START, changed(nation="WLS"))])
    assert found.calendar.nation == "WLS"


def test_terms_that_a_newer_version_left_out_are_still_known() -> None:
    newer = changed(terms=(SUMMER,))
    assert known_terms([Layer(START, OAKFIELD), Layer(DAY, newer)]) == (AUTUMN, SPRING, SUMMER)


def test_after_the_last_term_the_clock_says_so_and_never_guesses() -> None:
    with pytest.raises(Refused) as refused:
        judge(
            {
                "calendar": clock_of(OAKFIELD),
                "start": "2026-07-21T16:00+01:00",
                "target": {"minutes": 60},
                "stop": "2026-09-03T09:00+01:00",
            }
        )
    assert refused.value.code == "calendar_ends"


def test_a_month_says_of_every_day_what_it_is() -> None:
    calendar = changed(
        inset=(date(2025, 11, 3),), closed=((date(2025, 11, 7), date(2025, 11, 7)),),
        half_days={date(2025, 11, 14): (("07:30", "12:00"),)},
        modes=(Mode("inspection", date(2025, 11, 25), date(2025, 11, 26)),),
    )  # fmt: skip
    found = months.month([Layer(START, calendar)], date(2025, 11, 1))
    said = {day.day.day: day for week in found.weeks for day in week}
    assert len(said) == 30
    assert (said[1].kind, said[3].kind, said[7].kind) == (DayKind.OUT_OF_SEASON, DayKind.INSET, DayKind.CLOSED)
    assert said[14].words == "Open 07:30 to 12:00 (hours of its own)"
    assert said[25].words == "Open 07:30 to 16:30; inspection"
    assert said[8].kind is DayKind.NO_HOURS
    assert sum((stretch.last - stretch.first).days + 1 for stretch in found.stretches) == 30


def test_a_month_that_nobody_knows_is_drawn_as_not_known() -> None:
    assert {day.kind for week in months.month([], date(2026, 9, 1)).weeks for day in week} == {DayKind.UNKNOWN}
    found = months.month([Layer(START, OAKFIELD)], date(2026, 9, 1))
    assert {day.kind for week in found.weeks for day in week} == {DayKind.UNKNOWN}
