"""All that we share, by who can see it: the list of a school's own shares, and stopping several of them at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

import audit
import database
from base.refusals import Invalid
from base.viewer import Viewer, must_write
from sharing.access import audiences
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.access.visibility import in_sight
from sharing.tables import Network
from suppliers.opinions import criticism
from suppliers.shares import shares, words
from suppliers.shares.shares import OpinionKind, Sharing
from suppliers.shares.words import ShareLine
from suppliers.tables import Supplier

PAGE: Final = 50  # lines; as many can be stopped at once: one unit of work, which others wait for
TOO_MANY: Final = f"Choose at most {PAGE} at once."
NONE_TICKED: Final = "Tick what your school is to stop sharing."
_WIDEST_FIRST: Final = (
    *(GrantKind.EVERYONE, GrantKind.NEAR, GrantKind.NETWORK, GrantKind.CONNECTED),
    *(GrantKind.SCHOOL, GrantKind.PERSON, GrantKind.SUPPLIER),
)


class Ticked(NamedTuple):
    """One line of one review or note, as a form names it."""

    what: OpinionKind
    id: UUID
    line: str  # its key


@dataclass(frozen=True, slots=True)
class SharedLine:
    """What one line of the choice opens of one review or note."""

    sharing: Sharing
    line: ShareLine

    @property
    def value(self) -> str:
        """Names it in a form, shortly: many stand in one address."""
        return f"{self.sharing.what.value}.{self.sharing.id.hex}.{self.line.key}"

    @property
    def remark(self) -> str:
        """Why it is not seen as it says, or ""."""
        if self.sharing.rests:
            return words.RESTS
        return criticism.WAITS if self.sharing.waits and Fields.CRITICISM in self.line.grant.fields else ""


class Told(Protocol):
    """A line of something that is shared."""

    @property
    def line(self) -> ShareLine: ...


ToldT = TypeVar("ToldT", bound=Told)


@dataclass(frozen=True, slots=True)
class SharedAlike(Generic[ToldT]):
    """Of one reader's what opens the same for as long: said once."""

    line: ShareLine
    lines: tuple[ToldT, ...]


@dataclass(frozen=True, slots=True)
class SharedWith(Generic[ToldT]):
    who: str
    alike: tuple[SharedAlike[ToldT], ...]

    @property
    def lines(self) -> tuple[ToldT, ...]:
        return tuple(line for alike in self.alike for line in alike.lines)


@dataclass(frozen=True, slots=True)
class SharedPage(Generic[ToldT]):
    groups: tuple[SharedWith[ToldT], ...]  # the widest first
    has_more: bool

    @property
    def lines(self) -> tuple[ToldT, ...]:
        return tuple(line for group in self.groups for line in group.lines)


class _Place(NamedTuple):
    what: OpinionKind
    id: UUID
    supplier_name: str
    grant: GrantChoice


async def shared(viewer: Viewer, number: int = 1) -> SharedPage[SharedLine]:
    """The page of that number, from 1."""
    async with database.read():
        places = [place for what in OpinionKind for place in await _places(viewer, what)]
        called = await readers_called([place.grant for place in places])
        ordered = sorted(places, key=lambda place: _order(place, called))
        page = ordered[(number - 1) * PAGE : number * PAGE]
        found = await _lines(viewer, [(place.what, place.id, words.key_of(place.grant)) for place in page])
    return SharedPage(in_groups(found), len(ordered) > number * PAGE)


def in_groups(found: Sequence[ToldT]) -> tuple[SharedWith[ToldT], ...]:
    """By reader, as they come, and in that by what is opened, in the order in which it is first said."""
    return tuple(SharedWith(who, _alike(list(its))) for who, its in groupby(found, key=lambda one: one.line.who))


def _alike(its: Sequence[ToldT]) -> tuple[SharedAlike[ToldT], ...]:
    found: dict[tuple[str, str, bool], list[ToldT]] = {}
    for one in its:
        found.setdefault((one.line.what, one.line.until, one.line.is_over), []).append(one)
    return tuple(SharedAlike(some[0].line, tuple(some)) for some in found.values())


def ticked(values: Iterable[str]) -> tuple[Ticked, ...]:
    """Those that a form names, each once; what names none is left out. Raises Invalid for too many."""
    named = [_named(value) for value in dict.fromkeys(values)]
    found = tuple(one for one in named if one is not None)
    if len(found) > PAGE:
        raise Invalid(TOO_MANY)
    return found


async def asked(viewer: Viewer, chosen: Sequence[Ticked]) -> tuple[SharedLine, ...]:
    """Those of these that are still shared, as they are asked about before anything is stopped."""
    must_write(viewer)
    async with database.read():
        return tuple(await _lines(viewer, chosen))


async def stop_each(viewer: Viewer, chosen: Sequence[Ticked]) -> int:
    """Stops each of these lines, with an entry for each review and note, all or none. Returns how many lines that were.

    Raises as ``shares.unshare`` for any of them, and Invalid for none.
    """
    must_write(viewer)
    stopped = 0
    async with audit.recording(viewer) as record:
        for (what, item_id), lines in _by_item(chosen).items():
            row = await shares.own(viewer, what, item_id)
            old = await audiences.choice_of(row.audience)
            left = AudienceChoice(tuple(grant for grant in old.grants if words.key_of(grant) not in lines))
            if left != old:
                stopped += len(old.grants) - len(left.grants)
                await shares.stop(record, viewer, what, row, old, left)
        if not stopped:
            raise Invalid(NONE_TICKED)
    return stopped


def _by_item(chosen: Iterable[Ticked]) -> dict[tuple[OpinionKind, UUID], set[str]]:
    """In one order, so that two who stop the same don't wait for each other."""
    found: dict[tuple[OpinionKind, UUID], set[str]] = {}
    for one in sorted(chosen):
        found.setdefault((one.what, one.id), set()).add(one.line)
    return found


def _named(value: str) -> Ticked | None:
    what, _, rest = value.partition(".")
    item, _, line = rest.partition(".")
    try:
        return Ticked(OpinionKind(what), UUID(item), line)
    except ValueError:
        return None


async def _places(viewer: Viewer, what: OpinionKind) -> list[_Place]:
    """Every line of every review or note of ours that is shared. Two small columns a row, however much it is."""
    table = what.table
    is_shared = (table.school == viewer.school) & table.audience.is_not_null() & in_sight(table)
    rows = await table.select(table.id, table.audience, table.supplier).where(is_shared)
    choices = await audiences.choices_of(row["audience"] for row in rows)
    suppliers = Supplier.select(Supplier.id, Supplier.name).where(database.among(Supplier.id, {row["supplier"] for row in rows}))
    names = {row["id"]: row["name"] for row in await suppliers} if rows else {}
    return [
        _Place(what, row["id"], names[row["supplier"]], grant) for row in rows for grant in choices[row["audience"]].grants
    ]  # fmt: skip


async def readers_called(grants: Sequence[GrantChoice]) -> Mapping[UUID, str]:
    """The names of the readers that lines name, for ``by_width``. Inside the caller's unit."""
    networks = {grant.subject for grant in grants if grant.kind is GrantKind.NETWORK}
    rows = Network.select(Network.id, Network.name).where(database.among(Network.id, networks))
    return {row["id"]: row["name"] for row in await rows} | await words.names(grants)


def _order(place: _Place, called: Mapping[UUID, str]) -> tuple[Any, ...]:
    to = by_width(place.grant, called)
    return *to, place.supplier_name.casefold(), place.what, str(place.id), words.key_of(place.grant)


def by_width(grant: GrantChoice, called: Mapping[UUID, str]) -> tuple[Any, ...]:
    """Sorts lines by who reads them: the widest first, then by name."""
    reader = grant.membership or grant.subject
    name = called.get(reader, "") if reader else ""
    since = grant.joined_before.isoformat() if grant.joined_before else ""
    return _WIDEST_FIRST.index(grant.kind), -(grant.miles or 0), name.casefold(), str(reader), since


async def _lines(viewer: Viewer, wanted: Sequence[tuple[OpinionKind, UUID, str]]) -> list[SharedLine]:
    """In the same order, without what is no longer shared so."""
    found: dict[UUID, Sharing] = {}
    for what in OpinionKind:
        ids = {item_id for kind, item_id, _ in wanted if kind is what}
        found |= {one.id: one for one in await shares.each_of(viewer, what, ids)}
    lines = {(one.id, line.key): SharedLine(one, line) for one in found.values() for line in one.lines}
    return [lines[item_id, key] for _, item_id, key in wanted if (item_id, key) in lines]
