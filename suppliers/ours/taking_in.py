"""Suppliers of ours that come from another installation, as parts of the unit of work that takes them in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from audit import Record
from audit.log.subjects import Subject
from base import clock
from base.viewer import Viewer
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.matching.identifiers import NotAnIdentifier, Scheme, parse
from suppliers.record import facts
from suppliers.record.facts import MOST_ALIASES, MOST_CATEGORIES, Facts
from suppliers.tables import Note, Review, Supplier, Use


async def has_records(viewer: Viewer) -> bool:
    """Whether the school ever had a supplier of its own, used one, or wrote a review or a note. Inside the caller's unit."""
    asked = (
        Supplier.exists().where(Supplier.owner == viewer.school),
        Use.exists().where(Use.school == viewer.school),
        Review.exists().where(Review.school == viewer.school),
        Note.exists().where(Note.school == viewer.school),
    )
    return any([await one for one in asked])


def facts_of(name: str, aliases: Sequence[str], identifiers: Mapping[str, Sequence[str]], categories: Sequence[str]) -> Facts:
    """Fit to keep: of what was merged elsewhere no more than one supplier may have. Raises Invalid."""
    found = facts.checked(name=name, aliases=aliases[:MOST_ALIASES], categories=categories[:MOST_CATEGORIES])
    pairs = tuple((Scheme(scheme), _parsed(Scheme(scheme), one)) for scheme, each in identifiers.items() for one in each)
    return Facts(found.name, found.aliases, pairs, found.categories)


def _parsed(scheme: Scheme, value: str) -> str:
    """Raises ValueError for a scheme that there is not and a value that can't be one."""
    try:
        return parse(scheme, value)
    except NotAnIdentifier as error:
        raise ValueError(error.sentence) from error


async def supplier(record: Record, viewer: Viewer, known: Facts, since: datetime | None) -> UUID:
    """An own record, used ``since`` then, or with None no longer used. Raises Conflict for a second one of its name."""
    made = await directory.add_one(record, viewer, known)
    theirs = (Use.school == viewer.school) & (Use.supplier == made.id)
    if since is not None:
        await Use.update({Use.since_at: since}).where(theirs)
        return made.id
    await Use.update({Use.until_at: clock.now()}).where(theirs)
    about = Subject.SUPPLIER.of(made.id)
    record(Event.SUPPLIER_LEFT, stream=about, subject=about, facts={"old": {"in_use": True}, "new": {"in_use": False}})
    return made.id
