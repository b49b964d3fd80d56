"""What a contract's page shows of promises and of what happened: the last few events, with what the clock says."""

from typing import Final

from base.viewer import Viewer
from contracts.access.access import Standing
from contracts.judging.kinds import AGREED_WORDS
from contracts.register.reading import ContractView
from contracts.register.section import Section
from contracts.service_events import reading

MOST: Final = 5


async def happened(viewer: Viewer, contract: ContractView) -> Section | None:
    """None where the viewer's school is not served by it, as where it was only shared."""
    if contract.standing is Standing.SHARED:
        return None
    found = await reading.page(viewer, contract.id, most=MOST)
    agreed = {outcome.value: words for outcome, words in AGREED_WORDS.items()}
    return Section("happened", "What happened", "service_events/_section.html", {"found": found, "agreed_words": agreed})
