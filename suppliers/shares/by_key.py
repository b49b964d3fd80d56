"""What a program may share with an API key: the criticism of a review or a note goes to one school, not to one after another.

Nobody looks at each choice that a program makes, so this holds whatever the role of the key's person, and also against what
a head confirmed before. Whoever signs in with a browser may do more.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import database
from audit.log.subjects import Subject
from audit.tables import Entry, Opening
from base.refusals import Invalid
from base.viewer import Viewer
from sharing.access.audiences import AudienceChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.events import Event
from suppliers.record import merge_edges

ONLY_ONE_SCHOOL: Final = (
    "An API key shares criticism of a supplier with one school at most, all reviews and notes of it together, and not with a "
    "second one later. Sign in with a browser for more."
)

Grant = Mapping[str, Any]  # as GrantChoice.facts() and the trail spell it


async def require_one_school(
    viewer: Viewer, supplier: UUID, old: AudienceChoice, new: AudienceChoice, *, same_as: UUID | None
) -> None:
    """Raises Invalid where ``new`` takes criticism of the supplier further than to the one school that ever had any.

    All reviews and notes of it together: the same words, written anew, would begin a new count. So would another record of the
    same supplier: ``same_as`` is the entry that it joins with this share.

    What ``new`` leaves as it was in ``old`` is not asked about. Inside the caller's unit of work.
    """
    kept = old.facts()
    if not _schools(grant for grant in new.facts() if grant not in kept):
        return
    schools = _schools(new.facts()) | _schools(await _given(viewer, await merge_edges.wholes((supplier, same_as), viewer.school)))
    if None in schools or len(schools) > 1:
        raise Invalid(ONLY_ONE_SCHOOL, fields=ONLY_ONE_SCHOOL)


def _schools(grants: Iterable[Grant]) -> set[str | None]:
    """Where criticism goes; None stands for more than one school, and for one that can't be told."""
    told = [grant for grant in grants if Fields.CRITICISM in Fields(grant["fields"])]
    return {grant["subject"] if grant["kind"] == GrantKind.SCHOOL else grant.get("at_school") for grant in told}


async def _given(viewer: Viewer, whole: Iterable[UUID]) -> list[Grant]:
    """Every grant of a supplier, by all its ids, that the school's trail tells of, also those that ended."""
    streams = list(map(Subject.SUPPLIER.of, whole))
    of_it = (Entry.trail == str(viewer.school)) & database.among(Entry.stream, streams)
    given = of_it & (Entry.type == Event.SHARE_GIVEN.value)
    entries = await Entry.select(Entry.event_id).where(given).output(as_list=True)
    if not entries:
        return []
    told = (Opening.field == "facts") & database.among(Opening.event_id, entries)
    return [grant for value in await Opening.select(Opening.value).where(told).output(as_list=True) for grant in _new(value)]


def _new(facts: str) -> list[Grant]:
    found: list[Grant] = json.loads(facts)["new"]["grants"]
    return found
