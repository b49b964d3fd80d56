"""What somebody has to hear on their home page about acts from outside at their school."""

from dataclasses import dataclass

from base import clock
from base.viewer import Role, Viewer
from base.words import in_words, last_day, moment
from sharing.people import auditor_list, opened, succession_list


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: what happened in a few words, then a sentence or two, then where to do something about it."""

    title: str
    text: str
    href: str
    link: str


async def of(viewer: Viewer) -> tuple[Notice, ...]:
    """Those for the viewer: of a new head to everybody of the school, of what the operator opened to whoever may write."""
    if viewer.role is Role.AUDITOR:
        return ()
    return (*await _new_heads(viewer), *await _opened(viewer), *await _audits(viewer))


async def _audits(viewer: Viewer) -> list[Notice]:
    found = await auditor_list.of_trust_since(viewer, clock.now() - opened.SHOWN_FOR) if viewer.role.writes else ()
    return [
        Notice(
            f"{one.granted_by} audits your school: {one.who}",
            f"Decided by {one.decided_by or 'somebody'}. They may read to the end of {last_day(one.valid_until)}.",
            f"/auditors/{one.id}",
            "See what is open and what was read, or object",
        )
        for one in found
    ]


async def _new_heads(viewer: Viewer) -> list[Notice]:
    return [
        Notice(
            f"A new head is on the way: {start.who}",
            f"Whoever runs this installation invited them. In force from {in_words(start.in_force_at)}, unless somebody objects.",
            f"/people/new-heads/{start.id}",
            "Read why, or object",
        )
        for start in await succession_list.waiting_at(viewer)
    ]


async def _opened(viewer: Viewer) -> list[Notice]:
    found = []
    for one in await opened.recently(viewer) if viewer.role.writes else ():
        what = "let somebody in for 24 hours" if one.is_invitation else "made a link for somebody's new password"
        now = f" Open until {moment(one.ends_at)}." if one.is_open and one.ends_at else ""
        found.append(
            Notice(
                f"Whoever runs this installation {what}: {one.who}",
                f"On {in_words(one.made_at)}.{now} The reason: {one.reason or 'erased'}",
                "/people/opened",
                "Keep it, or end it",
            )
        )
    return found
