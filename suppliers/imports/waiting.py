"""Lists of suppliers that wait for an answer of somebody at the school, on their way in."""

from datetime import datetime
from typing import Final

from piccolo.querystring import QueryString

from base.viewer import Viewer
from base.waiting import Waiting, Waits
from base.words import count
from suppliers.imports.states import ImportState

# Where nothing goes on by itself; a list that a trust put before the school is read when somebody opens it.
ASKING: Final = (ImportState.READING, ImportState.MAPPING, ImportState.CHECKED, ImportState.STOPPED)


def _asked(viewer: Viewer, now: datetime) -> QueryString | None:
    if not viewer.role.writes:
        return None
    states = ", ".join(f"'{state.value}'" for state in ASKING)
    return QueryString(
        "count(*) AS n, max(made_at) AS newest FROM suppliers_import WHERE school = {} AND ends_at > {}"
        f" AND state IN ({states})",  # our own words
        viewer.school, now,
    )  # fmt: skip


def _told(_viewer: Viewer, number: int) -> Waiting:
    text = f"{count(number, 'list')} of suppliers {'waits' if number == 1 else 'wait'} for your answers before anything is added."
    return Waiting("supplier-imports", number, text, "/suppliers/import", "Go on with it", section="/suppliers")


WAITS: Final = (Waits("supplier-imports", _asked, _told, is_in_menu=True),)
