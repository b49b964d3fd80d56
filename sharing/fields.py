"""Field groups: what of an opinion a grant opens. The bits are stored; never renumber them."""

from enum import IntFlag
from typing import Final


class Fields(IntFlag):
    NONE = 0  # base disclosure only: that the school uses the supplier
    RATING = 1  # with would-use-again and any declared interest
    PRAISE = 2
    CRITICISM = 4
    DATES = 8
    AUTHOR = 16
    ATTACHMENTS = 32


ALL: Final = Fields(63)
WITHOUT_CRITICISM: Final = ALL & ~Fields.CRITICISM

WORDS: Final = {
    Fields.RATING: "the rating",
    Fields.PRAISE: "what was good",
    Fields.CRITICISM: "criticism",
    Fields.DATES: "dates",
    Fields.AUTHOR: "who wrote it",
    Fields.ATTACHMENTS: "photos and files",
}
