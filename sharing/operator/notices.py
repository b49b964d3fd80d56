"""What somebody has to hear on their home page about acts from outside at their school."""

from base import clock
from base.viewer import Role, Viewer
from base.words import in_words, last_day, moment
from sharing.auditors import listing
from sharing.operator import opened, succession_list
from sharing.two_people import published
from web.pages.notices import Notice


async def of(viewer: Viewer) -> tuple[Notice, ...]:
    """Those for the viewer: of a new head to everybody who may object, of what the operator opened to whoever may write."""
    if viewer.role in (Role.AUDITOR, Role.SITE_STAFF):
        return ()
    return (*await _new_heads(viewer), *await _opened(viewer), *await _audits(viewer), *await _chairs(viewer))


async def _chairs(viewer: Viewer) -> list[Notice]:
    found = await published.waiting_at(viewer) if viewer.role.writes else None
    return [] if found is None else [_chair(found)]


def _chair(found: published.Published) -> Notice:
    return Notice(
        title=f"Where your chair is written to changes: {found.email}",
        text=f"Whoever runs this installation set it on {in_words(found.set_at)}. It counts from {in_words(found.counts_from)}. "
        "If your school does not publish that address, tell them before.",
        href="/trail",
        link="See in the trail who set it",
    )


async def _audits(viewer: Viewer) -> list[Notice]:
    found = await listing.of_trust_since(viewer, clock.now() - opened.SHOWN_FOR) if viewer.role.writes else ()
    return [
        Notice(
            title=f"{one.granted_by} audits your school: {one.who}",
            text=f"Decided by {one.decided_by or 'somebody'}. They may read to the end of {last_day(one.valid_until)}.",
            href=f"/auditors/{one.id}",
            link="See what is open and what was read, or object",
        )
        for one in found
    ]


async def _new_heads(viewer: Viewer) -> list[Notice]:
    return [
        Notice(
            title=f"A new head is on the way: {start.who}",
            text="Whoever runs this installation invited them. "
            f"In force from {in_words(start.in_force_at)}, unless somebody objects.",
            href=f"/people/new-heads/{start.id}",
            link="Read why, or object",
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
                title=f"Whoever runs this installation {what}: {one.who}",
                text=f"On {in_words(one.made_at)}.{now} The reason: {one.reason or 'erased'}",
                href="/people/opened",
                link="Keep it, or end it",
            )
        )
    return found
