"""A sentence for each of a contract's days: what has to happen, by when, and what for."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from contracts.clock.notice import Notice
from contracts.clock.periods import Period


def sentences(answer: Mapping[str, Any], notices: Sequence[Notice], *, by_post: bool, lead: Period | None) -> dict[str, str]:
    """By the name of the day in the answer; only for days that there are."""
    end, received, sent = answer["current_end"], answer["notice_received_by"], answer["send_by"]
    asked = " and ".join(str(each) for each in notices)
    found: dict[str, str] = {}
    if end:
        found["current_end"] = f"The last day is {_words(end)}{_rolled(answer['rolled'])}."
    if received and end:
        found["notice_received_by"] = f"{asked} must be in the supplier's hands by {_words(received)} to end on {_words(end)}."
    if sent and received and by_post:
        found["send_by"] = f"Sent by post, it must leave by {_words(sent)} to be there by {_words(received)}."
    elif sent:
        found["send_by"] = f"Send it by {_words(sent)}, before 16:30."
    if answer["decide_by"]:
        what = "the notice is sent" if sent else "the last day"
        found["decide_by"] = f"Decide by {_words(answer['decide_by'])}" + (f", {lead} before {what}." if lead else ".")
    if chance := answer["next_chance"]:
        by = chance["notice_received_by"]
        until = f", if they have notice by {_words(by)}" if by else ", when it ends by itself"
        found["next_chance"] = f"It is too late for {_words(end)}: the next end is {_words(chance['end'])}{until}."
    return found


def _rolled(times: int) -> str:
    return f": it has renewed itself {times} {'time' if times == 1 else 'times'}" if times else ""


def _words(day: date) -> str:
    return f"{day:%A %-d %B %Y}"
