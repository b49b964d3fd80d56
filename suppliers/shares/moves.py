"""What changed who reads a school's shares without its own act: the register moved it, or others joined a network of its.

A share with "our trust" is with the trust that it was given to: after a move the new one reads nothing of it, the old one
nothing more, and a return revives nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import database
from base import clock
from base.viewer import Viewer
from base.words import count, in_words
from sharing.access import visibility
from sharing.access.fields import GrantKind
from sharing.access.visibility import holding
from sharing.networks.networks import on_screen
from sharing.tables import AudienceGrant, Network, NetworkMember, School
from suppliers.shares import consent
from suppliers.shares.consent import Source
from web.pages.notices import Notice

TOLD_FOR: Final = timedelta(days=60)  # two holidays of a school fit in
MOST_NAMED: Final = 3


async def notices(viewer: Viewer, also: Sequence[Source] = ()) -> tuple[Notice, ...]:
    """For the home page. ``also`` gives what other slices share."""
    async with database.read():
        now = clock.now()
        return (*await _moved(viewer, now, also), *await _joined(viewer, now, also))


async def _moved(viewer: Viewer, now: datetime, also: Sequence[Source]) -> list[Notice]:
    """Networks of the register that our school left lately, if it shared anything with them."""
    rows = await NetworkMember.select(NetworkMember.network, NetworkMember.until_at).where(
        NetworkMember.school == viewer.school, NetworkMember.until_at <= now, NetworkMember.until_at > now - TOLD_FOR
    )
    told = []
    for row in rows:
        network = await Network.objects().where(Network.id == row["network"], Network.source == "register").first()
        ended = (await consent.through(viewer, GrantKind.NETWORK, row["network"], row["until_at"], also)).ended
        if network is not None and ended:
            what = consent.counted(ended)
            told.append(
                Notice(
                    f"By the register your school left {on_screen(network.kind, network.name)} on {in_words(row['until_at'])}. "
                    f"Its schools no longer see the {what} that you shared with it; nor does one that your school moved to, "
                    "until you share there. If your school comes back, what ended stays ended.",
                    "/shared",
                    "See what you share",
                )
            )
    return told


async def _joined(viewer: Viewer, now: datetime, also: Sequence[Source]) -> list[Notice]:
    """Schools that joined a network of ours lately, after us, and can read what we share with it."""
    shared = await AudienceGrant.select(AudienceGrant.subject).where(
        AudienceGrant.owner == viewer.school, AudienceGrant.kind == GrantKind.NETWORK.value, AudienceGrant.revoked_at.is_null()
    )
    ours = (await visibility.principals(viewer)).networks
    told = []
    for network in sorted({row["subject"] for row in shared} & ours.keys(), key=str):
        new = await _newcomers(network, now - TOLD_FOR, ours[network].since)
        # Asked second: it reads all that is shared there, for a home page that mostly has nothing to tell.
        if new and (opens := (await consent.through(viewer, GrantKind.NETWORK, network, None, also, for_newcomers=True)).opens):
            found = await Network.select(Network.name, Network.kind).where(Network.id == network).first()
            name = on_screen(found["kind"], found["name"]) if found else ""
            more = f" and {count(len(new) - MOST_NAMED, 'other')}" if len(new) > MOST_NAMED else ""
            what = consent.counted(opens)
            sentence = f"{', '.join(new[:MOST_NAMED])}{more} joined {name}, with which you share {what}."
            told.append(Notice(sentence, "/shared", "See what you share"))
    return told


async def _newcomers(network: UUID, since: datetime, ours: datetime) -> list[str]:
    joined = NetworkMember.select(NetworkMember.school).where(
        NetworkMember.network == network, NetworkMember.joined_at > max(since, ours), holding(NetworkMember)
    )
    wanted = await joined.output(as_list=True)
    if not wanted:
        return []
    names: list[str] = await School.select(School.name).where(database.among(School.id, wanted)).output(as_list=True)
    return sorted(names)
