"""What a contract's page shows of how the service did: each promise in its last period, and the way to all of it."""

from base import clock
from base.refusals import NotFound
from base.viewer import Role, Viewer
from contracts.access.access import Standing
from contracts.attainment import attainment, shown, warning, wording
from contracts.register.reading import ContractView
from contracts.register.section import Section


async def how_it_did(viewer: Viewer, contract: ContractView) -> Section | None:
    """Of a contract that is shared, figures where these are open. None for site staff, and where nothing is promised."""
    if viewer.role is Role.SITE_STAFF:
        return None
    if contract.standing is Standing.SHARED:
        return await _shared(viewer, contract)
    metrics = await attainment.of_contract(viewer, contract.id)
    if not metrics:
        return None
    said = warning.reasons(metrics, contract.outlook.to_decide_by if contract.outlook else None, clock.today())
    return Section(
        "figures", "How the service did", "attainment/_section.html", {"metrics": metrics, "words": wording, "warnings": said}
    )


async def _shared(viewer: Viewer, contract: ContractView) -> Section | None:
    try:
        figures = await shown.with_us(viewer, contract.id)
    except NotFound:
        return None
    return Section("figures", "How the service did", "attainment/_shared.html", {"figures": figures, "words": wording})
