"""Which suppliers stand best by what the viewer hears: added up, scored and put in order in the database (`ranking.py`)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from sharing.access.visibility import ALWAYS, NEVER
from suppliers.ranked_words import exact
from suppliers.record import facts, taxonomy
from suppliers.record.taxonomy import Reach
from suppliers.search import around as places
from suppliers.search import ranking, told, visible_opinions, weighed, word_rows
from suppliers.search.around import Around
from suppliers.search.told import Listener
from suppliers.search.visible_opinions import Spoken
from suppliers.search.wanted import SearchTarget
from suppliers.tables import Supplier

After = tuple[float, str]  # the score and the id of the supplier that the page before ended with


@dataclass(frozen=True, slots=True)
class Standing:
    supplier: UUID
    score: float
    words: int


@dataclass(frozen=True, slots=True)
class Standings:
    best: tuple[Standing, ...]  # from the best down
    total: int
    heard: int  # of how many something is heard; the others fit by their name
    spoken: Mapping[UUID, Spoken] = field(default_factory=dict)  # where asked for: what is said of the best


@dataclass(frozen=True, slots=True)
class Filing:
    """Where the rows of words say another category than merges leave a supplier: which of them don't count, and the first."""

    out: Mapping[str, frozenset[UUID]]  # by category
    first: Mapping[str, frozenset[UUID]]  # by category; "" for none


async def standings(
    hearing: Listener,
    wanted: SearchTarget,
    around: Around,
    *,
    limit: int,
    after: After | None = None,
    unheard: bool = True,
    with_words: bool = False,
) -> Standings:
    """The ``limit`` best after ``after``, of those that something is heard of and, ``unheard``, those named; ``with_words`` with
    what is said of them. Inside a read unit.

    ``wanted.suppliers`` must be live and such as the viewer may see.
    """
    if not (wanted.is_everything or wanted.categories or wanted.suppliers):
        return Standings((), 0, 0)
    # Of everything the words are too many to be kept until it is known which are shown: those are asked for again.
    at_once = with_words and not wanted.is_everything
    apart = await told.schools_apart(hearing) if weighed.is_enough(wanted, around) else None
    filing = await filing_of(wanted)
    summed = _summed(wanted, filing, around.coming_to) if apart is None else weighed.summed(hearing, apart, filing.first)
    ranked = _ranked(wanted, filing, summed, limit, after, unheard=unheard)
    shown = (
        QueryString(_WITH_WORDS, visible_opinions.nearest(hearing, around, QueryString(_OF_THE_BEST)))
        if at_once
        else QueryString(_ALONE)
    )
    rows = await Supplier.raw(
        "{}", word_rows.heard(hearing, wanted, around, "{} {}", ranked, shown, is_kept=at_once, among=apart)
    )
    found = {row["supplier"]: row for row in rows if row["supplier"]}
    best = tuple(Standing(database.id_of(row["supplier"]), row["score"], row["n"]) for row in found.values())
    spoken: Mapping[UUID, Spoken] = {}
    if at_once:
        spoken = visible_opinions.by_supplier([row for row in rows if row["stance"]], around)
    elif with_words:
        spoken = await visible_opinions.spoken(hearing, [one.supplier for one in best if one.words], around)
    return Standings(best, rows[0]["total"], rows[0]["heard"] or 0, spoken)


def _ranked(
    wanted: SearchTarget, filing: Filing, summed: QueryString, limit: int, after: After | None, *, unheard: bool
) -> QueryString:
    """CTEs that end with ``best``, the suppliers of a page."""
    beyond = ALWAYS if after is None else QueryString("(b.score < {} OR (b.score = {} AND b.supplier > {}))", after[0], *after)
    if wanted.is_everything:
        chosen = QueryString(f"SELECT g.*, {exact(1.0)} AS relevance, 1 AS place FROM ({{}}) g", summed)  # noqa: S608
    else:
        fitted = QueryString("SELECT g.*, {} AS counts, {} AS fit FROM ({}) g", _counts(filing), _fit(wanted), summed)
        if wanted.suppliers:
            fitted = QueryString("{} UNION ALL {}", fitted, _named(wanted.suppliers))
        chosen = QueryString(_BEST_FITTING, fitted)
    return QueryString(_BEST, chosen, ALWAYS if unheard else QueryString("c.said > 0"), beyond, limit)


async def count(hearing: Listener, wanted: SearchTarget, around: Around) -> int:
    """Of how many suppliers something is heard. Inside a read unit."""
    return (await standings(hearing, wanted, around, unheard=False, limit=0)).heard


# Of several categories the one that fits best says how far a supplier's words reach; a fit by name is no row of its own where
# something is heard.
_BEST_FITTING: Final = """SELECT f.*, MAX(f.fit) OVER (PARTITION BY f.supplier) AS relevance,
    ROW_NUMBER() OVER (PARTITION BY f.supplier ORDER BY f.by_category DESC, f.said = 0, f.fit DESC, f.category DESC) AS place
    FROM ({}) f WHERE f.counts"""
_BEST: Final = f""", chosen AS ({{}}),
    scored AS MATERIALIZED (SELECT c.supplier, c.category, c.by_category, c.said AS n, ROUND({exact(500_000.0)} * c.relevance
        * (1 + COALESCE(c.stands / (c.weights + {exact(ranking.DOUBT)}), 0))) / 1000000 AS score
        FROM chosen c WHERE c.place = 1 AND {{}}),
    counted AS (SELECT COUNT(*) AS total, SUM(CASE WHEN s.n > 0 THEN 1 ELSE 0 END) AS heard FROM scored s),
    best AS MATERIALIZED (SELECT * FROM scored b WHERE {{}} ORDER BY b.score DESC, b.supplier LIMIT {{}})"""  # noqa: S608 - our own text
_ALONE: Final = """SELECT t.total, t.heard, b.supplier, b.n, b.score FROM counted t LEFT JOIN best b ON TRUE
    ORDER BY b.score DESC, b.supplier"""
_WITH_WORDS: Final = f""", nearest AS MATERIALIZED ({{}})
    SELECT t.total, t.heard, b.supplier, b.n, b.score, {visible_opinions.COLUMNS}
    FROM counted t LEFT JOIN best b ON TRUE LEFT JOIN nearest w ON w.supplier = b.supplier
    ORDER BY b.score DESC, b.supplier"""  # noqa: S608 - our own text
# A supplier's words have a row for each of its categories; any one has all of them.
_OF_THE_BEST: Final = """(SELECT w.* FROM best b JOIN words w ON w.supplier = b.supplier AND w.by_category = b.by_category
    AND (NOT w.by_category OR w.category = b.category) WHERE b.n > 0)"""


def _summed(wanted: SearchTarget, filing: Filing, coming_to: QueryString) -> QueryString:
    """Added up once for each reach that a category may have: which of the sums is meant is asked of a sum, not of each word."""
    reaches = {reach: slugs for reach, slugs in _by_reach(wanted).items() if slugs}
    sums = ", ".join(
        f"SUM(w.weight * w.value{places.left(reach)}) AS stands_{reach}, SUM(w.weight{places.left(reach)}) AS weights_{reach}"
        for reach in reaches
    )
    stands, weights = (_by_category(reaches, what) for what in ("stands", "weights"))
    filed, words = _refiled(filing)
    # Whatever the need, a supplier's words all have the first of its categories.
    category, by = (f"MAX({filed})", "w.supplier") if wanted.is_everything else (filed, f"w.supplier, {filed}, w.by_category")
    by_category = "FALSE" if wanted.is_everything else "w.by_category"
    return QueryString(
        f"""SELECT g.supplier, g.category, g.by_category, g.said, {stands} AS stands, {weights} AS weights
        FROM (SELECT w.supplier, {category} AS category, {by_category} AS by_category, COUNT(*) AS said, {sums}
        FROM {{}} w GROUP BY {by} HAVING {{}}) g""",  # noqa: S608 - our own text
        words, coming_to,
    )  # fmt: skip


def _by_category(reaches: Mapping[Reach, Collection[str]], what: str) -> str:
    """Of the sums of a row g the one that its category's reach means."""
    usual = max(reaches, key=lambda reach: len(reaches[reach]))
    others = " ".join(
        f"WHEN g.category IN ({', '.join(map(repr, sorted(slugs)))}) THEN g.{what}_{reach}"
        for reach, slugs in reaches.items() if reach is not usual
    )  # fmt: skip
    return f"CASE {others} ELSE g.{what}_{usual} END" if others else f"g.{what}_{usual}"


def _by_reach(wanted: SearchTarget) -> dict[Reach, list[str]]:
    """The categories that words may come with."""
    any_of_them = wanted.is_everything or wanted.by_name
    found: dict[Reach, list[str]] = {reach: [] for reach in Reach}
    for category in taxonomy.categories():
        if any_of_them or category.slug in wanted.categories:
            found[category.reach].append(category.slug)
    if any_of_them:
        found[Reach.LOCAL].append("")
    return found


def _refiled(filing: Filing) -> tuple[str, QueryString]:
    """The category of a word w as merges leave it where it was asked for whatever its category, and the words that have it."""
    whens = [f"WHEN NOT w.by_category AND w.supplier IN ({_marks(some)}) THEN '{slug}'" for slug, some in filing.first.items()]
    if not whens:
        return "w.category", QueryString("words")
    refiled = f"(SELECT w.*, CASE {' '.join(whens)} ELSE w.category END AS filed FROM words w)"  # noqa: S608 - our own text
    return "w.filed", QueryString(refiled, *(one for some in filing.first.values() for one in some))


def _counts(filing: Filing) -> QueryString:
    if not filing.out:
        return ALWAYS
    out = " OR ".join(f"g.category = '{slug}' AND g.supplier IN ({_marks(some)})" for slug, some in filing.out.items())
    return QueryString(f"NOT (g.by_category AND ({out}))", *(one for some in filing.out.values() for one in some))


def _fit(wanted: SearchTarget) -> QueryString:
    """How well the category of a row g fits."""
    none = exact(0.0)
    if not wanted.categories:
        return QueryString(none)
    whens = " ".join("WHEN {} THEN CAST({} AS DOUBLE PRECISION)" for _ in wanted.categories)
    values = (value for category in wanted.categories.items() for value in category)
    return QueryString(f"CASE WHEN g.by_category THEN CASE g.category {whens} END ELSE {none} END", *values)


def _named(named: Mapping[UUID, float]) -> QueryString:
    """How well each fits by its name: rows of which nothing is heard."""
    zero = exact(0.0)
    return QueryString(
        f"SELECT s.supplier, '' AS category, FALSE AS by_category, 0 AS said, {zero} AS stands, {zero} AS weights, TRUE, s.fit"  # noqa: S608
        " FROM ({}) s",
        database.rows_of({"supplier": "uuid", "fit": "double precision"}, [*named.items()]),
    )


# Merges that left out a category of the whole that they made; a later one may have brought it back.
_LEAVES_OUT: Final = """SELECT DISTINCT k.supplier AS supplier FROM suppliers_merge e
    JOIN suppliers_supplier s ON s.id = e.from_supplier JOIN suppliers_whole_category k ON k.supplier = s.joined_to
    WHERE e.undone_at IS NULL AND e.dropped <> '[]' AND e.dropped LIKE '%"category:' || k.category || '"%'
    AND (k.is_first OR {})"""


async def filing_of(wanted: SearchTarget) -> Filing:
    """Inside a read unit."""
    rows: list[dict[str, Any]] = await Supplier.raw(_LEAVES_OUT, _one_of(wanted.categories))
    doubtful = [database.id_of(row["supplier"]) for row in rows]
    known = await facts.load(doubtful) if doubtful else {}
    out = {slug: frozenset(one for one, its in known.items() if slug not in its.categories) for slug in wanted.categories}
    first: dict[str, set[UUID]] = {}
    for one, its in known.items():
        first.setdefault(min(its.categories, default=""), set()).add(one)
    return Filing({slug: some for slug, some in out.items() if some}, {slug: frozenset(some) for slug, some in first.items()})


def _one_of(slugs: Collection[str]) -> QueryString:
    return QueryString(f"k.category IN ({_marks(slugs)})", *slugs) if slugs else NEVER


def _marks(some: Collection[object]) -> str:
    return ", ".join("{}" for _ in some)
