"""What a grant says: to whom, and which field groups of an opinion or a contract it opens.

Names and bits are stored; never change one.
"""

from enum import IntFlag, StrEnum
from typing import Final


class Fields(IntFlag):
    """Field groups of an opinion or a contract as a bit mask: what a grant opens, or what a viewer may see."""

    NONE = 0  # base disclosure only: that the school uses the supplier
    RATING = 1  # with would-use-again and any declared interest
    PRAISE = 2  # with any declared interest, as the rating
    CRITICISM = 4
    DATES = 8
    AUTHOR = 16
    ATTACHMENTS = 32  # of a contract its documents
    TERMS = 64  # of a contract: what it is for, the supplier, the schools, how it was chosen
    ATTAINMENT = 128  # of a contract: how the service did


ALL: Final = Fields(63)  # of an opinion
CONTRACT: Final = Fields.TERMS | Fields.DATES | Fields.ATTAINMENT | Fields.ATTACHMENTS
WITHOUT_CRITICISM: Final = ALL & ~Fields.CRITICISM

WORDS: Final = {
    Fields.RATING: "the rating",
    Fields.PRAISE: "what was good",
    Fields.CRITICISM: "criticism of this supplier",
    Fields.DATES: "dates",
    Fields.AUTHOR: "who wrote it",
    Fields.ATTACHMENTS: "photos and files",
}
CONTRACT_WORDS: Final = {
    Fields.TERMS: "what it is for, the supplier and how it was chosen",
    Fields.DATES: "its dates",
    Fields.ATTAINMENT: "how the service did",
    Fields.ATTACHMENTS: "its documents",
}


class GrantKind(StrEnum):
    """Whom a grant is for. ``subject`` is the id of the first four; ``near`` has ``miles``; the others need nothing."""

    PERSON = "person"
    SCHOOL = "school"
    SUPPLIER = "supplier"
    NETWORK = "network"
    CONNECTED = "connected"  # the schools that its owner is connected to
    NEAR = "near"  # the schools within so many miles of its owner, by the register's coordinates
    EVERYONE = "everyone"  # every school on this service


ONE_TO_ONE: Final = frozenset({GrantKind.PERSON, GrantKind.SCHOOL, GrantKind.SUPPLIER})  # criticism may go there without the head
WITH_SUBJECT: Final = ONE_TO_ONE | {GrantKind.NETWORK}
MOST_MILES: Final = 25  # further away, "near" would mean half of England
