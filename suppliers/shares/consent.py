"""What a connection, or joining a network, will show to whom: told on the page that asks, before anybody agrees.

Our own only: reviews, notes, and what other slices share. What other schools share we read once we are tied to them, and not
before.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from piccolo.query import WhereRaw

import database
from base import clock
from base.viewer import Viewer
from base.words import count
from sharing.access import ties
from sharing.access.fields import Fields, GrantKind
from sharing.access.visibility import in_sight, live
from sharing.tables import AudienceGrant
from suppliers.record import interests
from suppliers.shares import there
from suppliers.shares.shares import OpinionKind
from suppliers.shares.there import There
from suppliers.tables import Note, Review, Supplier

LISTED: Final = 20  # on the page; more are counted


@dataclass(frozen=True, slots=True)
class WouldSee:
    """A review, a note, or something else of ours that others will see: ``words`` are what of it."""

    what: str
    id: UUID
    before: str  # stands before its name: "Your review of"
    name: str
    page: str
    fields: Fields
    words: str
    called: tuple[str, str]  # one, and several


# What another slice shares with these audiences, of the viewer's school and in sight; read in the caller's unit.
Source = Callable[[Viewer, Mapping[UUID, Fields]], Awaitable[tuple[WouldSee, ...]]]


@dataclass(frozen=True, slots=True)
class Consent:
    """``opens`` will be seen; ``ended`` was seen before an earlier tie ended, and is seen again only if we say so."""

    opens: tuple[WouldSee, ...] = ()
    ended: tuple[WouldSee, ...] = ()

    def digest(self, *readers: str) -> str:
        """Of what is listed, and of the schools that will read it where these are listed too: another list has another."""
        lists = [[(one.what, str(one.id), one.fields.value) for one in some] for some in (self.opens, self.ended)]
        return sha256(json.dumps([lists, readers]).encode()).hexdigest()


def counted(items: Iterable[WouldSee]) -> str:
    """How many of each there are: "1 review or note and 2 contracts"."""
    return " and ".join(count(number, *called) for called, number in Counter(one.called for one in items).items())


async def by_connecting(viewer: Viewer, school: UUID, also: Sequence[Source] = ()) -> Consent:
    """What of ours a school will see once it is connected with ours."""
    async with database.read():
        ended = await ties.ended_with(viewer.school, school)
        return await through(viewer, GrantKind.CONNECTED, None, ended, also)


async def by_joining(viewer: Viewer, network: UUID, also: Sequence[Source] = ()) -> Consent:
    """What of ours the schools of a network will see once our school is in it."""
    async with database.read():
        ended = await ties.ended_in(viewer.school, network)
        return await through(viewer, GrantKind.NETWORK, network, ended, also)


async def by_inviting(viewer: Viewer, network: UUID, school: UUID, also: Sequence[Source] = ()) -> Consent:
    """What of ours a school will see once it has joined a network that ours is in."""
    async with database.read():
        ours = (await ties.networks_of(viewer.school)).get(network)
        ends = [await ties.ended_in(school, network), None if ours is None or ours.shares_again else ours.ended_before]
        ended = max((end for end in ends if end), default=None)
        return await through(viewer, GrantKind.NETWORK, network, ended, also, for_newcomers=True)


async def through(
    viewer: Viewer,
    kind: GrantKind,
    network: UUID | None,
    ended: datetime | None,
    also: Sequence[Source] = (),
    *,
    for_newcomers: bool = False,
) -> Consent:
    """What goes to our connections or to a network; what was given before ``ended`` has ended. Inside the caller's unit.

    ``for_newcomers``: without what goes only to the schools that were in the network when it was shared.
    """
    is_this = AudienceGrant.subject == network if network else AudienceGrant.subject.is_null()
    grants = await AudienceGrant.objects().where(
        AudienceGrant.owner == viewer.school,
        AudienceGrant.kind == kind.value,
        is_this,
        WhereRaw("{}", live("sharing_audience_grant", clock.now())),
    )
    newer: dict[UUID, Fields] = defaultdict(lambda: Fields.NONE)
    older: dict[UUID, Fields] = defaultdict(lambda: Fields.NONE)
    for grant in grants:
        if for_newcomers and grant.joined_before is not None:
            continue
        opened = older if ended and grant.valid_from < ended else newer
        opened[grant.audience] |= Fields(grant.fields)
    return Consent(opens=await _ours(viewer, newer, also), ended=await _ours(viewer, older, also))


async def _ours(viewer: Viewer, audiences: Mapping[UUID, Fields], also: Sequence[Source]) -> tuple[WouldSee, ...]:
    if not audiences:
        return ()
    others = [one for source in also for one in await source(viewer, audiences)]
    return (*await _opinions(viewer, audiences), *others)


async def _opinions(viewer: Viewer, audiences: Mapping[UUID, Fields]) -> tuple[WouldSee, ...]:
    """Reviews and notes of ours with these audiences, the newest first, without those that nobody else sees now."""
    found: list[tuple[OpinionKind, Review | Note]] = []
    for what in OpinionKind:
        table = what.table
        where = (table.school == viewer.school) & in_sight(table) & database.among(table.audience, audiences)
        if table is Review:
            where &= Review.lapses_at.is_null() | (Review.lapses_at > clock.now())
        found += [(what, row) for row in await table.objects().where(where)]
    names = await _standing({row.supplier for _, row in found})
    seen = await there.of_rows(viewer, [row for _, row in found], await interests.suppliers_of(viewer))
    newest_first = sorted(found, key=lambda one: (one[1].written_at, str(one[1].id)), reverse=True)
    return tuple(
        _opinion(what, row, names[row.supplier], audiences[row.audience], seen[row.id])
        for what, row in newest_first
        if row.supplier in names
    )


def _opinion(what: OpinionKind, row: Review | Note, supplier: str, fields: Fields, seen: There) -> WouldSee:
    page = f"/suppliers/{row.supplier}"
    return WouldSee(what.value, row.id, _BEFORE[what], supplier, page, fields, seen.words(fields), _CALLED)


_BEFORE: Final = {OpinionKind.REVIEW: "Your review of", OpinionKind.NOTE: "A note on"}
_CALLED: Final = ("review or note", "reviews and notes")


async def _standing(suppliers: Iterable[UUID]) -> dict[UUID, str]:
    """Their names, without those that rest in another since a merge."""
    wanted = list(suppliers)
    columns = (Supplier.id, Supplier.name)
    rows = await Supplier.select(*columns).where(database.among(Supplier.id, wanted), Supplier.joined_to.is_null())
    return {row["id"]: row["name"] for row in rows}
