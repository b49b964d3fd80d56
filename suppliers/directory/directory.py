"""The shared directory and each school's own records; who uses which.

A directory entry is plain facts that every signed-in school sees; nobody can tell who uses it or who added it. An own
record is its school's alone: to every other school it is not there, whatever they ask (suppliers/shares/publishing.py: the first
share beyond the school lists it).
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from audit.log.subjects import Subject
from base import clock
from base.refusals import Conflict, NotFound
from base.viewer import Viewer, must_write
from suppliers.events import Event
from suppliers.index import candidates, filing
from suppliers.matching import matching
from suppliers.matching.identifiers import Scheme
from suppliers.matching.matching import Candidate, MatchVerdict
from suppliers.matching.names import LONGEST, normalise
from suppliers.matching.word_pairs import Rarity
from suppliers.record import facts, merge_edges, merge_effects
from suppliers.record.facts import NO_IDENTIFIERS, Facts
from suppliers.tables import Supplier, Use

# Keeps, inside the unit that added the first, that it is none of the others: what is decided of two suppliers is of a room above.
Apart = Callable[[Record, Viewer, UUID, Iterable[UUID]], Awaitable[None]]

MOST_SUGGESTIONS: Final = 8  # what fits a phone's screen twice
NO_TEXTS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class SupplierView:
    id: UUID
    name: str
    aliases: tuple[str, ...]
    identifiers: tuple[tuple[Scheme, str], ...]
    categories: tuple[str, ...]  # slugs of taxonomy.csv; all facts are with those of what was merged into it
    is_own: bool  # seen by the viewer's school alone
    used_since: datetime | None  # by the viewer's school; None: not used now


@dataclass(frozen=True, slots=True)
class Suggestion:
    supplier_id: UUID
    name: str
    is_own: bool
    probability: float
    verdict: MatchVerdict
    reasons: tuple[str, ...]  # in words, strongest first

    @property
    def likelihood(self) -> str:
        return matching.likelihood(self.verdict, self.probability)


async def add(
    viewer: Viewer,
    *,
    name: str,
    aliases: Iterable[str] = (),
    identifiers: Mapping[str, str] = NO_IDENTIFIERS,
    categories: Iterable[str] = (),
    none_of: Collection[UUID] = (),
    apart: Apart | None = None,
) -> SupplierView:
    """An own record of the viewer's school, and that it uses it. ``identifiers`` as typed, by scheme name. ``apart`` keeps that
    it is ``none_of`` those that resemble it.

    Raises Invalid, or Conflict when the school has a record of that name.
    """
    must_write(viewer)
    known = facts.checked(name=name, aliases=aliases, identifiers=identifiers, categories=categories)
    async with audit.recording(viewer) as record:
        made = await add_one(record, viewer, known)
        if apart is not None:
            await apart(record, viewer, made.id, none_of)
        return await _view(viewer, made)


async def add_one(record: Record, viewer: Viewer, known: Facts) -> Supplier:
    """As ``add``, of what ``facts.checked`` gave, inside the caller's unit."""
    must_write(viewer)
    await refuse_second(viewer, known)
    made = Supplier(id=uuid4(), owner=viewer.school, name=known.name, exact_name=known.exact, made_at=clock.now())
    with database.duplicates(already(known.name)):
        await made.save()
    await facts.save(made.id, known)
    await filing.index(made.id, owner=viewer.school, known=known)
    await _start_use(viewer, made.id)
    tell_added(record, made.id, known)
    return made


def tell_added(record: Record, made: UUID, known: Facts) -> None:
    """The entry of an own record: what may be a sole trader's is personal, so that it can be erased."""
    texts = {name: value for name, value in known.texts.items() if value}
    tell(record, Event.SUPPLIER_ADDED, made, {"new": {"categories": list(known.categories), "in_use": True}}, texts)


async def adopt(viewer: Viewer, supplier_id: UUID) -> SupplierView:
    """The viewer's school uses this supplier from now on; nothing changes when it already does. Returns the live one."""
    must_write(viewer)
    async with audit.recording(viewer) as record:
        found = await must_see(viewer, supplier_id, lock=True)
        if await _live_use(viewer, found.id):
            record.unchanged()
        else:
            with database.duplicates(Conflict(f"Your school already uses {found.name}.")):
                await _start_use(viewer, found.id)
            tell(record, Event.SUPPLIER_ADOPTED, found.id, {"new": {"in_use": True}})
        return await _view(viewer, found)


async def stop_using(viewer: Viewer, supplier_id: UUID) -> UUID:
    """Takes it off the school's list; what the school said of it stays. Returns the live id."""
    must_write(viewer)
    async with audit.recording(viewer) as record:
        found = await must_see(viewer, supplier_id, lock=True)
        used = await _live_use(viewer, found.id)
        if used:
            of_the_whole = database.among(Use.supplier, await merge_edges.whole(found.id, viewer.school)) & (
                Use.school == viewer.school
            )
            await Use.update({Use.until_at: clock.now()}).where(of_the_whole & Use.until_at.is_null())
            await merge_effects.settle_school(viewer.school, found.id)
            tell(record, Event.SUPPLIER_LEFT, found.id, {"old": {"in_use": True}, "new": {"in_use": False}})
        else:
            record.unchanged()
    return found.id


async def supplier(viewer: Viewer, supplier_id: UUID) -> SupplierView:
    """Raises NotFound for what the viewer can't see, as for what is not there."""
    async with database.read():
        return await _view(viewer, await must_see(viewer, supplier_id))


async def _view(viewer: Viewer, seen: Supplier) -> SupplierView:
    used = await _live_use(viewer, seen.id)
    known = (await facts.load([seen.id]))[seen.id]
    return SupplierView(
        id=seen.id,
        name=known.name,
        aliases=known.aliases,
        identifiers=known.identifiers,
        categories=known.categories,
        is_own=is_own(seen),
        used_since=used.since_at if used else None,
    )


async def must_see(viewer: Viewer, supplier_id: UUID, *, lock: bool = False) -> Supplier:
    """The live record, following one that joined another. Inside a unit.

    ``lock`` keeps it as it is until the unit ends: an own record from every change, an entry from being merged. Whoever
    writes something about a supplier locks it. Raises NotFound for another school's, as for none.
    """
    root = await database.asked_once(("supplier", viewer.school, supplier_id), partial(_root, viewer, supplier_id))
    return await _lock(viewer, supplier_id, root) if lock else root


async def _root(viewer: Viewer, supplier_id: UUID) -> Supplier:
    found = await Supplier.objects().where(Supplier.id == supplier_id).first()
    if found is None or (is_own(found) and found.owner != viewer.school):
        raise NotFound
    joined_to: UUID | None = found.joined_to
    return await must_see(viewer, joined_to) if joined_to else found


async def must_see_each(viewer: Viewer, suppliers: Collection[UUID]) -> dict[UUID, UUID]:
    """The live id of each of these, locked as by ``must_see``, in one order for all. Raises NotFound where one is not seen."""
    if not suppliers:
        return {}
    alone = database.among(Supplier.id, suppliers) & Supplier.joined_to.is_null()
    mine, entries = Supplier.owner == viewer.school, Supplier.owner.is_null()
    rows = [
        *await database.locked(Supplier.select(Supplier.id).where(alone & mine).order_by(Supplier.id)),
        *await database.held(Supplier.select(Supplier.id).where(alone & entries).order_by(Supplier.id)),
    ]
    found: dict[UUID, UUID] = {row["id"]: row["id"] for row in rows}
    for one in sorted(set(suppliers) - set(found)):
        found[one] = (await must_see(viewer, one, lock=True)).id
    return found


async def _lock(viewer: Viewer, supplier_id: UUID, root: Supplier) -> Supplier:
    """Locks the root of a whole alone, as a merge does, which then changes the rest: a lock on another part would stop it."""
    query = Supplier.objects().where(Supplier.id == root.id)
    found: Supplier
    (found,) = await (database.locked(query) if is_own(root) else database.held(query))
    joined_to: UUID | None = found.joined_to
    still = (Supplier.id == supplier_id) & (Supplier.joined_to == root.id)
    if joined_to is None and (supplier_id == root.id or await Supplier.exists().where(still)):
        return found
    return await must_see(viewer, supplier_id, lock=True)


def is_own(found: Supplier) -> bool:
    """True for a school's own record, False for a directory entry."""
    owner: UUID | None = found.owner
    return owner is not None


async def suggestions(
    viewer: Viewer, name: str, identifiers: Mapping[str, str] = NO_IDENTIFIERS, *, other_than: UUID | None = None
) -> tuple[Suggestion, ...]:
    """Who may be the same as this, likeliest first, among what the viewer can see; at most MOST_SUGGESTIONS.

    For somebody still typing: an identifier that is not whole is left out, and nothing raises.
    """
    asked = Candidate(normalise(name[:LONGEST]), identifiers=facts.as_far_as_typed(identifiers))
    if not asked.name.exact:
        return ()
    async with database.read():
        return await suggested(viewer, asked, other_than=other_than)


async def suggested(
    viewer: Viewer, asked: Candidate, *, other_than: UUID | None = None, rarity: Rarity | None = None
) -> tuple[Suggestion, ...]:
    """As ``suggestions``, for one candidate, inside the caller's unit, which may ask for many, with a list's own ``rarity``."""
    found = await candidates.shortlist(viewer, asked.name, asked.identifiers)
    others = [one for one in found if one.ref != str(other_than)]
    alike = (one.candidate(asked.identifiers) for one in others)
    matches = matching.best(asked, alike, rarity, limit=MOST_SUGGESTIONS, least=matching.ASK)
    own = {one.ref for one in others if one.is_own}
    return tuple(_suggestion(match, own) for match in matches)


def _suggestion(match: matching.Match, own: set[str]) -> Suggestion:
    said = [*((match.doubt,) if match.doubt else ()), *(reason.words for reason in match.reasons[1:])]
    return Suggestion(
        UUID(match.other.ref), match.other.name.display, match.other.ref in own, match.probability, match.verdict, tuple(said)
    )


async def refuse_second(viewer: Viewer, known: Facts, *, other_than: UUID | None = None) -> None:
    same = (Supplier.owner == viewer.school) & (Supplier.exact_name == known.exact)
    for found in await Supplier.select(Supplier.id, Supplier.name).where(same):
        if found["id"] != other_than:
            raise already(found["name"])


def already(name: str) -> Conflict:
    sentence = f"You already have {name}."
    return Conflict(sentence, name=sentence)


async def _start_use(viewer: Viewer, supplier_id: UUID) -> None:
    await Use(id=uuid4(), school=viewer.school, supplier=supplier_id, since_at=clock.now()).save()


async def _live_use(viewer: Viewer, supplier_id: UUID) -> Use | None:
    mine = (Use.school == viewer.school) & (Use.supplier == supplier_id) & Use.until_at.is_null()
    used: Use | None = await Use.objects().where(mine).first()
    return used


def tell(
    record: Record, event: Event, supplier_id: UUID, what: Mapping[str, Any] | None = None, texts: Mapping[str, str] = NO_TEXTS
) -> None:
    about = Subject.SUPPLIER.of(supplier_id)
    record(event, stream=about, subject=about, facts=what, personal=texts)
