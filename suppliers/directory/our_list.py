"""Whom a school uses, or used once: the rows of its list, by name. What it says of them is `suppliers/ours`."""

from typing import Any, Final
from uuid import UUID

import database
from base.viewer import Viewer
from suppliers.matching.names import LONGEST, normalise
from suppliers.tables import Use

PAGE: Final = 50  # suppliers; a school has a few hundred

After = tuple[str, str]  # the last supplier shown: its normalised name and id

_USED: Final = "FROM suppliers_use u JOIN suppliers_supplier s ON s.id = u.supplier WHERE u.school = {} AND u.until_at IS NULL"
_LEFT: Final = """FROM (SELECT supplier FROM suppliers_use WHERE school = {} GROUP BY supplier
    HAVING COUNT(until_at) = COUNT(*)) u JOIN suppliers_supplier s ON s.id = u.supplier WHERE s.joined_to IS NULL"""


async def named(viewer: Viewer, *, text: str = "", limit: int) -> tuple[tuple[UUID, str], ...]:
    """Id and name of those that the school uses, by name; ``text`` is part of a name, or empty."""
    async with database.read():
        return tuple((row["id"], row["name"]) for row in await rows_of_ours(viewer, text=text, limit=limit))


async def rows_of_ours(
    viewer: Viewer, *, text: str = "", category: str = "", after: After | None = None, limit: int, left: bool = False
) -> list[dict[str, Any]]:
    """``id, owner, name, exact_name`` of the suppliers that the school uses, or with ``left`` no longer uses, by name.

    ``text`` is part of a name, ``category`` a slug of the taxonomy; either may be empty. Inside the caller's unit of work.
    """
    text = normalise(text[:LONGEST]).exact
    sql = f"SELECT s.id, s.owner, s.name, s.exact_name {_LEFT if left else _USED}"
    values: list[Any] = [viewer.school]
    if text:
        sql += " AND s.exact_name LIKE {}"  # normalised: letters, figures and spaces only
        values.append(f"%{text}%")
    if category:
        sql += """ AND EXISTS (SELECT 1 FROM suppliers_supplies c JOIN suppliers_supplier m ON m.id = c.supplier
            WHERE c.category = {} AND (m.id = s.id
                OR m.joined_to = s.id AND (m.owner IS NULL AND s.owner IS NULL OR m.owner = s.owner)))"""
        values.append(category)
    if after:
        sql += " AND (s.exact_name > {} OR (s.exact_name = {} AND s.id > {}))"
        values += [after[0], after[0], UUID(after[1])]
    rows: list[dict[str, Any]] = await Use.raw(sql + " ORDER BY s.exact_name, s.id LIMIT {}", *values, limit)
    return [row | {"id": UUID(str(row["id"]))} for row in rows]
