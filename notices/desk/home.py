"""All that the home page shows, of each slice, read at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass

import database
from base.viewer import Viewer
from base.waiting import Waiting, Waits
from notices.desk import waiting
from suppliers.ours.at_hand import AtHand, at_hand
from suppliers.ours.first_steps import FirstSteps, first_steps
from suppliers.search.near_us import NearUs, near_us
from web.pages import notices
from web.pages.notices import Notice, Telling


@dataclass(frozen=True, slots=True)
class Home:
    waiting: tuple[Waiting, ...]
    steps: FirstSteps | None
    near: NearUs | None  # beside the steps alone
    at_hand: tuple[AtHand, ...]
    notices: tuple[Notice, ...]


async def of(viewer: Viewer, waits: Sequence[Waits], telling: Telling) -> Home:
    async with database.read():
        steps = await first_steps(viewer)
        return Home(
            waiting=await waiting.of(viewer, waits),
            steps=steps,
            near=await near_us(viewer) if steps else None,
            at_hand=await at_hand(viewer),
            notices=await notices.told(telling, viewer),
        )
