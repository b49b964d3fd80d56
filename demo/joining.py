"""How somebody of the demo town gets their account: invited by a colleague or the operator, or let in as an auditor."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from base.viewer import Role, Viewer
from demo import town as demo_town
from demo.town import Staff
from sharing.auditors import auditors
from sharing.joining import joining
from sharing.people import heads, people


async def invited(staff: Staff, school: UUID, so_far: Mapping[tuple[str, Role], Viewer], password: str) -> Viewer:
    """By a colleague, or by the operator where nobody is there yet. A school's first head is named there, and confirmed."""
    there = [viewer for (key, _), viewer in so_far.items() if key == staff.school]
    is_first_head = staff.role is Role.HEAD and not any(viewer.role is Role.HEAD for viewer in there)
    role = Role.BUSINESS_MANAGER if is_first_head else staff.role
    by = there[0] if there else None
    invitation = await people.invite(by, email=staff.email, role=role, school=school)
    viewer = await joining.join(token_in(invitation.address), name=staff.name, password=password)
    if is_first_head:
        await heads.confirm(so_far[demo_town.OPERATORS, Role.HEAD], await heads.name(by or viewer, viewer.person))
    return replace(viewer, role=staff.role)


async def joins_too(staff: Staff, school: UUID, password: str) -> Viewer:
    """One more school for somebody who has an account, invited by the operator."""
    invitation = await people.invite(None, email=staff.email, role=staff.role, school=school)
    return await joining.join_with_account(token_in(invitation.address), password=password, from_address="")


async def audits(staff: Staff, head: Viewer, password: str) -> Viewer:
    """Let in by the head for as long as a grant may last."""
    reason, last_day = "External review of what we spend on our site", auditors.last_day()
    granted = await auditors.grant(head, email=staff.email, reason=reason, until=last_day)
    return await joining.join(token_in(granted.address), name=staff.name, password=password)


def token_in(address: str) -> str:
    return address.rpartition("/")[2]
