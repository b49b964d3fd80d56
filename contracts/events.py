"""What happens to contracts, as the trail names it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Event(StrEnum):
    CONTRACT_ADDED = "contract.added"
    CONTRACT_CHANGED = "contract.changed"
    CONTRACT_WITHDRAWN = "contract.withdrawn"


SENTENCES: Final[Mapping[str, str]] = {
    Event.CONTRACT_ADDED: "Added a contract to the register",
    Event.CONTRACT_CHANGED: "Changed what the register says of a contract",
    Event.CONTRACT_WITHDRAWN: "Took a contract out of the register",
}
