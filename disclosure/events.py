"""What the trail says happened in disclosure/. The values are stored and sealed; never change one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Event(StrEnum):
    RECORDS_EXPORTED = "records.exported"
    RECORDS_TAKEN_IN = "records.taken_in"
    RECORDS_SHARES_CONFIRMED = "records.shares_confirmed"
    RECORDS_SHARES_DROPPED = "records.shares_dropped"
    FOI_ANSWERED = "foi.answered"


SENTENCES: Final[Mapping[str, str]] = {
    Event.RECORDS_EXPORTED: "Took away a copy of the school's own records",
    Event.RECORDS_TAKEN_IN: "Took in records that were kept elsewhere",
    Event.RECORDS_SHARES_CONFIRMED: "Confirmed who sees records that were kept elsewhere",
    Event.RECORDS_SHARES_DROPPED: "Decided not to share again what was shared elsewhere",
    Event.FOI_ANSWERED: "Answered a request for information",
}
