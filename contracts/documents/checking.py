"""What was typed of a document, refused where it can't be."""

from datetime import date
from typing import Final
from uuid import UUID

from base.refusals import Invalid
from contracts.clock.reading import EARLIEST, LATEST
from contracts.documents import answering
from contracts.documents.answering import What
from contracts.promises import stored_metrics

NO_KIND: Final = "Choose what it is."
NO_SUCH_DAY: Final = f"Enter a real date between the years {EARLIEST.year} and {LATEST.year}, or none."
ENDS_FIRST: Final = "It runs out before the day from which it holds."
NOT_PROMISED: Final = "Choose one of the documents that the contract promises."


def checked(what: What | None) -> What:
    """Raises Invalid that names the wrong field."""
    if what is None:
        raise Invalid(NO_KIND, kind=NO_KIND)
    days = {"begins_on": what.begins_on, "expires_on": what.expires_on}
    wrong = {name: NO_SUCH_DAY for name, day in days.items() if day is not None and not _is_real(day)}
    if wrong:
        raise Invalid(NO_SUCH_DAY, **wrong)
    if what.begins_on and what.expires_on and what.expires_on < what.begins_on:
        raise Invalid(ENDS_FIRST, expires_on=ENDS_FIRST)
    return what


async def require_promised(contract: UUID, what: What) -> None:
    """That the contract promises, or once did, the document that this is said to be. In the caller's unit; raises Invalid."""
    if not what.answers:
        return
    kinds = answering.promised((await stored_metrics.metrics_of(contract)).versions)
    if answering.answered(what, kinds) is None:
        raise Invalid(NOT_PROMISED, answers=NOT_PROMISED)


def _is_real(day: date) -> bool:
    return EARLIEST <= day <= LATEST
