"""What `fsck` asks of a head and of stored nodes: whether hashes and time are those of the entries that were found."""

from collections.abc import Mapping
from typing import Any

from audit import merkle
from audit.times import Times


def fault(head: Mapping[str, Any], frontier: bytes, times: Times) -> str | None:
    """What is wrong with a head of the right size, as a sentence without its end. ``frontier`` is that of the entries."""
    stored, start, size = head["frontier"], 0, head["size"]
    if not isinstance(stored, bytes | bytearray | memoryview) or len(stored) != len(frontier):
        return "the head's hashes are not those of its entries"
    stored = bytes(stored)
    for n, level in enumerate(level for level in reversed(range(size.bit_length())) if size >> level & 1):
        part = slice(n * merkle.HASH_BYTES, (n + 1) * merkle.HASH_BYTES)
        if stored[part] != frontier[part]:
            return f"the head's hash of entries {start + 1} to {start + (1 << level)} is not theirs: one was changed"
        start += 1 << level
    return None if head["last_at"] == times.last_at else "the head's time is not that of its newest entry"


def fault_of_nodes(stored: Mapping[tuple[int, int], bytes], found: Mapping[tuple[int, int], bytes]) -> tuple[int, str] | None:
    """The position of the first entry below a node, by (level, n), that is not what was found, and a sentence without its end."""
    awaited = {place for place in found.keys() - stored.keys() if place[0] % merkle.ONCE_EVERY_LEVELS}  # of the job
    wrong = {place for place in stored.keys() | found.keys() if stored.get(place) != found.get(place)} - awaited
    if not wrong:
        return None
    level, n = min(wrong, key=lambda place: (place[1] << place[0], place))
    first, last = (n << level) + 1, n + 1 << level
    return first - 1, f"the hash stored for entries {first} to {last} is not theirs"
