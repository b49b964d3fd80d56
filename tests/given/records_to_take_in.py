"""A small file of a school's own records, as another installation gave it out: one of each thing that is taken in."""

import io
import json
import zipfile
from typing import Any, Final

LIFTS, CARE, BROKEN, FIX = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3, 4))
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


_PROMISE: Final[dict[str, Any]] = {
    "id": FIX, "contract": CARE, "kind": "time_to_event", "name": "Fixed", "clause": "4.2",
    "terms": {"stage": "fixed", "target": 95, "mostly": 90, "targets": {"P2": {"minutes": 480}}}, "rules": {}, "period": "term",
    "from_day": "2025-09-01", "until_day": "2025-12-31",
}  # fmt: skip
_CALENDAR: Final = {"from_day": "2025-09-01", "calendar": {"weekly": {"mon": [["08:00", "17:00"]]}}}
_DOCUMENT: Final = {
    "id": LIFTS, "contract": CARE, "kind": "insurance", "begins_on": None, "expires_on": None, "answers": None,
    "added_at": _THEN, "file": {"name": "cover.pdf", "media_type": "application/pdf", "size": 9, "path": "files/cover"},
}  # fmt: skip
_CLAIM: Final = {
    "kind": "waiting", "at": "2026-03-02T11:00:00Z", "priority": None, "reason": "us", "claimed_by": "supplier", "note": "",
    "is_counted": True,
}  # fmt: skip
_DISPUTED: Final = {
    "state": "disputed", "outcome": None, "promise_id": None, "clause": "", "on_day": "2026-03-03", "reason": "", "ours": "",
    "theirs": "The gate was shut.",
}  # fmt: skip
_AGREED: Final = {**_DISPUTED, "state": None, "outcome": "met", "reason": "It was.", "ours": "Bea", "theirs": "Bo"}
_SLIP: Final = {"name": "slip.txt", "media_type": "text/plain", "size": 5, "path": "files/slip"}

_ACTION: Final = {
    "what": "Send the register", "owner": "Bo", "side": "supplier", "due_on": "2026-04-01", "done_on": "2026-03-20", "note": "",
}  # fmt: skip
_MEETING: Final = {
    "contract": CARE, "held_on": "2026-03-10", "next_on": None, "ours": "Bea", "theirs": "Bo", "words": {"agreed": "Two visits"},
    "actions": [_ACTION],
}  # fmt: skip
_DECISION: Final = {
    "contract": CARE, "choice": "renew", "end_on": "2027-08-31", "decide_by": None, "decided_on": "2026-03-11", "reason": "",
    "minute": "",
}  # fmt: skip
_VARIATION: Final = {
    "contract": CARE, "agreed_on": "2026-03-12", "what": "A visit more.", "agreed_by": "", "supplier_agreed_by": "",
    "annual_before_pence": 100, "annual_pence": 200, "end_before": None, "new_end": None,
}  # fmt: skip
_STEP: Final = {"kind": "answered", "on_day": "2026-03-14", "due_on": None, "outcome": None, "what": "They will."}
_CONCERN: Final = {
    "contract": CARE, "promise_id": FIX, "raised_on": "2026-03-13", "answer_by": None, "what": "Late.", "how": "By post",
    "steps": [_STEP],
}  # fmt: skip
_DECIDED: Final = {"meetings": [_MEETING], "decisions": [_DECISION], "variations": [_VARIATION], "concerns": [_CONCERN]}
_RATED: Final = dict.fromkeys(
    (
        *("contracting_authority", "procurement_title", "procurement_identifier", "contract_identifier", "statement"),
        *("supplier_name", "supplier_postal_address", "supplier_email", "supplier_identifier", "period_from", "period_to"),
    ),
    "",
)
FOLLOWED: Final[dict[str, Any]] = {
    "credits": [
        {"contract": CARE, "promise_id": FIX, "why": "Late", "states": [
            {"state": "proposed", "on_day": "2026-03-13", "pence": 5_000},
            {"state": "agreed", "on_day": "2026-03-14", "pence": 4_000},
        ]},
    ],
    "ratings": [
        {"contract": CARE, "first_day": "2025-09-01", "last_day": "2026-02-28", "indicators": [
            {**_RATED, "indicator": "Fixed", "rating": "Good", "reason": "It was.", "signed_by": "Bea", "signed_on": ""},
        ]},
    ],
    "questions": [
        {"contract": CARE, "title": "Lift care", "question": "Is it dear?", "asked_at": _THEN, "answer": "No.", "minute": "",
         "answered_on": "2026-03-16"},
    ],
    "links": [{"contract": CARE, "other": LIFTS, "kind": "together"}],
    "notices": [
        {"contract": CARE, "sent_on": "2026-03-17", "how": "post", "to_end_on": None, "sent_to": "Bo", "note": ""},
    ],
    "deciding": [{"months": [9], "meetings": ["2026-12-01"]}],
    "buying_rules": [{"bands": [{"from_pence": 100_000, "quotes": 3}], "approval_pence": None, "supplier_pence": None}],
}  # fmt: skip
_ENQUIRY: Final = {
    "category": "heating", "supplier": None, "words": "Who is quick?", "schools": 3, "to": {"kind": "connected", "fields": []},
    "asked_at": "2026-03-01T09:00:00Z", "closes_at": "2026-03-15T09:00:00Z", "closed_at": _THEN,
}  # fmt: skip


def _records(review: dict[str, Any], **more: Any) -> bytes:
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
            **more,
        }
    ).encode()


def _zipped() -> bytes:
    """Of version 5, with what only later versions have."""
    changed = [{**_PROMISE, "until_day": "2025-12-31"}, {**_PROMISE, "from_day": "2026-01-01", "until_day": "2026-07-21"}]
    job = {**_JOB, "stamps": [_CLAIM], "outcomes": [_DISPUTED, _AGREED], "files": [_SLIP]}
    more = {
        "promises": changed,
        "calendars": [_CALENDAR],
        "documents": [_DOCUMENT],
        "happened": [job],
        **_DECIDED,
        **FOLLOWED,
        "contracts": [_CONTRACT, {**_CONTRACT, "id": LIFTS, "values": {"title": "Lift parts"}}],
        "enquiries": [_ENQUIRY],
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("records.json", _records(_review(LIFTS, LIFTS, rating=4), version=5, **more))
        archive.writestr("files/cover", b"%PDF-1.4 ")
        archive.writestr("files/slip", b"Noon.")
    return made.getvalue()


WITH_A_VOUCH: Final = _records(_review(LIFTS, LIFTS, would_use_again=True))
WITH_A_REVIEW: Final = _zipped()
