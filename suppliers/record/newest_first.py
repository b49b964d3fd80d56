"""Where a review or note stands in a list, newest first: by when what the viewer sees of it was said (`field_groups.py`)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from piccolo.query import Select

from base import cursor
from suppliers.record import field_groups
from suppliers.tables import Note, Review

REVISED_AT_ONCE: Final = 50

Place = tuple[datetime, UUID]  # when a row was said, as far as the viewer sees it, and its id
Row = Mapping[str, Any]


async def places(
    table: type[Review] | type[Note],
    rows: Callable[[], Select[Any]],
    groups: Callable[[Row], Iterable[str]],
    many: int,
    after: str,
) -> list[Place]:
    """At least the next ``many`` places after the cursor ``after``, or as many as there are.

    ``rows`` begins a query, with the columns ``id, revised_at, written_at``, when each group changed, and all that ``groups``
    asks for to say which groups of a row are open. Of rows that were never changed an index gives the newest. Where a changed
    one stands is known only by its groups, but it is no newer than its last change: they are read from the last change back,
    until none that is left can be among the next.
    """
    last = _of_cursor(after) if after else None

    async def next_by(moment: Any, since: Place | None, such: Any, limit: int) -> list[Row]:
        query = rows().where(such, _before(moment, since, table.id)) if since else rows().where(such)
        return [*await query.order_by(moment, table.id, ascending=False).limit(limit)]

    def placed(some: Iterable[Row]) -> set[Place]:
        all_of_them = {(field_groups.shown_at(row, groups(row)), row["id"]) for row in some}
        return {place for place in all_of_them if last is None or place < last}

    found = placed(await next_by(table.written_at, last, table.revised_at.is_null(), many))
    seen: Place | None = None
    while True:
        changed = await next_by(table.revised_at, seen, table.revised_at.is_not_null(), REVISED_AT_ONCE)
        found |= placed(changed)
        in_order = sorted(found, reverse=True)
        if len(changed) < REVISED_AT_ONCE or (len(in_order) >= many and in_order[many - 1][0] > changed[-1]["revised_at"]):
            return in_order
        seen = changed[-1]["revised_at"], changed[-1]["id"]


def _before(moment: Any, since: Place, id_: Any) -> Any:
    return (moment < since[0]) | ((moment == since[0]) & (id_ < since[1]))


def _of_cursor(after: str) -> Place:
    written_at, last = cursor.decode(after, keys=2)
    return cursor.a_moment(written_at), cursor.an_id(last)
