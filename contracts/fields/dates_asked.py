"""What the rules of dates are asked about a contract: made of what it says, and of the terms in which its school counts. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.clock.contract import Renewal
from contracts.fields.values import Values


@dataclass(frozen=True, slots=True)
class Extension:
    """An option to go on: by ``length`` ({"n", "unit"}), or to a day."""

    length: Mapping[str, Any] | None = None
    to_day: date | None = None
    is_taken: bool = False
    decided_on: date | None = None
    decided_by: str = ""
    minute: str = ""


@dataclass(frozen=True, slots=True)
class SchoolTerms:
    """Each window is ``[first, last]`` in ISO dates; ``nation`` is whose bank holidays count."""

    terms: tuple[tuple[str, str], ...] = ()
    half_terms: tuple[tuple[str, str], ...] = ()
    nation: str = "ENG"


def asked_of(
    said: Values, extensions: Sequence[Extension], notice_given_on: date | None, terms: SchoolTerms
) -> dict[str, Any] | None:
    """What ``contract_dates`` is asked, without ``as_of``; None where the first day isn't known."""
    starts, ends = said["starts_on"], said["ends_on"]
    if not isinstance(starts, date):
        return None
    renewal = None
    if said["renewal"] is not None:
        roll = said["roll"] if isinstance(said["roll"], Mapping) else {}
        renewal = {"mode": said["renewal"], **roll, **({"max": said["most_rolls"]} if said["most_rolls"] is not None else {})}
    return {
        "start": starts.isoformat(),
        "end": ends.isoformat() if isinstance(ends, date) else None,
        "term": said["term"],
        "extensions": [_extension(one) for one in extensions],
        "renewal": _with_length(renewal),
        "notice": said["notice"],
        "receipt": said["receipt"],
        "method": said["method"],
        "deemed": said["deemed"],
        "lead": said["lead"],
        "break": said["break_clause"],
        "nation": said["nation"] or terms.nation,
        "terms": [list(one) for one in terms.terms],
        "half_terms": [list(one) for one in terms.half_terms],
        "notice_given": notice_given_on.isoformat() if notice_given_on else None,
    }


def _extension(one: Extension) -> dict[str, Any]:
    end = {"to": one.to_day.isoformat()} if one.to_day else dict(one.length or {})
    return {**end, "taken": one.is_taken}


def _with_length(renewal: dict[str, Any] | None) -> dict[str, Any] | None:
    """A contract that renews by itself, nobody said for how long: the days before its first end are the same for any length."""
    if renewal and renewal["mode"] == Renewal.ROLLS and "n" not in renewal:
        return None
    return renewal
