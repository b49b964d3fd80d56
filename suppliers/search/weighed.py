"""Everything that is heard around a place, added up by supplier from rows that say no more than that takes.

So a search without a need adds up a capital's words in three fifths of the time. What everybody hears is read from
`suppliers/ranked_words.py`; the schools that say more to the viewer by another line are heard word by word.
"""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from piccolo.querystring import QueryString

from sharing.access import visibility
from sharing.access.fields import Fields
from suppliers import ranked_words
from suppliers.record.taxonomy import Reach
from suppliers.search import around as places
from suppliers.search.around import Around
from suppliers.search.told import Listener
from suppliers.search.wanted import SearchTarget
from suppliers.search.word_rows import decay, recency

Refiled = Mapping[str, Collection[UUID]]  # suppliers whose first category merges leave otherwise than rows say, by that category
_REACHES: Final = tuple(Reach)  # in the order of their numbers


def is_enough(wanted: SearchTarget, around: Around) -> bool:
    """Whether these rows know all that is asked: what is meant is everything, and no filter looks at the words."""
    return wanted.is_everything and around.counting is visibility.ALWAYS and around.coming_to is visibility.ALWAYS


def summed(hearing: Listener, apart: Collection[UUID], refiled: Refiled) -> QueryString:
    """A SELECT of what `standings.py` adds up by supplier, from "placed" and from "words", which are those told to the viewer and
    those of the schools ``apart``.
    """
    ranked = _ranked(hearing, apart, refiled) if hearing.principals.is_open else None
    others = QueryString(
        f"SELECT w.supplier, w.value, COALESCE(w.weight, {ranked_words.exact(0.0)}) * {_left('w')} AS weight"  # noqa: S608
        " FROM (SELECT w.*, {} AS reach FROM words w) w",
        _reach("w", ranked_words.reach_of("w.category"), refiled),
    )
    weighed = QueryString("{} UNION ALL {}", ranked, others) if ranked else others
    return QueryString(
        "SELECT w.supplier, '' AS category, FALSE AS by_category, COUNT(*) AS said,"
        " SUM(w.weight * w.value) AS stands, SUM(w.weight) AS weights FROM ({}) w GROUP BY w.supplier",
        weighed,
    )


def _ranked(hearing: Listener, apart: Collection[UUID], refiled: Refiled) -> QueryString:
    principals = hearing.principals
    strength = "strength_in_full" if Fields.CRITICISM in principals.fields else "strength"
    # SQLite keeps to the order of a CROSS JOIN: from school to school.
    return QueryString(
        f"""SELECT w.supplier, w.value, w.recency * {_left("w")} AS weight FROM (SELECT w.supplier, {{}} AS reach,
            CASE WHEN w.lapses_at <= {{}} THEN w.lapsed_value ELSE w.value END AS value, {recency(f"w.{strength}")} AS recency,
            {", ".join(f"p.{column}" for column in places.COLUMNS)} FROM placed p CROSS JOIN {ranked_words.ROWS} w
            WHERE w.school = p.school AND {{}}) w""",  # noqa: S608 - our own text
        _reach("w", "w.reach", refiled), principals.now, decay(principals.now), ranked_words.heard(principals, apart),
    )  # fmt: skip


def _left(row: str) -> str:
    """What distance leaves of a word, by the number of its reach."""
    fading = " ".join(
        f"WHEN {number} THEN {row}.left_{reach}" for number, reach in enumerate(_REACHES) if reach.miles is not None
    )
    return f"CASE {row}.reach {fading} ELSE {ranked_words.exact(1.0)} END"


def _reach(row: str, otherwise: str, refiled: Refiled) -> QueryString:
    if not refiled:
        return QueryString(otherwise)
    marks = {slug: ", ".join("{}" for _ in some) for slug, some in refiled.items()}
    whens = " ".join(f"WHEN {row}.supplier IN ({marks[slug]}) THEN {_number(slug)}" for slug in refiled)
    return QueryString(f"CASE {whens} ELSE {otherwise} END", *(one for some in refiled.values() for one in some))


def _number(slug: str) -> int:
    return next((number for number, slugs in ranked_words.REACHES.items() if slug in slugs), 0)
