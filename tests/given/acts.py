"""Requests that change something, for every route that can: what to extend with a new route.

"POST /people/invite" -> the requests that between them leave every event that the route declares. Values like "{cleo}"
are looked up in the town's ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from audit.events import Event as A
from contracts.events import Event as C
from disclosure.events import Event as D
from notices.events import Event as N
from sharing.events import Event as S
from suppliers.events import Event as V
from suppliers.shares.consent import Consent
from tests.given.builders import PASSWORD
from tests.given.records_to_take_in import WITH_A_REVIEW, WITH_A_VOUCH


@dataclass(frozen=True, kw_only=True)
class Act:
    """One request by ``who``, and the events that it leaves in the trails, each once, in any order."""

    who: str = "ann"
    leaves: tuple[str, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)  # of the path: which of the town's ids, where not the usual one
    form: Mapping[str, str] | None = None
    json: Any = None
    files: Mapping[str, tuple[str, bytes]] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    trail: str = "oakfield"  # whose trail they are in, beside the operator's; "rose ivy" are two schools
    sends_letters: bool = False  # where this installation has a mail server
    governors_too: bool = False  # about one's own account, which everybody looks after; what a governor asks
    site_staff_too: bool = False  # what site staff write
    trust_leads_too: bool = False  # what whoever keeps contracts writes
    no_key: bool = False  # whatever its scope: only who signed in


SEEN: Final = {"seen": Consent().digest()}  # Oakfield shares nothing with a network
SEEN_TO_CONNECT: Final = {"seen": "{seen_to_connect}"}  # its enquiry
SEEN_TO_JOIN: Final = {"seen": Consent().digest("Dale Primary")}

# Which of the town's ids a name in a path stands for, unless an act says otherwise.
USUAL: Final[Mapping[str, str]] = {
    "supplier_id": "boilers",
    "review_id": "review",
    "note_id": "note",
    "document_id": "boiler_contract_document",
    "attachment_id": "file",
    "photo_id": "photo",
    "person": "cleo",
    "school": "hazel",
    "network": "network",
    "invitation": "invitation",
    "request_id": "received",
    "link": "link",
    "key": "key",
    "token": "join",
    "merge_id": "merge",
    "decision_id": "decision",
    "link_id": "supplier_link",
    "correction_id": "correction",
    "shared_review_id": "bobs_vouch",
    "enquiry_id": "enquiry",
    "shared_enquiry_id": "ferns_enquiry",
    "edit_id": "edit",
    "erasure_id": "erasure",
    "waiting_id": "waiting",
    "hold_id": "hold",
    "grant": "grant",
    "session": "session",
    "naming": "naming",
    "asked": "pair",
    "opening": "opening",
    "succession_id": "succession",
    "recipient": "recipient",
    "item_id": "waiting_note",
    "import_id": "import",
    "register_id": "register",
    "contract_id": "contract",
    "metric_id": "metric",
    "job_id": "job",
    "stamp_id": "stamp",
    "question_id": "question",
    "meeting_id": "meeting",
    "action_id": "action",
    "letter": "letter",
    "feed": "feed",
    "waiting_name": "waiting_name",
    "contract_link": "contract_link",
    "concern_id": "concern",
    "credit_id": "credit",
    "assessment_id": "rating",
}

OPINION_FORM: Final = {"declared": "none", "rating": "5", "praise": "Tidy.", "version": ""}
NOTE_FORM: Final = {"about": "good", "body": "Came at once."}
LET_IN: Final = {
    "email": "new@audit.example",
    "reason": "Review of heating.",
    "until-day": "{today.day}",
    "until-month": "{today.month}",
    "until-year": "{today.year}",
    "scope": "some",
    "streams": "supplier:{boilers}",
}
OPINION: Final = {"interest": None, "rating": 5, "praise": "Tidy."}
NOTE: Final = {"about": "good", "body": "Came at once."}
TO_FERN: Final = {"grants": [{"kind": "school", "subject": "{fern}", "fields": ["rating"]}]}
LISTED: Final = (V.SHARE_GIVEN, V.SUPPLIER_LISTED, V.DIRECTORY_LISTED)

SIGN_IN_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /sign-in": (Act(who="", form={"email": "{ann's e-mail}", "password": PASSWORD}, governors_too=True),),
    "POST /sign-out": (Act(governors_too=True),),
    "POST /join/{token}": (
        Act(
            who="",
            ids={"token": "join"},
            form={"name": "Ivy Ince", "password": "a quiet river at dawn"},
            leaves=(S.PERSON_JOINED,),
        ),
        Act(
            who="",
            ids={"token": "audit"},
            form={"name": "Ada Ames", "password": "a quiet river at dawn"},
            leaves=(S.AUDITOR_JOINED,),
        ),
        Act(
            who="",
            ids={"token": "new_head"},
            form={"name": "Nora New", "password": "a quiet river at dawn"},
            leaves=(S.PERSON_JOINED, S.SUCCESSION_ACCEPTED),
            trail="dale",
        ),
    ),
    "POST /new-password/{token}": (
        Act(
            who="",
            ids={"token": "new_password"},
            form={"password": "a quiet river at dawn"},
            leaves=(S.PASSWORD_CHANGED, S.API_KEY_REVOKED),
        ),
    ),
    "POST /account/password": (
        Act(
            form={"current": PASSWORD, "new": "a quiet river at dawn"},
            leaves=(S.PASSWORD_CHANGED, S.API_KEY_REVOKED),
            governors_too=True,
        ),
        Act(
            form={"current": PASSWORD, "new": "a quiet river at dawn", "keep_keys": "yes"},
            leaves=(S.PASSWORD_CHANGED,),
            governors_too=True,
        ),
    ),
    "POST /account/sessions/{session}/end": (Act(),),
    "POST /security-log": (Act(who="olive", form={"kind": "", "who": "{ann's e-mail}"}),),
    "POST /forgot-password": (Act(who="", form={"email": "{ann's e-mail}"}, governors_too=True),),
    "POST /account/address": (
        Act(
            form={"email": "{ann's e-mail}", "password": PASSWORD},
            leaves=(S.ADDRESS_LETTER_SENT,),
            sends_letters=True,
            governors_too=True,
        ),
    ),
    "POST /account/prove-address/{token}": (Act(ids={"token": "prove"}, leaves=(S.ADDRESS_PROVED,)),),
    "POST /account/sign-out-elsewhere": (Act(governors_too=True),),
    "POST /switch": (Act(who="hal", form={"school": "{gorse}"}, governors_too=True),),
    "POST /api-keys": (
        Act(form={"name": "Ours", "days": "30", "scopes": "read"}, leaves=(S.API_KEY_CREATED,), governors_too=True),
    ),
    "POST /api-keys/{key}/revoke": (Act(leaves=(S.API_KEY_REVOKED,)),),
}

NOTICES_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /account/letters": (Act(form={"often": "weekly", "weekday": "2"}, leaves=(N.LETTERS_CHOSEN,), governors_too=True),),
    "POST /account/letters/try-again": (Act(governors_too=True),),
    "POST /account/calendar": (Act(leaves=(N.FEED_MADE,), governors_too=True),),
    "POST /account/calendar/revoke": (Act(leaves=(N.FEED_REVOKED,)),),
    "POST /account/feed": (Act(leaves=(N.WAITING_FEED_MADE,), governors_too=True),),
    "POST /account/feed/revoke": (Act(leaves=(N.WAITING_FEED_REVOKED,)),),
    "POST /letters/stop/{letter}": (Act(who="", leaves=(N.LETTERS_STOPPED,), governors_too=True),),
}

PEOPLE_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /people/invite": (Act(form={"email": "new@school.example", "role": "governor"}, leaves=(S.PERSON_INVITED,)),),
    "POST /people/invite-school": (
        Act(
            who="olive",
            form={"email": "new@school.example", "role": "business_manager", "school": "{hazel}"},
            leaves=(S.PERSON_INVITED,),
            trail="hazel",
        ),
    ),
    "POST /people/invitations/{link}/withdraw": (Act(leaves=(S.INVITATION_WITHDRAWN,)),),
    "POST /people/{person}/role": (Act(form={"role": "governor"}, leaves=(S.ROLE_CHANGED,)),),
    "POST /people/{person}/remove": (Act(form={"sure": "yes"}, leaves=(S.PERSON_REMOVED,)),),
    "POST /people/{person}/password-link": (Act(leaves=(S.PASSWORD_LINK_MADE,)),),
    "POST /people/{person}/confirm-address": (Act(who="hal", ids={"person": "gus"}, leaves=(S.ADDRESS_CONFIRMED,)),),
    "POST /people/{person}/agree-password": (
        Act(who="hal", ids={"person": "mia"}, leaves=(S.PASSWORD_LINK_AGREED, S.PASSWORD_LINK_MADE)),
    ),
    "POST /people/{person}/name-confirmer": (Act(who="hal", ids={"person": "ann"}, leaves=(S.CONFIRMER_NAMED,)),),
    "POST /people/confirmer/end": (Act(who="hal", leaves=(S.CONFIRMER_ENDED,)),),
    "POST /people/{person}/name-head": (Act(who="bob", ids={"person": "bob"}, leaves=(S.HEAD_NAMED,), trail="elmwood"),),
    "POST /people/heads/{naming}/confirm": (Act(who="olive", form={"sure": "yes"}, leaves=(S.HEAD_CONFIRMED,), trail="dale"),),
    "POST /people/heads/{naming}/withdraw": (Act(who="dee", leaves=(S.HEAD_NAMING_WITHDRAWN,), trail="dale"),),
    "POST /people/{person}/ask-two": (Act(who="guy", ids={"person": "cal"}, leaves=(S.TWO_PEOPLE_ASKED,), trail="gorse"),),
    "POST /people/two/{asked}/write": (Act(who="guy", leaves=(S.OUTSIDE_LINK_MADE,), trail="gorse"),),
    "POST /people/two/{asked}/confirm": (
        Act(who="olive", form={"sure": "yes"}, leaves=(S.TWO_PEOPLE_CONFIRMED,) * 2, trail="gorse"),
    ),
    "POST /outside/two-people/{token}": (
        Act(who="", ids={"token": "two_people"}, form={"sure": "yes"}, leaves=(S.TWO_PEOPLE_CONFIRMED,) * 2, trail="gorse"),
    ),
    "POST /people/published-address/{school}": (
        Act(who="olive", form={"email": "chair@hazel.example"}, leaves=(S.PUBLISHED_ADDRESS_SET,), trail="hazel"),
    ),
    "POST /people/break-glass": (
        Act(
            who="olive",
            form={"school": "{elmwood}", "email": "x@y.example", "role": "governor", "reason": "Flood.", "posted": "yes"},
            leaves=(S.BREAK_GLASS_INVITED,),
            trail="elmwood",
        ),
    ),
    "POST /people/opened/{opening}/keep": (Act(who="olive", leaves=(S.BREAK_GLASS_KEPT,), trail="fern"),),
    "POST /people/opened/{opening}/end": (Act(who="olive", leaves=(S.BREAK_GLASS_ENDED,), trail="fern"),),
    "POST /people/new-heads": (
        Act(
            who="olive",
            form={
                "school": "{elmwood}", "email": "x@y.example", "ground": "asked", "address": "head@elm.example",
                "seen": "Its website", "sure": "yes", "posted": "yes",
            },
            leaves=(S.SUCCESSION_STARTED,),
            trail="elmwood",
        ),
    ),
    "POST /people/new-heads/{succession_id}/object": (
        Act(who="dee", form={"words": "Not her."}, leaves=(S.SUCCESSION_OBJECTED,), trail="dale"),
    ),
    "POST /people/new-heads/{succession_id}/withdraw": (Act(who="olive", leaves=(S.SUCCESSION_WITHDRAWN,), trail="dale"),),
    "POST /people/new-heads/{succession_id}/link": (Act(who="olive", leaves=(S.SUCCESSION_LINK_MADE,), trail="dale"),),
    "POST /auditors": (
        Act(who="hal", form=LET_IN, leaves=(S.AUDITOR_GRANTED,)),
        Act(
            who="tess",
            form=LET_IN
            | {"scope": "whole", "schools": "{ivy}", "decided_by": "The audit committee", "minute": "12 November, item 7"},
            leaves=(S.AUDITOR_ASKED,),
            trail="rose",
        ),
    ),
    "POST /auditors/{grant}/agree": (
        Act(
            who="tom",
            ids={"grant": "asked_audit"},
            form={"sure": "yes", "posted": "yes"},
            leaves=(S.AUDITOR_GRANTED,) * 2,
            trail="rose ivy",
        ),
    ),
    "POST /auditors/{grant}/object": (
        Act(
            who="ida", ids={"grant": "trusts_audit"}, form={"words": "Too long."}, leaves=(S.AUDITOR_OBJECTED,) * 2,
            trail="rose ivy",
        ),
    ),
    "POST /auditors/{grant}/link": (Act(who="hal", leaves=(S.AUDITOR_LINK_MADE,)),),
    "POST /auditors/{grant}/revoke": (Act(form={"sure": "yes"}, leaves=(S.AUDITOR_REVOKED,)),),
}  # fmt: skip

BLOCKED: Final = (S.SCHOOL_BLOCKED, S.CONNECTION_WITHDRAWN, S.NETWORK_INVITATION_WITHDRAWN)  # Hazel was asked for both
LINK_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /schools/{school}/ask": (Act(ids={"school": "elmwood"}, form=SEEN_TO_CONNECT, leaves=(S.CONNECTION_ASKED,)),),
    "POST /schools/{school}/disconnect": (Act(ids={"school": "fern"}, leaves=(S.CONNECTION_ENDED,)),),
    "POST /schools/{school}/block": (Act(ids={"school": "hazel"}, leaves=BLOCKED),),
    "POST /schools/{school}/unblock": (Act(ids={"school": "gorse"}, leaves=(S.SCHOOL_UNBLOCKED,)),),
    "POST /connections/{request_id}/withdraw": (Act(ids={"request_id": "asked"}, leaves=(S.CONNECTION_WITHDRAWN,)),),
    "POST /connections/{request_id}/accept": (Act(form=SEEN_TO_CONNECT, leaves=(S.CONNECTION_ACCEPTED,)),),
    "POST /connections/{request_id}/decline": (Act(leaves=(S.CONNECTION_DECLINED,)),),
    "POST /networks": (Act(form={"name": "Ashby cluster", "kind": "cluster"}, leaves=(S.NETWORK_STARTED,)),),
    "POST /networks/{network}/invite/{school}": (Act(ids={"school": "elmwood"}, form=SEEN, leaves=(S.NETWORK_SCHOOL_INVITED,)),),
    "POST /networks/{network}/leave": (Act(leaves=(S.NETWORK_LEFT,)),),
    "POST /networks/invitations/{invitation}/join": (Act(form=SEEN_TO_JOIN, leaves=(S.NETWORK_JOINED,)),),
    "POST /networks/invitations/{invitation}/withdraw": (
        Act(ids={"invitation": "sent_invitation"}, leaves=(S.NETWORK_INVITATION_WITHDRAWN,)),
    ),
    "POST /networks/invitations/{invitation}/decline": (Act(leaves=(S.NETWORK_DECLINED,)),),
    "POST /api/v1/connections": (Act(json={"school": "{elmwood}"}, leaves=(S.CONNECTION_ASKED,)),),
    "POST /api/v1/connections/requests/{request_id}": (
        Act(json={"answer": "accept"}, leaves=(S.CONNECTION_ACCEPTED,)),
        Act(json={"answer": "decline"}, leaves=(S.CONNECTION_DECLINED,)),
    ),
    "DELETE /api/v1/connections/requests/{request_id}": (Act(ids={"request_id": "asked"}, leaves=(S.CONNECTION_WITHDRAWN,)),),
    "DELETE /api/v1/connections/{school}": (Act(ids={"school": "fern"}, leaves=(S.CONNECTION_ENDED,)),),
    "POST /api/v1/blocks": (Act(json={"school": "{hazel}"}, leaves=BLOCKED),),
    "DELETE /api/v1/blocks/{school}": (Act(ids={"school": "gorse"}, leaves=(S.SCHOOL_UNBLOCKED,)),),
}

SUPPLIER_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /suppliers/new": (
        Act(form={"name": "Elm Electrics"}, leaves=(V.SUPPLIER_ADDED,)),
        Act(form={"name": "Elm Electrics", "same_as": "{cleaning}"}, leaves=(V.SUPPLIER_ADOPTED,)),
        Act(form={"name": "Ashby Boiler", "same_as": "none"}, leaves=(V.SUPPLIER_ADDED, V.SUPPLIER_DECIDED)),
    ),
    "POST /suppliers/{supplier_id}/use": (Act(ids={"supplier_id": "cleaning"}, leaves=(V.SUPPLIER_ADOPTED,)),),
    "POST /suppliers/{supplier_id}/stop": (Act(leaves=(V.SUPPLIER_LEFT,)),),
    "POST /suppliers/{supplier_id}/edit": (Act(form={"name": "Elm Electrics"}, leaves=(V.SUPPLIER_CHANGED,)),),
    "POST /api/v1/suppliers": (Act(json={"name": "Elm Electrics"}, leaves=(V.SUPPLIER_ADDED,)),),
    "PUT /api/v1/suppliers/{supplier_id}/use": (Act(ids={"supplier_id": "cleaning"}, leaves=(V.SUPPLIER_ADOPTED,)),),
    "DELETE /api/v1/suppliers/{supplier_id}/use": (Act(leaves=(V.SUPPLIER_LEFT,)),),
}

COMPARED: Final = {"one": "{boilers}", "other": "{catering}", "seen": "{seen_own}"}
ENTRIES: Final = {"one": "{cleaning}", "other": "{alike}", "seen": "{seen_entries}"}

# Oakfield's own, and the directory's by Olive, who runs the installation.
MERGE_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /api/v1/suppliers/{supplier_id}/merge": (
        Act(json={"into": "{catering}"}, leaves=(V.SUPPLIER_MERGED,)),
        Act(
            who="olive", ids={"supplier_id": "cleaning"}, json={"into": "{alike}", "directory": True},
            leaves=(V.DIRECTORY_MERGED,),
        ),
    ),
    "POST /api/v1/merges/{merge_id}/undo": (
        Act(leaves=(V.SUPPLIER_MERGE_UNDONE,)),
        Act(who="olive", ids={"merge_id": "entries_merge"}, query="directory=true", leaves=(V.DIRECTORY_MERGE_UNDONE,)),
    ),
    "POST /api/v1/decisions": (
        Act(json={"one": "{boilers}", "other": "{catering}", "judgement": "different"}, leaves=(V.SUPPLIER_DECIDED,)),
        Act(
            who="olive", json={"one": "{cleaning}", "other": "{alike}", "judgement": "unsure", "directory": True},
            leaves=(V.DIRECTORY_DECIDED,),
        ),
    ),
    "DELETE /api/v1/decisions/{decision_id}": (
        Act(leaves=(V.SUPPLIER_DECISION_TAKEN_BACK,)),
        Act(
            who="olive", ids={"decision_id": "entries_decision"}, query="directory=true",
            leaves=(V.DIRECTORY_DECISION_TAKEN_BACK,),
        ),
    ),
    "POST /api/v1/suppliers/{supplier_id}/links": (
        Act(json={"to": "{catering}", "kind": "site_of"}, leaves=(V.SUPPLIER_LINKED,)),
        Act(
            who="olive", ids={"supplier_id": "cleaning"}, json={"to": "{alike}", "kind": "part_of", "directory": True},
            leaves=(V.DIRECTORY_LINKED,),
        ),
    ),
    "POST /suppliers/duplicates": (Act(form={"pairs": "{boilers}:{catering}"}, leaves=(V.SUPPLIER_DECIDED,)),),
    "POST /suppliers/compare": (
        Act(form=COMPARED | {"answer": "same", "other_name": "yes"}, leaves=(V.SUPPLIER_MERGED,)),
        Act(form=COMPARED | {"answer": "unsure"}, leaves=(V.SUPPLIER_DECIDED,)),
        Act(form=COMPARED | {"answer": "linked", "link": "site_of:left"}, leaves=(V.SUPPLIER_LINKED,)),
    ),
    "POST /directory/compare": (
        Act(who="olive", form=ENTRIES | {"answer": "same"}, leaves=(V.DIRECTORY_MERGED,)),
        Act(who="olive", form=ENTRIES | {"answer": "different"}, leaves=(V.DIRECTORY_DECIDED,)),
        Act(who="olive", form=ENTRIES | {"answer": "linked", "link": "part_of:right"}, leaves=(V.DIRECTORY_LINKED,)),
    ),
    "POST /suppliers/merges/{merge_id}/undo": (Act(leaves=(V.SUPPLIER_MERGE_UNDONE,)),),
    "POST /directory/merges/{merge_id}/undo": (
        Act(who="olive", ids={"merge_id": "entries_merge"}, leaves=(V.DIRECTORY_MERGE_UNDONE,)),
    ),
    "POST /suppliers/links/{link_id}/end": (Act(leaves=(V.SUPPLIER_UNLINKED,)),),
    "POST /directory/links/{link_id}/end": (
        Act(who="olive", ids={"link_id": "entries_link"}, leaves=(V.DIRECTORY_UNLINKED,)),
    ),
    "POST /suppliers/decisions/{decision_id}/take-back": (Act(leaves=(V.SUPPLIER_DECISION_TAKEN_BACK,)),),
    "POST /directory/decisions/{decision_id}/take-back": (
        Act(who="olive", ids={"decision_id": "entries_decision"}, leaves=(V.DIRECTORY_DECISION_TAKEN_BACK,)),
    ),
    "DELETE /api/v1/links/{link_id}": (
        Act(leaves=(V.SUPPLIER_UNLINKED,)),
        Act(who="olive", ids={"link_id": "entries_link"}, query="directory=true", leaves=(V.DIRECTORY_UNLINKED,)),
    ),
}  # fmt: skip

CORRECTED: Final = {"name": "Quince Music", "seen": "{seen_quince}"}

# Oakfield's proposals about entries, and what Olive changes as curator.
CORRECTION_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /suppliers/{supplier_id}/correct": (
        Act(
            ids={"supplier_id": "alike"}, form={"name": "Ashby Boilers", "why": "Their invoice."},
            leaves=(V.CORRECTION_PROPOSED,),
        ),
    ),
    "POST /api/v1/suppliers/{supplier_id}/corrections": (
        Act(
            ids={"supplier_id": "alike"}, json={"name": "Ashby Boilers", "why": "Their invoice."},
            leaves=(V.CORRECTION_PROPOSED,),
        ),
    ),
    "POST /suppliers/corrections/{correction_id}/withdraw": (Act(leaves=(V.CORRECTION_WITHDRAWN,)),),
    "DELETE /api/v1/directory/corrections/{correction_id}": (Act(leaves=(V.CORRECTION_WITHDRAWN,)),),
    "POST /directory/corrections/{correction_id}/refuse": (
        Act(who="olive", form={"answer": "It is right.", "entry": "{cleaning}"}, leaves=(V.DIRECTORY_CORRECTION_REFUSED,)),
    ),
    "POST /directory/entries/{supplier_id}": (
        Act(who="olive", ids={"supplier_id": "quince"}, form=CORRECTED, leaves=(V.DIRECTORY_CORRECTED,)),
    ),
    "POST /directory/entries/{supplier_id}/remove": (
        Act(
            who="olive", ids={"supplier_id": "quince"}, form={"seen": "{seen_quince}"}, leaves=(V.DIRECTORY_REMOVED,),
        ),
    ),
    "POST /directory/entries/{supplier_id}/erase": (
        Act(
            who="olive", ids={"supplier_id": "quince"}, form={"seen": "{seen_quince}", "reason": "asked", "sure": "yes"},
            leaves=(V.DIRECTORY_NAME_ERASED, A.ERASURE_APPLIED),
        ),
    ),
    "POST /directory/edits/{edit_id}/undo": (Act(who="olive", leaves=(V.DIRECTORY_EDIT_UNDONE,)),),
}  # fmt: skip

A_LIST: Final = {"file": ("suppliers.csv", b"Supplier name\nElm Electrics\n")}
COLUMNS: Final = {"column-0": "name"}
IMPORTED: Final = (V.SUPPLIER_ADDED, V.SUPPLIER_ADOPTED, V.SUPPLIER_CHANGED, V.SUPPLIERS_IMPORTED)

IMPORT_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /suppliers/import": (
        Act(files=A_LIST),
        Act(
            who="tom",
            form={"trusts": "yes", "school": "{ivy}"},
            files=A_LIST,
            leaves=(V.SUPPLIERS_PUT_BEFORE,) * 2,
            trail="rose ivy",
        ),
    ),
    "POST /suppliers/imports/{import_id}/sheet": (Act(form={"sheet": "0", "header": "1"}),),
    "POST /suppliers/imports/{import_id}/columns": (Act(form=COLUMNS),),
    "POST /suppliers/imports/{import_id}/answers": (Act(form={"which": "known", "choice-3": "skip"}),),
    "POST /suppliers/imports/{import_id}/questions": (Act(form={"choice-{import_question}": "skip"}),),
    "POST /suppliers/imports/{import_id}/start": (Act(form={"which": "ready"}, leaves=IMPORTED),),
    "POST /suppliers/imports/{import_id}/discard": (Act(),),
    "POST /api/v1/suppliers/imports": (Act(files=A_LIST),),
    "PUT /api/v1/suppliers/imports/{import_id}/sheet": (Act(json={"headings_row": 1}),),
    "PUT /api/v1/suppliers/imports/{import_id}/columns": (Act(json={"holds": ["name", None]}),),
    "POST /api/v1/suppliers/imports/{import_id}/answers": (Act(json={"answers": [{"row": 3, "choice": "skip"}]}),),
    "POST /api/v1/suppliers/imports/{import_id}/start": (Act(json={"all_or_nothing": False}, leaves=IMPORTED),),
    "DELETE /api/v1/suppliers/imports/{import_id}": (Act(),),
}

WIDE_NOTE: Final = {"note_id": "wide_note"}
OTHER_WORDS: Final = {"about": "problem", "body": "Nobody came, and nobody said sorry."}

TAKEN_IN: Final = (
    *(V.SUPPLIER_ADDED, V.SUPPLIER_LEFT, V.NOTE_WRITTEN, C.CONTRACT_ADDED, C.SERVICE_LOGGED, C.SERVICE_STAMPED),
    D.RECORDS_TAKEN_IN,
)
IN_LATER_VERSIONS: Final = (
    *(C.CALENDAR_SAVED, C.METRIC_ADDED, C.METRIC_CHANGED, C.METRIC_ENDED, C.CONTRACT_DOCUMENT_ADDED, C.CLAIM_AGREED),
    *(C.SERVICE_DISCUSSED, C.OUTCOME_AGREED, C.SERVICE_PHOTO_ADDED, C.REVIEW_HELD, C.ACTION_DONE, C.CONTRACT_DECIDED),
    *(C.CONTRACT_VARIED, C.CONCERN_RAISED, C.CONCERN_STEP, V.ENQUIRY_ASKED, V.ENQUIRY_CLOSED),
    *(C.CONTRACT_ADDED, C.CREDIT_NOTED, C.CREDIT_NOTED),  # a second contract, and a second state
    *(C.ASSESSMENT_SIGNED, C.CONTRACT_QUESTION_ASKED, C.CONTRACT_QUESTION_ANSWERED, C.CONTRACT_LINKED),
    *(C.CONTRACT_NOTICE_SENT, C.DECIDING_SET, C.BUYING_RULES_SAVED),
)
WHOSE: Final = {"whose": "Dale Primary"}  # the school that the records name
TAKING_IN: Final = (
    Act(who="dee", form=WHOSE, files={"file": ("records.json", WITH_A_VOUCH)}, leaves=(*TAKEN_IN, V.VOUCH_GIVEN), trail="dale"),
    Act(
        who="guy",
        form=WHOSE,
        files={"file": ("records.zip", WITH_A_REVIEW)},
        leaves=(*TAKEN_IN, *IN_LATER_VERSIONS, V.REVIEW_WRITTEN),
        trail="gorse",
    ),
)
OWN_RECORDS_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /our-records/copy": (
        Act(form={"copy": "everything.zip"}, leaves=(D.RECORDS_EXPORTED,), governors_too=True),
        Act(form={"copy": ".csv", "list": "suppliers"}, leaves=(D.RECORDS_EXPORTED,), governors_too=True),
    ),
    "POST /foi/new": (
        Act(
            form={
                "reference": "FOI 2026/14",
                "about": "",
                "blank": "Dave",
                "format": "xlsx",
                "list": "notes",
                "give-notes": "0",
                "others-notes": "40",
            },
            leaves=(D.FOI_ANSWERED,),
        ),
    ),
    "POST /our-records/import": TAKING_IN,
    "POST /api/v1/own-records/copy": (
        Act(json={"format": "zip"}, leaves=(D.RECORDS_EXPORTED,), governors_too=True),
        Act(json={"format": "csv", "records": "promises"}, leaves=(D.RECORDS_EXPORTED,), governors_too=True),
    ),
    "POST /api/v1/own-records/import": TAKING_IN,
    "POST /our-records/shares": (
        Act(
            who="hal",
            form={"share": "review:{vouch}", "do": "share"},
            leaves=(V.SHARE_GIVEN, V.SUPPLIER_LISTED, V.DIRECTORY_LISTED, D.RECORDS_SHARES_CONFIRMED),
        ),
        Act(
            who="hal",
            form={"share": "contract:{boiler_contract}", "do": "share"},
            leaves=(C.CONTRACT_SHARED, D.RECORDS_SHARES_CONFIRMED),
        ),
        Act(who="hal", form={"share": "review:{vouch}", "do": "drop"}, leaves=(D.RECORDS_SHARES_DROPPED,)),
    ),
}

OPINION_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    **{
        f"POST {root}/suppliers/{{supplier_id}}/vouch": (
            Act(ids={"supplier_id": "catering"}, leaves=(V.VOUCH_GIVEN,)),
            Act(ids={"supplier_id": "drains"}, leaves=(V.VOUCH_RENEWED,)),
            Act(leaves=(V.REVIEW_REVISED,)),
        )
        for root in ("", "/api/v1")
    },
    "POST /suppliers/vouch": (
        Act(form={"supplier": "{catering}"}, leaves=(V.VOUCH_GIVEN,)),
        Act(form={"supplier": "{boilers}"}, leaves=(V.REVIEW_REVISED,)),
        Act(form={"supplier": "{drains}"}, leaves=(V.VOUCH_RENEWED,)),
    ),
    "POST /suppliers/{supplier_id}/review": (
        Act(ids={"supplier_id": "catering"}, form=OPINION_FORM, leaves=(V.REVIEW_WRITTEN,)),
        Act(
            ids={"supplier_id": "catering"},
            form={"declared": "none", "rating": "", "would_use_again": "yes", "version": ""},
            leaves=(V.VOUCH_GIVEN,),
        ),
        Act(form=OPINION_FORM | {"version": "1"}, leaves=(V.REVIEW_REVISED,)),
        Act(
            ids={"supplier_id": "gravel"},
            form=OPINION_FORM | {"version": "1", "criticism": "Nobody came."},
            leaves=(V.REVIEW_REVISED, V.SHARE_WITHDRAWN),
        ),
    ),
    "POST /reviews/{review_id}/withdraw": (Act(leaves=(V.REVIEW_WITHDRAWN,)),),
    "POST /suppliers/{supplier_id}/interest/withdraw": (Act(ids={"supplier_id": "quarry"}, leaves=(V.INTEREST_WITHDRAWN,)),),
    "DELETE /api/v1/suppliers/{supplier_id}/interest": (Act(ids={"supplier_id": "quarry"}, leaves=(V.INTEREST_WITHDRAWN,)),),
    "POST /suppliers/{supplier_id}/notes/new": (Act(form=NOTE_FORM, leaves=(V.NOTE_WRITTEN,), site_staff_too=True),),
    "POST /notes/{note_id}/edit": (
        Act(form=NOTE_FORM | {"version": "1"}, leaves=(V.NOTE_REVISED,)),
        Act(ids=WIDE_NOTE, form=OTHER_WORDS | {"version": "1"}, leaves=(V.NOTE_REVISED, V.SHARE_WITHDRAWN)),
    ),
    "POST /criticism/{item_id}/confirm": (
        Act(
            who="hal",
            ids={"item_id": "waiting_note"},
            form={"digest": "{waiting_digest}"},
            leaves=(V.CRITICISM_CONFIRMED, V.SHARE_GIVEN),
        ),
    ),
    "POST /notes/{note_id}/withdraw": (Act(leaves=(V.NOTE_WITHDRAWN,)),),
    "POST /api/v1/suppliers/{supplier_id}/reviews": (
        Act(ids={"supplier_id": "catering"}, json=OPINION, leaves=(V.REVIEW_WRITTEN,)),
        Act(ids={"supplier_id": "catering"}, json={"interest": None, "would_use_again": True}, leaves=(V.VOUCH_GIVEN,)),
    ),
    "POST /reviews/{review_id}/still-true": (
        Act(ids={"review_id": "vouch"}, form={"version": "1"}, leaves=(V.VOUCH_RENEWED,)),
        Act(ids={"review_id": "old_review"}, form={"version": "1"}, leaves=(V.REVIEW_SAID_AGAIN,)),
    ),
    "POST /api/v1/reviews/{review_id}/still-true": (
        Act(ids={"review_id": "vouch"}, headers={"If-Match": '"1"'}, leaves=(V.VOUCH_RENEWED,)),
        Act(ids={"review_id": "old_review"}, headers={"If-Match": '"1"'}, leaves=(V.REVIEW_SAID_AGAIN,)),
    ),
    "POST /reviews/{shared_review_id}/helped": (
        Act(form={"helped": "yes", "tells_who": "yes"}, leaves=(V.HELP_SAID,)),
        Act(ids={"shared_review_id": "helping_vouch"}, form={"nothing": "yes"}, leaves=(V.HELP_TAKEN_BACK,)),
    ),
    "PUT /api/v1/reviews/{shared_review_id}/helped": (
        Act(json={"asked_for_quote": True}, leaves=(V.HELP_SAID,)),
        Act(ids={"shared_review_id": "helping_vouch"}, json={}, leaves=(V.HELP_TAKEN_BACK,)),
    ),
    "POST /reviews/{review_id}/logged-jobs": (Act(form={"says": "counts"}, leaves=(C.REVIEW_RESTS_ON_JOBS,)),),
    "PUT /api/v1/reviews/{review_id}/logged-jobs": (Act(json={"says": "rests"}, leaves=(C.REVIEW_RESTS_ON_JOBS,)),),
    "PUT /api/v1/reviews/{review_id}": (
        Act(json=OPINION, headers={"If-Match": '"1"'}, leaves=(V.REVIEW_REVISED,)),
        Act(
            ids={"review_id": "wide_review"},
            json=OPINION | {"criticism": "Nobody came."},
            headers={"If-Match": '"1"'},
            leaves=(V.REVIEW_REVISED, V.SHARE_WITHDRAWN),
            no_key=True,
        ),
    ),
    "DELETE /api/v1/reviews/{review_id}": (Act(leaves=(V.REVIEW_WITHDRAWN,)),),
    "POST /api/v1/suppliers/{supplier_id}/notes": (Act(json=NOTE, leaves=(V.NOTE_WRITTEN,)),),
    "PUT /api/v1/notes/{note_id}": (
        Act(json=NOTE, headers={"If-Match": '"1"'}, leaves=(V.NOTE_REVISED,)),
        Act(
            ids=WIDE_NOTE,
            json=OTHER_WORDS,
            headers={"If-Match": '"1"'},
            leaves=(V.NOTE_REVISED, V.SHARE_WITHDRAWN),
            no_key=True,
        ),
    ),
    "DELETE /api/v1/notes/{note_id}": (Act(leaves=(V.NOTE_WITHDRAWN,)),),
}

ASKED: Final = {"category": "heating", "text": "Who is good?"}
HIDDEN_ENQUIRY: Final = {"enquiry_id": "hidden_enquiry"}


def _answer_acts(*, over_json: bool) -> tuple[Act, ...]:
    """An answer with a vouch: a first one, one that is renewed, one that a review says from now on; and one with a name."""
    each = (("catering", (V.VOUCH_GIVEN,)), ("drains", (V.VOUCH_RENEWED,)), ("boilers", (V.REVIEW_REVISED,)))
    vouches = [({"answers_with": "vouch", "supplier": f"{{{name}}}"}, (V.ENQUIRY_ANSWERED, *left)) for name, left in each]
    named = ({"answers_with": "supplier", "supplier": "{cleaning}"}, (V.ENQUIRY_ANSWERED,))
    each_left = (*vouches, named)
    return tuple(Act(leaves=left, json=body) if over_json else Act(leaves=left, form=body) for body, left in each_left)


ASKING_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /enquiries": (Act(form=ASKED | {"to": "connected"}, leaves=(V.ENQUIRY_ASKED,)),),
    "POST /enquiries/{shared_enquiry_id}/answer": _answer_acts(over_json=False),
    "POST /api/v1/enquiries": (
        Act(json={"category": "heating", "text": "Who is good?", "to": {"kind": "near", "miles": 5}}, leaves=(V.ENQUIRY_ASKED,)),
    ),
    "POST /api/v1/enquiries/{shared_enquiry_id}/answer": _answer_acts(over_json=True),
    **{f"POST {root}/enquiries/{{enquiry_id}}/close": (Act(leaves=(V.ENQUIRY_CLOSED,)),) for root in ("", "/api/v1")},
    **{f"POST {root}/enquiries/{{enquiry_id}}/hide": (Act(leaves=(V.ENQUIRY_HIDDEN,)),) for root in ("", "/api/v1")},
    "POST /enquiries/{enquiry_id}/show-again": (Act(ids=HIDDEN_ENQUIRY, leaves=(V.ENQUIRY_SHOWN,)),),
    "POST /api/v1/enquiries/{enquiry_id}/show": (Act(ids=HIDDEN_ENQUIRY, leaves=(V.ENQUIRY_SHOWN,)),),
}

SHARED: Final = {"with": "school", "school": "{fern}", "fields-school": "rating"}


def _share_acts(what: str) -> dict[str, tuple[Act, ...]]:
    """The first share of an own supplier's opinion lists it, or joins it to the entry that it is."""
    shared = {"item_id": f"shared_{what}"}
    joined = (V.SHARE_GIVEN, V.SUPPLIER_JOINED)
    return {
        f"PUT /api/v1/{what}s/{{item_id}}/audience": (
            Act(ids={"item_id": what}, json=TO_FERN, leaves=LISTED),
            Act(ids={"item_id": what}, json=TO_FERN | {"same_as": "{alike}"}, leaves=joined),
            Act(ids=shared, json={"grants": []}, leaves=(V.SHARE_WITHDRAWN,)),
        ),
        f"DELETE /api/v1/{what}s/{{item_id}}/audience": (Act(ids=shared, leaves=(V.SHARE_WITHDRAWN,)),),
        f"POST /{what}s/{{item_id}}/share": (
            Act(
                ids={"item_id": what},
                form=SHARED | {"same_as": "new", "seen": f"{{seen_{what}}}"},
                leaves=(*LISTED, V.SUPPLIER_DECIDED),
            ),
            Act(ids={"item_id": what}, form=SHARED | {"same_as": "{alike}", "seen": f"{{seen_{what}}}"}, leaves=joined),
        ),
        f"POST /{what}s/{{item_id}}/unshare": (Act(ids=shared, form={}, leaves=(V.SHARE_WITHDRAWN,)),),
        "POST /shared/stop": (Act(form={"line": "{shared_line}"}, leaves=(V.SHARE_WITHDRAWN,)),),
    }


TERMS_TO_FERN: Final = {"grants": [{"kind": "school", "subject": "{fern}", "fields": ["terms"]}]}
TERMS_SHARED: Final = {"with": "school", "school": "{fern}", "fields-school": "terms", "seen": "{seen_boiler_contract}"}
CONTRACT_LISTED: Final = (C.CONTRACT_SHARED, V.SUPPLIER_LISTED, V.DIRECTORY_LISTED)
CONTRACT_JOINED: Final = (C.CONTRACT_SHARED, V.SUPPLIER_JOINED)
BOILER_CONTRACT: Final = {"contract_id": "boiler_contract"}
SHARED_CONTRACT: Final = {"contract_id": "shared_contract"}

CONTRACT_SHARE_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "PUT /api/v1/contracts/{contract_id}/audience": (
        Act(ids=BOILER_CONTRACT, json=TERMS_TO_FERN, leaves=CONTRACT_LISTED),
        Act(ids=BOILER_CONTRACT, json=TERMS_TO_FERN | {"same_as": "{alike}"}, leaves=CONTRACT_JOINED),
        Act(ids=SHARED_CONTRACT, json={"grants": []}, leaves=(C.CONTRACT_SHARE_ENDED,)),
    ),
    "DELETE /api/v1/contracts/{contract_id}/audience": (Act(ids=SHARED_CONTRACT, leaves=(C.CONTRACT_SHARE_ENDED,)),),
    "POST /contracts/{contract_id}/share": (
        Act(ids=BOILER_CONTRACT, form=TERMS_SHARED | {"same_as": "new"}, leaves=(*CONTRACT_LISTED, V.SUPPLIER_DECIDED)),
        Act(ids=BOILER_CONTRACT, form=TERMS_SHARED | {"same_as": "{alike}"}, leaves=CONTRACT_JOINED),
    ),
    "POST /contracts/{contract_id}/unshare": (Act(ids=SHARED_CONTRACT, form={}, leaves=(C.CONTRACT_SHARE_ENDED,)),),
    "POST /contracts/shared/stop": (Act(form={"line": "{shared_contract_line}"}, leaves=(C.CONTRACT_SHARE_ENDED,)),),
}

A_DOCUMENT: Final = {"file": ("cover.txt", b"Insured until next March.")}

DOCUMENT_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /contracts/{contract_id}/documents": (
        Act(form={"kind": "insurance", "answers": "-"}, files=A_DOCUMENT, leaves=(C.CONTRACT_DOCUMENT_ADDED,)),
    ),
    "POST /contracts/documents/{document_id}/correct": (Act(form={"kind": "other"}, leaves=(C.CONTRACT_DOCUMENT_CORRECTED,)),),
    "POST /api/v1/contracts/documents/{document_id}/hide": (Act(leaves=(C.CONTRACT_DOCUMENT_HIDDEN,)),),
    "POST /api/v1/contracts/documents/{document_id}/show": (
        Act(ids={"document_id": "hidden_document"}, leaves=(C.CONTRACT_DOCUMENT_SHOWN,)),
    ),
    "POST /contracts/documents/{document_id}/hide": (Act(leaves=(C.CONTRACT_DOCUMENT_HIDDEN,)),),
    "POST /contracts/documents/{document_id}/show-again": (
        Act(ids={"document_id": "hidden_document"}, leaves=(C.CONTRACT_DOCUMENT_SHOWN,)),
    ),
}

ABOUT_BOILERS: Final = {"what": "chosen", "streams": "supplier:{boilers}", "grade": "complete"}

# Governors take away too: what is in it ends where their reading ends.
TRAIL_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /trail/packs": (Act(form=ABOUT_BOILERS, leaves=(A.PACK_EXPORTED,), governors_too=True),),
    "POST /trail/download": (
        Act(form={"format": "csv", "stream": "supplier:{boilers}"}, leaves=(A.TIMELINE_EXPORTED,), governors_too=True),
    ),
    "POST /api/v1/trail/pack": (
        Act(json={"grade": "extract", "streams": ["supplier:{boilers}"]}, leaves=(A.PACK_EXPORTED,), governors_too=True),
    ),
}


SEAL_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /trail/seals/recipients": (Act(form={"email": "chair@school.example"}, leaves=(A.SEAL_RECIPIENT_ADDED,)),),
    "POST /trail/seals/recipients/{recipient}/remove": (Act(leaves=(A.SEAL_RECIPIENT_REMOVED,)),),
    "POST /trail/seals/send": (Act(),),
}

NAMED_IN_A_NOTE: Final = {"person": "nobody", "text": "Late in March"}
DECIDED: Final = {"chosen": "note:{note}", "reason": "wrong", "words": "Not ours to keep."}

ERASURE_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /erasures/find": (Act(form=NAMED_IN_A_NOTE),),
    "POST /erasures": (Act(form=NAMED_IN_A_NOTE | DECIDED, leaves=(A.ERASURE_ASKED,)),),
    "POST /api/v1/reviews/{review_id}/hide": (Act(leaves=(V.REVIEW_HIDDEN,)),),
    "POST /api/v1/reviews/{review_id}/show": (Act(ids={"review_id": "hidden_review"}, leaves=(V.REVIEW_SHOWN,)),),
    "POST /api/v1/notes/{note_id}/hide": (Act(leaves=(V.NOTE_HIDDEN,)),),
    "POST /api/v1/notes/{note_id}/show": (Act(ids={"note_id": "hidden_note"}, leaves=(V.NOTE_SHOWN,)),),
    "POST /api/v1/attachments/{attachment_id}/hide": (Act(leaves=(V.ATTACHMENT_HIDDEN,)),),
    "POST /api/v1/attachments/{attachment_id}/show": (Act(ids={"attachment_id": "hidden_file"}, leaves=(V.ATTACHMENT_SHOWN,)),),
    "POST /reviews/{review_id}/hide": (Act(leaves=(V.REVIEW_HIDDEN,)),),
    "POST /reviews/{review_id}/show-again": (Act(ids={"review_id": "hidden_review"}, leaves=(V.REVIEW_SHOWN,)),),
    "POST /notes/{note_id}/hide": (Act(leaves=(V.NOTE_HIDDEN,)),),
    "POST /notes/{note_id}/show-again": (Act(ids={"note_id": "hidden_note"}, leaves=(V.NOTE_SHOWN,)),),
    "POST /attachments/{attachment_id}/hide": (Act(leaves=(V.ATTACHMENT_HIDDEN,)),),
    "POST /attachments/{attachment_id}/show-again": (
        Act(ids={"attachment_id": "hidden_file"}, leaves=(V.ATTACHMENT_SHOWN,)),
    ),
    "POST /erasures/outside/{waiting_id}/approve": (
        Act(who="olive", ids={"waiting_id": "dales_erasure"}, form={"sure": "yes"}, leaves=(A.ERASURE_APPLIED,), trail="dale"),
    ),
    "POST /erasures/{erasure_id}/write": (
        Act(who="dee", ids={"erasure_id": "dales_erasure"}, leaves=(S.OUTSIDE_LINK_MADE,), trail="dale"),
    ),
    "POST /outside/erasure/{token}": (
        Act(who="", ids={"token": "chair_erasure"}, form={"sure": "yes"}, leaves=(A.ERASURE_APPLIED,), trail="dale"),
    ),
    "POST /erasures/{erasure_id}/approve": (Act(form={"sure": "yes"}, leaves=(A.ERASURE_APPLIED,)),),
    "POST /erasures/{erasure_id}/withdraw": (Act(leaves=(A.ERASURE_WITHDRAWN,)),),
    "POST /erasures/holds": (Act(form={"about": "supplier:{boilers}", "reason": "A claim."}, leaves=(A.HOLD_PLACED,)),),
    "POST /erasures/holds/{hold_id}/lift": (Act(leaves=(A.HOLD_LIFTED,)),),
    "POST /erasures/retention": (
        Act(
            form={
                "kind": "notes", "years": "3", "source": "Our policy.",
                "from_date-day": "1", "from_date-month": "2", "from_date-year": "2026",
            },
            leaves=(A.RETENTION_SET,),
        ),
    ),
    "POST /people/{person}/data": (Act(who="hal", leaves=(A.SUBJECT_ACCESS_GIVEN,)),),  # Ann declared an interest
}  # fmt: skip

CALENDAR_FORM: Final = {
    "version": "1", "from_day-day": "{today.day}", "from_day-month": "{today.month}", "from_day-year": "{today.year}",
    "whose": "own", "hours_mon": "08:00 to 17:00", "nation": "ENG", "only": "year",
    "sure": "yes",
}  # fmt: skip
CALENDAR: Final = {"from_day": "{today}", "weekly": {"mon": [["08:00", "17:00"]]}}
FIRST, SECOND = {"If-Match": '"0"'}, {"If-Match": '"1"'}

# Oakfield's own, and Rose Trust's, which Ivy follows.
CALENDAR_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /calendar/change": (
        Act(form=CALENDAR_FORM, leaves=(C.CALENDAR_SAVED,), trust_leads_too=True),
        Act(
            who="tom",
            form=CALENDAR_FORM | {"version": "0"},
            leaves=(C.CALENDAR_SAVED, C.CALENDAR_GIVEN),
            trail="rose ivy",
            trust_leads_too=True,
        ),
    ),
    "POST /calendar/terms": (Act(form={"pasted": "Autumn term: 2 Sep 2026 to 18 Dec 2026", "six": ""}, trust_leads_too=True),),
    "PUT /api/v1/calendar": (
        Act(json=CALENDAR, headers=SECOND, leaves=(C.CALENDAR_SAVED,), trust_leads_too=True),
        Act(
            who="tom",
            json=CALENDAR,
            headers=FIRST,
            leaves=(C.CALENDAR_SAVED, C.CALENDAR_GIVEN),
            trail="rose ivy",
            trust_leads_too=True,
        ),
    ),
}

# Of Oakfield's contract: a call that is open, one that is fixed, what the supplier claims.
A_CALL: Final = {
    "what": "Cold in the hall", "priority": "P1", "happened-day": "2", "happened-month": "3", "happened-year": "2026",
    "happened_time": "09:30", "told_how": "not_yet",
}  # fmt: skip
LAST_DAY: Final = {"until-day": "{today.day}", "until-month": "{today.month}", "until-year": "{today.year}"}
A_PROMISE: Final = {
    "kind": "time_to_event", "name": "Here", "stage": "attended", "time_P1": "4 hours", "target": "95", "period": "term",
    "from-day": "{today.day}", "from-month": "{today.month}", "from-year": "{today.year}",
}  # fmt: skip
JOBS: Final = b"Ticket,Description,Priority,Date logged,Completed\nA1,Cold,P1,02/03/2026 09:30,02/03/2026 12:00\n"
SERVICE_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /contracts/{contract_id}/log": (
        Act(form=A_CALL, leaves=(C.SERVICE_LOGGED,)),
        Act(form=A_CALL, files=A_DOCUMENT, leaves=(C.SERVICE_LOGGED, C.SERVICE_PHOTO_ADDED)),
    ),
    "POST /service-events/{job_id}/photos": (Act(files=A_DOCUMENT, leaves=(C.SERVICE_PHOTO_ADDED,)),),
    "POST /api/v1/service-events/photos/{photo_id}/hide": (Act(leaves=(C.SERVICE_PHOTO_HIDDEN,)),),
    "POST /api/v1/service-events/photos/{photo_id}/show": (
        Act(ids={"photo_id": "hidden_photo"}, leaves=(C.SERVICE_PHOTO_SHOWN,)),
    ),
    "POST /service-events/photos/{photo_id}/hide": (Act(leaves=(C.SERVICE_PHOTO_HIDDEN,)),),
    "POST /service-events/photos/{photo_id}/show-again": (
        Act(ids={"photo_id": "hidden_photo"}, leaves=(C.SERVICE_PHOTO_SHOWN,)),
    ),
    "POST /service-events/{job_id}/stamp": (Act(form={"kind": "fixed"}, leaves=(C.SERVICE_STAMPED,)),),
    "POST /service-events/{job_id}/claims/{stamp_id}/agree": (Act(ids={"stamp_id": "claim"}, leaves=(C.CLAIM_AGREED,)),),
    "POST /service-events/{job_id}/correct": (Act(form={**A_CALL, "reason": "A slip."}, leaves=(C.SERVICE_CORRECTED,)),),
    "POST /service-events/{job_id}/stamps/{stamp_id}/correct": (
        Act(form={"never_happened": "yes", "reason": "A slip."}, leaves=(C.STAMP_CORRECTED,)),
    ),
    "POST /service-events/{job_id}/discussed": (Act(form={"state": "agreed"}, leaves=(C.SERVICE_DISCUSSED,)),),
    "POST /service-events/{job_id}/agreed": (
        Act(form={"outcome": "met", "reason": "Our gate.", "ours": "Ann", "theirs": "Bo"}, leaves=(C.OUTCOME_AGREED,)),
    ),
    "POST /contracts/{contract_id}/promises/set": (Act(form={"set": "energy"}, leaves=(C.METRIC_ADDED,) * 5),),
    "POST /contracts/{contract_id}/promises/new": (Act(form=A_PROMISE, leaves=(C.METRIC_ADDED,)),),
    "POST /promises/{metric_id}": (Act(form=A_PROMISE, leaves=(C.METRIC_CHANGED,)),),
    "POST /promises/{metric_id}/end": (Act(form=LAST_DAY, leaves=(C.METRIC_ENDED,)),),
    "POST /contracts/{contract_id}/job-list": (
        Act(
            form={"how": "telephone"}, files={"file": ("jobs.csv", JOBS)},
            leaves=(C.SERVICE_LOGGED, C.SERVICE_STAMPED),
        ),
    ),
    "POST /api/v1/contracts/{contract_id}/events": (
        Act(
            json={"what": "Cold", "priority": "P1", "happened_at": "2026-03-02T09:30:00Z"}, leaves=(C.SERVICE_LOGGED,),
        ),
    ),
}  # fmt: skip

CONTRACT_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /contracts/new": (
        Act(form={"title": "Minibus lease"}, leaves=(C.CONTRACT_ADDED,), trust_leads_too=True),
        Act(
            form={"title": "Minibus lease", "supplier_name": "Moor Minibuses", "same_as": "add", "asked": "yes"},
            leaves=(C.CONTRACT_ADDED, V.SUPPLIER_ADDED),
        ),
        Act(
            form={"title": "Boiler lease", "supplier_name": "Ashby Boiler", "same_as": "add", "asked": "yes"},
            leaves=(C.CONTRACT_ADDED, V.SUPPLIER_ADDED, V.SUPPLIER_DECIDED),
        ),
    ),
    "POST /contracts/{contract_id}/edit/{part}": (
        Act(ids={"contract_id": "copiers"}, form={"version": "1", "officer": "Bea Birch"}, leaves=(C.CONTRACT_CHANGED,)),
    ),
    "POST /contracts/{contract_id}/questions/{question}": (
        Act(
            ids={"contract_id": "copiers"},
            form={"version": "1", "supplier_name": "Moor Minibuses", "same_as": "add", "asked": "yes"},
            leaves=(C.CONTRACT_CHANGED, V.SUPPLIER_ADDED),
        ),
        Act(
            ids={"contract_id": "copiers"},
            form={"version": "1", "supplier_name": "Dene Drain", "same_as": "add", "asked": "yes"},
            leaves=(C.CONTRACT_CHANGED, V.SUPPLIER_ADDED, V.SUPPLIER_DECIDED),
        ),
    ),
    "POST /api/v1/contracts": (
        Act(
            json={
                "title": "Minibus lease", "starts_on": "2026-09-01", "term": {"n": 3, "unit": "years"},
                "notice": [{"n": 3, "unit": "months"}, {"by": "12-31"}], "annual_pence": 360_000,
            },
            leaves=(C.CONTRACT_ADDED,), trust_leads_too=True,
        ),
    ),
    "PUT /api/v1/contracts/{contract_id}": (
        Act(
            ids={"contract_id": "copiers"}, json={"title": "Copiers"}, headers={"If-Match": '"1"'},
            leaves=(C.CONTRACT_CHANGED,),
        ),
    ),
    "DELETE /api/v1/contracts/{contract_id}": (Act(ids={"contract_id": "copiers"}, leaves=(C.CONTRACT_WITHDRAWN,)),),
    "POST /contracts/{contract_id}/take-out": (Act(ids={"contract_id": "copiers"}, leaves=(C.CONTRACT_WITHDRAWN,)),),
    "POST /contracts/{contract_id}/variation": (
        Act(
            ids={"contract_id": "copiers"},
            form={
                "version": "1", "agreed_on-day": "{today.day}", "agreed_on-month": "{today.month}",
                "agreed_on-year": "{today.year}", "what": "Two more machines.", "annual_pence": "5,000",
            },
            leaves=(C.CONTRACT_VARIED,),
        ),
    ),
    "POST /contracts/{contract_id}/extensions": (
        Act(
            ids={"contract_id": "copiers"}, form={"version": "1", "extensions-0-n": "2", "extensions-0-unit": "years"},
            leaves=(C.CONTRACT_CHANGED,),
        ),
    ),
    "POST /contracts/{contract_id}/extend": (
        Act(
            ids={"contract_id": "copiers"},
            form={
                "version": "1", "decided_on-day": "{today.day}", "decided_on-month": "{today.month}",
                "decided_on-year": "{today.year}", "decided_by": "The finance committee",
            },
            leaves=(C.CONTRACT_EXTENDED,),
        ),
    ),
    "POST /contracts/{contract_id}/link": (
        Act(ids={"contract_id": "copiers"}, form={"other": "{grounds}", "kind": "together"}, leaves=(C.CONTRACT_LINKED,)),
    ),
    "POST /contracts/links/{contract_link}/end": (Act(leaves=(C.CONTRACT_LINK_ENDED,)),),
    "POST /contracts/{contract_id}/schools": (
        Act(
            who="tom", ids={"contract_id": "trusts_contract"}, form={"version": "1", "covers": "{ivy}"},
            leaves=(C.CONTRACT_CHANGED,), trail="rose", trust_leads_too=True,
        ),
    ),
    "POST /contracts/{contract_id}/sent": (
        Act(
            ids={"contract_id": "copiers"},
            form={"sent_on-day": "{today.day}", "sent_on-month": "{today.month}", "sent_on-year": "{today.year}", "how": "post"},
            leaves=(C.CONTRACT_NOTICE_SENT,),
        ),
    ),
    "POST /contracts/{contract_id}/notice-given": (
        Act(
            ids={"contract_id": "copiers"},
            form={
                "version": "1", "notice_given_on-day": "{today.day}", "notice_given_on-month": "{today.month}",
                "notice_given_on-year": "{today.year}",
            },
            leaves=(C.CONTRACT_NOTICE_GIVEN,),
        ),
    ),
    "POST /contracts/{contract_id}/ended": (
        Act(
            ids={"contract_id": "copiers"},
            form={
                "version": "1", "ceased_on-day": "{today.day}", "ceased_on-month": "{today.month}",
                "ceased_on-year": "{today.year}",
            },
            leaves=(C.CONTRACT_CEASED,),
        ),
    ),
}  # fmt: skip
A_REGISTER: Final = {
    "file": ("contracts.csv", b"Contract,Supplier,Start,End,Notice\nGas,Fen Gas,01/09/2024,31/08/2027,3 months\n")
}
REGISTER_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /contracts/import": (Act(files=A_REGISTER, trust_leads_too=True),),
    "POST /contracts/imports/{register_id}/columns": (Act(form={"sheet": "", "header": "1"}, trust_leads_too=True),),
    "POST /contracts/imports/{register_id}/answers": (Act(form={"which": "ask", "row": "1"}, trust_leads_too=True),),
    "POST /contracts/imports/{register_id}/unknown": (Act(trust_leads_too=True),),
    "POST /contracts/imports/{register_id}/questions": (Act(form={"unknown": "yes"}, trust_leads_too=True),),
    "POST /contracts/imports/{register_id}/names/{named}": (Act(trust_leads_too=True),),
    "POST /contracts/imports/{register_id}/start": (
        Act(leaves=(C.CONTRACT_ADDED, C.CONTRACTS_IMPORTED), trust_leads_too=True),
        Act(
            ids={"register_id": "register_of_changes"},
            leaves=(C.CONTRACT_CHANGED, C.CONTRACTS_IMPORTED),
            trust_leads_too=True,
        ),
    ),
    "POST /contracts/imports/{register_id}/discard": (Act(trust_leads_too=True),),
}

DECIDING_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /contracts/{contract_id}/decision": (Act(form={"choice": "renew"}, leaves=(C.CONTRACT_DECIDED,)),),
    "POST /contracts/deciding": (
        Act(form={"months": "12", "meetings": "12 May 2026"}, leaves=(C.DECIDING_SET,), trust_leads_too=True),
    ),
    "POST /contracts/governors": (
        Act(
            who="gus", form={"contract": "{contract}", "question": "Why?"}, leaves=(C.CONTRACT_QUESTION_ASKED,),
            governors_too=True,
        ),
    ),
    "POST /contracts/questions/{question_id}": (Act(form={"answer": "So."}, leaves=(C.CONTRACT_QUESTION_ANSWERED,)),),
}  # fmt: skip
TODAY: Final = {"day": "{today.day}", "month": "{today.month}", "year": "{today.year}"}
A_MEETING: Final = {"ours": "Ann", "theirs": "Bo", **{f"held_on-{part}": value for part, value in TODAY.items()}}
AN_ACTION: Final = {"what_1": "Send the rota", "owner_1": "Bo", **{f"due_1-{part}": value for part, value in TODAY.items()}}
PACK_DAYS: Final = {
    "first-day": "1", "first-month": "9", "first-year": "2025", **{f"last-{part}": value for part, value in TODAY.items()},
}  # fmt: skip
REVIEW_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /contracts/{contract_id}/pack": (
        Act(form={**PACK_DAYS, "edition": "meeting", "format": "csv"}, leaves=(C.REVIEW_PACK_MADE,)),
        Act(form={**PACK_DAYS, "edition": "file", "format": "zip"}, leaves=(C.REVIEW_PACK_MADE, A.PACK_EXPORTED)),
    ),
    "POST /api/v1/contracts/{contract_id}/pack": (
        Act(
            json={"edition": "meeting", "first": "2025-09-01", "last": "2026-07-01"}, leaves=(C.REVIEW_PACK_MADE,),
        ),
        Act(
            json={"edition": "file", "first": "2025-09-01", "last": "2026-07-01"},
            leaves=(C.REVIEW_PACK_MADE, A.PACK_EXPORTED),
        ),
    ),
    "POST /contracts/{contract_id}/reviews/new": (Act(form={**A_MEETING, **AN_ACTION}, leaves=(C.REVIEW_HELD,)),),
    "POST /contract-reviews/{meeting_id}/correct": (
        Act(form={**A_MEETING, "row": "{meeting}", "reason": "A slip."}, leaves=(C.REVIEW_CORRECTED,)),
    ),
    "POST /review-actions/{action_id}": (
        Act(form={f"done_on-{part}": value for part, value in TODAY.items()}, leaves=(C.ACTION_DONE,)),
    ),
}  # fmt: skip
ON_TODAY: Final = {f"on_day-{part}": value for part, value in TODAY.items()}
RAISED_TODAY: Final = {f"raised_on-{part}": value for part, value in TODAY.items()}
THE_DAY: Final = {f"{end}-{part}": value for end in ("first", "last") for part, value in TODAY.items()}
A_RATING: Final = {"rating-{rated_metric}": "Good", "reason-{rated_metric}": "All in time.", "signed_by": "Ann Archer"}
IMPROVEMENT_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "POST /contracts/{contract_id}/concerns": (
        Act(form={"what": "Late again.", "how": "By letter", **RAISED_TODAY}, leaves=(C.CONCERN_RAISED,)),
    ),
    "POST /concerns/{concern_id}/step": (Act(form={"kind": "answered", **ON_TODAY}, leaves=(C.CONCERN_STEP,)),),
    "POST /contracts/{contract_id}/credits": (
        Act(form={"pence": "50", "why": "Clause 9", **ON_TODAY}, leaves=(C.CREDIT_NOTED,)),
    ),
    "POST /credits/{credit_id}": (Act(form={"state": "agreed", **ON_TODAY}, leaves=(C.CREDIT_NOTED,)),),
    "POST /contracts/{contract_id}/rating": (
        Act(ids={"contract_id": "rated"}, form={**A_RATING, **THE_DAY}, leaves=(C.ASSESSMENT_SIGNED,)),
    ),
    "POST /contracts/buying-rules": (
        Act(form={"version": "0", "approval": "1,000"}, leaves=(C.BUYING_RULES_SAVED,), trust_leads_too=True),
    ),
}

ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    **IMPROVEMENT_ACTS,
    **CALENDAR_ACTS,
    **REGISTER_ACTS,
    **SERVICE_ACTS,
    **CONTRACT_ACTS,
    **DECIDING_ACTS,
    **REVIEW_ACTS,
    **ERASURE_ACTS,
    **TRAIL_ACTS,
    **SIGN_IN_ACTS,
    **PEOPLE_ACTS,
    **NOTICES_ACTS,
    **LINK_ACTS,
    **SUPPLIER_ACTS,
    **MERGE_ACTS,
    **CORRECTION_ACTS,
    **IMPORT_ACTS,
    **OPINION_ACTS,
    **ASKING_ACTS,
    **OWN_RECORDS_ACTS,
    **SEAL_ACTS,
    **_share_acts("review"),
    **_share_acts("note"),
    **CONTRACT_SHARE_ACTS,
    **DOCUMENT_ACTS,
}
