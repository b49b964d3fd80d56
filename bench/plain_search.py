"""The questions of bench/near_here.py in plain SQL over the tables as they are, as somebody would write them who knows the
tables and has an afternoon.

Distance by the haversine formula in the statement, within a box that an index may look up; what is shared by the live lines of an
audience, of the three kinds that bench/country.py makes; the mean of the stars with two reviews of three stars added, so that one
glowing review does not stand first; a vouch counts as five stars. Not asked: how old a review is, how much nearer one school is
than another, connections and lines by distance, who blocks whom, which suppliers were merged, and why. Names while typing by
pg_trgm, on SQLite by FTS5 with trigrams, in a temporary table of names with an index of its own.
"""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import asyncpg

from base import clock
from base.settings import Settings
from bench.askers import Asker
from sharing.schools.places import Place, bounding_box
from suppliers.record import taxonomy

Rows = Sequence[Any]
Plain = Callable[[str, Asker], Awaitable[Rows]]  # what a page asks: its address, and who opens it

# ruff: noqa: S608 - all of it is our own text
_LINES: Final = """SELECT 1 FROM sharing_audience_grant g WHERE g.audience = r.audience AND g.owner = r.school
    AND g.revoked_at IS NULL AND g.valid_from <= $2 AND (g.expires_at IS NULL OR g.expires_at > $2) AND g.fields & 1 <> 0
    AND (g.kind = 'everyone' OR g.kind = 'school' AND g.subject = $1 OR g.kind = 'network' AND g.subject IN
        (SELECT m.network FROM sharing_network_member m WHERE m.school = $1 AND m.until_at IS NULL))"""
_VISIBLE: Final = f"""r.withdrawn_at IS NULL AND r.hidden_at IS NULL AND (r.lapses_at IS NULL OR r.lapses_at > $2)
    AND (r.school = $1 OR EXISTS ({_LINES}))"""
_STARS: Final = "COALESCE(r.rating, CASE WHEN r.would_use_again THEN 5 ELSE 1 END)"
_BEST: Final = f"(SUM({_STARS}) + 6.0) / (COUNT(*) + 2) AS stars, COUNT(*) AS n"
_NEAR: Final = """SELECT c.id FROM sharing_school c WHERE c.lat BETWEEN $5 AND $6 AND c.lon BETWEEN $7 AND $8
    AND 3958.8 * 2 * asin(sqrt(pow(sin(radians(c.lat - $3) / 2), 2)
        + cos(radians($3)) * cos(radians(c.lat)) * pow(sin(radians(c.lon - $4) / 2), 2))) <= $9"""
_SEARCH: Final = f"""SELECT s.id, s.name, {_BEST} FROM suppliers_review r JOIN suppliers_supplier s ON s.id = r.supplier
    {{of}} WHERE r.school IN ({_NEAR}) AND s.owner IS NULL AND s.joined_to IS NULL AND {_VISIBLE}
    GROUP BY s.id, s.name ORDER BY stars DESC, n DESC, s.id LIMIT 20"""
# A join: with IN, SQLite looks up every pair of a school and a supplier, which takes 40 times as long.
_OF_NEED: Final = "JOIN suppliers_supplies k ON k.supplier = s.id AND k.category = $10"
_COUNTED: Final = f"""SELECT r.rating, r.would_use_again, COUNT(*) AS n FROM suppliers_review r
    WHERE r.supplier = $3 AND {_VISIBLE} GROUP BY r.rating, r.would_use_again"""
_NEWEST: Final = f"""SELECT r.*, c.name, c.town FROM suppliers_review r JOIN sharing_school c ON c.id = r.school
    WHERE r.supplier = $3 AND {_VISIBLE} ORDER BY r.written_at DESC LIMIT 20"""
_OURS: Final = f"""SELECT s.id, s.name, {_BEST} FROM suppliers_use u JOIN suppliers_supplier s ON s.id = u.supplier
    LEFT JOIN suppliers_review r ON r.supplier = s.id AND {_VISIBLE} WHERE u.school = $1 AND u.until_at IS NULL
    GROUP BY s.id, s.name ORDER BY s.name LIMIT 50"""
_NAMES: Final = """SELECT id, name FROM pg_temp.named WHERE lower(name) LIKE lower($1) || '%' OR lower(name) % lower($1)
    ORDER BY lower(name) LIKE lower($1) || '%' DESC, similarity(lower(name), lower($1)) DESC, name LIMIT 10"""
_NAMES_FTS5: Final = "SELECT id, name FROM named WHERE named MATCH ?1 ORDER BY name LIKE ?2 || '%' DESC, rank, name LIMIT 10"


def statements(address: str, asker: Asker) -> list[tuple[str, list[Any]]]:
    """What the page at ``address`` would ask, with values; nothing for a page that has no like of it here."""
    path, asked = urlsplit(address).path, {name: some[0] for name, some in parse_qs(urlsplit(address).query).items()}
    who = [asker.school, clock.now()]
    if path == "/search":
        miles = int(asked["miles"])
        box = bounding_box(Place("", asker.lat, asker.lon), miles)
        where = [*who, asker.lat, asker.lon, box.south, box.north, box.west, box.east, float(miles)]
        if not (need := asked.get("need")):
            return [(_SEARCH.format(of=""), where)]
        slug = next(one.slug for one in taxonomy.categories() if one.name == need)
        return [(_SEARCH.format(of=_OF_NEED), [*where, slug])]
    if path == "/suppliers":
        return [(_OURS, who)]
    if path == "/suppliers/suggestions":
        return [(_NAMES, [asked["name"]])]
    if path.startswith("/suppliers/"):
        return [(one, [*who, UUID(path.rpartition("/")[2])]) for one in (_COUNTED, _NEWEST)]
    return []


def ranks(address: str) -> bool:
    """Whether what is asked is which suppliers come first."""
    return urlsplit(address).path in ("/search", "/suppliers/suggestions")


@asynccontextmanager
async def plain(chosen: Settings) -> AsyncIterator[Plain]:
    """Asks the database beside the service. Gives the rows of the last statement."""
    async with _sqlite(chosen) if chosen.is_sqlite else _postgres(chosen) as asked:
        yield asked


@asynccontextmanager
async def _postgres(chosen: Settings) -> AsyncIterator[Plain]:
    connection = await asyncpg.connect(chosen.database_url, server_settings={"jit": "off"})
    try:
        had = await connection.fetchval("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        await connection.execute(
            "CREATE TEMPORARY TABLE named AS SELECT id, name FROM suppliers_supplier WHERE owner IS NULL AND joined_to IS NULL;"
            "CREATE INDEX ON pg_temp.named USING gin (lower(name) gin_trgm_ops); ANALYZE pg_temp.named"
        )

        async def asked(address: str, asker: Asker) -> Rows:
            rows: Rows = []
            for sql, values in statements(address, asker):
                rows = await connection.fetch(sql, *values)
            return rows

        yield asked
        await connection.execute("DROP TABLE pg_temp.named")
        if not had:
            await connection.execute("DROP EXTENSION pg_trgm")
    finally:
        await connection.close()


@asynccontextmanager
async def _sqlite(chosen: Settings) -> AsyncIterator[Plain]:
    connection = sqlite3.connect(chosen.sqlite_path)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("CREATE VIRTUAL TABLE temp.named USING fts5(id UNINDEXED, name, tokenize = 'trigram')")
    connection.execute(
        "INSERT INTO named (id, name) SELECT id, name FROM suppliers_supplier WHERE owner IS NULL AND joined_to IS NULL"
    )

    async def asked(address: str, asker: Asker) -> Rows:
        rows: Rows = []
        for sql, values in statements(address, asker):
            if sql is _NAMES:
                typed = values[0].replace('"', "")
                rows = connection.execute(_NAMES_FTS5, (f'"{typed}"', typed)).fetchall()
            else:
                given = [one if isinstance(one, int | float) else str(one) for one in values]
                rows = connection.execute(sql.replace("$", "?"), given).fetchall()
        return rows

    yield asked
    connection.close()
