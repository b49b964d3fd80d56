"""Term dates as councils publish them, ten files of tests/data/terms: what is read is right, and the rest is asked about."""

from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.refusals import Invalid, Refusal, TooLarge
from contracts.calendars import days_in_words, term_files
from contracts.calendars.term_dates import SIX_TERMS, TermDates
from contracts.calendars.term_labels import About, label_of
from tests.given.checkout import ROOT

pytestmark = pytest.mark.pure

FOLDER: Final = ROOT / "tests" / "data" / "terms"

AUTUMN_2025 = "Autumn 2025 2025-09-03 2025-12-19 off 2025-10-27 2025-10-31"
USUAL: Final = (AUTUMN_2025, "Spring 2026 2026-01-05 2026-03-27 off 2026-02-16 2026-02-20")
SUMMER: Final = "Summer 2026 2026-04-13 2026-07-21 off 2026-05-25 2026-05-29"


def read(name: str, *, six_terms: bool | None = None) -> TermDates:
    file = FOLDER / name
    if file.suffix == ".txt":
        return term_files.read_pasted(file.read_text(), six_terms=six_terms)
    return term_files.read(file.read_bytes(), six_terms=six_terms)


def terms_of(found: TermDates) -> tuple[str, ...]:
    return tuple(
        f"{term.name} {term.first} {term.last}" + (f" off {term.half_term[0]} {term.half_term[1]}" if term.half_term else "")
        for term in found.terms
    )


def days_of(found: TermDates) -> list[str]:
    return [day.isoformat() for day in found.inset]


def test_halves_of_a_term_make_a_whole_one_with_half_term_between() -> None:
    found = read("01_halves_text_months.csv")
    assert terms_of(found) == (
        "Autumn 2025 2025-09-01 2025-12-19 off 2025-10-25 2025-11-02",
        "Spring 2026 2026-01-05 2026-03-27 off 2026-02-14 2026-02-22",
        "Summer 2026 2026-04-13 2026-07-21 off 2026-05-23 2026-05-31",
    )
    assert not found.questions


def test_half_terms_as_rows_of_their_own_lie_in_their_terms_and_holidays_are_left_out() -> None:
    found = read("02_half_term_rows_two_digit_years.csv")
    assert terms_of(found) == (*USUAL, SUMMER)
    assert days_of(found) == ["2025-09-01", "2025-09-02", "2026-01-05"]
    assert len(found.left_out) == 3
    assert not found.questions


def test_days_without_a_year_take_it_from_the_school_year_beside_them() -> None:
    found = read("03_years_in_a_column_no_years_in_dates.csv")
    assert terms_of(found)[3:] == (
        "Autumn 2026 2026-09-01 2026-12-18 off 2026-10-26 2026-10-30",
        "Spring 2027 2027-01-04 2027-03-25 off 2027-02-15 2027-02-19",
        "Summer 2027 2027-04-12 2027-07-23 off 2027-05-31 2027-06-04",
    )
    assert not found.questions


def test_six_numbered_terms_are_asked_about_once() -> None:
    found = read("04_six_terms.csv")
    assert not found.terms
    assert found.questions == (SIX_TERMS,)


def test_six_terms_stand_alone_where_the_area_has_six() -> None:
    found = read("04_six_terms.csv", six_terms=True)
    assert len(found.terms) == 6
    assert terms_of(found)[0] == "Term 1 of 2026–27 2026-09-02 2026-10-23"
    assert not found.questions


def test_six_numbered_terms_are_halves_of_three_where_the_area_has_three() -> None:
    found = read("04_six_terms.csv", six_terms=False)
    assert terms_of(found)[0] == "Autumn 2026 2026-09-02 2026-12-18 off 2026-10-24 2026-11-01"
    assert len(found.terms) == 3


def test_ranges_in_one_cell_in_the_letters_of_windows() -> None:
    found = read("05_cp1252_ranges_in_one_cell.csv")
    assert terms_of(found)[2] == "Summer 2026 2026-04-13 2026-07-22 off 2026-05-25 2026-05-29"
    assert found.closed == ((date(2026, 5, 1), date(2026, 5, 1)),)
    assert found.questions == ("“Sports day Fri 26 June 2026”: what is this? Nothing was taken of it.",)


def test_mistakes_are_asked_about_one_by_one() -> None:
    found = read("06_mistakes.csv")
    assert terms_of(found) == ("Spring 2026 2026-01-05 2026-03-27",)
    asked = "\n".join(found.questions)
    for word in (
        "is a Tuesday",
        "no day of the calendar",
        "does not say its year",
        "first day of the term, or the last",
        "off for half",
    ):
        assert word in asked
    assert len(found.questions) == 6


def test_the_end_of_an_all_day_event_is_the_day_after_its_last() -> None:
    found = read("07_all_day_half_terms_apart.ics")
    assert terms_of(found) == (*USUAL, SUMMER)
    assert days_of(found) == ["2025-09-02"]
    assert not found.questions


def test_events_at_a_time_of_day_that_only_say_when_a_term_begins_or_ends() -> None:
    found = read("08_timed_edges.ics")
    assert terms_of(found) == (
        "Autumn 2026 2026-09-02 2026-12-18 off 2026-10-24 2026-11-01",
        "Spring 2027 2027-01-04 2027-03-25 off 2027-02-14 2027-02-19",
    )
    assert days_of(found) == ["2026-07-01"]  # midnight in British summer time is 23:00 of the day before in UTC
    assert found.questions == ("“Assembly”: it repeats. Write its days down one by one.",)


def test_folded_lines_durations_and_ends_on_the_first_day() -> None:
    found = read("09_folded_same_day_end.ics")
    assert terms_of(found) == ("Autumn 2025 2025-09-02 2025-12-19 off 2025-10-25 2025-11-02",)
    assert days_of(found) == ["2025-09-01"]


def test_lines_pasted_from_a_page() -> None:
    found = read("10_pasted_page.txt")
    assert terms_of(found) == (
        "Autumn 2026 2026-09-02 2026-12-18 off 2026-10-26 2026-10-30",
        "Spring 2027 2027-01-04 2027-03-25 off 2027-02-15 2027-02-19",
        "Summer 2027 2027-04-12 2027-07-22 off 2027-05-31 2027-06-04",
    )
    assert days_of(found) == ["2026-09-01"]
    assert not found.questions


ASKED: Final = (
    ("Autumn term: 1 September 2026", "first day of the term, or the last"),
    ("Autumn term: 18 December 2026 to 2 September 2026", "ends before it begins"),
    ("Autumn term: 4 January 2027 to 25 March 2027", "no autumn term begins in January"),
    ("Autumn term: 1 September to 18 December", "does not say its year"),
    ("Autumn term: 31 September 2026 to 18 December 2026", "no day of the calendar"),
    ("Autumn term: Monday 2 September 2026 to 18 December 2026", "is a Wednesday"),
    ("Autumn term: 2 September 2026 to 18 December 2026", "off for half-term"),
    ("Autumn term 1: 2 September 2026 to 23 October 2026", "other half"),
    ("Term starts: 2 September 2026", "when does this term end"),
    ("Term ends: 18 December 2026", "when does this term begin"),
    ("Half term: 26 October 2026 to 30 October 2026", "no term was found around it"),
    ("Half term: 26 October 2026", "which days are off"),
    ("Half term: 5 October 2026 to 24 October 2026", "holiday, or half of a term"),
    ("Half term starts: Friday 23 October 2026", "school day, or a day off"),
    ("INSET days: 1 September 2026 to 30 September 2026", "which of these"),
    ("INSET days: 1 September 2026, 2 September 2026 and 4 January 2027", "Put each on a line of its own"),
    ("Parents' evening: 12 November 2026", "what is this"),
    ("School closed: 1 May 2026 to 30 June 2026", "what is this"),
    ("Autumn and spring term: 2 September 2026 to 25 March 2027", "what is this"),
    ("Autumn term finishes after lunch: 18 December 2026", "what is this"),
)


@pytest.mark.parametrize(("line", "asked"), ASKED)
def test_what_a_line_leaves_open_is_asked(line: str, asked: str) -> None:
    found = term_files.read_pasted(line, six_terms=None)
    assert asked in " ".join(found.questions)
    assert not any(term.half_term for term in found.terms)


REFUSED: Final = (
    (b"", "No term dates"),
    (b"Dear parents,\nplease find", "No term dates"),
    (b"PK\x03\x04rest of a workbook", "no CSV"),
    (b"%PDF-1.7", "no CSV"),
    (b"BEGIN:VCALENDAR\nnonsense without a colon\x00", "damaged"),
    (b"BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n", "No term dates"),
    (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 2_001 + b"END:VCALENDAR\n", "at most 2,000 events"),
    (b"a,b\n" * 2_001, "at most 2,000 rows"),
    (b"x" * 1_000_001, "smaller than 1 MB"),
)


@pytest.mark.parametrize(("content", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_a_file_without_term_dates_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        term_files.read(content, six_terms=None)


LABELS: Final = (
    ("autumn term", About.TERM, "autumn", None),
    ("autumn term 2", About.TERM, "autumn", 2),
    ("spring term - first half", About.TERM, "spring", 1),
    ("term 5", About.TERM, "", 5),
    ("autumn half-term holiday", About.HALF_TERM, "autumn", None),
    ("schools closed for half term", About.LAST_BEFORE_HALF_TERM, "", None),
    ("first day back after half term", About.UNKNOWN, "", None),
    ("pupils return after half-term", About.FIRST_AFTER_HALF_TERM, "", None),
    ("last day before half term", About.LAST_BEFORE_HALF_TERM, "", None),
    ("mid-term break", About.HALF_TERM, "", None),
    ("christmas holidays", About.HOLIDAY, "", None),
    ("spring bank holiday", About.HOLIDAY, "", None),
    ("staff development day", About.INSET, "", None),
    ("non-pupil day", About.INSET, "", None),
    ("in-service day", About.INSET, "", None),
    ("school breaks up (summer term)", About.TERM_ENDS, "summer", None),
    ("first day of autumn term", About.TERM_STARTS, "autumn", None),
    ("summer fair", About.UNKNOWN, "", None),
    ("", About.UNKNOWN, "", None),
)


@pytest.mark.parametrize(("words", "about", "season", "number"), LABELS)
def test_a_label_is_understood_when_every_word_of_it_is(words: str, about: About, season: str, number: int | None) -> None:
    label = label_of(words)
    assert label.about is about
    if about is not About.UNKNOWN:
        assert (label.season, label.number) == (season, number)


DAYS: Final[tuple[tuple[str, int | None, list[str]], ...]] = (
    ("Mon 27 – Fri 31 Oct 2025", None, ["2025-10-27", "2025-10-31"]),
    ("1st September 2025 to 26 October", None, ["2025-09-01", "2025-10-26"]),
    ("22 Dec - 2 Jan 2026", None, ["2025-12-22", "2026-01-02"]),
    ("Thursday, 3rd of September", 2026, ["2026-09-03"]),
    ("3/9/26 to 18/12/26", None, ["2026-09-03", "2026-12-18"]),
    ("December 18, 2026", None, ["2026-12-18"]),
    ("Term dates 2026-27", None, []),
)


@pytest.mark.parametrize(("text", "school_year", "days"), DAYS)
def test_days_are_read_as_people_write_them(text: str, school_year: int | None, days: list[str]) -> None:
    found = days_in_words.read(text, school_year)
    assert [day.isoformat() for day in found.days] == days
    assert not found.problem


@given(st.text(alphabet="autmn 1234567890-/:,.ehlfrsptOcDbNjuy\n", max_size=200))
def test_whatever_is_pasted_is_read_asked_about_or_refused(text: str) -> None:
    try:
        found = term_files.read_pasted(text, six_terms=None)
    except (Invalid, TooLarge):
        return
    assert found.terms or found.inset or found.closed or found.questions or found.left_out


@given(st.binary(max_size=300))
def test_whatever_stands_in_a_calendar_file_is_read_or_refused(content: bytes) -> None:
    whole = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n" + content + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    try:
        term_files.read(whole, six_terms=None)
    except (Invalid, TooLarge):
        return
