"""What people are told before the last known term ends, and after it: days are not known then, and a person can mend that."""

from datetime import date, timedelta
from typing import Final

from base import clock
from base.viewer import Viewer
from base.words import in_words
from contracts.calendars import calendars
from contracts.calendars.calendars import CalendarView
from web.pages.notices import Notice

AHEAD: Final = timedelta(days=90)
NEXT: Final = timedelta(days=1)
YEAR_ENDS: Final = 6  # the month: whoever has no terms after one that ends in June or July lacks those of the next year


async def notices(viewer: Viewer) -> tuple[Notice, ...]:
    """Of the home page, for whoever can save the calendar."""
    if not viewer.role.keeps_contracts:
        return ()
    found = ending(await calendars.look(viewer), clock.today())
    return (found,) if found else ()


def ending(view: CalendarView, today: date) -> Notice | None:
    """None while the terms are known for longer, and for a calendar without terms."""
    last = view.last_known
    if last is None or today < last - AHEAD:
        return None
    asks = f"Add the terms for {school_year(last + NEXT)}"
    if last < today:
        text = f"The last term that the calendar knows ended on {in_words(last)}. Days since then are not counted, nor guessed."
    else:
        text = f"The last term that the calendar knows ends on {in_words(last)}. Days after it are not counted, nor guessed."
    if view.follows_trust:
        text += f" The calendar is given by {view.trust_name}: ask there for the next terms."
    return Notice(
        title=asks if last < today else "",
        text=text,
        href="/calendar" if view.follows_trust else "/calendar/terms",
        link="See the calendar" if view.follows_trust else asks,
    )


def school_year(day: date) -> str:
    """2026–27 of a day in it; a day in the summer belongs to the year that is to come."""
    begins = day.year if day.month >= YEAR_ENDS else day.year - 1
    return f"{begins}–{(begins + 1) % 100:02}"
