"""Attainment of one metric in one period, in which nothing counts as met that nobody recorded (rules A1 to A12)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from contracts.attaining import answers, days, event_times, milestones, minutes, money
from contracts.attaining.asked import Asked, asked
from contracts.attaining.attained import BREACHED
from contracts.clock.refused import bad_input

TYPES: Final[Mapping[str, Callable[[Asked], dict[str, Any]]]] = {
    "time_to_event": event_times.time_to_event,
    "availability": minutes.availability,
    "sample_ratio": answers.sample_ratio,
    "quantity": days.quantity,
    "schedule": days.schedule,
    "document": days.document,
    "money": money.money,
    "survey": answers.survey,
    "milestone": milestones.milestone,
}


def attain(data: object) -> dict[str, Any]:
    """``measured, n, breaches, missing, excluded, pending, verdict`` and what else the type has.

    ``data`` and the answer are the JSON of docs/reference/sla-rules.md. Raises Refused.
    """
    return attain_naming(data)[0]


def attain_naming(data: object) -> tuple[dict[str, Any], frozenset[Any] | None]:
    """The answer of ``attain``, and the ids of the events that are breaches where each was judged by itself; None elsewhere."""
    what = asked(data)
    kind = what.metric.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        bad_input(f"A metric is of one of these types: {', '.join(TYPES)}.")
    answer = TYPES[kind](what)
    return answer, answer.pop(BREACHED, None)
