"""How many schools share each rating of a supplier with every school, kept as they write.

A list of suppliers that the country knows would count a hundred thousand open words (`suppliers/open_words.py`); a row here says
how many of a supplier's give the same stars. Triggers on open words add to it and take from it. On PostgreSQL, where several
write at once, a supplier and rating have a row for each who did: nobody waits for another's (ADR 89).

Words whose line has an end are in no count, and are counted one by one; so are all that give the same stars as one that doesn't
hold yet, at the reader's moment.

The text here is that of the triggers: a change needs a migration that makes them, and the rows, anew.
"""

from collections.abc import Collection, Iterator
from typing import Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from database import stretches
from sharing.access.visibility import Principals
from suppliers import open_words

ROWS: Final = "suppliers_pooled_rating"
COLUMNS: Final = "supplier, rating, many, latest"


def is_pooled(row: str) -> str:
    """Whether a row of open words says a rating of its own that counts, as SQL."""
    return f"{row}.is_first AND {row}.fields IS NOT NULL AND NOT {row}.interest AND {row}.rating IS NOT NULL"


def is_counted(row: str) -> str:
    """Whether it is in a count, as SQL."""
    return f"{is_pooled(row)} AND {row}.closes_at IS NULL"


def derived(rows: str) -> str:
    """COLUMNS of all that is counted of the ``rows``, which are called w, as SQL."""
    return f"""SELECT w.supplier, w.rating, COUNT(*) AS many, MAX(w.opens_at) AS latest FROM {rows}
        WHERE {is_counted("w")} GROUP BY w.supplier, w.rating"""  # noqa: S608 - here and below our own text


def counted(principals: Principals, suppliers: Collection[UUID]) -> Iterator[QueryString]:
    """SELECTs of ``supplier, rating, n`` to be added up, of which n may be below 0: how many words of one line are heard by the
    viewer, who hears other schools. What several lines share is in none (`open_words.mixed`).
    """
    now, these = principals.now, [*suppliers]
    among, heard = database.in_selected("w.supplier", also=these).querystring, open_words.heard(principals)
    counts = database.in_selected("c.supplier", also=these).querystring
    # SQLite would rather read every word of a supplier, from an index that holds all that is asked.
    few = "" if database.is_postgres() else " INDEXED BY suppliers_open_word_ending"
    yield QueryString(
        f"SELECT c.supplier, c.rating, CAST(SUM(c.many) AS BIGINT) AS n FROM {ROWS} c WHERE {{}}"  # noqa: S608
        " GROUP BY c.supplier, c.rating HAVING MAX(c.latest) <= {}",
        counts, now,
    )  # fmt: skip
    yield QueryString(
        f"SELECT w.supplier, w.rating, COUNT(*) FROM (SELECT DISTINCT c.supplier, c.rating FROM {ROWS} c WHERE {{}}"  # noqa: S608
        " AND c.latest > {}) c CROSS JOIN suppliers_open_word w WHERE w.supplier = c.supplier AND w.rating = c.rating"
        f" AND {is_counted('w')} AND {{}} GROUP BY w.supplier, w.rating",
        counts, now, heard,
    )  # fmt: skip
    yield QueryString(
        f"SELECT w.supplier, w.rating, COUNT(*) FROM suppliers_open_word w{few} WHERE {{}} AND {is_pooled('w')}"  # noqa: S608
        " AND w.closes_at IS NOT NULL AND {} GROUP BY w.supplier, w.rating",
        among, heard,
    )  # fmt: skip
    if principals.blocked_by:
        yield QueryString(
            f"SELECT w.supplier, w.rating, -COUNT(*) FROM suppliers_open_word w WHERE {{}} AND {{}} AND {is_counted('w')}"  # noqa: S608
            f" AND (SELECT 1 FROM {ROWS} c WHERE c.supplier = w.supplier AND c.rating = w.rating AND c.latest > {{}} LIMIT 1)"
            " IS NULL GROUP BY w.supplier, w.rating",
            database.in_selected("w.school", also=[*principals.blocked_by]).querystring,
            database.in_selected("w.supplier", also=these, by_index=False).querystring, now,
        )  # fmt: skip


async def faults(rest: float = 0) -> tuple[str, ...]:
    """That counts are otherwise than what they derive from, in a clause. ``rest``: seconds left to others after some of them."""
    n = await stretches.differing(
        ROWS,
        lambda within: (
            f"SELECT supplier, rating, CAST(SUM(many) AS BIGINT) FROM {ROWS} WHERE {within('supplier')}"  # noqa: S608
            " GROUP BY supplier, rating HAVING SUM(many) <> 0"
        ),
        lambda within: f"SELECT supplier, rating, many FROM ({derived('suppliers_open_word w')}) d WHERE {within('d.supplier')}",  # noqa: S608
        rest,
    )
    return (f"how many share each rating with every school is not what they say, in {n} rows",) if n else ()
