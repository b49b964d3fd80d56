"""What waits for the head: to say whether what came from another installation is shared here as it was there."""

from datetime import datetime
from typing import Final

from piccolo.querystring import QueryString

from base.viewer import Role, Viewer
from base.waiting import Waiting, Waits


def _asked(viewer: Viewer, _now: datetime) -> QueryString | None:
    if viewer.role is not Role.HEAD:
        return None
    asked = "count(*) AS n, max(made_at) AS newest FROM disclosure_share_to_confirm WHERE school = {}"
    return QueryString(asked, viewer.school)


def _told(_viewer: Viewer, _number: int) -> Waiting:
    text = "Records came from another installation, where others saw them. Decide who sees them here."
    return Waiting("shares_to_confirm", 1, text, "/our-records/shares", "Decide who sees them")


WAITS: Final = (Waits("shares_to_confirm", _asked, _told),)
