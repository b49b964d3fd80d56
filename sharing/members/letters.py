"""Letters that hold a link: whoever opens it has the mailbox. Only where this installation sends mail.

A letter is written after the change that it tells of was committed, and leaves within seconds (vouch/jobs.py).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from base import mail, settings
from base.refusals import Invalid
from base.viewer import Role
from base.words import in_words, last_day
from sharing.sign_in import one_time_links, throttle
from sharing.sign_in.one_time_links import Purpose

NOT_MAILABLE: Final = "Vouch can't send letters to an address with letters other than a to z. Enter another one."
_FOR_YOU_ALONE: Final = "The link is for you alone. It works once, and for three days."
_NOT_YOU: Final = "If you don't expect this letter, you need do nothing: without you the link does nothing."


def are_sent() -> bool:
    """Whether letters leave by themselves. Where not, links are handed on and heads confirm addresses in person."""
    return mail.is_configured()


def require_mailable(email: str) -> None:
    """Raises Invalid for an address that letters can't be sent to, where letters are sent at all."""
    if are_sent() and not email.isascii():
        raise Invalid(NOT_MAILABLE, email=NOT_MAILABLE)


async def link_to_join(*, made_by: UUID | None, **offer: Any) -> tuple[UUID, str, str | None]:
    """The id of a new invitation, the address to hand on and, where letters are sent, the one for the letter. Inside the
    caller's unit of work.
    """
    if are_sent():
        return await one_time_links.add_by_mail(Purpose.INVITATION, made_by=made_by, **offer)
    return *await one_time_links.add(Purpose.INVITATION, made_by=made_by, **offer), None


async def are_too_many(school: UUID, to: str) -> bool:
    """Whether the school wrote to this address often enough for now; counts one more letter if not."""
    return not await throttle.is_free([throttle.of_letters("invitation", f"{school} {to}")])


async def invitation(to: str, link: str, *, school_name: str, role: Role) -> None:
    told = f"""{school_name} invites you to join it on Vouch as {role.words}. There schools keep what they think of their
suppliers, and see which ones other schools vouch for.
"""
    await _send(to, f"{school_name} invites you to Vouch", told, link)


async def to_audit(to: str, link: str, *, school_name: str, until: datetime) -> None:
    told = f"""{school_name} lets you read its audit trail on Vouch, to the end of {last_day(until)}. What you open is recorded
there. You can take audit packs away and check them without an account or a network.
"""
    await _send(to, f"{school_name} lets you read its audit trail", told, link)


async def new_password(to: str, link: str, *, school_names: Sequence[str]) -> None:
    told = f"""Somebody asked for a new password for your account on Vouch, at {" and ".join(school_names)}. If it was you, choose
it here. You will then be signed out wherever you are signed in.
"""
    await _send(to, "Choose a new password for Vouch", told, link)


async def to_prove(to: str, link: str, *, school_name: str) -> None:
    told = f"""Somebody at {school_name} says that this is their address on Vouch. If that is you, sign in to Vouch first. Then
open the link below, in the same browser.
"""
    await _send(to, "Is this your address on Vouch?", told, link)


async def address_changed(to: str, *, school_name: str, on: datetime) -> None:
    """To the address that somebody had until now."""
    told = f"""The account on Vouch that had this address, at {school_name}, has another one since {in_words(on)}. If that was not
you, tell the head of {school_name}, or whoever runs Vouch for you, at once.
"""
    await mail.send(to, "Your address on Vouch was changed", f"{told}\n{settings.current().origin}\n")


async def _send(to: str, title: str, told: str, link: str) -> None:
    text = f"{told}\n{link}\n\n{_FOR_YOU_ALONE}\n{_NOT_YOU}\n"
    await mail.send(to, title[: mail.LONGEST_SUBJECT], text, is_secret=True)
