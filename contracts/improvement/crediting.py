"""Service credits: proposed by us, agreed by both, received; or dropped. Each state is a row that stays."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from base import clock
from base.refusals import Conflict, Forbidden, read_together
from base.viewer import Viewer, must_keep_contracts
from contracts.access import served
from contracts.access.served import NOBODYS, ServedContract
from contracts.events import Event
from contracts.fields.contract_fields import MOST_PENCE
from contracts.improvement import kept
from contracts.improvement.tables import Credit
from contracts.service_events import stored


class State(StrEnum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    RECEIVED = "received"
    DROPPED = "dropped"


AFTER: Final = {
    State.PROPOSED: (State.AGREED, State.DROPPED),
    State.AGREED: (State.RECEIVED, State.DROPPED),
    State.RECEIVED: (),
    State.DROPPED: (),
}
STATE_WORDS: Final = {
    State.PROPOSED: "Proposed", State.AGREED: "Agreed", State.RECEIVED: "Received", State.DROPPED: "Dropped",
}  # fmt: skip
# A row of the ledger is final and nobody's to correct, so it moves no figure.
COUNTED: Final = (
    "The promise about credits counts sums that were logged under it, which both sides can dispute and correct. A credit that is "
    "marked as received does not count there by itself: log it too."
)
MOVED_ON: Final = "A colleague has moved this credit on. Look at it again."


@dataclass(frozen=True, slots=True)
class Proposed:
    pence: int | None
    on_day: date | None
    why: str
    metric: UUID | None = None


@dataclass(frozen=True, slots=True)
class CreditView:
    """``days`` and ``amounts``, pence, by state in order; ``pence`` as it stands last."""

    id: UUID
    metric: UUID | None
    pence: int
    state: State
    days: dict[State, date]
    amounts: dict[State, int]
    why: str

    @property
    def next_states(self) -> tuple[State, ...]:
        return AFTER[self.state]


async def propose(viewer: Viewer, contract: UUID, new: Proposed) -> UUID:
    """Raises Forbidden, NotFound, Invalid that names each wrong field."""
    must_keep_contracts(viewer)
    async with audit.recording(viewer) as record:
        about = await kept.ours(viewer, contract)
        return await propose_one(record, viewer, about, new, since=about.starts_on)


async def propose_one(record: Record, viewer: Viewer, about: ServedContract, new: Proposed, *, since: date | None) -> UUID:
    """As ``propose``, inside the caller's unit. ``since`` None: also on a day before the contract starts."""
    contract, promise = about.id, await kept.promise(about.id, new.metric)
    pence, on_day, why = checked(new, since=since)
    if await Credit.count().where(Credit.contract == contract, Credit.state == State.PROPOSED.value) >= kept.MOST_OF_A_KIND:
        kept.refuse("pence", f"At most {kept.MOST_OF_A_KIND} credits are kept of one contract.")
    credit = uuid4()
    made = await _keep(viewer, credit, contract, new.metric, State.PROPOSED, pence, on_day)
    await stored.keep_words(made, contract, {"why": why})
    facts = {"credit": str(credit), "state": State.PROPOSED.value, "pence": pence, "on": on_day.isoformat()}
    words = {"why": why, **({"promise": promise} if promise else {})}
    await served.tell(record, Event.CREDIT_NOTED, about, viewer, facts, words, moves_figures=False)
    return credit


def checked(new: Proposed, *, since: date | None = None) -> tuple[int, date, str]:
    """How much, on which day and what for, fit to keep. Raises Invalid that names each wrong field."""
    pence, on_day, why = read_together(
        lambda: _amount(new.pence),
        lambda: kept.past(new.on_day, "on_day", since=since),
        lambda: kept.words(new.why, "why", missing="Write down what it is for, with the clause."),
    )
    return pence, on_day, why


async def move(viewer: Viewer, credit: UUID, to: State, *, on_day: date | None, pence: int | None = None) -> UUID:
    """To the next state; ``pence`` None: as much as before. The contract's id. Raises Forbidden, NotFound, Invalid, Conflict."""
    must_keep_contracts(viewer)
    async with audit.recording(viewer) as record:
        return await move_one(record, viewer, credit, to, on_day=on_day, pence=pence)


async def move_one(
    record: Record, viewer: Viewer, credit: UUID, to: State, *, on_day: date | None, pence: int | None
) -> UUID:  # fmt: skip
    """As ``move``, inside the caller's unit."""
    contract = await _contract_of(credit)
    about = await kept.ours(viewer, contract)
    (view,) = [one for one in await _views(contract) if one.id == credit]
    if to not in view.next_states:
        raise Conflict(MOVED_ON)
    moved_on = checked_move(on_day, pence, since=view.days[view.state])
    amount = view.pence if pence is None else pence
    with database.duplicates(Conflict(MOVED_ON)):
        await _keep(viewer, credit, contract, view.metric, to, amount, moved_on)
    facts = {"credit": str(credit), "state": to.value, "pence": amount, "on": moved_on.isoformat()}
    await served.tell(record, Event.CREDIT_NOTED, about, viewer, facts, {}, moves_figures=False)
    return contract


def checked_move(on_day: date | None, pence: int | None, *, since: date | None = None) -> date:
    """The day; ``pence`` None: as much as before. Raises Invalid that names each wrong field."""
    moved_on: date = read_together(
        lambda: kept.past(on_day, "on_day", since=since), lambda: None if pence is None else _amount(pence)
    )[0]
    return moved_on


async def of_contract(viewer: Viewer, contract: UUID) -> tuple[CreditView, ...]:
    """The latest first; inside the caller's unit. Raises NotFound, Forbidden for whoever reads no prices."""
    if not viewer.role.reads_prices:
        raise Forbidden("Only governors and those who keep contracts read this. Ask one of them.")
    await kept.ours(viewer, contract, lock=False)
    return await _views(contract)


async def contract_of(viewer: Viewer, credit: UUID) -> UUID:
    """Opens its own unit. Raises NotFound."""
    async with database.read():
        return (await kept.ours(viewer, await _contract_of(credit), lock=False)).id


async def _contract_of(credit: UUID) -> UUID:
    row = await Credit.select(Credit.contract).where(Credit.credit == credit).first()
    found: UUID = row["contract"] if row else NOBODYS
    return found


async def _views(contract: UUID) -> tuple[CreditView, ...]:
    rows = await Credit.select().where(Credit.contract == contract)
    words = await stored.words_of([row["id"] for row in rows])
    order, found = list(State), []
    for credit in dict.fromkeys(row["credit"] for row in rows):
        its: list[dict[str, Any]] = sorted(
            (row for row in rows if row["credit"] == credit), key=lambda row: order.index(row["state"])
        )
        first, last = its[0], its[-1]
        days, amounts = ({State(row["state"]): row[name] for row in its} for name in ("on_day", "pence"))
        why = words.get(first["id"], {}).get("why", "")
        found.append(CreditView(credit, first["metric"], last["pence"], State(last["state"]), days, amounts, why))
    return tuple(sorted(found, key=lambda one: (one.days[State.PROPOSED], str(one.id)), reverse=True))


async def _keep(
    viewer: Viewer, credit: UUID, contract: UUID, metric: UUID | None, state: State, pence: int, on_day: date
) -> UUID:  # fmt: skip
    made = uuid4()
    await Credit(
        id=made, credit=credit, contract=contract, metric=metric, state=state.value, pence=pence, on_day=on_day,
        author=viewer.person, recorded_at=clock.now(),
    ).save()  # fmt: skip
    return made


def _amount(pence: int | None) -> int:
    if pence is None or not 1 <= pence <= MOST_PENCE:
        kept.refuse("pence", f"Enter an amount from £0.01 to £{MOST_PENCE // 100:,}.")
    return pence
