"""What moved when a contract changed: a sentence for each of its days that is another one now. Pure."""

from datetime import date
from typing import Final

from base.words import in_words
from contracts.clock.dates_ahead import Outlook

DAYS: Final = {
    "decide_by": "Decide by",
    "send_by": "Send notice by",
    "notice_received_by": "Notice with the supplier by",
    "current_end": "The last day",
}


def sentences(before: Outlook | None, after: Outlook | None) -> tuple[str, ...]:
    pairs = ((label, _day(before, name), _day(after, name)) for name, label in DAYS.items())
    return tuple(_sentence(label, was, is_now) for label, was, is_now in pairs if was != is_now)


def _day(outlook: Outlook | None, name: str) -> date | None:
    if outlook is None:
        return None
    later: date | None = outlook.next_decide_by if name == "decide_by" and outlook.is_missed else None
    found: date | None = getattr(outlook, name)
    return later or found


def _sentence(label: str, was: date | None, is_now: date | None) -> str:
    if is_now is None:
        return f"{label}: no longer known."
    return f"{label} moved from {in_words(was)} to {in_words(is_now)}." if was else f"{label}: {in_words(is_now)}."
