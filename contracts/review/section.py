"""What a contract's page shows of its reviews: when the next is due, what is still to be done, and where the pack is made."""

from datetime import date

from base import clock
from base.viewer import Viewer
from contracts.register.reading import ContractView
from contracts.register.section import Section
from contracts.review import access, meetings


async def reviews(viewer: Viewer, contract: ContractView) -> Section | None:
    """None where the contract is not the viewer's school's."""
    if not contract.is_ours or not access.may_read(viewer):
        return None
    _, found = await meetings.of_contract(viewer, contract.id)
    planned = [one.next_on for one in found.meetings if one.next_on and one.next_on >= clock.today()]
    said = contract.said.values["review_due_on"]
    due = min([*planned, *([said] if isinstance(said, date) else [])], default=None)
    shown = {"reviews": found, "due": due, "today": clock.today()}
    return Section("reviews", "Contract review", "review/_section.html", shown)
