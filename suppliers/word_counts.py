"""How many schools say the same of a supplier to every school, kept as they write: so many stars, or would use it again.

A list of suppliers that the country knows would count two hundred thousand open words (`suppliers/open_words.py`). Triggers on
these add to a row here and take from it. On PostgreSQL, where several write at once, what is said of a supplier has a row for
each who did: nobody waits for another's (ADR 89).

What ends by itself, a line or a vouch, is in no count and is counted word by word; so is all that says the same as a word whose
line doesn't hold yet, at the reader's moment.

The text here is that of the triggers: a change needs a migration that makes them, and the rows, anew.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from database import stretches
from sharing.access.visibility import ALWAYS, Principals
from suppliers import open_words

ROWS: Final = "suppliers_word_count"
COLUMNS: Final = "supplier, said, many, latest"
AGAIN: Final = 0  # of ``said``: would use them again, whatever the stars; 1 to 5: so many stars


@dataclass(frozen=True, slots=True)
class Kind:
    """What is counted: in SQL of a row ``{w}`` of open words what it says, whether it says that, and whether for good; of words w
    by what they are counted together; and which of the counts c are of this kind.
    """

    said: str
    says: str
    for_good: str
    together: str
    kept: str

    def is_pooled(self, row: str) -> str:
        """Whether it counts at all."""
        return f"{row}.is_first AND {row}.fields IS NOT NULL AND NOT {row}.interest AND {self.says.format(w=row)}"

    def is_counted(self, row: str) -> str:
        """Whether it is in a count."""
        return f"{self.is_pooled(row)} AND {self.for_good.format(w=row)} AND {row}.closes_at IS NULL"


STARS: Final = Kind("{w}.rating", "{w}.rating IS NOT NULL", "TRUE", "w.supplier, w.rating", f"c.said <> {AGAIN}")
VOUCHES: Final = Kind(str(AGAIN), "{w}.would_use_again", "{w}.lapses_at IS NULL", "w.supplier", f"c.said = {AGAIN}")
KINDS: Final = {"stars": STARS, "vouches": VOUCHES}


def derived(rows: str) -> str:
    """COLUMNS of all that is counted of the ``rows``, which are called w, as SQL."""
    return " UNION ALL ".join(
        f"SELECT w.supplier, {kind.said.format(w='w')} AS said, COUNT(*) AS many, MAX(w.opens_at) AS latest FROM {rows}"  # noqa: S608 - here and below our own text
        f" WHERE {kind.is_counted('w')} GROUP BY {kind.together}"
        for kind in KINDS.values()
    )


def stars(principals: Principals, suppliers: Collection[UUID]) -> Iterator[QueryString]:
    """SELECTs of ``supplier, said, n`` to be added up, of which n may be below 0: how many words of one line are heard by the
    viewer, who hears other schools, the own school's among them. What several lines share is in none (`open_words.mixed`).
    """
    return _heard(STARS, principals, suppliers, [*principals.blocked_by], [])


def vouches(principals: Principals, suppliers: Collection[UUID], reaching: list[UUID]) -> Iterator[QueryString]:
    """The same of other schools that would use them again, but for words of the audiences that are ``reaching``."""
    yield from _heard(VOUCHES, principals, suppliers, [principals.school, *principals.blocked_by], reaching)
    yield QueryString(
        f"SELECT w.supplier, {AGAIN}, COUNT(*) FROM suppliers_open_word w WHERE {{}} AND {VOUCHES.is_pooled('w')}"  # noqa: S608
        " AND w.lapses_at > {} AND w.school <> {} AND {} AND {} GROUP BY w.supplier",
        database.in_selected("w.supplier", also=[*suppliers]).querystring, principals.now, principals.school,
        database.none_of("w.audience", reaching), open_words.heard(principals),
    )  # fmt: skip


def _heard(
    kind: Kind, principals: Principals, suppliers: Collection[UUID], apart: list[UUID], reaching: list[UUID]
) -> Iterator[QueryString]:
    """Without words of schools ``apart``, and of audiences that are ``reaching``."""
    now, these, said = principals.now, [*suppliers], kind.said.format(w="w")
    same = f"c.supplier = w.supplier AND c.said = {said}"
    counts = database.in_selected("c.supplier", also=these).querystring
    others = QueryString("{} AND {}", database.none_of("w.school", apart), database.none_of("w.audience", reaching))
    words, less = (f"SELECT w.supplier, {said} AS said, {sign}COUNT(*) AS n FROM" for sign in ("", "-"))
    grouped = f"GROUP BY {kind.together}"
    # SQLite would rather read every word of a supplier, from an index that holds all that is asked.
    few = "" if database.is_postgres() else " INDEXED BY suppliers_open_word_ending"
    yield QueryString(
        f"SELECT c.supplier, c.said, CAST(SUM(c.many) AS BIGINT) AS n FROM {ROWS} c WHERE {{}} AND {kind.kept}"  # noqa: S608
        " GROUP BY c.supplier, c.said HAVING MAX(c.latest) <= {}",
        counts, now,
    )  # fmt: skip
    yield QueryString(
        f"{words} (SELECT DISTINCT c.supplier, c.said FROM {ROWS} c WHERE {{}} AND {kind.kept} AND c.latest > {{}}) c"  # noqa: S608
        f" CROSS JOIN suppliers_open_word w WHERE {same} AND {kind.is_counted('w')} AND {{}} AND {{}} {grouped}",
        counts, now, open_words.heard(principals), others,
    )  # fmt: skip
    yield QueryString(
        f"{words} suppliers_open_word w{few} WHERE {{}} AND {kind.is_pooled('w')} AND {kind.for_good.format(w='w')}"
        f" AND w.closes_at IS NOT NULL AND {{}} AND {{}} {grouped}",
        database.in_selected("w.supplier", also=these).querystring, open_words.heard(principals), others,
    )  # fmt: skip
    # Looked up by their schools or audiences alone: PostgreSQL would read all that is said of the suppliers beside.
    for column, some, beside in (("w.school", apart, ALWAYS), ("w.audience", reaching, database.none_of("w.school", apart))):
        if some:
            yield QueryString(
                f"{less} suppliers_open_word w WHERE {{}} AND {{}} AND ({{}}) IS TRUE AND {kind.is_counted('w')}"  # noqa: S608
                f" AND (SELECT 1 FROM {ROWS} c WHERE {same} AND c.latest > {{}} LIMIT 1) IS NULL {grouped}",
                database.in_selected(column, also=some).querystring, beside,
                database.in_selected("w.supplier", also=these, by_index=False).querystring, now,
            )  # fmt: skip


async def faults(rest: float = 0) -> tuple[str, ...]:
    """That counts are otherwise than what they derive from, in a clause. ``rest``: seconds left to others after some of them."""
    n = await stretches.differing(
        ROWS,
        lambda within: (
            f"SELECT supplier, said, CAST(SUM(many) AS BIGINT) FROM {ROWS} WHERE {within('supplier')}"  # noqa: S608
            " GROUP BY supplier, said HAVING SUM(many) <> 0"
        ),
        lambda within: f"SELECT supplier, said, many FROM ({derived(_of(within))}) d",  # noqa: S608
        rest,
    )
    return (f"how many schools say the same is not what they say, in {n} rows",) if n else ()


def _of(within: stretches.Within) -> str:
    return f"(SELECT * FROM suppliers_open_word WHERE {within('supplier')}) w"  # noqa: S608
