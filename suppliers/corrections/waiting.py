"""What waits for the curator: what schools say is wrong with entries of the directory."""

from datetime import datetime
from typing import Final

from piccolo.querystring import QueryString

from base.viewer import Viewer
from base.waiting import Waiting, Waits, Work
from base.words import count


def _asked(viewer: Viewer, _now: datetime) -> QueryString | None:
    if not viewer.is_operator:
        return None
    return QueryString("count(*) AS n, max(made_at) AS newest FROM suppliers_correction WHERE state = 'waiting'")


def _told(_viewer: Viewer, number: int) -> Waiting:
    text = f"{count(number, 'correction')} of directory entries {'waits' if number == 1 else 'wait'} for an answer."
    return Waiting("corrections", number, text, "/directory/corrections", "Answer them", work=Work.DIRECTORY)


WAITS: Final = (Waits("corrections", _asked, _told),)
