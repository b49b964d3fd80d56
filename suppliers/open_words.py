"""What schools let every school hear of suppliers, derived by triggers in the change's own unit of work.

A review that is shared with everyone looks the same to nearly every reader, so what they see of it is worked out when it is
written: a search adds these rows up (`suppliers/search/word_rows.py`). A review has a row for each category of its supplier, so
that a need near a place is one stretch of an index; one of them ``is_first``, for who asks whatever the need. Whoever hears more
of the review by another line of its audience reads the review itself, through the predicate. ADR 67 and 70 say why.

The text here is that of the triggers: a change needs a migration that makes them, and the rows, anew.
"""

from math import factorial, log
from typing import Final

from piccolo.querystring import QueryString

import database
from database import stretches
from database.stretches import Within
from sharing.access import narrower
from sharing.access.fields import Fields
from sharing.access.visibility import Principals

START: Final = "2020-01-01 00:00:00+00:00"  # a word's strength then is 1, and doubles with each half-life later
HALF_LIFE_DAYS: Final = 730.0  # of ranking.HALF_LIFE
TERMS: Final = 12  # of a series, on SQLite, which may lack pow(): the next one is at most 6e-15

RATING: Final = 1
INTEREST: Final = 3
GROUPS: Final = {
    "rating": RATING,
    "interest": INTEREST,
    "praise": 2,
    "criticism": 4,
    "dates": 8,
}  # field_groups.REVIEW
COLUMNS: Final = (
    "review, category, is_first, supplier, school, audience, band, lat, lon, fields, opens_at, closes_at, rating,"
    " would_use_again, interest, lapses_at, rated_at, said_at, said_in_full_at, strength, strength_in_full"
)
BANDS: Final = 10  # of a degree of latitude: one is 7 miles high


def band(lat: float) -> int:
    """The stripe of the earth that a latitude is in, as the rows have it."""
    return int(lat * BANDS + BANDS * 90)


def _band(lat: str, *, is_postgres: bool) -> str:
    """The same as an SQL expression: down to a whole number, which only SQLite's CAST does."""
    shifted = f"{lat} * {BANDS} + {BANDS * 90}"
    return f"CAST({f'floor({shifted})' if is_postgres else shifted} AS BIGINT)"


def strength(at: str, *, is_postgres: bool) -> str:
    """An SQL expression: 2 to the power of the half-lives between START and the moment ``at``."""
    if is_postgres:
        return f"power(2.0::float8, extract(epoch FROM {at} - TIMESTAMPTZ '{START}')::float8 / {HALF_LIFE_DAYS * 86_400})"
    # 2^x for the whole of x by shifting, for the rest by the series of e^y; flat, for SQLite's parser is not deep.
    terms = (" * ".join(["p.y"] * (n % 2) + ["p.q"] * (n // 2) + [repr(1 / factorial(n))]) for n in range(1, TERMS))
    power = "(CASE WHEN p.whole < 0 THEN 1.0 / (1 << -p.whole) ELSE 1.0 * (1 << p.whole) END)"
    x = f"(SELECT (julianday({at}) - julianday('{START}')) / {HALF_LIFE_DAYS} AS x)"
    whole = f"(SELECT x.x, CAST(round(x.x) AS INTEGER) AS whole FROM {x} x)"  # noqa: S608 - here and below our own text
    y = f"(SELECT w.whole, (w.x - w.whole) * {log(2)!r} AS y FROM {whole} w)"  # noqa: S608
    squared = f"(SELECT y.whole, y.y, y.y * y.y AS q FROM {y} y)"  # noqa: S608
    return f"(SELECT {power} * (1.0 + {' + '.join(terms)}) FROM {squared} p)"  # noqa: S608


def latest(row: str, fields: str, *, is_postgres: bool, in_full: bool) -> str:
    """An SQL expression: when the newest part of a review that ``fields`` open was said (field_groups.shown_at).

    Not ``in_full``: to who reads no criticism.
    """
    groups = ", ".join(
        f"COALESCE(CASE WHEN {fields} & {bits} <> 0 THEN {row}.{group}_at END, {row}.written_at)"
        for group, bits in GROUPS.items()
        if in_full or bits != Fields.CRITICISM
    )
    return f"{'GREATEST' if is_postgres else 'MAX'}({row}.written_at, {groups})"


def rated_at(row: str, *, is_postgres: bool) -> str:
    """An SQL expression: when the rating of a review was given."""
    return f"{'GREATEST' if is_postgres else 'MAX'}({row}.written_at, COALESCE({row}.rating_at, {row}.written_at))"


def derived(which: str, *, is_postgres: bool) -> str:
    """A SELECT of COLUMNS for the reviews r that ``which`` names, of live entries of the directory, which every school sees.

    ``fields`` null where several lines say "everyone"; ``category`` "" where there is none.
    """
    other = (
        "SELECT 1 FROM sharing_audience_grant o WHERE o.audience = g.audience AND o.owner = g.owner AND o.kind = 'everyone'"
        " AND o.revoked_at IS NULL AND o.id"
    )
    opens_rating, opens_interest = (f"g.fields & {bits} <> 0" for bits in (RATING, INTEREST))
    said, in_full = (latest("r", "g.fields", is_postgres=is_postgres, in_full=full) for full in (False, True))
    rated = rated_at("r", is_postgres=is_postgres)
    return f"""SELECT r.id, COALESCE(k.category, ''), COALESCE(k.is_first, TRUE), r.supplier, r.school, r.audience,
        {_band("c.lat", is_postgres=is_postgres)}, c.lat, c.lon,
        CASE WHEN EXISTS ({other} > g.id) THEN NULL ELSE g.fields END, g.valid_from, g.expires_at,
        CASE WHEN {opens_rating} THEN r.rating END, CASE WHEN {opens_rating} THEN r.would_use_again END,
        CASE WHEN {opens_interest} THEN r.interest IS NOT NULL END, CASE WHEN {opens_rating} THEN r.lapses_at END,
        CASE WHEN {opens_rating} THEN {rated} END, {said}, {in_full},
        {strength(said, is_postgres=is_postgres)}, {strength(in_full, is_postgres=is_postgres)}
        FROM suppliers_review r JOIN sharing_audience_grant g ON g.audience = r.audience AND g.owner = r.school
        JOIN sharing_school c ON c.id = r.school JOIN suppliers_supplier s ON s.id = r.supplier
        LEFT JOIN suppliers_whole_category k ON k.supplier = r.supplier
        WHERE g.kind = 'everyone' AND g.revoked_at IS NULL AND NOT EXISTS ({other} < g.id)
        AND s.owner IS NULL AND s.joined_to IS NULL AND r.withdrawn_at IS NULL AND r.hidden_at IS NULL AND {which}"""  # noqa: S608 - our own text


def is_open(principals: Principals) -> QueryString:
    """The condition that the line of what the row w says is open at the viewer's moment."""
    return QueryString("w.opens_at <= {} AND (w.closes_at IS NULL OR w.closes_at > {})", principals.now, principals.now)


def heard(principals: Principals) -> QueryString:
    """The condition that the viewer, who hears other schools, hears what the row w says. What several lines to everyone say
    together (``mixed``) only the predicate knows.
    """
    blocked = f" AND w.school NOT IN ({', '.join('{}' for _ in principals.blocked_by)})" if principals.blocked_by else ""
    return QueryString(f"(w.fields IS NOT NULL AND {{}}{blocked})", is_open(principals), *principals.blocked_by)


def mixed() -> QueryString:
    """A SELECT of the audiences of several lines to everyone, with repeats: hardly any, in an index of their own. SQLite would
    rather read every word of the country, from an index that holds all that is asked.
    """
    few = "" if database.is_postgres() else " INDEXED BY suppliers_open_word_mixed"
    return QueryString(f"SELECT o.audience FROM suppliers_open_word o{few} WHERE o.fields IS NULL")  # noqa: S608 - our own text


def perhaps_told(principals: Principals) -> QueryString:
    """The audiences that may reach the viewer otherwise than by one line to everyone, for the predicate to judge."""
    return QueryString("{} UNION {}", narrower.audiences(principals), mixed())


def _ids(within: Within) -> str:
    """The reviews of a stretch, as a list: SQLite would rather begin with every line to everyone than with part of them."""
    return f"r.id IN (SELECT id FROM suppliers_review WHERE {within('id')})"  # noqa: S608 - our own text


async def faults(rest: float = 0) -> tuple[str, ...]:
    """That rows are otherwise than what they derive from, are missing or too many, in a clause. ``rest``: seconds left to others
    after some of them.
    """
    n = await stretches.differing(
        "suppliers_open_word",
        lambda within: f"SELECT {COLUMNS} FROM suppliers_open_word WHERE {within('review')}",  # noqa: S608 - our own text
        lambda within: derived(_ids(within), is_postgres=database.is_postgres()),
        rest,
    )
    return (f"what every school may hear of suppliers is not what reviews say, in {n} rows",) if n else ()
