"""The terms in which a school counts, as its service calendar has them: for notices of a term or half a term."""

from uuid import UUID

from contracts.clock.calendar_layers import known_terms
from contracts.clock.school_calendar import whole_terms, windows
from contracts.fields.dates_asked import SchoolTerms
from contracts.register import stored_calendars


async def of_school(school: UUID) -> SchoolTerms:
    """Inside the caller's unit. Without a calendar no terms are known, and none is guessed."""
    layers = (await stored_calendars.of_school(school)).layers
    if not layers:
        return SchoolTerms()
    terms = known_terms(layers)
    return SchoolTerms(_pairs(whole_terms(terms)), _pairs(windows(terms)), layers[-1].calendar.nation)


def _pairs(given: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, last) for first, last in given)
