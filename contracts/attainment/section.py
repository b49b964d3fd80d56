"""What a contract's page shows of how the service did: each promise in its last period, and the way to all of it."""

from base import clock
from base.viewer import Role, Viewer
from contracts.access.access import Standing
from contracts.attainment import attainment, warning, wording
from contracts.register.reading import ContractView
from contracts.register.section import Section


async def how_it_did(viewer: Viewer, contract: ContractView) -> Section | None:
    """None where the contract was only shared, for site staff, and where nothing is promised."""
    if contract.standing is Standing.SHARED or viewer.role is Role.SITE_STAFF:
        return None
    metrics = await attainment.of_contract(viewer, contract.id)
    if not metrics:
        return None
    outlook = contract.outlook
    decide_by = (outlook.next_decide_by or outlook.decide_by) if outlook else None
    said = warning.reasons(metrics, decide_by, clock.today())
    return Section(
        "figures", "How the service did", "attainment/_section.html", {"metrics": metrics, "words": wording, "warnings": said}
    )
