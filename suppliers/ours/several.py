"""One word on several suppliers at once: that our school would use each of them again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import audit
import database
from base import clock
from base.refusals import Invalid
from base.viewer import Viewer, must_write
from suppliers.directory import directory
from suppliers.directory.our_list import PAGE
from suppliers.opinions import reviews
from suppliers.opinions.opinion import VOUCH_LASTS
from suppliers.record import facts, interests
from suppliers.tables import Review, Supplier

MOST_AT_ONCE: Final = PAGE  # one unit of work, which others wait for; and what somebody can have looked at

NONE_TICKED: Final = "Tick the suppliers that your school would use again."
TOO_MANY: Final = f"Choose at most {MOST_AT_ONCE} suppliers at once."

_INTEREST: Final = "You declared an interest in it. Write a review, and say so there."
_HIDDEN: Final = "Your school's review of it is hidden."
_SAYS_SO: Final = "Your school has said so already."


@dataclass(frozen=True, slots=True)
class Asked:
    """One that was ticked; ``why_not`` is "" where a vouch for it can be given, else the sentence that says why not."""

    supplier: UUID
    name: str
    why_not: str


async def asked(viewer: Viewer, suppliers: Collection[UUID]) -> tuple[Asked, ...]:
    """Those of these that the viewer can see, by name, as they are asked about before anything is written."""
    must_write(viewer)
    async with database.read():
        seen = Supplier.owner.is_null() | (Supplier.owner == viewer.school)
        found = Supplier.select(Supplier.id).where(
            database.among(Supplier.id, limited(suppliers)), Supplier.joined_to.is_null(), seen
        )
        known = await facts.load(await found.output(as_list=True))
        ours = (Review.school == viewer.school) & database.among(Review.supplier, known) & Review.withdrawn_at.is_null()
        rows = await Review.select(
            Review.supplier, Review.would_use_again, Review.rating, Review.lapses_at, Review.hidden_at
        ).where(ours)
        said = {row["supplier"]: row for row in rows}
        interested = await interests.suppliers_of(viewer)
    each = (Asked(one, known[one].name, _INTEREST if one in interested else _why_not(said.get(one))) for one in known)
    return tuple(sorted(each, key=lambda one: (one.name.casefold(), one.supplier)))


async def vouch_for_each(viewer: Viewer, suppliers: Collection[UUID]) -> int:
    """Our school would use each of these again: a vouch, or its renewal, with an entry for each, all or none. Returns how many.

    Raises as ``reviews.vouch`` for any of them, and Invalid for none or too many.
    """
    must_write(viewer)
    chosen = limited(suppliers)
    if not chosen:
        raise Invalid(NONE_TICKED)
    async with audit.recording(viewer) as record:
        live = sorted(set((await directory.must_see_each(viewer, chosen)).values()))
        for one in live:
            await reviews.vouch_one(record, viewer, one)
    return len(live)


def limited(suppliers: Collection[UUID]) -> list[UUID]:
    """These, each once, in one order. Raises Invalid for too many."""
    chosen = sorted(set(suppliers))
    if len(chosen) > MOST_AT_ONCE:
        raise Invalid(TOO_MANY)
    return chosen


def _why_not(said: Mapping[str, Any] | None) -> str:
    if said is None:
        return ""
    if said["hidden_at"] is not None:
        return _HIDDEN
    if said["would_use_again"] is False:
        return reviews.WOULD_NOT
    is_fresh = said["lapses_at"] is not None and said["lapses_at"] > clock.now() + VOUCH_LASTS - reviews.SAME_TAP
    return _SAYS_SO if said["would_use_again"] and (said["lapses_at"] is None or is_fresh) else ""
