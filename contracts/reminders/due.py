"""What is due of contracts, for letters: to the officer and the deputy, and to the heads what nobody answered for a week."""

from collections.abc import AsyncIterator, Collection, Iterator
from datetime import date
from uuid import UUID

import database
from base.due import Due, Urgency
from base.viewer import Role
from contracts.lists import ahead
from contracts.lists.ahead import Ahead
from contracts.reminders import deadlines, stages
from contracts.reminders.deadlines import ContractAhead, SchoolAhead
from contracts.reminders.stages import Deadline, Kind, ReminderStage
from sharing.members import members
from sharing.members.members import Colleague

FOR_HEAD = ":head"  # of a step


async def due(day: date) -> AsyncIterator[Due]:
    """See base/due.py. Who belongs to a school, and how its contracts stand, is asked anew each time."""
    async with database.read():
        schools = await ahead.schools()
    for school in schools:
        async with database.read():
            found = await deadlines.of_school(school, day)
            people = await members.members(school) if found.contracts else ()
        for one in of_school(found, people, day):
            yield one


def of_school(found: SchoolAhead, people: Collection[Colleague], day: date) -> Iterator[Due]:
    """Pure."""
    hearing = [one for one in people if one.role.is_reminded]
    heads = sorted(one.id for one in people if one.role is Role.HEAD)
    for contract in found.contracts:
        told = officers(contract.row, hearing)
        for deadline in contract.deadlines:
            stage = stages.stage_on(deadline, day, found.timing.months)
            if stage is None or _is_answered(contract, deadline):
                continue
            for person in told:
                yield _due(deadline, stage, person)
            for person in heads if stage.for_head else ():
                if person not in told:
                    yield _due(deadline, stage, person, for_head=True)


def officers(row: Ahead, people: Collection[Colleague]) -> tuple[UUID, ...]:
    """Who is to be told: the officer, else whoever keeps the school's contracts; and the deputy."""
    officer = {one.id for one in people if one.id == row.officer_person} or _keepers(people)
    return tuple(sorted(officer | {one.id for one in people if one.id == row.deputy_person}))


def _keepers(people: Collection[Colleague]) -> set[UUID]:
    managers = {one.id for one in people if one.role is Role.BUSINESS_MANAGER}
    return managers or {one.id for one in people if one.role.keeps_contracts}


def _is_answered(contract: ContractAhead, deadline: Deadline) -> bool:
    return deadline.kind is Kind.DECIDE and contract.decided is not None


def _due(deadline: Deadline, stage: ReminderStage, person: UUID, *, for_head: bool = False) -> Due:
    answered = " Nobody has answered this yet." if for_head else ""
    return Due(
        about=deadline.about,
        step=stage.step + (FOR_HEAD if for_head else ""),
        person=person,
        school=deadline.school,
        sentence=deadline.sentence + answered,
        page=f"/contracts/{deadline.contract}#deciding",
        day=deadline.day,
        urgency=Urgency.LAST_DAY if stage.is_last else Urgency.ORDINARY,
    )
