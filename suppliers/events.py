"""What happens to suppliers and opinions, as the trail names it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Event(StrEnum):
    SUPPLIER_ADDED = "supplier.added"
    SUPPLIER_CHANGED = "supplier.changed"
    SUPPLIER_ADOPTED = "supplier.adopted"
    SUPPLIER_LEFT = "supplier.left"
    SUPPLIER_LISTED = "supplier.listed"
    SUPPLIER_JOINED = "supplier.joined"
    SUPPLIER_MERGED = "supplier.merged"
    SUPPLIER_MERGE_UNDONE = "supplier.merge_undone"
    SUPPLIER_DECIDED = "supplier.decided"
    SUPPLIER_DECISION_TAKEN_BACK = "supplier.decision_taken_back"
    SUPPLIER_LINKED = "supplier.linked"
    SUPPLIER_UNLINKED = "supplier.unlinked"
    SUPPLIERS_IMPORTED = "suppliers.imported"
    SUPPLIERS_PUT_BEFORE = "suppliers.put_before"
    CORRECTION_PROPOSED = "correction.proposed"
    CORRECTION_WITHDRAWN = "correction.withdrawn"
    DIRECTORY_LISTED = "directory.listed"
    DIRECTORY_IMPORTED = "directory.imported"
    DIRECTORY_MERGED = "directory.merged"
    DIRECTORY_MERGE_UNDONE = "directory.merge_undone"
    DIRECTORY_DECIDED = "directory.decided"
    DIRECTORY_DECISION_TAKEN_BACK = "directory.decision_taken_back"
    DIRECTORY_LINKED = "directory.linked"
    DIRECTORY_UNLINKED = "directory.unlinked"
    DIRECTORY_CORRECTED = "directory.corrected"
    DIRECTORY_CORRECTION_REFUSED = "directory.correction_refused"
    DIRECTORY_REMOVED = "directory.removed"
    DIRECTORY_NAME_ERASED = "directory.name_erased"
    DIRECTORY_EDIT_UNDONE = "directory.edit_undone"
    DIRECTORY_PAIRS_FOUND = "directory.pairs_found"
    DIRECTORY_REINDEXED = "directory.reindexed"
    VOUCH_GIVEN = "vouch.given"
    VOUCH_RENEWED = "vouch.renewed"
    REVIEW_WRITTEN = "review.written"
    REVIEW_REVISED = "review.revised"
    REVIEW_SAID_AGAIN = "review.said_again"
    REVIEW_WITHDRAWN = "review.withdrawn"
    NOTE_WRITTEN = "note.written"
    NOTE_REVISED = "note.revised"
    NOTE_WITHDRAWN = "note.withdrawn"
    REVIEW_HIDDEN = "review.hidden"
    REVIEW_SHOWN = "review.shown"
    NOTE_HIDDEN = "note.hidden"
    NOTE_SHOWN = "note.shown"
    ATTACHMENT_HIDDEN = "attachment.hidden"
    ATTACHMENT_SHOWN = "attachment.shown"
    INTEREST_WITHDRAWN = "interest.withdrawn"
    CRITICISM_CONFIRMED = "criticism.confirmed"
    HELP_SAID = "help.said"
    HELP_TAKEN_BACK = "help.taken_back"
    ENQUIRY_ASKED = "enquiry.asked"
    ENQUIRY_ANSWERED = "enquiry.answered"
    ENQUIRY_CLOSED = "enquiry.closed"
    ENQUIRY_HIDDEN = "enquiry.hidden"
    ENQUIRY_SHOWN = "enquiry.shown"
    SHARE_GIVEN = "share.given"
    SHARE_WITHDRAWN = "share.withdrawn"


SENTENCES: Final[Mapping[str, str]] = {
    Event.SUPPLIER_ADDED: "Added a supplier of our own",
    Event.SUPPLIER_CHANGED: "Changed a supplier's details",
    Event.SUPPLIER_ADOPTED: "Started using a supplier",
    Event.SUPPLIER_LEFT: "Stopped using a supplier",
    Event.SUPPLIER_LISTED: "Listed a supplier in the directory",
    Event.SUPPLIER_JOINED: "Matched a supplier of our own to one in the directory",
    Event.SUPPLIER_MERGED: "Merged one of our suppliers into another",
    Event.SUPPLIER_MERGE_UNDONE: "Undid a merge of suppliers",
    Event.SUPPLIER_DECIDED: "Said whether two suppliers are the same",
    Event.SUPPLIER_DECISION_TAKEN_BACK: "Took back what we said of two suppliers",
    Event.SUPPLIER_LINKED: "Linked two suppliers",
    Event.SUPPLIER_UNLINKED: "Ended a link between two suppliers",
    Event.SUPPLIERS_IMPORTED: "Imported a list of suppliers",
    Event.SUPPLIERS_PUT_BEFORE: "A trust put a list of suppliers before schools of its own, to import or not",
    Event.CORRECTION_PROPOSED: "Proposed a correction of a directory entry",
    Event.CORRECTION_WITHDRAWN: "Took back a proposed correction",
    Event.DIRECTORY_LISTED: "A school listed a supplier in the directory",
    Event.DIRECTORY_IMPORTED: "Imported suppliers into the directory",
    Event.DIRECTORY_MERGED: "Merged one directory entry into another",
    Event.DIRECTORY_MERGE_UNDONE: "Undid a merge of directory entries",
    Event.DIRECTORY_DECIDED: "Decided whether two directory entries are the same",
    Event.DIRECTORY_DECISION_TAKEN_BACK: "Took back a decision about two directory entries",
    Event.DIRECTORY_LINKED: "Linked two directory entries",
    Event.DIRECTORY_UNLINKED: "Ended a link between two directory entries",
    Event.DIRECTORY_CORRECTED: "Corrected a directory entry",
    Event.DIRECTORY_CORRECTION_REFUSED: "Refused a school's correction of a directory entry",
    Event.DIRECTORY_REMOVED: "Removed a directory entry that nobody used",
    Event.DIRECTORY_NAME_ERASED: "Erased a person's name from a directory entry",
    Event.DIRECTORY_EDIT_UNDONE: "Undid a change of a directory entry",
    Event.DIRECTORY_PAIRS_FOUND: "Looked for directory entries that may be the same",
    Event.DIRECTORY_REINDEXED: "Made the index of suppliers' names anew",
    Event.VOUCH_GIVEN: "Vouched for a supplier",
    Event.VOUCH_RENEWED: "Renewed a vouch",
    Event.REVIEW_WRITTEN: "Wrote a review",
    Event.REVIEW_REVISED: "Changed a review",
    Event.REVIEW_SAID_AGAIN: "Said that a review still holds",
    Event.REVIEW_WITHDRAWN: "Withdrew a review",
    Event.NOTE_WRITTEN: "Wrote a note",
    Event.NOTE_REVISED: "Changed a note",
    Event.NOTE_WITHDRAWN: "Withdrew a note",
    Event.REVIEW_HIDDEN: "Hid a review",
    Event.REVIEW_SHOWN: "Showed a hidden review again",
    Event.NOTE_HIDDEN: "Hid a note",
    Event.NOTE_SHOWN: "Showed a hidden note again",
    Event.ATTACHMENT_HIDDEN: "Hid a photo or file",
    Event.ATTACHMENT_SHOWN: "Showed a hidden photo or file again",
    Event.INTEREST_WITHDRAWN: "Withdrew a declared interest in a supplier",
    Event.CRITICISM_CONFIRMED: "Confirmed the words of criticism that many can read",
    Event.HELP_SAID: "Said what another school's review did for us",
    Event.HELP_TAKEN_BACK: "Took back what we said of another school's review",
    Event.ENQUIRY_ASKED: "Asked other schools about a supplier or a need",
    Event.ENQUIRY_ANSWERED: "Answered what another school asked",
    Event.ENQUIRY_CLOSED: "Closed what we asked other schools",
    Event.ENQUIRY_HIDDEN: "Hid what we asked other schools",
    Event.ENQUIRY_SHOWN: "Showed again what we asked other schools",
    Event.SHARE_GIVEN: "Changed who may see a review or note",
    Event.SHARE_WITHDRAWN: "Stopped sharing a review or note",
}
