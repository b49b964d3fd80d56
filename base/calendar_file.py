"""The bytes of a calendar (RFC 5545): days, and of what they are only as much as the caller lets a calendar show. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from base.due import FeedDate

UNTITLED: Final = "A contract date: sign in"
NAME: Final = "Vouch"
MAKER: Final = "-//Vouch//Calendar feed//EN"
ASK_AGAIN: Final = timedelta(hours=6)  # often enough for days


def built(dates: Sequence[FeedDate], *, shows_titles: bool, origin: str, with_sentences: bool = False) -> bytes:
    """The same bytes for the same days. ``origin`` is where to sign in; ``with_sentences`` is for who has done so."""
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", NAME)
    calendar.add("refresh-interval", ASK_AGAIN, {"value": "DURATION"})
    for one in sorted(dates, key=lambda one: (one.day, one.uid)):
        calendar.add_component(
            _event(one, one.title if shows_titles else UNTITLED, origin, one.sentence if with_sentences else "")
        )
    if not dates:
        calendar.add_component(_some_zone())
    return bytes(calendar.to_ical())


def _some_zone() -> Timezone:
    """A calendar without any component is none (RFC 5545, 3.6), and programs refuse it: this one shows nothing."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "Etc/UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - a zone's own time, which has none
    standard.add("tzoffsetfrom", timedelta())
    standard.add("tzoffsetto", timedelta())
    zone.add_component(standard)
    return zone


def _event(one: FeedDate, summary: str, origin: str, sentence: str) -> Event:
    event = Event()
    event.add("uid", f"{one.uid}@{origin.rpartition('/')[2]}")
    event.add("dtstamp", one.changed_at)
    event.add("last-modified", one.changed_at)
    event.add("sequence", one.sequence)
    event.add("dtstart", one.day)
    event.add("dtend", one.day + timedelta(days=1))  # the first day that is none of it
    event.add("summary", summary)
    if sentence:
        event.add("description", sentence)
    event.add("url", origin)
    event.add("transp", "TRANSPARENT")  # nobody is busy all day because of it
    return event
