"""How many schools a viewer hears speak of each need, added up in the database by authority and phase."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sharing.access.visibility import Principals
from sharing.tables import School
from suppliers.record import taxonomy
from suppliers.search import standings, told, word_rows
from suppliers.search.wanted import SearchTarget

_COUNTED: Final = """SELECT c.local_authority AS authority, c.phase, w.category, COUNT(*) AS schools
    FROM spoken w JOIN sharing_school c ON c.id = w.school GROUP BY c.local_authority, c.phase, w.category"""


async def spoken(principals: Principals, among: Collection[UUID] | None) -> list[dict[str, Any]]:
    """``authority, phase, category, schools``: other schools than the viewer's, one of ``among`` where that is given.

    Inside a read unit.
    """
    if not principals.is_open or (among is not None and not among):
        return []
    hearing = await told.listener(principals)
    filing = await standings.filing_of(SearchTarget({category.slug: 1.0 for category in taxonomy.categories()}, {}))
    left_out = [(slug, supplier) for slug, suppliers in filing.out.items() for supplier in suppliers]
    rows: list[dict[str, Any]] = await School.raw("{}", word_rows.needs_spoken_of(hearing, among, left_out, _COUNTED))
    return rows
