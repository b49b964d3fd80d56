"""The hours by which what happened under a contract is judged: the calendar of the school that has it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from contracts.clock.calendar_layers import for_the_clock
from contracts.register import stored_calendars


async def of_school(school: UUID) -> Mapping[str, Any] | None:
    """As the clock takes it; None where none was saved. Inside the caller's unit."""
    layers = (await stored_calendars.of_school(school)).layers
    return for_the_clock(layers) if layers else None
