"""What is to be decided next about each supplier's contracts, for a list of suppliers."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

import database
from base import clock
from base.viewer import Viewer
from contracts.access import access
from contracts.tables import Contract
from web.pages.beside import Ahead

MOST: Final = 2_000  # contracts with a day ahead; a school has some tens

_AHEAD: Final = """SELECT d.due AS due, contracts_contract.id AS contract, contracts_contract.title AS title,
    COALESCE(s.joined_to, s.id) AS supplier
    FROM contracts_dates_from d JOIN contracts_contract ON contracts_contract.id = d.contract
    JOIN suppliers_supplier s ON s.id = contracts_contract.supplier
    WHERE {} AND d.from_day <= {} AND (d.until_day IS NULL OR d.until_day > {}) AND d.state <> 'ended' AND d.due < {}
    ORDER BY d.due, contracts_contract.title, contracts_contract.id LIMIT {}"""


async def ahead(viewer: Viewer) -> Mapping[UUID, Ahead]:
    """By supplier the soonest day by which something is to be decided, of the school's own contracts and those that cover it."""
    found: dict[UUID, Ahead] = {}
    today = clock.today()
    async with database.read():
        for part in access.parts_of_register(viewer.school):
            for row in await Contract.raw(_AHEAD, part, today, today, date.max, MOST):
                one = Ahead(row["due"], f"/contracts/{row['contract']}", row["title"])
                supplier = UUID(str(row["supplier"]))
                found[supplier] = min(one, found.get(supplier, one), key=lambda ahead: ahead.day)
    return found
