"""What the home page says where letters do not arrive: whoever waits for one must not wait in vain."""

import database
from base import clock, mail
from base.due import NONE_LEAVES
from base.viewer import Viewer
from notices import choices
from notices.tables import Letter
from web.pages.notices import Notice


async def of(viewer: Viewer) -> tuple[Notice, ...]:
    """Only where there is something to remind of: a letter to the viewer within the last week, or for an operator to anybody."""
    if not viewer.role.is_reminded:
        return ()
    if not mail.is_configured():
        return (_none_leaves(viewer),) if await _is_anything(viewer) else ()
    wish = await choices.of(viewer)
    told = "Letters to your address come back, so nothing reminds you but these pages."
    return (Notice(told, "/account/letters", "Put it right"),) if wish.refused_at else ()


def _none_leaves(viewer: Viewer) -> Notice:
    todo = (
        "Its letters are files in the folder mail/outbox. Set VOUCH_SMTP, or hand them on."
        if viewer.is_operator
        else "Look at these pages for what waits, and ask whoever runs this installation to let it send letters."
    )
    return Notice(f"{NONE_LEAVES}. {todo}", "/account/letters", "How you would be reminded")


async def _is_anything(viewer: Viewer) -> bool:
    lately = Letter.made_at > clock.now() - mail.KEPT
    async with database.read():
        return await Letter.exists().where(lately if viewer.is_operator else lately & (Letter.person == viewer.person))
