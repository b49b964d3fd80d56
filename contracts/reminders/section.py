"""What a contract's page shows of the decision: by when, what was decided, who is reminded, and whether any letter leaves."""

from typing import Final

import database
from base import clock, mail
from base.due import NONE_LEAVES
from base.viewer import Viewer
from contracts.access.access import Standing
from contracts.register.reading import ContractView
from contracts.register.section import Section
from contracts.reminders import deadlines, decisions, due, stages
from contracts.reminders.stages import Kind
from sharing.members import members

ANCHOR: Final = "deciding"


async def deciding(viewer: Viewer, contract: ContractView) -> Section | None:
    """None where the viewer's school is not served by it, as where it was only shared; and for whom prices are not."""
    if contract.standing is Standing.SHARED or not viewer.role.reads_prices:
        return None
    today = clock.today()
    of_school = contract.school if contract.standing is Standing.LED else viewer.school
    async with database.read():
        found = await deadlines.serving(of_school, today, contract.id)
        decided = [one.read_at(is_ours=contract.is_ours) for one in await decisions.of(contract.id)]
        people = await members.members(contract.school) if contract.is_ours else ()
    its = next(iter(found.contracts), None)
    told = set(due.officers(its.row, [one for one in people if one.role.is_reminded])) if its else set()
    asked = its.to_decide if its else None
    stage = stages.stage_on(asked, today, found.timing.months) if asked else None
    return Section(
        ANCHOR,
        "What we decide",
        "reminders/_deciding.html",
        {
            "deadlines": [one for one in its.deadlines if one.kind is not Kind.END] if its else [],
            "decided": decided,
            "current": its.decided.read_at(is_ours=contract.is_ours) if its and its.decided else None,
            "to_decide": asked,
            "is_unanswered": bool(stage and stage.for_head),
            "told": [one.name for one in people if one.id in told],
            "none_leaves": "" if mail.is_configured() else NONE_LEAVES,
            "goes_on": its is not None,
            "has_calendar": its is not None and contract.standing is not Standing.LED,
        },
    )
