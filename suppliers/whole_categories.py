"""Under which categories a live supplier is filed, with what was merged into it: rows that triggers derive.

Perhaps too many, never too few: a merge may have left a category out, which only the merge knows (`record/facts.py`).
The text here is that of the triggers: a change needs a migration that makes them, and the rows, anew.
"""

from typing import Final

import database
from database import stretches

COLUMNS: Final = "supplier, category, is_first"
# A school's own record adds to its own only.
TOGETHER: Final = "(m.owner IS NULL AND s.owner IS NULL OR m.owner = s.owner)"


def derived(which: str, *, is_postgres: bool) -> str:
    """A SELECT of COLUMNS for the wholes of the suppliers m that ``which`` names; the first is so by its bytes."""
    category = 'k.category COLLATE "C"' if is_postgres else "k.category"
    first = f"MIN({category}) OVER (PARTITION BY k.supplier)"
    return f"""SELECT k.supplier, k.category, k.category = {first} AS is_first
        FROM (SELECT DISTINCT s.id AS supplier, c.category FROM suppliers_supplier m
            JOIN suppliers_supplier s ON s.id = COALESCE(m.joined_to, m.id) JOIN suppliers_supplies c ON c.supplier = m.id
            WHERE s.joined_to IS NULL AND {TOGETHER} AND {which}) k"""  # noqa: S608 - our own text


async def faults(rest: float = 0) -> tuple[str, ...]:
    """That rows are otherwise than what they derive from, are missing or too many, in a clause. ``rest``: seconds left to others
    after some of them.
    """
    n = await stretches.differing(
        "suppliers_whole_category",
        lambda within: f"SELECT {COLUMNS} FROM suppliers_whole_category WHERE {within('supplier')}",  # noqa: S608 - our own text
        lambda within: derived(
            f"({within('m.joined_to')} OR m.joined_to IS NULL AND {within('m.id')})", is_postgres=database.is_postgres()
        ),
        rest,
    )
    return (f"the categories of suppliers are not those that they are filed under, in {n} rows",) if n else ()
