"""Who saw what at the installation that records come from: proposals, until the head shares them anew here or drops them.

They open nothing. What is confirmed goes through the verbs of sharing, with all that these ask.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import msgspec

import audit
import database
from audit.log import subjects
from base import clock
from base.refusals import Conflict, Forbidden, Invalid
from base.viewer import Role, Viewer
from contracts.access import access
from contracts.shares import shares as contract_shares
from contracts.shares.there import A_CONTRACT
from contracts.tables import Contract
from disclosure import readers
from disclosure.events import Event
from disclosure.readers import There
from disclosure.record_format import ReaderRecord, ShareRecord
from disclosure.tables import ShareToConfirm
from sharing.access import visibility
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields
from suppliers.opinions import criticism
from suppliers.ours import own_records
from suppliers.shares import choosing, shares, words
from suppliers.shares.shares import OpinionKind
from suppliers.shares.there import A_NOTE, A_REVIEW
from suppliers.tables import Note, Review

LONGEST: Final = 4_000  # characters of a line as it is kept; the table checks it too
MOST_AT_ONCE: Final = 50  # things shared by one answer, each in a unit of its own
ONLY_HEADS: Final = "Only the head confirms who sees what came from another installation."
MAY_BE_LISTED: Final = "The directory may have this supplier already. Share it by “Choose otherwise”, where you say which it is."
READ_IT_FIRST: Final = "More schools than one to one would read its criticism: read it by “Choose otherwise”, and share it there."
NONE_TICKED: Final = "Tick what to share, or what to drop."
_OF: Final = {"review": A_REVIEW, "note": A_NOTE, "contract": A_CONTRACT}


@dataclass(frozen=True, slots=True)
class Proposed:
    """A thing of ours with the lines that would open it; ``key`` names it in a form, ``href`` is its page of sharing."""

    what: str
    id: UUID
    title: str
    sentences: tuple[str, ...]
    grants: tuple[GrantChoice, ...]

    @property
    def key(self) -> str:
        return f"{self.what}:{self.id}"

    @property
    def href(self) -> str:
        return f"/contracts/{self.id}/share" if self.what == "contract" else f"/{self.what}s/{self.id}/share"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """How many things are shared now; ``refused`` says of the others, by title, why not."""

    shared: int
    refused: tuple[tuple[str, str], ...]


async def keep(viewer: Viewer, found: Sequence[ShareRecord], things: Mapping[tuple[str, UUID], UUID]) -> int:
    """Inside the unit that takes them in, which records it: how many of the lines can be shared here."""
    meant = [(one, one.to) for one in found if one.to is not None and (one.what, one.id) in things]
    there = await readers.looked_up(viewer, [to for _, to in meant])
    lines = [(one, text) for one, to in meant if readers.choice(to, there) and len(text := _text(to)) <= LONGEST]
    for one, text in lines:
        await ShareToConfirm(
            id=uuid4(), school=viewer.school, what=one.what, about=things[one.what, one.id], reader=text, made_at=clock.now()
        ).save()
    return len(lines)


def _text(reader: ReaderRecord) -> str:
    return msgspec.json.encode(reader).decode()


async def waiting(viewer: Viewer) -> tuple[Proposed, ...]:
    """What can be shared as it was, of what is still there, by title. Raises Forbidden for whoever is no head."""
    _must_confirm(viewer)
    async with database.read():
        return await _waiting(viewer)


async def how_many(viewer: Viewer) -> int:
    """Lines that wait, for anybody of the school."""
    async with database.read():
        found: int = await ShareToConfirm.count().where(ShareToConfirm.school == viewer.school)
    return found


async def confirm(viewer: Viewer, keys: Collection[str]) -> Confirmed:
    """Shares each thing that is named with those who saw it before, beside whoever sees it now; what can't be is left as it is.

    Raises Forbidden, and Invalid where nothing is named.
    """
    chosen = await _chosen(viewer, keys)
    done: list[Proposed] = []
    refused: list[tuple[str, str]] = []
    for one in chosen:
        try:
            await _share(viewer, one)
            done.append(one)
        except (Invalid, Conflict, Forbidden) as error:
            refused.append((one.title, next(iter(error.fields.values()), error.sentence)))
    if done:
        await _end(viewer, done, Event.RECORDS_SHARES_CONFIRMED)
    return Confirmed(len(done), tuple(refused))


async def drop(viewer: Viewer, keys: Collection[str]) -> int:
    """Raises as ``confirm``."""
    chosen = await _chosen(viewer, keys)
    await _end(viewer, chosen, Event.RECORDS_SHARES_DROPPED)
    return len(chosen)


async def _chosen(viewer: Viewer, keys: Collection[str]) -> list[Proposed]:
    chosen = [one for one in await waiting(viewer) if one.key in keys]
    if not chosen:
        raise Invalid(NONE_TICKED)
    if len(chosen) > MOST_AT_ONCE:
        raise Invalid(f"Tick at most {MOST_AT_ONCE} at once.")
    return chosen


async def _end(viewer: Viewer, ended: Sequence[Proposed], event: Event) -> None:
    async with audit.recording(viewer) as record:
        about = {one.id for one in ended}
        ours = (ShareToConfirm.school == viewer.school) & database.among(ShareToConfirm.about, about)
        await ShareToConfirm.delete().where(ours)
        record(event, stream=subjects.IMPORTS, subject=subjects.IMPORTS, facts={"streams": sorted(one.key for one in ended)})


async def _share(viewer: Viewer, one: Proposed) -> None:
    if one.what == "contract":
        contract = await contract_shares.state(viewer, one.id)
        choice = AudienceChoice((*contract.choice.grants, *one.grants))
        if not contract.is_listed and Fields.TERMS in choice.fields:
            await _not_listed_alike(viewer, contract.supplier)
        await contract_shares.share(viewer, one.id, choice)
        return
    what = OpinionKind(one.what)
    now = await shares.state(viewer, what, one.id)
    choice = AudienceChoice((*now.choice.grants, *one.grants))
    is_widened = criticism.is_wide(choice) and not criticism.is_wide(now.choice)
    if is_widened and now.there.has(Fields.CRITICISM):  # what a head confirms is the words, which are not shown here
        raise Conflict(READ_IT_FIRST)
    if not now.is_listed:
        await _not_listed_alike(viewer, now.supplier)
    await shares.share(viewer, what, one.id, choice, instead_of=now.choice.tag, version=now.version)


async def _not_listed_alike(viewer: Viewer, supplier: UUID | None) -> None:
    """Raises Conflict where the directory may have the supplier already, which the page of sharing asks about."""
    if supplier and await choosing.listed_alike(viewer, supplier):
        raise Conflict(MAY_BE_LISTED)


def _must_confirm(viewer: Viewer) -> None:
    if viewer.role is not Role.HEAD:
        raise Forbidden(ONLY_HEADS)


async def _waiting(viewer: Viewer) -> tuple[Proposed, ...]:
    """Inside the caller's unit."""
    rows = await ShareToConfirm.select().where(ShareToConfirm.school == viewer.school).order_by(ShareToConfirm.made_at)
    lines: dict[tuple[str, UUID], list[ReaderRecord]] = {}
    for row in rows:
        reader = msgspec.json.decode(row["reader"], type=ReaderRecord)
        lines.setdefault((row["what"], row["about"]), []).append(reader)
    there = await readers.looked_up(viewer, [one for some in lines.values() for one in some])
    titles = await _titles(viewer, lines)
    found = [await _proposed(viewer, thing, some, there, titles) for thing, some in lines.items() if thing[1] in titles]
    return tuple(sorted((one for one in found if one.grants), key=lambda one: (one.title.casefold(), one.key)))


async def _proposed(
    viewer: Viewer, thing: tuple[str, UUID], lines: Sequence[ReaderRecord], there: There, titles: Mapping[UUID, str]
) -> Proposed:
    what, which = thing
    grants = tuple(choice for one in lines if (choice := readers.choice(one, there)))
    said = await words.lines(viewer, AudienceChoice(grants), _OF[what])
    return Proposed(what, which, titles[which], tuple(line.sentence for line in said), grants)


async def _titles(viewer: Viewer, things: Collection[tuple[str, UUID]]) -> dict[UUID, str]:
    """Of those that are still there: what a review or note is of, or the title of the contract."""
    ids = {what: [which for each, which in things if each == what] for what in _OF}
    titles: dict[UUID, str] = {}
    for table, its in ((Review, ids["review"]), (Note, ids["note"])):
        ours = (table.school == viewer.school) & visibility.in_sight(table) & database.among(table.id, its)
        rows = await table.select(table.id, table.supplier).where(ours)
        names = await own_records.names_of([row["supplier"] for row in rows])
        titles |= {row["id"]: names[row["supplier"]] for row in rows}
    ours_too = access.ours(viewer.school) & database.among(Contract.id, ids["contract"])
    rows = await Contract.select(Contract.id, Contract.title).where(ours_too)
    return titles | {row["id"]: row["title"] for row in rows}
