"""What is to be entered, and what the trail adds to it by itself: the names of suppliers, and whose a new trail is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from audit.events import Event
from audit.log import known
from base.viewer import ABOUT_THE_TRAIL

BY_ITSELF: Final[Mapping[str, str]] = {"role": "system"}  # the service itself, as who did it


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry to be: which trail and stream, and the values that its header will commit to."""

    trail: str
    stream: str
    subject: str
    event: StrEnum
    actor: Mapping[str, str]
    facts: Mapping[str, Any]
    personal: Mapping[str, str]
    about: UUID | None  # the person whom the personal values concern

    def whom(self, name: str) -> UUID | None:
        """Whom this personal value concerns: a supplier's name is nobody's who has an account."""
        return None if f"personal.{name}" in known.NAMING else self.about


async def with_names(happenings: list[Happening]) -> list[Happening]:
    """The same, with what the suppliers that they are about are called now: what becomes of a directory changes no entry.

    Inside the caller's unit. Not in what the trail says of itself: an erasure must not write anew what it has just taken out.
    """
    told = [one for one in happenings if not isinstance(one.event, Event)]
    called = await known.of_entries((one.stream, one.subject) for one in told)
    if not called:
        return happenings
    return [_with_name(one, called) if not isinstance(one.event, Event) else one for one in happenings]


def _with_name(happening: Happening, called: Mapping[UUID, known.Called]) -> Happening:
    about = known.supplier_in(happening.stream, happening.subject)
    its = called.get(about) if about else None
    return replace(happening, personal={**its.personal, **happening.personal}) if its else happening


async def begun(owner: str, happenings: list[Happening]) -> list[Happening]:
    """With the entry that a new trail begins with: whose it is. Behind one that says that the old trail is gone."""
    whose = (await known.owners([owner])).get(owner)
    if whose is None:
        return happenings
    first = Happening(owner, ABOUT_THE_TRAIL, ABOUT_THE_TRAIL, Event.TRAIL_BEGUN, BY_ITSELF, whose.facts, {}, None)
    before = int(happenings[0].event is Event.TRAIL_RECOVERED)
    return [*happenings[:before], first, *happenings[before:]]
