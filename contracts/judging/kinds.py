"""Kinds of stamps, who claims them, and what both sides agreed; and how they, events and verdicts read on screen.

Values are stored and told to programs: never change one.
"""

from enum import StrEnum
from typing import Final

from contracts.promises.kinds import EventKind


class StampKind(StrEnum):
    ACKNOWLEDGED = "acknowledged"
    RESPONDED = "responded"
    ATTENDED = "attended"
    MADE_SAFE = "made_safe"
    FIXED = "fixed"
    WAITING = "waiting"  # a pause begins
    RESUMED = "resumed"
    BACK_AGAIN = "back_again"  # what was fixed is broken again: the same job
    PRIORITY = "priority"
    AGREED = "agreed"  # our yes to what the supplier claims


class PauseReason(StrEnum):
    US = "us"
    PARTS = "parts"
    OTHER = "other"


class Side(StrEnum):
    SCHOOL = "school"
    SUPPLIER = "supplier"


class Discussed(StrEnum):
    NOT_DISCUSSED = "not_discussed"
    AGREED = "agreed"
    DISPUTED = "disputed"


class Agreed(StrEnum):
    MET = "met"
    MISSED = "missed"
    LEFT_OUT = "left_out"


# Under which name rules A take the rows of an event.
ROWS_OF: Final = {
    EventKind.JOB: "events", EventKind.SAMPLE: "samples", EventKind.DELIVERY: "delivered", EventKind.VISIT: "done",
    EventKind.DOCUMENT: "documents", EventKind.MONEY: "rows", EventKind.SURVEY: "answers",
    EventKind.MILESTONE: "milestones",
}  # fmt: skip
EVENT_WORDS: Final = {
    EventKind.JOB: "a fault or a call-out", EventKind.OUTAGE: "when it did not work", EventKind.SAMPLE: "a check",
    EventKind.DELIVERY: "what was delivered", EventKind.VISIT: "a visit", EventKind.DOCUMENT: "a document",
    EventKind.MONEY: "a sum", EventKind.SURVEY: "an answer", EventKind.MILESTONE: "something to be done by a day",
}  # fmt: skip
STAMP_WORDS: Final = {
    StampKind.ACKNOWLEDGED: "They acknowledged it", StampKind.RESPONDED: "They responded", StampKind.ATTENDED: "They are here",
    StampKind.MADE_SAFE: "Made safe for now", StampKind.FIXED: "Fixed", StampKind.WAITING: "Waiting for us",
    StampKind.RESUMED: "No longer waiting", StampKind.BACK_AGAIN: "Back again", StampKind.PRIORITY: "Priority changed",
    StampKind.AGREED: "We agreed",
}  # fmt: skip
PAUSE_WORDS: Final = {PauseReason.US: "Waiting for us", PauseReason.PARTS: "Waiting for parts", PauseReason.OTHER: "Waiting"}
DISCUSSED_WORDS: Final = {
    Discussed.NOT_DISCUSSED: "Not discussed", Discussed.AGREED: "Agreed", Discussed.DISPUTED: "Disputed",
}  # fmt: skip
AGREED_WORDS: Final = {Agreed.MET: "Met", Agreed.MISSED: "Missed", Agreed.LEFT_OUT: "Left out"}
VERDICT_WORDS: Final = {
    "met": "Met", "missed": "Missed", "running": "The clock is running", "paused": "Waiting", "overdue": "Overdue",
    "not_reported": "Not reported yet", "missing": "Not recorded", "unknown": "Can't be told",
}  # fmt: skip
