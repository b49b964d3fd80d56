"""Under which categories a live supplier is filed, with what was merged into it: rows that triggers derive.

Perhaps too many, never too few: a merge may have left a category out, which only the merge knows (`record/facts.py`).
The text here is that of the triggers: a change needs a migration that makes them, and the rows, anew.
"""

from typing import Final

import database

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


async def faults() -> tuple[str, ...]:
    """That rows are otherwise than what they derive from, are missing or too many, in a clause. Inside a read unit."""
    kept = f"SELECT {COLUMNS} FROM suppliers_whole_category"  # noqa: S608 - our own columns
    n = await database.differing(kept, derived("1 = 1", is_postgres=database.is_postgres()))
    return (f"the categories of suppliers are not those that they are filed under, in {n} rows",) if n else ()
