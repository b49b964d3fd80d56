"""The contracts of a school that end within a year, as governors read them: what they cost, what is planned, and by when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import database
from base import clock
from base.refusals import Forbidden
from base.viewer import Viewer
from contracts.attainment import attainment
from contracts.attainment.wording import headline
from contracts.clock import dates
from contracts.clock.refused import Refused
from contracts.fields import dates_asked
from contracts.fields.contract_fields import BY_NAME
from contracts.fields.dates_asked import Extension, SchoolTerms
from contracts.fields.wording import shown
from contracts.register import reading
from contracts.register.reading import ContractView
from contracts.reminders import deadlines, decisions
from contracts.reminders.deadlines import ContractAhead
from contracts.reminders.decisions import Decision
from contracts.reminders.stages import Deadline, Kind

YEAR: Final = timedelta(days=365)
MOST: Final = 60  # contracts on the page; more are counted
READERS: Final = "Governors, business managers, heads and trust leads read what contracts cost. Ask one of them."
NOT_KNOWN: Final = "Not known"


@dataclass(frozen=True, slots=True)
class EndingContract:
    """``deadline`` and ``decided`` are about the end after ``ends`` where ``is_missed``: notice for this one came too late.
    ``renewed_unasked`` are the ends at which it renewed by itself and nobody had decided that it should.
    """

    contract: ContractView
    ends: date
    is_missed: bool
    deadline: Deadline | None  # of the decision
    decided: Decision | None
    renewed_unasked: tuple[date, ...]
    service: str  # how many promises were kept, as the contract's own page says it; "" where nothing is promised

    def said(self, name: str, otherwise: str = NOT_KNOWN) -> str:
        """A field of the register in words."""
        return shown(BY_NAME[name], self.contract.said.values[name]) or otherwise

    @property
    def is_ours(self) -> bool:
        return self.contract.is_ours

    @property
    def extensions(self) -> tuple[str, ...]:
        return tuple(map(_extension, self.contract.said.extensions))

    @property
    def leaving_early(self) -> str:
        return self.said("break_clause", "No break clause is written down")


@dataclass(frozen=True, slots=True)
class Year:
    """``renewed`` are contracts that renewed by themselves within the last year and nobody had decided that they should."""

    first: date
    last: date
    ending: tuple[EndingContract, ...]
    renewed: tuple[EndingContract, ...]
    more: int  # that end, and are not shown

    @property
    def undecided(self) -> int:
        return sum(one.decided is None for one in self.ending)

    @property
    def worth(self) -> int:
        """Pence a year of what is the school's own and of which that is known: a trust's price is for all of its schools."""
        return sum(one.contract.said.values["annual_pence"] or 0 for one in self._own)  # type: ignore[misc]  # whole numbers

    @property
    def worth_not_known(self) -> int:
        """How many of the school's own say nothing of it."""
        return sum(one.contract.said.values["annual_pence"] is None for one in self._own)

    @property
    def _own(self) -> tuple[EndingContract, ...]:
        return tuple(one for one in self.ending if one.is_ours)


def must_read(viewer: Viewer) -> None:
    """Raises Forbidden for whoever may not read what contracts cost."""
    if not viewer.role.reads_prices:
        raise Forbidden(READERS)


async def look(viewer: Viewer) -> Year:
    """The soonest end first. Raises Forbidden."""
    must_read(viewer)
    first = clock.today()
    last = first + YEAR
    async with database.read():
        found = await deadlines.serving(viewer.school, first)
        decided = await decisions.of_each({one.row.id for one in found.contracts})
    ending = sorted((end, n) for n, one in enumerate(found.contracts) if (end := _end(one)) and end <= last)
    made = [await _line(viewer, found.contracts[n], end, decided) for end, n in ending[:MOST]]
    shown_ones = {one.contract.id for one in made}
    rolled = [one for one in found.contracts if one.row.rolled and one.row.id not in shown_ones]
    others = [await _line(viewer, one, _end(one) or last, decided) for one in rolled[:MOST]]
    renewed = [one for one in (*made, *others) if one.renewed_unasked and one.renewed_unasked[-1] >= first - YEAR]
    return Year(first, last, tuple(made), tuple(renewed), max(0, len(ending) - MOST))


def renewed_unasked(contract: ContractView, decided: tuple[Decision, ...]) -> tuple[date, ...]:
    """The ends at which it renewed by itself without a decision before. Pure."""
    said = contract.said
    asked = dates_asked.asked_of(
        {**said.values, "notice": None, "lead": None, "deemed": None}, said.extensions, None, SchoolTerms()
    )
    rolled = contract.outlook.rolled if contract.outlook else 0
    if asked is None or not rolled:
        return ()
    try:
        ends = dates.ends_passed({**asked, "as_of": clock.today().isoformat()})[:rolled]
    except Refused:
        return ()
    return tuple(end for end in ends if end not in decisions.ends_decided(decided))


def _end(one: ContractAhead) -> date | None:
    return one.row.current_end


async def _line(viewer: Viewer, one: ContractAhead, end: date, decided: Mapping[UUID, tuple[Decision, ...]]) -> EndingContract:
    contract = await reading.contract(viewer, one.row.id)
    deadline = next((each for each in one.deadlines if each.kind is Kind.DECIDE), None)
    unasked = renewed_unasked(contract, decided.get(one.row.id, ()))
    service = headline(await attainment.of_contract(viewer, one.row.id))
    decision = one.decided.read_at(is_ours=contract.is_ours) if one.decided else None
    return EndingContract(contract, end, one.row.is_missed, deadline, decision, unasked, service)


def _extension(one: Extension) -> str:
    return " ".join(_extension_words(one))


def _extension_words(one: Extension) -> Iterator[str]:
    yield shown(BY_NAME["ends_on"], one.to_day) if one.to_day else shown(BY_NAME["term"], one.length)
    yield "(taken up)" if one.is_taken else "(can be taken up)"
