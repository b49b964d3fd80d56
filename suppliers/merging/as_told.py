"""The suppliers that a school uses, and what it judged about pairs of them, to be held against what its trail tells."""

from collections.abc import AsyncIterator, Collection
from typing import Any, Final
from uuid import UUID

import audit
import database
from audit.checking import compared
from audit.checking.compared import Compared, Page
from audit.log.subjects import Subject
from suppliers.events import Event
from suppliers.merging.on_behalf import owned
from suppliers.merging.tables import Decision
from suppliers.tables import Merge, Use


async def _uses(trail: str) -> AsyncIterator[Page]:
    school = compared.school_of(trail)
    if school is None:
        return
    async for rows in compared.pages(Use, (Use.school == school) & Use.until_at.is_null(), Use.supplier, Use.written_for):
        yield {Subject.SUPPLIER.of(row["written_for"] or row["supplier"]): {} for row in rows}


async def _merged(_trail: str, keys: Collection[str]) -> Collection[str]:
    """Where suppliers were merged, one use stands for all of them, and ending it ends the others."""
    ids = [found for key in keys if (found := Subject.SUPPLIER.id_in(key))]
    either = database.among(Merge.from_supplier, ids) | database.among(Merge.to_supplier, ids)
    rows = await Merge.select(Merge.from_supplier, Merge.to_supplier).where(either)
    return {Subject.SUPPLIER.of(one) for row in rows for one in row.values()}


async def _decisions(trail: str) -> AsyncIterator[Page]:
    owner = compared.school_of(trail)
    if owner is None and trail != audit.OPERATOR:
        return
    live = owned(Decision, owner) & Decision.undone_at.is_null()
    async for rows in compared.pages(Decision, live, Decision.judgement, Decision.reason):
        yield {Subject.DECISION.of(row["id"]): {name: row[name] for name in ("judgement", "reason")} for row in rows}


async def _decided_anew(trail: str, keys: Collection[str]) -> Collection[str]:
    """A newer decision about the same pair ends the one before, and its entry tells of itself."""
    ids = [found for key in keys if (found := Subject.DECISION.id_in(key))]
    ended = await Decision.select().where(database.among(Decision.id, ids) & Decision.undone_at.is_not_null())
    return {Subject.DECISION.of(row["id"]) for row in ended if await _has_newer(compared.school_of(trail), row)}


async def _has_newer(owner: UUID | None, row: Any) -> bool:
    pair = (Decision.left_supplier == row["left_supplier"]) & (Decision.right_supplier == row["right_supplier"])
    newer = (Decision.decided_at >= row["decided_at"]) & (Decision.id != row["id"])
    return await Decision.exists().where(owned(Decision, owner) & pair & newer)


USES: Final = Compared(
    "use of supplier",
    begins=frozenset({Event.SUPPLIER_ADDED.value, Event.SUPPLIER_ADOPTED.value}),
    ends=frozenset({Event.SUPPLIER_LEFT.value}),
    rows=_uses,
    excused=_merged,
)
DECISIONS: Final = Compared(
    "decision",
    begins=frozenset({Event.SUPPLIER_DECIDED.value, Event.DIRECTORY_DECIDED.value}),
    ends=frozenset({Event.SUPPLIER_DECISION_TAKEN_BACK.value, Event.DIRECTORY_DECISION_TAKEN_BACK.value}),
    fields=frozenset({"judgement", "reason"}),
    rows=_decisions,
    excused=_decided_anew,
)
