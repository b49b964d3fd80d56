"""A small file of a school's own records, as another installation gave it out: one of each thing that is taken in."""

import json
from typing import Any, Final

LIFTS, CARE, BROKEN = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
_THEN: Final = "2026-03-02T09:00:00Z"


def _supplier(which: str, name: str, since: str | None) -> dict[str, Any]:
    kept: dict[str, Any] = {"aliases": [], "identifiers": {}, "categories": [], "listed": True}
    return {"id": which, "name": name, "in_use_since": since, **kept}


def _review(which: str, supplier: str, **said: Any) -> dict[str, Any]:
    return {"id": which, "supplier": supplier, "written_at": _THEN, "said": {"interest": None, **said}}


_STAMP: Final = {
    "kind": "attended", "at": "2026-03-02T11:00:00Z", "priority": None, "reason": None, "claimed_by": "school", "note": "",
}  # fmt: skip
_NOTE: Final = {
    "id": CARE, "supplier": LIFTS, "about": "good", "body": "It goes.", "happened_on": "2026-03-02", "written_at": _THEN,
    "files": [],
}  # fmt: skip
_CONTRACT: Final = {
    "id": CARE, "supplier": LIFTS, "values": {"title": "Lift care", "starts_on": "2025-09-01"}, "extensions": [],
    "is_draft": False, "notice_given_on": None, "ceased_on": None,
}  # fmt: skip
_JOB: Final[dict[str, Any]] = {
    "id": BROKEN, "contract": CARE, "kind": "job", "promise": None, "on_day": "2026-03-02", "happened_at": _THEN,
    "told_at": None, "told_how": None, "job_number": "", "priority": "P2", "said": {}, "claimed_by": "school",
    "what": "The lift stands still.", "notes": "", "stamps": [_STAMP],
}  # fmt: skip


def _records(review: dict[str, Any]) -> bytes:
    return json.dumps(
        {
            "format": "vouch-own-records",
            "version": 1,
            "made_at": "2026-03-03T09:00:00Z",
            "school": {"name": "Dale Primary", "urn": None},
            "kept_back": 0,
            "suppliers": [_supplier(LIFTS, "Harrow Lifts", None)],
            "reviews": [review],
            "notes": [_NOTE],
            "shares": [],
            "contracts": [_CONTRACT],
            "happened": [_JOB],
        }
    ).encode()


WITH_A_VOUCH: Final = _records(_review(LIFTS, LIFTS, would_use_again=True))
WITH_A_REVIEW: Final = _records(_review(LIFTS, LIFTS, rating=4))
