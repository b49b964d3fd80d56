"""What waits: enquiries of other schools that ours has not answered, and answers to what ours asks at the moment."""

from datetime import datetime
from typing import Final

from piccolo.querystring import QueryString

from base.viewer import Viewer
from base.waiting import Waiting, Waits
from base.words import count
from suppliers.asking import answers, seen

PAGE: Final = "/enquiries"
_SOME: Final = "CASE WHEN EXISTS (SELECT 1 FROM {}) THEN 1 ELSE 0 END AS n, CAST(NULL AS TIMESTAMPTZ) AS newest"
# Whether it is worth asking the predicate: of everybody's, so it tells nothing of anybody's.
_OTHERS: Final = _SOME.format("suppliers_enquiry q WHERE q.closes_at > {} AND q.school <> {} AND q.withdrawn_at IS NULL")
_OURS: Final = _SOME.format(
    "suppliers_enquiry q JOIN suppliers_enquiry_answer a ON a.enquiry = q.id"
    " WHERE q.school = {} AND q.closes_at > {} AND q.withdrawn_at IS NULL"
)


def _asked(viewer: Viewer, now: datetime) -> QueryString | None:
    return QueryString(_OTHERS, now, viewer.school) if viewer.role.writes else None


async def _left(viewer: Viewer, _some: int) -> int:
    return await seen.waiting(viewer)


def _told(_viewer: Viewer, number: int) -> Waiting:
    text = f"{count(number, 'enquiry', 'enquiries')} of other schools {'waits' if number == 1 else 'wait'} for your answer."
    return Waiting("enquiries", number, text, PAGE, "Read and answer")


def _answered(viewer: Viewer, now: datetime) -> QueryString | None:
    return QueryString(_OURS, viewer.school, now) if viewer.role.writes else None


async def _answers_left(viewer: Viewer, _some: int) -> int:
    return await answers.waiting(viewer)


def _answers_told(_viewer: Viewer, number: int) -> Waiting:
    text = f"Schools gave {count(number, 'answer')} to what yours asks. Close the enquiry once you have read enough."
    return Waiting("enquiry_answers", number, text, PAGE, "Read the answers")


WAITS: Final = (
    Waits("enquiries", _asked, _told, _left),
    Waits("enquiry_answers", _answered, _answers_told, _answers_left),
)
