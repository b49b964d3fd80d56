"""What the home page says about a school's contracts by itself, and what the trail calls their streams."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import database
from audit.log.subjects import Subject
from base.viewer import Viewer
from contracts.access import access
from contracts.lists import listing
from contracts.tables import Contract
from web.pages.notices import Notice


async def notices(viewer: Viewer) -> tuple[Notice, ...]:
    """How much isn't known of contracts that have not ended; nothing to those who don't keep them."""
    if not viewer.role.keeps_contracts:
        return ()
    found = await listing.asking(viewer)
    if not found:
        return ()
    questions = "has open questions" if found == 1 else "have open questions"
    return (Notice(f"{_contracts(found)} {questions}.", "/contracts?questions=yes", "Answer them"),)


async def titles_of_streams(trail: str, streams: Iterable[str]) -> Mapping[str, str]:
    """Titles by stream, of contracts of the school whose trail it is. What was taken out has its own in its entries."""
    ids = [contract for stream in streams if (contract := Subject.CONTRACT.id_in(stream))]
    if not ids:
        return {}
    async with database.read():
        rows = await Contract.select(Contract.id, Contract.title).where(
            database.among(Contract.id, ids) & access.ours(UUID(trail))
        )
    return {Subject.CONTRACT.of(row["id"]): row["title"] for row in rows}


def _contracts(number: int) -> str:
    return f"{listing.at_most(number)} {'contract' if number == 1 else 'contracts'}"
