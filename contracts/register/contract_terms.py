"""When the terms of a contract end: what is reckoned by period is cut there."""

from datetime import date
from uuid import UUID

from base import clock
from contracts.access import access
from contracts.clock import dates
from contracts.clock.refused import Refused
from contracts.fields import values
from contracts.fields.dates_asked import SchoolTerms, asked_of
from contracts.register import deriving
from contracts.tables import Contract


async def ends(school: UUID, contract: UUID) -> tuple[date, ...]:
    """The last days of the terms of a contract that ``school`` has, in order, the one that runs included, and the day on which
    somebody says that it ended. None where its dates are not known. Inside the caller's unit.
    """
    row = await Contract.select().where(Contract.id == contract, access.ours(school)).first()
    if row is None:
        return ()
    said = {**values.of_row(row), "notice": None, "lead": None, "deemed": None}  # when it ends does not rest on these
    asked = asked_of(said, await deriving.extensions_of(contract), None, SchoolTerms())
    ceased: date | None = row["ceased_on"]
    try:
        found = dates.term_ends({**asked, "as_of": clock.today().isoformat()}) if asked else ()
    except Refused:
        found = ()
    return tuple(sorted({*found} if ceased is None else {ceased, *(one for one in found if one < ceased)}))
