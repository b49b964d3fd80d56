"""Things that are due, as slices would say them, and what the letters in the outbox then tell."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Final

from base import clock, outbox
from base.due import Due, DueSource, Urgency
from base.viewer import Viewer
from tests.given.letters import text_of

TUESDAY: Final = datetime(2026, 11, 24, 10, tzinfo=clock.LONDON)


def a_due(viewer: Viewer, name: str = "a", *, day: date = date(2026, 12, 1), step: str = "", **more: Urgency) -> Due:
    """Something about the viewer's school, with a sentence that no other one has."""
    sentence = f"Thing {name}{step} is due."
    return Due(f"thing:{name}", step, viewer.person, viewer.school, sentence, f"/things/{name}", day, **more)


def source_of(*dues: Due) -> DueSource:
    async def source(_: date) -> AsyncIterator[Due]:
        for due in dues:
            yield due

    return source


def letters() -> list[EmailMessage]:
    """Every message, to be sent or sent."""
    paths = [path for path in outbox.everything() if path.suffix == ".eml"]
    return [message_from_bytes(path.read_bytes(), policy=policy.SMTP) for path in sorted(paths)]


def lines_of(letter: EmailMessage) -> str:
    return text_of(letter).replace("\r\n", "\n")


def told(dues: Sequence[Due]) -> Counter[str]:
    """How often each sentence stands in any letter."""
    text = "\n".join(lines_of(letter) for letter in letters())
    return Counter({due.sentence: text.count(due.sentence) for due in dues})
