"""What there is to see of a contract of ours: the sentence of a share names that, and what may come to it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import database
from base.viewer import Viewer
from contracts.documents.tables import Document
from contracts.promises.tables import Metric
from sharing.access.fields import CONTRACT_WORDS, Fields
from suppliers.shares.there import There

ABOUT: Final = (Fields.TERMS, "what it is for")
SUPPLIER: Final = (Fields.TERMS, "the supplier")
CHOSEN: Final = (Fields.TERMS, "how it was chosen")
DATES: Final = (Fields.DATES, CONTRACT_WORDS[Fields.DATES])
SERVICE: Final = (Fields.ATTAINMENT, CONTRACT_WORDS[Fields.ATTAINMENT])
DOCUMENTS: Final = (Fields.ATTACHMENTS, CONTRACT_WORDS[Fields.ATTACHMENTS])
A_CONTRACT: Final = There((ABOUT, SUPPLIER, CHOSEN, DATES, SERVICE, DOCUMENTS), least="that you have a contract")  # any
OF_DATES: Final = ("starts_on", "ends_on", "term", "renewal", "notice")


async def of_rows(viewer: Viewer, rows: Iterable[Mapping[str, Any]]) -> dict[UUID, There]:
    """By id, of contracts of the viewer's school. Inside the caller's unit."""
    found = {row["id"]: row for row in rows}
    if not found:
        return {}
    its = database.among(Document.contract, found)
    kept = Document.select(Document.contract).where(its, Document.school == viewer.school, Document.hidden_at.is_null())
    documented = {row["contract"] for row in await kept}
    promised = {row["contract"] for row in await Metric.select(Metric.contract).where(database.among(Metric.contract, found))}
    return {one: _there(row, has_documents=one in documented, promises=one in promised) for one, row in found.items()}


def _there(row: Mapping[str, Any], *, has_documents: bool, promises: bool) -> There:
    is_there = {
        ABOUT: True,
        SUPPLIER: bool(row["supplier"] or row["supplier_name"]),
        CHOSEN: bool(row["route"] or row["framework_name"]),
        DATES: any(row[name] for name in OF_DATES),
        SERVICE: promises,
        DOCUMENTS: has_documents,
    }
    now, later = (tuple(one for one in is_there if is_there[one] is wanted) for wanted in (True, False))
    return There(now, later, least="that you have a contract")
