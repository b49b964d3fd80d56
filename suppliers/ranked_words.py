"""What a ranking adds up of each open word (`suppliers/open_words.py`): value and strength, worked out when it is written.

A search without a need adds up every word around, some 200,000 in a capital. Their rows are narrow and lie school by school, one
for each school and supplier. Triggers make one with the first of a word's rows there, and take it away with it (ADR 86).

The text here is that of the triggers: a change needs a migration that makes them, and the rows, anew.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from database import stretches
from sharing.access.visibility import Principals
from suppliers import open_words

ROWS: Final = "suppliers_ranked_word"
COLUMNS: Final = "school, supplier, reach, opens_at, closes_at, lapses_at, value, lapsed_value, strength, strength_in_full"
RATING_VALUES: Final = {1: -1.0, 2: -0.6, 3: 0.0, 4: 0.6, 5: 1.0}  # of search/ranking.py, as is the next
USES_THEM: Final = 0.25

# Where a supplier's first category is bought, as data/taxonomy.csv says: 0, locally, for all that is not named here.
REACHES: Final = {
    1: (
        "air-conditioning", "architects", "asbestos", "building-works", "canopies", "careers", "cleaning-supplies",
        "educational-psychology", "facilities-management", "fire-safety", "first-aid-training", "governance", "gym-inspection",
        "interactive-screens", "kitchen-equipment", "legionella", "lifts", "marketing", "photocopiers", "photography",
        "playground-equipment", "playground-markings", "removals", "school-improvement", "solar", "speech-therapy",
        "sports-surfaces", "statutory-inspection", "supply-teachers", "therapies", "trips", "uniforms", "vending", "washroom",
        "workshops",
    ),
    2: (
        "apprenticeships", "audit-and-accountancy", "awards", "banking", "behaviour-training", "books", "broadband",
        "cashless-catering", "consultancy", "cpd", "dbs-checks", "debt-recovery", "early-years-resources", "energy",
        "exam-services", "finance-software", "food-hygiene", "fundraising", "furniture", "health-and-safety", "hr-advice",
        "ict-equipment", "insurance", "interpreting", "it-disposal", "learning-software", "legal", "mis-software",
        "modular-buildings", "network-equipment", "occupational-health", "parent-communication", "payroll", "procurement",
        "promotional-goods", "records-management", "recruitment", "safeguarding-software", "safeguarding-training",
        "science-and-technology", "send-equipment", "software-licences", "sports-equipment", "stationery", "telephony",
        "tutoring", "vehicles", "visitor-systems", "water-supply", "web-sites",
    ),
}  # fmt: skip


def exact(number: float) -> str:
    """A constant of SQL that is a double on both databases: to PostgreSQL 0.6 is a decimal, which takes ten times as long."""
    return f"CAST({number!r} AS DOUBLE PRECISION)"


def of_rating(rating: str) -> str:
    """An SQL expression: what stars say, -1 to 1; "uses them" where nothing is rated."""
    rated = " ".join(f"WHEN {stars} THEN {exact(value)}" for stars, value in RATING_VALUES.items())
    return f"CASE {rating} {rated} ELSE {exact(USES_THEM)} END"


def value(rating: str, again: str) -> str:
    """An SQL expression: what a word says, -1 to 1, as ranking.Word.value."""
    would = f"(CASE WHEN {again} THEN {exact(1.0)} ELSE {exact(-1.0)} END)"
    stars = of_rating(rating)
    return f"CASE WHEN {again} IS NULL THEN {stars} WHEN {rating} IS NULL THEN {would} ELSE ({stars} + {would}) / 2 END"


def reach_of(category: str) -> str:
    """An SQL expression: the number of the category's reach."""
    whens = (f"WHEN {category} IN ({', '.join(map(repr, slugs))}) THEN {number}" for number, slugs in REACHES.items())
    return f"CASE {' '.join(whens)} ELSE 0 END"


def derived(row: str) -> str:
    """COLUMNS of a row of open words, as SQL. What doesn't count, for an interest or where that is kept back, has none."""
    strengths = (
        f"CASE WHEN NOT {row}.interest THEN {row}.{one} ELSE {exact(0.0)} END" for one in ("strength", "strength_in_full")
    )
    return f"""{row}.school, {row}.supplier, {reach_of(f"{row}.category")}, {row}.opens_at, {row}.closes_at, {row}.lapses_at,
        {value(f"{row}.rating", f"{row}.would_use_again")},
        CASE WHEN {row}.lapses_at IS NOT NULL THEN {of_rating(f"{row}.rating")} END, {", ".join(strengths)}"""


def is_ranked(row: str) -> str:
    """Whether a row of open words has one here, as SQL."""
    return f"{row}.is_first AND {row}.fields IS NOT NULL"


def heard(principals: Principals, apart: Collection[UUID]) -> QueryString:
    """The condition that the viewer, who hears other schools, hears what the row w of a school p says, and no more by another
    line: of the schools ``apart`` some open words reach the viewer so.
    """
    others = database.none_of("p.school", [principals.school, *principals.blocked_by, *apart])
    return QueryString("({} AND {})", others, open_words.is_open(principals))


async def faults(rest: float = 0) -> tuple[str, ...]:
    """That rows are otherwise than what they derive from, are missing or too many, in a clause. ``rest``: seconds left to others
    after some of them.
    """
    of = f"suppliers_open_word w WHERE {is_ranked('w')}"
    n = await stretches.differing(
        ROWS,
        lambda within: f"SELECT {COLUMNS} FROM {ROWS} WHERE {within('school')}",  # noqa: S608 - here and below our own text
        lambda within: f"SELECT {derived('w')} FROM {of} AND {within('w.school')}",  # noqa: S608
        rest,
    )
    return (f"what a ranking adds up is not what every school may hear, in {n} rows",) if n else ()
