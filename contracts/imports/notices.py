"""What the home page says of contracts that whoever runs the installation imported: the school didn't do it itself."""

from datetime import timedelta
from typing import Final

import database
from base import clock
from base.viewer import Viewer
from base.words import count, in_words
from contracts.imports.tables import RegisterImport
from web.pages.notices import Notice

SHOWN_FOR: Final = timedelta(days=30)
_DONE: Final = """SELECT i.id AS id, i.made_at AS made_at,
    sum(CASE WHEN r.kind IN ('added', 'changed') THEN 1 ELSE 0 END) AS imported,
    sum(CASE WHEN r.kind = 'ask' THEN 1 ELSE 0 END) AS waiting
    FROM contracts_import i JOIN contracts_import_row r ON r.import_id = i.id
    WHERE i.school = {} AND i.person IS NULL AND i.made_at > {} GROUP BY i.id, i.made_at ORDER BY i.made_at DESC"""


async def of(viewer: Viewer) -> tuple[Notice, ...]:
    """For whoever may write at the school: what came in, and what waits for an answer."""
    if not viewer.role.keeps_contracts:
        return ()
    async with database.read():
        rows = await RegisterImport.raw(_DONE, viewer.school, clock.now() - SHOWN_FOR)
    found = []
    for row in rows:
        waits = f" {count(row['waiting'], 'row waits', 'rows wait')} for your answers." if row["waiting"] else ""
        found.append(
            Notice(
                title=f"Whoever runs this installation imported {count(row['imported'], 'contract')} for you",
                text=f"On {in_words(row['made_at'])}, from a file.{waits}",
                href=f"/contracts/imports/{row['id']}",
                link="Look at them",
            )
        )
    return tuple(found)
