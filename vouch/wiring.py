"""What slices learn of each other: names, files and sentences for the trail, and what is kept only for a time."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import audit.events
import sharing.events
import suppliers.events
from audit.log.streams import Merging
from audit.packs.takeaway import Sources
from sharing.sign_in import sessions
from suppliers.directory import stream_titles
from suppliers.imports import imports
from suppliers.merging import history
from suppliers.opinions import evidence

# What each event is called on screen.
SENTENCES: Final[Mapping[str, str]] = {
    **audit.events.SENTENCES,
    **sharing.events.SENTENCES,
    **suppliers.events.SENTENCES,
}
SOURCES: Final = Sources(
    evidence=evidence.of_trail, titles=stream_titles.of_trail, still_there=sessions.require_still_there, sentences=SENTENCES
)
MERGING: Final = Merging(merged_with=stream_titles.merged_with, to_undo=history.to_undo)

# What is kept for a time only: each forgets what is due and says how many it forgot.
FORGETTING: Final[tuple[Callable[[], Awaitable[int]], ...]] = (imports.forget_old,)
