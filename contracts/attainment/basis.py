"""What the figures of a contract are reckoned from, beside what happened. Inside the caller's unit of work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.access import service_version
from contracts.access.served import ServedContract
from contracts.clock.calendar_layers import for_the_clock, known_terms
from contracts.clock.clock import AnyCalendar
from contracts.clock.school_calendar import Term
from contracts.documents import kept
from contracts.documents.answering import Kept
from contracts.promises import stored_metrics
from contracts.promises.kinds import MetricKind
from contracts.promises.metric import Metrics
from contracts.register import contract_terms, stored_calendars


@dataclass(frozen=True, slots=True)
class Basis:
    """``school`` has the contract, and its terms and hours count, but for a time taken where another school with a calendar of
    its own was served. ``version`` is that of all of this and of what happened.
    """

    contract: UUID
    school: UUID
    version: int
    metrics: Metrics
    calendar: AnyCalendar | None
    terms: tuple[Term, ...]
    starts_on: date | None
    ends: tuple[date, ...]  # of the contract's own terms
    documents: tuple[Kept, ...] = ()  # read only where documents are promised


async def basis_of(about: ServedContract) -> Basis:
    (basis,) = await bases_of(about.school, {about.id: about.starts_on})
    return basis


async def bases_of(school: UUID, starts: Mapping[UUID, date | None]) -> list[Basis]:
    """Of contracts that a school has, read together; ``starts`` says of each when it starts, where that is known.

    The versions are read first: what changes afterwards makes what is kept for them stale.
    """
    versions = await service_version.of_contracts(starts)
    layers = (await stored_calendars.of_school(school)).layers
    calendar, terms = (for_the_clock(layers), known_terms(layers)) if layers else (None, ())
    metrics = await stored_metrics.metrics_of_several(starts)
    ends = await contract_terms.ends_of_several(school, starts)
    of_documents = [one for one, its in metrics.items() if any(each.kind is MetricKind.DOCUMENT for each in its.versions)]
    documents = await kept.of_several(school, of_documents) if of_documents else {}
    return [
        Basis(
            contract, school, versions[contract], metrics[contract], calendar, terms, starts_on, ends.get(contract, ()),
            documents.get(contract, ()),
        )
        for contract, starts_on in starts.items()
    ]  # fmt: skip
