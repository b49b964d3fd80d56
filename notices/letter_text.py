"""What a letter says: subject and lines. Pure, but for the address of this installation."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from base import settings
from base.due import Due, Urgency
from base.words import count, in_words
from notices.planning import Hearer

MOST_LINES: Final = 50  # told by themselves; the rest are counted
ADDRESS_TO_STOP: Final = "/letters/stop/"


def subject(dues: Sequence[Due]) -> str:
    if any(due.urgency is Urgency.SECURITY for due in dues):
        return "Vouch: something at your school wants a look"
    if any(due.urgency is Urgency.LAST_DAY for due in dues):
        return "Vouch: a last day is near"
    return f"Vouch: {count(len(dues), 'thing')} to look at"


def body(hearer: Hearer, dues: Sequence[Due], moved_from: Mapping[str, date], token: str) -> str:
    """``moved_from`` is the day that was told before, by key. ``token`` is of the link that stops letters."""
    origin = settings.current().origin
    shown = sorted(dues[:MOST_LINES], key=lambda due: (hearer.schools[due.school], due.day, due.key))
    lines: list[str] = []
    for due in shown:
        school = hearer.schools[due.school]
        lines += [] if school in lines else ["", school, ""]
        line = f"* {due.sentence}{_moved(due, moved_from)}\n  {origin}{due.page}"
        lines += [] if line in lines else [line]
    if more := len(dues) - len(shown):
        lines += ["", f"And {count(more, 'more')}: {origin}"]
    return "\n".join(lines).strip() + f"\n\n{_ending(hearer, dues, token)}"


def headers(dues: Sequence[Due], token: str) -> dict[str, str]:
    """What lets a mail program stop letters by one press (RFC 8058); not in one that only tells of security."""
    if not _can_be_stopped(dues):
        return {}
    return {"List-Unsubscribe": f"<{_link(token)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _moved(due: Due, moved_from: Mapping[str, date]) -> str:
    before = moved_from.get(due.key)
    return f" The day moved: when we last wrote it was {in_words(before)}." if before else ""


def _ending(hearer: Hearer, dues: Sequence[Due], token: str) -> str:
    if not _can_be_stopped(dues):
        return "This letter comes whatever letters you chose, because it is about who may enter your school's data.\n"
    return (
        f"You chose {'a letter a week' if hearer.often.value == 'weekly' else 'one letter a day'} at most. Choose again: "
        f"{settings.current().origin}/account/letters\n"
        f"No more of these letters, without signing in: {_link(token)}\n"
    )


def _can_be_stopped(dues: Sequence[Due]) -> bool:
    return any(due.urgency is not Urgency.SECURITY for due in dues)


def _link(token: str) -> str:
    return f"{settings.current().origin}{ADDRESS_TO_STOP}{token}"
