"""Before whoever runs the installation takes away what a school holds, by a command: a reason, and the school's heads are told.

It opens no door that has to be closed again, so it is no breaking of the glass; but nobody reads a school silently.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import click

import database
from base import mail
from base.refusals import Invalid, NotFound
from sharing.members import told
from sharing.members.told import Letter
from sharing.operator import break_glass
from sharing.tables import School

REASON: Final = click.option("--reason", required=True, help="Why you take it. The heads of the school read it.")
POSTED: Final = click.option(
    "--letters-posted", "posted", is_flag=True, help="Without a mail server: you posted the letters to the heads."
)


async def tell(school: UUID, what: str, *, reason: str, posted: bool) -> None:
    """Tells every head of the school, or where there is none everybody who may write, that ``what`` is taken away now.

    Raises NotFound; Invalid for no reason, and where letters have to be posted first, after printing them.
    """
    reason = break_glass.a_reason(reason)
    async with database.read():
        found = await School.objects().where(School.id == school).first()
        if found is None:
            raise NotFound
        to = await told.heads_or_writers(school)
    text = (
        f"Whoever runs the Vouch that your school uses takes away {what} of {found.name}.\n\n"
        f"The reason that they gave: {reason}\n\n"
        "Your trail says when. If you know of no good reason, ask them.\n"
    )
    letters = told.letters(found, to, subject=f"Somebody takes away records of {found.name}"[:200], text=text)
    print_unposted(letters, posted=posted)
    await told.tell(letters, posted=posted or not letters)


def print_unposted(letters: Iterable[Letter], *, posted: bool) -> None:
    """Without a mail server prints the letters. Raises Invalid while they are not posted, with what to do."""
    to_post = () if mail.is_configured() or posted else tuple(letters)
    for letter in to_post:
        click.echo("\n".join((letter.name, *letter.postal, "", letter.text, "-" * 40)), err=True)
    if to_post:
        raise Invalid(
            "Nothing was done yet. Post these letters to the school, then give the command again with --letters-posted."
        )
