"""How many jobs a school logged with a supplier, and how many of them both sides agreed to have been late."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from contracts.access import access
from contracts.judging.kinds import Agreed
from contracts.tables import Contract

# Of contracts that are no drafts and not confidential. What the supplier claims, nobody at the school logged.
_JOBS: Final = """SELECT e.job FROM contracts_service_event e JOIN contracts_contract ON contracts_contract.id = e.contract
    WHERE {} AND NOT contracts_contract.is_draft AND contracts_contract.is_confidential IS NOT TRUE
    AND contracts_contract.supplier IN (SELECT s.id FROM suppliers_supplier s WHERE s.id = {} OR s.joined_to = {})
    AND e.kind = 'job' AND e.claimed_by = 'school' AND NOT e.is_withdrawn
    AND NOT EXISTS (SELECT 1 FROM contracts_service_event c WHERE c.corrects = e.id)"""
_COUNT: Final = f"SELECT COUNT(*) AS jobs FROM ({_JOBS}) j"  # noqa: S608 - our own text
_AGREED: Final = f"""SELECT o.job, o.metric, o.outcome FROM contracts_outcome o
    WHERE o.outcome IS NOT NULL AND o.job IN ({_JOBS}) ORDER BY o.recorded_at, o.id"""  # noqa: S608 - our own text


@dataclass(frozen=True, slots=True)
class Counted:
    jobs: int
    late: int


async def of_school(school: UUID, supplier: UUID) -> Counted:
    """Jobs that both sides left out are not counted; late is what both agreed to have been missed. In the caller's unit."""
    which = (access.ours(school).querystring, supplier, supplier)
    found = await Contract.raw(_COUNT, *which)
    outcomes = _latest(await Contract.raw(_AGREED, *which))
    left_out = {job for job, of_it in outcomes.items() if of_it.get(None) is Agreed.LEFT_OUT}
    late = {job for job, of_it in outcomes.items() if Agreed.MISSED in of_it.values()} - left_out
    return Counted(found[0]["jobs"] - len(left_out), len(late))


def _latest(rows: Iterable[Mapping[str, Any]]) -> dict[UUID, dict[UUID | None, Agreed]]:
    """By job, what was agreed last for each promise, or for all of them (None)."""
    found: dict[UUID, dict[UUID | None, Agreed]] = {}
    for row in rows:
        found.setdefault(row["job"], {})[row["metric"]] = Agreed(row["outcome"])
    return found
