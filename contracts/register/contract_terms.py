"""When the terms of a contract end: what is reckoned by period is cut there."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import database
from base import clock
from contracts.access import access
from contracts.clock import dates
from contracts.clock.refused import Refused
from contracts.fields import values
from contracts.fields.dates_asked import Extension, SchoolTerms, asked_of
from contracts.register import deriving
from contracts.tables import Contract


async def ends_of_several(school: UUID, contracts: Collection[UUID]) -> dict[UUID, tuple[date, ...]]:
    """The last days of the terms of contracts that ``school`` has, in order, the one that runs included, and the day on which
    somebody says that it ended. None where its dates are not known. Inside the caller's unit.
    """
    rows = await Contract.select().where(database.among(Contract.id, contracts), access.ours(school))
    extensions = await deriving.extensions_of_several([row["id"] for row in rows])
    return {row["id"]: _ends(row, extensions[row["id"]]) for row in rows}


def _ends(row: Mapping[str, Any], extensions: Sequence[Extension]) -> tuple[date, ...]:
    said = {**values.of_row(row), "notice": None, "lead": None, "deemed": None}  # when it ends does not rest on these
    asked = asked_of(said, extensions, None, SchoolTerms())
    ceased: date | None = row["ceased_on"]
    try:
        found = dates.term_ends({**asked, "as_of": clock.today().isoformat()}) if asked else ()
    except Refused:
        found = ()
    return tuple(sorted({*found} if ceased is None else {ceased, *(one for one in found if one < ceased)}))
