"""Times, counts and distances in the words of a page."""

from datetime import UTC, date, datetime, timedelta

import pytest

from base.words import ago, count, in_plain, in_words, miles, moment

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (datetime(2026, 11, 3, 14, 5, tzinfo=UTC), "3 November 2026 at 2:05pm"),
        (datetime(2026, 7, 3, 23, 30, tzinfo=UTC), "4 July 2026 at 12:30am"),
        (datetime(2026, 7, 3, 11, 0, tzinfo=UTC), "3 July 2026 at 12:00pm"),
    ],
)
def test_a_moment_is_told_in_english_local_time(value: datetime, words: str) -> None:
    assert moment(value) == words


def test_a_date_is_told_in_words() -> None:
    assert in_words(date(2026, 11, 3)) == "3 November 2026"
    assert in_words(datetime(2026, 7, 3, 23, 30, tzinfo=UTC)) == "4 July 2026"


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=25), "1 day ago"),
        (timedelta(days=70), "2 months ago"),
        (timedelta(days=800), "2 years ago"),
    ],
)
def test_how_long_ago_is_told_in_whole_units(since: timedelta, words: str) -> None:
    now = datetime(2026, 11, 3, tzinfo=UTC)
    assert ago(now - since, now) == words


def test_counts_and_miles_read_naturally() -> None:
    assert [count(n, "school") for n in (0, 1, 1204)] == ["0 schools", "1 school", "1,204 schools"]
    assert count(2, "entry", "entries") == "2 entries"
    told = ["less than 0.1 miles", "0.1 miles", "1 mile", "4.2 miles", "5 miles", "10 miles", "13 miles"]
    assert [miles(m) for m in (0.04, 0.05001, 1.0, 4.24, 5.0, 9.96, 12.6)] == told


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("2026-11-03T14:05:00.202641+00:00", "3 November 2026 at 2:05pm"),
        ("2026-07-03T14:05:00Z", "3 July 2026 at 3:05pm"),
        ("2026-11-03", "3 November 2026"),
        ("2026-13-03", "2026-13-03"),
        ("On 2026-11-03 they came late.", "On 2026-11-03 they came late."),
        ("", ""),
    ],
)
def test_a_stored_time_is_shown_in_words_and_any_other_text_as_it_is(stored: str, shown: str) -> None:
    assert in_plain(stored) == shown
