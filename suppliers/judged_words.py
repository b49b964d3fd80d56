"""What every school may hear of a supplier beside the stars: stars by criterion, and answers to extra questions.

A supplier's page counts these of every school that speaks. Their rows are narrow and lie supplier by supplier, one for each
school that says any and declares no interest. Triggers make one with the first of an open word's rows
(`suppliers/open_words.py`), and take it away with it (ADR 87).

The text here is that of the triggers: a change needs a migration that makes them, and the rows, anew.
"""

from typing import Final

from piccolo.querystring import QueryString

import database
from database import stretches
from sharing.access.fields import Fields
from sharing.access.visibility import Principals
from suppliers import open_words

ROWS: Final = "suppliers_judged_word"
COLUMNS: Final = "supplier, school, audience, opens_at, closes_at, value, reliability, quality, communication, extras"
CRITERIA: Final = ("value", "reliability", "quality", "communication")  # of record/criteria.py


def judges(row: str) -> str:
    """Whether a row says any criterion, as SQL."""
    return f"({' OR '.join(f'{row}.{one} IS NOT NULL' for one in CRITERIA)})"


def derived(word: str, review: str) -> str:
    """COLUMNS of an open word's row and its review, as SQL. Criteria count where there is a rating beside them."""
    judged = (f"CASE WHEN {review}.rating IS NOT NULL THEN {review}.{one} END" for one in CRITERIA)
    return f"""{word}.supplier, {word}.school, {word}.audience, {word}.opens_at, {word}.closes_at,
        {", ".join(judged)}, {review}.extras"""


def is_judged(word: str, review: str) -> str:
    """Whether an open word and its review have a row here, as SQL."""
    return f"""{word}.is_first AND {word}.fields & {Fields.RATING.value} <> 0 AND NOT {word}.interest
        AND ({review}.extras IS NOT NULL OR {review}.rating IS NOT NULL AND {judges(review)})"""


def heard(principals: Principals) -> QueryString:
    """The condition that the viewer, who hears other schools, hears what the row w says."""
    blocked = database.none_of("w.school", principals.blocked_by)
    return QueryString("({} AND {})", blocked, open_words.is_open(principals))


async def faults(rest: float = 0) -> tuple[str, ...]:
    """That rows are otherwise than what they derive from, are missing or too many, in a clause. ``rest``: seconds left to others
    after some of them.
    """
    of = f"suppliers_open_word w JOIN suppliers_review r ON r.id = w.review WHERE {is_judged('w', 'r')}"
    n = await stretches.differing(
        ROWS,
        lambda within: f"SELECT {COLUMNS} FROM {ROWS} WHERE {within('supplier')}",  # noqa: S608 - here and below our own text
        lambda within: f"SELECT {derived('w', 'r')} FROM {of} AND {within('w.supplier')}",  # noqa: S608
        rest,
    )
    return (f"what schools judge by is not what every school may hear, in {n} rows",) if n else ()
