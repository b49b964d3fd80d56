"""The words of this room: kinds of events and stamps, how somebody was told, what both sides agreed; and how they read on screen.

Values are stored and told to programs: never change one.
"""

from enum import StrEnum
from typing import Final


class MetricKind(StrEnum):
    """The nine types of rules A."""

    TIME_TO_EVENT = "time_to_event"
    AVAILABILITY = "availability"
    SAMPLE_RATIO = "sample_ratio"
    QUANTITY = "quantity"
    SCHEDULE = "schedule"
    DOCUMENT = "document"
    MONEY = "money"
    SURVEY = "survey"
    MILESTONE = "milestone"


class EventKind(StrEnum):
    """What can happen under a contract; each but the job belongs to metrics of one kind."""

    JOB = "job"
    OUTAGE = "outage"
    SAMPLE = "sample"
    DELIVERY = "delivery"
    VISIT = "visit"
    DOCUMENT = "document"
    MONEY = "money"
    SURVEY = "survey"
    MILESTONE = "milestone"


class Period(StrEnum):
    MONTH = "month"
    HALF_TERM = "half_term"
    TERM = "term"
    QUARTER = "quarter"
    YEAR = "year"


class Stage(StrEnum):
    """What a promise of time ends with."""

    ACKNOWLEDGED = "acknowledged"
    RESPONDED = "responded"
    ATTENDED = "attended"
    MADE_SAFE = "made_safe"
    FIXED = "fixed"


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


class How(StrEnum):
    """How the supplier was told."""

    TELEPHONE = "telephone"
    EMAIL = "email"
    PORTAL = "portal"
    IN_PERSON = "in_person"
    IN_WRITING = "in_writing"


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


PRIORITIES: Final = ("P1", "P2", "P3", "P4")

# Which event says something of which metric, and under which name rules A take its rows.
EVENT_OF: Final = {
    MetricKind.TIME_TO_EVENT: EventKind.JOB, MetricKind.AVAILABILITY: EventKind.OUTAGE,
    MetricKind.SAMPLE_RATIO: EventKind.SAMPLE, MetricKind.QUANTITY: EventKind.DELIVERY,
    MetricKind.SCHEDULE: EventKind.VISIT, MetricKind.DOCUMENT: EventKind.DOCUMENT, MetricKind.MONEY: EventKind.MONEY,
    MetricKind.SURVEY: EventKind.SURVEY, MetricKind.MILESTONE: EventKind.MILESTONE,
}  # fmt: skip
ROWS_OF: Final = {
    EventKind.JOB: "events", EventKind.SAMPLE: "samples", EventKind.DELIVERY: "delivered", EventKind.VISIT: "done",
    EventKind.DOCUMENT: "documents", EventKind.MONEY: "rows", EventKind.SURVEY: "answers",
    EventKind.MILESTONE: "milestones",
}  # fmt: skip

METRIC_WORDS: Final = {
    MetricKind.TIME_TO_EVENT: "How quickly they come or mend",
    MetricKind.AVAILABILITY: "How much of the time it works",
    MetricKind.SAMPLE_RATIO: "How many checks are passed",
    MetricKind.QUANTITY: "How much is delivered, such as hours",
    MetricKind.SCHEDULE: "Visits on the days planned",
    MetricKind.DOCUMENT: "Documents in date",
    MetricKind.MONEY: "Money: at least, at most, or credits",
    MetricKind.SURVEY: "What people say when asked",
    MetricKind.MILESTONE: "Something done by a day",
}
EVENT_WORDS: Final = {
    EventKind.JOB: "a fault or a call-out", EventKind.OUTAGE: "when it did not work", EventKind.SAMPLE: "a check",
    EventKind.DELIVERY: "what was delivered", EventKind.VISIT: "a visit", EventKind.DOCUMENT: "a document",
    EventKind.MONEY: "a sum", EventKind.SURVEY: "an answer", EventKind.MILESTONE: "something to be done by a day",
}  # fmt: skip
PERIOD_WORDS: Final = {
    Period.MONTH: "each month", Period.HALF_TERM: "each half-term", Period.TERM: "each term", Period.QUARTER: "each quarter",
    Period.YEAR: "each year",
}  # fmt: skip
STAGE_WORDS: Final = {
    Stage.ACKNOWLEDGED: "acknowledged", Stage.RESPONDED: "responded", Stage.ATTENDED: "here", Stage.MADE_SAFE: "made safe",
    Stage.FIXED: "fixed",
}  # fmt: skip
STAMP_WORDS: Final = {
    StampKind.ACKNOWLEDGED: "They acknowledged it", StampKind.RESPONDED: "They responded", StampKind.ATTENDED: "They are here",
    StampKind.MADE_SAFE: "Made safe for now", StampKind.FIXED: "Fixed", StampKind.WAITING: "Waiting for us",
    StampKind.RESUMED: "No longer waiting", StampKind.BACK_AGAIN: "Back again", StampKind.PRIORITY: "Priority changed",
    StampKind.AGREED: "We agreed",
}  # fmt: skip
PAUSE_WORDS: Final = {PauseReason.US: "Waiting for us", PauseReason.PARTS: "Waiting for parts", PauseReason.OTHER: "Waiting"}
HOW_WORDS: Final = {
    How.TELEPHONE: "Telephone", How.EMAIL: "E-mail", How.PORTAL: "Their portal", How.IN_PERSON: "In person",
    How.IN_WRITING: "In writing",
}  # fmt: skip
PRIORITY_WORDS: Final = {"P1": "Priority 1", "P2": "Priority 2", "P3": "Priority 3", "P4": "Priority 4"}
DISCUSSED_WORDS: Final = {
    Discussed.NOT_DISCUSSED: "Not discussed", Discussed.AGREED: "Agreed", Discussed.DISPUTED: "Disputed",
}  # fmt: skip
AGREED_WORDS: Final = {Agreed.MET: "Met", Agreed.MISSED: "Missed", Agreed.LEFT_OUT: "Left out"}
VERDICT_WORDS: Final = {
    "met": "Met", "missed": "Missed", "running": "Running", "paused": "Waiting", "overdue": "Overdue",
    "not_reported": "Not reported yet", "missing": "Not recorded", "unknown": "Can't be told",
}  # fmt: skip
ATTAINED_WORDS: Final = {
    "met": "Met", "mostly met": "Mostly met", "not met": "Not met", "no data": "Nothing happened", "not due": "Not due",
}  # fmt: skip
