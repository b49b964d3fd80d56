"""Vouches of the school's own that are about to lapse: said again by one tap, by whoever may write."""

from datetime import datetime
from typing import Final

from piccolo.querystring import QueryString

from base.viewer import Viewer
from base.waiting import Waiting, Waits
from suppliers.ours.listing import LAPSES_SOON


def _vouches(viewer: Viewer, now: datetime) -> QueryString | None:
    if not viewer.role.writes:
        return None
    return QueryString(
        "count(*) AS n, max(r.revised_at) AS newest FROM suppliers_review r JOIN suppliers_use u ON u.supplier = r.supplier"
        " AND u.school = r.school AND u.until_at IS NULL WHERE r.school = {} AND r.withdrawn_at IS NULL AND r.hidden_at IS NULL"
        " AND r.would_use_again AND r.lapses_at > {} AND r.lapses_at <= {}",
        viewer.school, now, now + LAPSES_SOON,
    )  # fmt: skip


def _vouches_told(_viewer: Viewer, number: int) -> Waiting:
    lapse = "vouch lapses" if number == 1 else "vouches lapse"
    text = f"{number} {lapse} within {LAPSES_SOON.days} days, unless you say that you would use them again."
    return Waiting("vouches", number, text, "/suppliers?showing=lapsing", "Vouch again")


WAITS: Final = (Waits("vouches", _vouches, _vouches_told),)
