"""The words in what is kept as JSON: signed ratings, and the names of terms in calendars. Pure."""

import json
from collections.abc import Collection, Iterator
from typing import Any, Final

import msgspec

from contracts.clock import school_calendar
from contracts.improvement.assessment import FIELDS
from contracts.promises.metric import as_json

WORDS_ERASED: Final = "The words were erased."
NAME_ERASED: Final = "Term"  # the name of a term can't be empty
# What nobody typed: the school's own name, a sentence of the regulation, its words, days.
_NO_WORDS: Final = ("contracting_authority", "statement", "rating", "period_from", "period_to", "signed_on")
_LABELS: Final = {"signed_by": "Who signed a rating", "reason": "Why something was rated so"}


def words_of_rating(data: str) -> Iterator[tuple[str, str, str]]:
    """(name, label, words) of each text once, however many rows say it: the name has the first row that does."""
    seen = set()
    for n, row in enumerate(json.loads(data)):
        for field in FIELDS:
            if field not in _NO_WORDS and row[field] and (field, row[field]) not in seen:
                seen.add((field, row[field]))
                yield f"{field}-{n}", _LABELS.get(field, f"Rating: {field.replace('_', ' ')}"), row[field]


def rating_without(data: str, name: str, texts: Collection[str]) -> str:
    """With the words gone wherever the field of this name says them; as it was where its first row says something else."""
    rows: list[dict[str, Any]] = json.loads(data)
    field, _, place = name.rpartition("-")
    said = rows[int(place)].get(field) if place.isdecimal() and int(place) < len(rows) else None
    if field in _NO_WORDS or said not in texts:
        return data
    return as_json([{**row, field: WORDS_ERASED if row[field] == said else row[field]} for row in rows])


def names_of_terms(data: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term.name for term in school_calendar.of_json(data).terms))


def calendar_without(data: str, texts: Collection[str]) -> str:
    """With the terms of these names under no name of their own. Their days stay, which is what judges."""
    calendar = school_calendar.of_json(data)
    if not any(term.name in texts for term in calendar.terms):
        return data
    terms = tuple(msgspec.structs.replace(term, name=NAME_ERASED) if term.name in texts else term for term in calendar.terms)
    return school_calendar.to_json(msgspec.structs.replace(calendar, terms=terms))
