"""What the trail commits of other slices, told to this process as soon as it is imported: whose it is, and names of suppliers."""

from typing import Final

import suppliers.events
from audit.log import known
from sharing.schools import owners
from suppliers.record import called

REMOVALS: Final = frozenset({suppliers.events.Event.DIRECTORY_REMOVED.value})

known.tell(owners=owners.of_trails, suppliers=called.called, removals=REMOVALS)
