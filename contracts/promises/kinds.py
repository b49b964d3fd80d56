"""Kinds of promises and of events that say something of them, periods, stages, how somebody was told; how they read on screen.

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


# What it means that both sides left out one of these, where that is more than that it does not count.
LEFT_OUT_MEANS: Final = {
    EventKind.DELIVERY: "Its day does not count",
    EventKind.VISIT: "It does not count, nor does the day that it was planned for",
    EventKind.DOCUMENT: "As if it had not been given",
    EventKind.OUTAGE: "Its time is no service time",
}


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


class How(StrEnum):
    """How the supplier was told."""

    TELEPHONE = "telephone"
    EMAIL = "email"
    PORTAL = "portal"
    IN_PERSON = "in_person"
    IN_WRITING = "in_writing"


PRIORITIES: Final = ("P1", "P2", "P3", "P4")
# Which event says something of which metric.
EVENT_OF: Final = {
    MetricKind.TIME_TO_EVENT: EventKind.JOB, MetricKind.AVAILABILITY: EventKind.OUTAGE,
    MetricKind.SAMPLE_RATIO: EventKind.SAMPLE, MetricKind.QUANTITY: EventKind.DELIVERY,
    MetricKind.SCHEDULE: EventKind.VISIT, MetricKind.DOCUMENT: EventKind.DOCUMENT, MetricKind.MONEY: EventKind.MONEY,
    MetricKind.SURVEY: EventKind.SURVEY, MetricKind.MILESTONE: EventKind.MILESTONE,
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
}  # fmt: skip
PERIOD_WORDS: Final = {
    Period.MONTH: "each month", Period.HALF_TERM: "each half-term", Period.TERM: "each term", Period.QUARTER: "each quarter",
    Period.YEAR: "each year",
}  # fmt: skip
STAGE_WORDS: Final = {
    Stage.ACKNOWLEDGED: "acknowledged", Stage.RESPONDED: "responded", Stage.ATTENDED: "here", Stage.MADE_SAFE: "made safe",
    Stage.FIXED: "fixed",
}  # fmt: skip
HOW_WORDS: Final = {
    How.TELEPHONE: "Telephone", How.EMAIL: "E-mail", How.PORTAL: "Their portal", How.IN_PERSON: "In person",
    How.IN_WRITING: "In writing",
}  # fmt: skip
PRIORITY_WORDS: Final = {"P1": "Priority 1", "P2": "Priority 2", "P3": "Priority 3", "P4": "Priority 4"}
ATTAINED_WORDS: Final = {
    "met": "Met", "mostly met": "Mostly met", "not met": "Not met", "no data": "Nothing happened", "not due": "Not due",
}  # fmt: skip
