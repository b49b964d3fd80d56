"""What a careful school does about its own trail, so that there is something to see beside it: seals that leave, and an
erasure that waits for a second person, whom the operator knows to be one.
"""

from typing import Final

from audit.erasing.erasure import ErasureReason
from audit.seals import recipients
from base.viewer import Viewer
from privacy import erasure
from sharing.two_people import two_people

CHAIR: Final = "chair.of.governors@oakfold.example"
NAMED: Final = "Colin"  # somebody's gardener, by name, in a note


async def send_seals(viewer: Viewer) -> None:
    await recipients.add(viewer, CHAIR)


async def be_known_as_two(one: Viewer, other: Viewer, operator: Viewer) -> None:
    """One let the other in, so the operator confirms once that they are two people."""
    await two_people.confirm(operator, await two_people.ask(one, other.person))


async def ask_to_erase(viewer: Viewer) -> None:
    look = await erasure.look(viewer, person=None, typed=NAMED)
    if keys := [offer.find.key for offer in look.offers]:
        await erasure.ask(viewer, person=None, typed=NAMED, chosen=keys, reason=ErasureReason.WRONG, words="")
