"""A contract that was served, disputed, paused and reviewed, so that every part of a review pack has something to say."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from base.viewer import Role, Viewer
from contracts.fields.said import Said
from contracts.improvement import crediting
from contracts.improvement.crediting import Proposed
from contracts.judging.kinds import Agreed, Discussed, PauseReason, Side, StampKind
from contracts.promises import metrics
from contracts.promises.kinds import EventKind, MetricKind
from contracts.promises.metric import Promise
from contracts.register import register
from contracts.reminders import decisions
from contracts.review import meetings
from contracts.review.meetings import Minutes, ToDo
from contracts.service_events import agreeing, logging_one
from contracts.service_events.agreeing import Agreement, Discussion
from contracts.service_events.logging_one import Logged
from tests.given.served import FROM, a_calendar, a_colleague, a_fix_time, a_job, stamped

FIRST, LAST = date(2026, 1, 5), date(2026, 3, 27)

# Words that the edition for the meeting must never hold.
PLANTED = {
    "notes": "Zebrano says they are slow",
    "exit_plan": "Leave for Quillfeather in May",
    "lessons": "Never pay Umberdown first",
    "handover": "Handover to Wistlegate",
    "conflicts": "Cousin Pendragon sits on the board",
    "award_reason": "Cheaper than Oxenfold",
    "deputy": "Dora Vantongeren",
    "budget_holder": "Bob Hexworthy",
    "approved_by": "Gil Marchbanks",
    "decision": "Too dear says Brackenbury",
    "decided": "We ask Thornquist for quotes",
    "our_notes": "Keep Grimsdyke out of it",
    "event_notes": "The Larkspur key was lost",
    "colleague": "Hilda Farthingale",
    "ours": "Nadia Crumplehorn",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reviewed:
    """``late`` is a job that was missed and is disputed, ``excluded`` one that both sides left out."""

    ann: Viewer
    colleague: Viewer
    contract: UUID
    late: UUID
    excluded: UUID
    meeting: UUID


async def a_reviewed_contract(ann: Viewer) -> Reviewed:
    """Of the viewer's school; the periods are terms, of which the spring of 2026 is looked at."""
    colleague = await a_colleague(ann, Role.HEAD, PLANTED["colleague"])
    names = ("notes", "exit_plan", "lessons", "handover", "conflicts", "award_reason", "deputy", "budget_holder", "approved_by")
    values: dict[str, Any] = {
        "title": "Boilers", "supplier_name": "Ashby Boilers", "starts_on": FROM, "ends_on": date(2028, 8, 31),
        "officer": "Olive Okafor",
        "annual_pence": 1_200_000, "credit_rule": "Five per cent of a month for each breach", "quotes": 3, "route": "quotes",
        "review_due_on": date(2027, 3, 1), **{name: PLANTED[name] for name in names},
    }  # fmt: skip
    contract = await register.add(ann, Said(values))
    await a_calendar(ann)
    await a_fix_time(ann, contract)
    letters = await metrics.add(ann, contract, _letters())
    insurance = Logged(EventKind.DOCUMENT, metric=letters, what="Insurance", on_day=date(2026, 1, 6), said=_insurance())
    await logging_one.log(ann, contract, insurance)
    met = await a_job(ann, contract, "2026-01-20 09:30", notes=PLANTED["event_notes"])
    await stamped(ann, met, StampKind.FIXED, "2026-01-20 11:00")
    late = await a_job(ann, contract, "2026-02-03 09:30", what=f"Boiler out, {PLANTED['colleague']} rang")
    await stamped(ann, late, StampKind.WAITING, "2026-02-03 10:00", reason=PauseReason.US)
    await stamped(ann, late, StampKind.RESUMED, "2026-02-03 11:00")
    await stamped(ann, late, StampKind.FIXED, "2026-02-05 12:00")
    await agreeing.discuss(ann, late, Discussion(Discussed.DISPUTED, date(2026, 2, 10), "The gate was shut."))
    excluded = await a_job(ann, contract, "2026-03-03 09:30", what="Radiator cold")
    await stamped(ann, excluded, StampKind.FIXED, "2026-03-06 12:00")
    left_out = Agreement(Agreed.LEFT_OUT, date(2026, 3, 10), "The part was recalled.", PLANTED["ours"], "Bo Brook", "9.1")
    await agreeing.agree(ann, excluded, left_out)
    await crediting.propose(ann, contract, Proposed(5_000, date(2026, 3, 12), "One breach."))
    why = decisions.Deciding(decisions.Choice.RETENDER, date(2026, 3, 20), PLANTED["decision"])
    await decisions.decide(ann, contract, why)
    return Reviewed(ann, colleague, contract, late, excluded, await _met(ann, contract))


async def _met(ann: Viewer, contract: UUID) -> UUID:
    words = {
        "went_well": "Clean and friendly.", "supplier_words": "We hired two fitters.", "staffing": "A new engineer.",
        "decided": PLANTED["decided"], "notes": PLANTED["our_notes"],
    }  # fmt: skip
    actions = (
        ToDo("Send the new rota", "Bo Brook", Side.SUPPLIER, date(2026, 4, 1)),
        ToDo("Cut a second gate key", PLANTED["ours"], Side.SCHOOL, date(2026, 3, 20)),
    )
    new = Minutes(date(2026, 3, 12), f"Olive Okafor, {PLANTED['ours']}", "Bo Brook", words, date(2027, 6, 1), actions)
    return await meetings.hold(ann, contract, new)


def _insurance() -> dict[str, str]:
    return {"kind": "insurance", "from": "2026-01-01", "to": "2026-12-31"}


def _letters() -> Promise:
    return Promise(MetricKind.DOCUMENT, "Insurance in date", {"target": 100, "kinds": ["insurance"]}, FROM)
