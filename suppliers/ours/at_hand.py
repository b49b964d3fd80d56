"""The suppliers that somebody is likeliest to say something of next, for one tap from home: of our own, those they noted last."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import database
from base import clock
from base.viewer import Viewer
from suppliers.matching.names import LONGEST, normalise
from suppliers.record import interests
from suppliers.tables import Use

ON_HOME: Final = 4  # what a phone shows beside what waits
MOST: Final = 50  # on a page of their own, where part of a name narrows them

# By the viewer's own notes alone: a colleague's may be about a problem, of which not everybody may know.
_AT_HAND: Final = """SELECT s.id, s.name,
    (SELECT r.would_use_again FROM suppliers_review r WHERE r.school = u.school AND r.supplier = s.id
        AND r.withdrawn_at IS NULL AND r.hidden_at IS NULL AND (r.lapses_at IS NULL OR r.lapses_at > {})) AS again,
    (SELECT MAX(n.written_at) FROM suppliers_note n WHERE n.school = u.school AND n.supplier = s.id AND n.author = {}
        AND n.withdrawn_at IS NULL AND n.hidden_at IS NULL) AS noted_at
    FROM suppliers_use u JOIN suppliers_supplier s ON s.id = u.supplier
    WHERE u.school = {} AND u.until_at IS NULL AND s.exact_name LIKE {}
    ORDER BY noted_at DESC NULLS LAST, s.exact_name, s.id LIMIT {}"""


@dataclass(frozen=True, slots=True)
class AtHand:
    supplier: UUID
    name: str
    may_vouch: bool  # our school has not said whether it would use them again, or that has lapsed; and no interest is declared


async def at_hand(viewer: Viewer, *, text: str = "", limit: int = ON_HOME) -> tuple[AtHand, ...]:
    """Nothing for whoever does not write for the school. ``text`` is part of a name, or empty."""
    if not viewer.role.writes:
        return ()
    part = f"%{normalise(text[:LONGEST]).exact}%"  # normalised: letters, figures and spaces only
    async with database.read():
        rows: list[dict[str, Any]] = await Use.raw(_AT_HAND, clock.now(), viewer.person, viewer.school, part, limit)
        interested = await interests.suppliers_of(viewer)
    ids = [UUID(str(row["id"])) for row in rows]
    return tuple(
        AtHand(one, row["name"], row["again"] is None and one not in interested) for one, row in zip(ids, rows, strict=True)
    )
