"""Which suppliers stand best by what the viewer hears: added up, scored and put in order in the database (`ranking.py`)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from sharing.access.visibility import ALWAYS, NEVER
from suppliers.record import facts, taxonomy
from suppliers.record.taxonomy import Reach
from suppliers.search import around as places
from suppliers.search import ranking, word_rows
from suppliers.search.around import Around, exact
from suppliers.search.word_rows import VALUE, WEIGHS, Listener, SearchTarget
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


@dataclass(frozen=True, slots=True)
class Filing:
    """Where the rows of words say another category than merges leave a supplier: which of them don't count, and the first."""

    out: Mapping[str, frozenset[UUID]]  # by category
    first: Mapping[str, frozenset[UUID]]  # by category; "" for none


async def standings(
    hearing: Listener, wanted: SearchTarget, around: Around, *, limit: int, after: After | None = None, unheard: bool = True
) -> Standings:
    """The ``limit`` best after ``after``, of those that something is heard of and, ``unheard``, those named. Inside a read unit.

    ``wanted.suppliers`` must be live and such as the viewer may see.
    """
    if not (wanted.is_everything or wanted.categories or wanted.suppliers):
        return Standings((), 0, 0)
    filing = await filing_of(wanted)
    beyond = ALWAYS if after is None else QueryString("(b.score < {} OR (b.score = {} AND b.supplier > {}))", after[0], *after)
    chosen = QueryString(_ONLY if wanted.is_everything else _BEST_FITTING)
    select = QueryString(
        _BEST,
        _summed(wanted, filing, around.coming_to),
        _counts(filing),
        _fit(wanted),
        _named(wanted.suppliers if unheard else {}),
        chosen,
        beyond,
        limit,
    )
    rows = await Supplier.raw("{}", word_rows.heard(hearing, wanted, around, "{}", select))
    found = (Standing(database.id_of(row["supplier"]), row["score"], row["said"]) for row in rows if row["supplier"])
    return Standings(tuple(found), rows[0]["total"], rows[0]["heard"] or 0)


async def count(hearing: Listener, wanted: SearchTarget, around: Around) -> int:
    """Of how many suppliers something is heard. Inside a read unit."""
    return (await standings(hearing, wanted, around, unheard=False, limit=0)).heard


# Of several categories the one that fits best says how far a supplier's words reach.
_BEST_FITTING: Final = """SELECT f.*, MAX(f.fit) OVER (PARTITION BY f.supplier) AS relevance,
    ROW_NUMBER() OVER (PARTITION BY f.supplier ORDER BY f.by_category DESC, f.fit DESC, f.category DESC, f.said DESC) AS place
    FROM fitted f WHERE f.counts"""
_ONLY: Final = "SELECT f.*, f.fit AS relevance, 1 AS place FROM fitted f"
_BEST: Final = f""", summed AS ({{}}), fitted AS (SELECT g.*, {{}} AS counts, {{}} AS fit FROM summed g UNION ALL {{}}),
    chosen AS ({{}}),
    scored AS MATERIALIZED (SELECT c.supplier, c.said, ROUND({exact(500_000.0)} * c.relevance
        * (1 + COALESCE(c.stands / (c.weights + {exact(ranking.DOUBT)}), 0))) / 1000000 AS score FROM chosen c WHERE c.place = 1)
    SELECT t.total, t.heard, b.* FROM
        (SELECT COUNT(*) AS total, SUM(CASE WHEN s.said > 0 THEN 1 ELSE 0 END) AS heard FROM scored s) t
    LEFT JOIN (SELECT * FROM scored b WHERE {{}} ORDER BY b.score DESC, b.supplier LIMIT {{}}) b ON TRUE
    ORDER BY b.score DESC, b.supplier"""  # noqa: S608 - our own text


def _summed(wanted: SearchTarget, filing: Filing, coming_to: QueryString) -> QueryString:
    far = places.left(_by_reach(wanted), "w")
    category, values = _refiled(filing)
    return QueryString(
        f"""SELECT w.supplier, w.category, w.by_category, COUNT(*) AS said, SUM(w.weight * w.value) AS stands,
        SUM(w.weight) AS weights FROM (SELECT w.supplier, w.category, w.by_category, w.rating, w.again, w.interest,
            CASE WHEN {WEIGHS} THEN w.recency * {far} END AS weight, {VALUE} AS value
            FROM (SELECT w.supplier, {category} AS category, w.by_category, w.rating, w.again, w.interest, w.recency, w.miles2
                FROM words w) w) w GROUP BY w.supplier, w.category, w.by_category HAVING {{}}""",  # noqa: S608 - our own text
        *values, coming_to,
    )  # fmt: skip


def _by_reach(wanted: SearchTarget) -> dict[Reach, list[str]]:
    """The categories that words may come with."""
    any_of_them = wanted.is_everything or wanted.suppliers
    found: dict[Reach, list[str]] = {reach: [] for reach in Reach}
    for category in taxonomy.categories():
        if any_of_them or category.slug in wanted.categories:
            found[category.reach].append(category.slug)
    if any_of_them:
        found[Reach.LOCAL].append("")
    return found


def _refiled(filing: Filing) -> tuple[str, list[UUID]]:
    """The category of a word that was asked for whatever its category, as merges leave it."""
    whens = [f"WHEN NOT w.by_category AND w.supplier IN ({_marks(some)}) THEN '{slug}'" for slug, some in filing.first.items()]
    if not whens:
        return "w.category", []
    return f"CASE {' '.join(whens)} ELSE w.category END", [one for some in filing.first.values() for one in some]


def _counts(filing: Filing) -> QueryString:
    if not filing.out:
        return ALWAYS
    out = " OR ".join(f"g.category = '{slug}' AND g.supplier IN ({_marks(some)})" for slug, some in filing.out.items())
    return QueryString(f"NOT (g.by_category AND ({out}))", *(one for some in filing.out.values() for one in some))


def _fit(wanted: SearchTarget) -> QueryString:
    if wanted.is_everything:
        return QueryString(exact(1.0))
    meant = " ".join(f"WHEN g.category = '{slug}' AND g.by_category THEN {exact(fit)}" for slug, fit in wanted.categories.items())
    named = " ".join(f"WHEN g.supplier = {{}} THEN {exact(fit)}" for fit in wanted.suppliers.values())
    return QueryString(f"CASE {meant} {named} ELSE {exact(0.0)} END", *wanted.suppliers)


def _named(named: Mapping[UUID, float]) -> QueryString:
    """Those that fit by their name, though nothing is heard of them."""
    zero = exact(0.0)
    none = f"s.id AS supplier, '' AS category, FALSE AS by_category, 0 AS said, {zero} AS stands, {zero} AS weights, TRUE"
    fit = " ".join(f"WHEN s.id = {{}} THEN {exact(fit)}" for fit in named.values()) or "WHEN TRUE THEN 0"
    among = database.in_selected("s.id", also=[*named]).querystring
    return QueryString(f"SELECT {none}, CASE {fit} END FROM suppliers_supplier s WHERE {{}}", *named, among)  # noqa: S608


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
