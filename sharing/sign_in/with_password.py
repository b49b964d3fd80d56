"""What ends with a password beside sessions and API keys: addresses that open something to whoever has them, such as feeds.

Slices above say what they have (`vouch/wiring.py`); each ends its own and records it, inside the unit that changes the password.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from audit import Record
from base.viewer import Viewer

Ending = Callable[[Viewer, Record], Awaitable[None]]

_told: Final[list[Ending]] = []


def tell(*endings: Ending) -> None:
    """In place of what was told before."""
    _told[:] = endings


async def end(viewer: Viewer, record: Record) -> None:
    for ending in _told:
        await ending(viewer, record)
