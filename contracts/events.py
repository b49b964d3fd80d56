"""What happens to contracts, as the trail names it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Event(StrEnum):
    CONTRACT_ADDED = "contract.added"
    CONTRACT_CHANGED = "contract.changed"
    CONTRACT_WITHDRAWN = "contract.withdrawn"
    CONTRACT_NOTICE_SENT = "contract.notice_sent"
    CONTRACT_NOTICE_GIVEN = "contract.notice_given"
    CONTRACT_CEASED = "contract.ceased"
    CONTRACT_EXTENDED = "contract.extended"
    CONTRACT_VARIED = "contract.varied"
    CONTRACT_LINKED = "contract.linked"
    CONTRACT_LINK_ENDED = "contract.link_ended"
    CONTRACT_DECIDED = "contract.decided"
    CONTRACT_QUESTION_ASKED = "contract.question_asked"
    CONTRACT_QUESTION_ANSWERED = "contract.question_answered"
    DECIDING_SET = "contracts.deciding_set"
    CALENDAR_SAVED = "calendar.saved"
    CALENDAR_GIVEN = "calendar.given"
    METRIC_ADDED = "metric.added"
    METRIC_CHANGED = "metric.changed"
    METRIC_ENDED = "metric.ended"
    SERVICE_LOGGED = "service.logged"
    SERVICE_CORRECTED = "service.corrected"
    SERVICE_STAMPED = "service.stamped"
    STAMP_CORRECTED = "service.stamp_corrected"
    CLAIM_AGREED = "service.claim_agreed"
    SERVICE_PHOTO_ADDED = "service.photo_added"
    SERVICE_PHOTO_HIDDEN = "service.photo_hidden"
    SERVICE_PHOTO_SHOWN = "service.photo_shown"
    SERVICE_DISCUSSED = "service.discussed"
    OUTCOME_AGREED = "service.outcome_agreed"
    CONTRACTS_IMPORTED = "contracts.imported"
    CONTRACTS_BROUGHT = "contracts.brought"
    CONTRACT_SHARED = "contract.shared"
    CONTRACT_SHARE_ENDED = "contract.share_ended"
    REVIEW_RESTS_ON_JOBS = "review.rests_on_jobs"
    CONTRACT_DOCUMENT_ADDED = "contract.document_added"
    CONTRACT_DOCUMENT_CORRECTED = "contract.document_corrected"
    CONTRACT_DOCUMENT_HIDDEN = "contract.document_hidden"
    CONTRACT_DOCUMENT_SHOWN = "contract.document_shown"
    BUYING_RULES_SAVED = "contracts.buying_rules_saved"
    CONCERN_RAISED = "contract.concern_raised"
    CONCERN_STEP = "contract.concern_step"
    CREDIT_NOTED = "contract.credit_noted"
    ASSESSMENT_SIGNED = "contract.assessment_signed"
    REVIEW_HELD = "contract_review.held"
    REVIEW_CORRECTED = "contract_review.corrected"
    ACTION_DONE = "contract_review.action_done"
    REVIEW_PACK_MADE = "contract_review.pack_made"


SENTENCES: Final[Mapping[str, str]] = {
    Event.BUYING_RULES_SAVED: "Saved the school's own rules of buying",
    Event.CONCERN_RAISED: "Raised a formal concern with a supplier",
    Event.CONCERN_STEP: "Wrote down what came of a formal concern",
    Event.CREDIT_NOTED: "Wrote down a service credit: proposed, agreed, received or dropped",
    Event.ASSESSMENT_SIGNED: "Signed a performance rating of a contract",
    Event.CONTRACT_ADDED: "Added a contract to the register",
    Event.CONTRACT_CHANGED: "Changed what the register says of a contract",
    Event.CONTRACT_WITHDRAWN: "Took a contract out of the register",
    Event.CONTRACT_NOTICE_SENT: "Noted that notice to end a contract was sent",
    Event.CONTRACT_NOTICE_GIVEN: "Noted when the supplier received notice to end a contract",
    Event.CONTRACT_CEASED: "Said that a contract has ended",
    Event.CONTRACT_EXTENDED: "Took up an extension of a contract",
    Event.CONTRACT_VARIED: "Noted a variation of a contract",
    Event.CONTRACT_LINKED: "Noted that two contracts belong together",
    Event.CONTRACT_LINK_ENDED: "Noted that two contracts no longer belong together",
    Event.CONTRACT_DECIDED: "Decided what happens when a contract ends",
    Event.CONTRACT_QUESTION_ASKED: "Asked a governor's question about a contract",
    Event.CONTRACT_QUESTION_ANSWERED: "Answered a governor's question about a contract",
    Event.DECIDING_SET: "Set when the school hears of contracts that end, and on which days its governors meet",
    Event.CALENDAR_SAVED: "Saved a version of the school's calendar",
    Event.CALENDAR_GIVEN: "The trust saved a version of the calendar that the school follows",
    Event.METRIC_ADDED: "Wrote down what a contract promises",
    Event.METRIC_CHANGED: "Changed what is written down of a contract's promise, from a day on",
    Event.METRIC_ENDED: "Ended a promise of a contract",
    Event.SERVICE_LOGGED: "Logged something that happened under a contract",
    Event.SERVICE_CORRECTED: "Corrected what was logged, with a reason",
    Event.SERVICE_STAMPED: "Logged how a job went on",
    Event.STAMP_CORRECTED: "Corrected when a job went on, with a reason",
    Event.CLAIM_AGREED: "Agreed to what a supplier claims of a job",
    Event.SERVICE_PHOTO_ADDED: "Added a photo or file to what happened under a contract",
    Event.SERVICE_PHOTO_HIDDEN: "Hid a photo or file of what happened under a contract",
    Event.SERVICE_PHOTO_SHOWN: "Showed a photo or file of what happened under a contract again",
    Event.SERVICE_DISCUSSED: "Wrote down what both sides said of a job",
    Event.OUTCOME_AGREED: "Wrote down what both sides agreed of a job",
    Event.CONTRACTS_IMPORTED: "Imported contracts from a file",
    Event.CONTRACTS_BROUGHT: "Whoever runs this installation imported contracts from a file",
    Event.CONTRACT_SHARED: "Shared a contract",
    Event.CONTRACT_SHARE_ENDED: "Stopped sharing a contract",
    Event.REVIEW_RESTS_ON_JOBS: "Said whether a review rests on logged jobs",
    Event.CONTRACT_DOCUMENT_ADDED: "Added a document to a contract",
    Event.CONTRACT_DOCUMENT_CORRECTED: "Corrected what a document of a contract is, or in which days it holds",
    Event.CONTRACT_DOCUMENT_HIDDEN: "Hid a document of a contract",
    Event.CONTRACT_DOCUMENT_SHOWN: "Showed a document of a contract again",
    Event.REVIEW_HELD: "Wrote down a contract review meeting",
    Event.REVIEW_CORRECTED: "Corrected the record of a contract review meeting",
    Event.ACTION_DONE: "Noted that an action of a contract review was done",
    Event.REVIEW_PACK_MADE: "Made a contract review pack",
}
