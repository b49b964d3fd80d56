"""How long a test waits for what must come. A busy machine is slow, not wrong: only what never comes takes so long."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

PATIENCE: Final = 120.0  # seconds
BETWEEN_LOOKS: Final = 0.02


def comes(holds: Callable[[], bool]) -> bool:
    """Looks again and again: True as soon as it holds, False when patience is at its end."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(BETWEEN_LOOKS)
    return True


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Looks again and again, and returns as soon as it holds; TimeoutError when patience is at its end."""
    async with asyncio.timeout(PATIENCE):
        while not await holds():  # noqa: ASYNC110 - what is waited for is a row or a page, which sets no event
            await asyncio.sleep(BETWEEN_LOOKS)
