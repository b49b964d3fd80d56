"""What waits for the curator: pairs of directory entries that may be the same, by schools' word or by matching."""

from datetime import datetime
from typing import Final

from piccolo.querystring import QueryString

from base.viewer import Viewer
from base.waiting import Waiting, Waits, Work
from base.words import count
from suppliers.merging.curators_queue import open_up_to

MOST_COUNTED: Final = 100  # of which a curator looks at twenty on a page


def _asked(viewer: Viewer, _now: datetime) -> QueryString | None:
    """Of a time nothing is said: a pair that matching finds anew was there before."""
    if not viewer.is_operator:
        return None
    return QueryString(f"count(*) AS n, CAST(NULL AS TIMESTAMPTZ) AS newest FROM {open_up_to(MOST_COUNTED)} open")


def _told(_viewer: Viewer, number: int) -> Waiting:
    least = "At least " if number == MOST_COUNTED else ""
    text = f"{least}{count(number, 'pair')} of directory entries may be the same."
    page = "/directory/duplicates"
    return Waiting("directory", number, text, page, "Look at them", work=Work.DIRECTORY)


WAITS: Final = (Waits("directory", _asked, _told),)
