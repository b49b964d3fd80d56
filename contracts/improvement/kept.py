"""What concerns, credits and ratings share: whose contract it is, and what a person may enter. Inside the caller's unit."""

from datetime import date
from typing import Final, NoReturn
from uuid import UUID

from base import clock, text
from base.refusals import Invalid, NotFound
from base.viewer import Viewer
from contracts.access import served
from contracts.access.served import ServedContract
from contracts.clock.reading import EARLIEST, LATEST
from contracts.promises import stored_metrics

LONGEST_WORDS: Final = 4_000
MOST_OF_A_KIND: Final = 500  # concerns, or credits, of one contract


async def ours(viewer: Viewer, contract: UUID, *, lock: bool = True) -> ServedContract:
    """Only the school that has the contract speaks for it. Raises NotFound."""
    about = await served.contract(viewer, contract, lock=lock)
    if about.school != viewer.school:
        raise NotFound
    return about


async def promise(contract: UUID, metric: UUID | None) -> str:
    """The name of a promise of the contract; "" for none. Raises Invalid for another contract's."""
    if metric is None:
        return ""
    its = [one.name for one in (await stored_metrics.metrics_of(contract)).versions if one.metric == metric]
    return its[-1] if its else refuse("metric", "The contract has no such promise.")


def words(value: str, field: str, *, missing: str = "") -> str:
    found = text.prose(value, field=field, longest=LONGEST_WORDS)
    if missing and not found:
        refuse(field, missing)
    return found


def past(day: date | None, field: str, *, since: date | None = None) -> date:
    """A day that is over or today, and not before ``since``."""
    if day is None:
        refuse(field, "Enter the day.")
    if day > clock.today():
        refuse(field, "This is in the future. Enter the day on which it happened.")
    if since is not None and day < since:
        refuse(field, "This is before what it follows. Check both days.")
    return real(day, field)


def real(day: date, field: str) -> date:
    return day if EARLIEST <= day <= LATEST else refuse(field, "Enter a real day.")


def refuse(field: str, sentence: str) -> NoReturn:
    raise Invalid(sentence, **{field: sentence})
