"""What `fsck` asks of times: what an entry commits as the clock's accounts for its time, and no time goes back.

Entries from before there was such a rule may go back, which is told and no fault: until an entry was held, nobody can tell
which version wrote it.
"""

from collections.abc import Mapping
from typing import Any

from audit.times import Times


def fault(times: Times, idx: int, event: Mapping[str, Any]) -> str | None:
    """Notes the next entry; what is wrong with its time, as a sentence without its end."""
    times.note(idx, event)
    if times.unexplained:
        return "it says what the clock said, and that doesn't account for its time"
    if times.held and times.falling and times.falling.last == idx:
        return "its time lies before that of the entry before it"
    return None
