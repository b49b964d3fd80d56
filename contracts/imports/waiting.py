"""Registers of contracts that wait for an answer of somebody at the school, on their way in.

Of what whoever runs the installation imported, `notices.py` tells with its own sentence.
"""

from datetime import datetime
from typing import Final

from piccolo.querystring import QueryString

from base.viewer import Viewer
from base.waiting import Waiting, Waits
from base.words import count
from contracts.register_rows.states import ImportState

ASKING: Final = tuple(state for state in ImportState if state.takes_answers)


def _asked(viewer: Viewer, now: datetime) -> QueryString | None:
    if not viewer.role.keeps_contracts:
        return None
    states = ", ".join(f"'{state.value}'" for state in ASKING)
    return QueryString(
        "count(*) AS n, max(made_at) AS newest FROM contracts_import WHERE school = {} AND ends_at > {}"
        f" AND person IS NOT NULL AND state IN ({states})",  # our own words
        viewer.school, now,
    )  # fmt: skip


def _told(_viewer: Viewer, number: int) -> Waiting:
    text = f"{count(number, 'file')} of contracts {'waits' if number == 1 else 'wait'} for your answers."
    return Waiting("contract-imports", number, text, "/contracts/import", "Go on with it", section="/contracts")


WAITS: Final = (Waits("contract-imports", _asked, _told, is_in_menu=True),)
