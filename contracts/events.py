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
    CALENDAR_SAVED = "calendar.saved"
    CALENDAR_GIVEN = "calendar.given"


SENTENCES: Final[Mapping[str, str]] = {
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
    Event.CALENDAR_SAVED: "Saved a version of the school's calendar",
    Event.CALENDAR_GIVEN: "The trust saved a version of the calendar that the school follows",
}
