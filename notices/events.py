"""What the trail says happened in notices/. The values are stored and sealed; never change one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Event(StrEnum):
    LETTERS_CHOSEN = "letters.chosen"
    LETTERS_STOPPED = "letters.stopped"
    FEED_MADE = "feed.made"
    FEED_REVOKED = "feed.revoked"
    WAITING_FEED_MADE = "waiting_feed.made"
    WAITING_FEED_REVOKED = "waiting_feed.revoked"


SENTENCES: Final[Mapping[str, str]] = {
    Event.LETTERS_CHOSEN: "Chose how often letters remind them",
    Event.LETTERS_STOPPED: "Stopped letters by the link in one of them",
    Event.FEED_MADE: "Made a calendar feed",
    Event.FEED_REVOKED: "Revoked their calendar feed",
    Event.WAITING_FEED_MADE: "Made a feed of what waits for them",
    Event.WAITING_FEED_REVOKED: "Revoked their feed of what waits for them",
}
