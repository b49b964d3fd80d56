"""The hours by which what happened under a contract is judged: the calendar of the school where it happened, if that saved one,
else that of the school or trust that has the contract. Inside the caller's unit of work.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import database
from contracts.clock.calendar_layers import for_the_clock, laid_over
from contracts.judging.job import Job
from contracts.register import stored_calendars
from sharing.tables import School


async def of_school(school: UUID) -> Mapping[str, Any] | None:
    """As the clock takes it; None where none was saved."""
    layers = (await stored_calendars.of_school(school)).layers
    return for_the_clock(layers) if layers else None


async def at(school: UUID, owner: UUID) -> Mapping[str, Any] | None:
    """By which what happens at a school is judged under a contract that ``owner`` has."""
    return (await _at_each([school], owner)).get(school) or await of_school(owner)


async def placed(jobs: Sequence[Job], owner: UUID) -> tuple[Job, ...]:
    """Each with the calendar of the school where it happened, where that has one of its own; ``owner`` has their contract."""
    calendars = await _at_each({job.school for job in jobs} - {owner}, owner)
    return tuple(replace(job, calendar=calendars[job.school]) if job.school in calendars else job for job in jobs)


async def whose(jobs: Sequence[Job], owner: UUID) -> dict[UUID, str]:
    """By job, the name of the school or trust by whose calendar it is judged, once each is ``placed``."""
    schools = {job.job: owner if job.calendar is None else job.school for job in jobs}
    wanted = database.among(School.id, {*schools.values()})
    names = {row["id"]: row["name"] for row in await School.select(School.id, School.name).where(wanted)}
    return {job: names[school] for job, school in schools.items()}


async def _at_each(schools: Collection[UUID], owner: UUID) -> dict[UUID, Mapping[str, Any]]:
    """Of those that saved a calendar: whole, or days of their own above the owner's, whatever trust they are in by now."""
    own = await stored_calendars.saved_by(schools)
    if not own:
        return {}
    above = (await stored_calendars.of_school(owner)).layers
    each = {school: laid_over(above, layers) for school, layers in own.items()}
    return {school: for_the_clock(layers) for school, layers in each.items() if layers}
