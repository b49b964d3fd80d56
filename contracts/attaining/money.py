"""``money``: at least or at most so much, in whole pence, and the credits due for breaches (rule A10)."""

from typing import Any

from contracts.attaining.asked import PER_CENT, Asked, amount
from contracts.attaining.attained import MET, MOSTLY, NO_DATA, NOT_MET
from contracts.clock.reading import listed, whole
from contracts.clock.refused import bad_input


def money(asked: Asked) -> dict[str, Any]:
    """Also ``target``, in pence as ``measured`` is."""
    measure = asked.metric.get("measure")
    if measure == "credits":
        return _credits(asked)
    if measure not in ("at_least", "at_most"):
        bad_input("Money is to be at least or at most a sum, or it is credits.")
    target = whole(asked.metric.get("target_pence"), "The target in pence")
    rows = [row for row in asked.rows("rows") if not asked.leaves_out(row)]
    sums = [whole(row.get("pence"), "A sum in pence") for row in rows]
    total = sum(sums)
    expected = dict.fromkeys(str(each) for each in listed(asked.metric.get("statements"), "The statements"))
    there = {str(row["statement"]) for row in rows if row.get("statement") is not None}
    missing = [each for each in expected if each not in there]
    n = len(expected) - len(missing) if expected else len(rows)
    verdict = _verdict(asked, total, target, at_most=measure == "at_most")
    is_beyond_saving = measure == "at_most" and verdict == NOT_MET
    if not rows or (missing and not is_beyond_saving):
        verdict = NO_DATA
    return _answer(asked, target, total if rows else None, n, len(missing), verdict)


def _credits(asked: Asked) -> dict[str, Any]:
    metric = asked.metric
    counted = max(0, whole(asked.given.get("breaches"), "The number of breaches") - whole(metric.get("free", 0), "Free breaches"))
    due = counted * whole(metric.get("per_breach_pence"), "The credit for a breach")
    if metric.get("cap_percent") is not None:
        cap = amount(metric["cap_percent"], "The cap", most=PER_CENT) * whole(metric.get("fee_pence"), "The fee") / PER_CENT
        due = min(due, int(cap))
    total = sum(whole(row.get("pence"), "A sum in pence") for row in asked.rows("rows") if not asked.leaves_out(row))
    return _answer(asked, due, total, counted, 0, _verdict(asked, total, due, at_most=False))


def _verdict(asked: Asked, total: int, target: int, *, at_most: bool) -> str:
    within = amount(asked.metric.get("mostly_within_percent", 0), "How near is mostly met", most=PER_CENT)
    allowed = within * target / PER_CENT
    if total <= target if at_most else total >= target:
        return MET
    return MOSTLY if (total <= target + allowed if at_most else total >= target - allowed) else NOT_MET


def _answer(asked: Asked, target: int, total: int | None, n: int, missing: int, verdict: str) -> dict[str, Any]:
    left_out = sum(asked.leaves_out(row) for row in asked.rows("rows"))
    return {
        "target": target,
        "measured": total,
        "n": n,
        "breaches": int(verdict in (MOSTLY, NOT_MET)),
        "missing": missing,
        "excluded": left_out,
        "pending": 0,
        "verdict": verdict,
    }
