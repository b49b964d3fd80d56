"""New heads on their way, for letters: everybody of the school is told once more on the last day to object.

Of the start itself they had a letter at once (succession.py).
"""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import database
from base import clock
from base.due import Due, Urgency
from base.words import in_words
from sharing.members.members import members
from sharing.operator.succession_list import starts_of


async def due(day: date) -> AsyncIterator[Due]:
    """See base/due.py."""
    async with database.read():
        waiting = [one for one in await starts_of(None) if one.is_waiting]
        starts = [one for one in waiting if one.in_force_at.astimezone(clock.LONDON).date() - timedelta(days=1) <= day]
        people = {one.school: await members(one.school) for one in starts}
    for one in starts:
        sentence = (
            f"Whoever runs this installation invited a new head, in force from {in_words(one.in_force_at)}. "
            "Until then anybody of your school can object."
        )
        for member in people[one.school]:
            yield Due(
                about=f"succession:{one.id}",
                step="last-day",
                person=member.id,
                school=one.school,
                sentence=sentence,
                page=f"/people/new-heads/{one.id}",
                day=one.in_force_at.astimezone(clock.LONDON).date(),
                urgency=Urgency.SECURITY,
            )
