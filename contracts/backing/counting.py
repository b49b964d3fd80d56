"""How many jobs schools logged with suppliers, and how many of them both sides agreed to have been late."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

from contracts.access import access
from contracts.judging.kinds import Agreed
from contracts.tables import Contract

# Of contracts that are no drafts and not confidential, with what the supplier is now part of. What the supplier claims, nobody at
# the school logged.
_JOBS: Final = """SELECT e.job AS job, contracts_contract.school AS school, COALESCE(s.joined_to, s.id) AS supplier
    FROM contracts_service_event e JOIN contracts_contract ON contracts_contract.id = e.contract
    JOIN suppliers_supplier s ON s.id = contracts_contract.supplier
    WHERE {} AND NOT contracts_contract.is_draft AND contracts_contract.is_confidential IS NOT TRUE
    AND COALESCE(s.joined_to, s.id) IN ({})
    AND e.kind = 'job' AND e.claimed_by = 'school' AND NOT e.is_withdrawn
    AND NOT EXISTS (SELECT 1 FROM contracts_service_event c WHERE c.corrects = e.id)"""
_COUNT: Final = f"""SELECT j.school, j.supplier, COUNT(*) AS jobs
    FROM ({_JOBS}) j GROUP BY j.school, j.supplier"""  # noqa: S608 - our own text
_AGREED: Final = f"""SELECT j.school, j.supplier, o.job, o.metric, o.outcome
    FROM contracts_outcome o JOIN ({_JOBS}) j ON j.job = o.job
    WHERE o.outcome IS NOT NULL ORDER BY o.recorded_at, o.id"""  # noqa: S608 - our own text

With = tuple[UUID, UUID]  # a school, and a supplier that it speaks of


@dataclass(frozen=True, slots=True)
class Counted:
    jobs: int = 0
    late: int = 0


async def of_each(wanted: Collection[With]) -> dict[With, Counted]:
    """Jobs that both sides left out are not counted; late is what both agreed to have been missed.

    Two statements at most, however many. In the caller's unit.
    """
    if not wanted:
        return {}
    suppliers = {supplier for _, supplier in wanted}
    named = QueryString(", ".join("{}" for _ in suppliers), *suppliers)
    which = (access.ours(*{school for school, _ in wanted}).querystring, named)
    jobs = {_with(row): row["jobs"] for row in await Contract.raw(_COUNT, *which)}
    agreed = await Contract.raw(_AGREED, *which) if jobs else ()
    left_out, late = Counter[With](), Counter[With]()
    for its, outcomes in _latest(agreed):
        if outcomes.get(None) is Agreed.LEFT_OUT:
            left_out[its] += 1
        elif Agreed.MISSED in outcomes.values():
            late[its] += 1
    return {its: Counted(jobs.get(its, 0) - left_out[its], late[its]) for its in wanted}


def _latest(rows: Iterable[Mapping[str, Any]]) -> Iterable[tuple[With, dict[UUID | None, Agreed]]]:
    """Of each job, what was agreed last for each promise, or for all of them (None)."""
    found: dict[UUID, tuple[With, dict[UUID | None, Agreed]]] = {}
    for row in rows:
        found.setdefault(row["job"], (_with(row), {}))[1][row["metric"]] = Agreed(row["outcome"])
    return found.values()


def _with(row: Mapping[str, Any]) -> With:
    """SQLite gives what was reckoned from ids as text."""
    return UUID(str(row["school"])), UUID(str(row["supplier"]))
