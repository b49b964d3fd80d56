"""What waits for somebody, as slices say it: each kind by one count, so that all of them are one statement. `vouch/wiring.py`
lists who does.

Whoever shows it (the home page, the menu, letters, a feed) is told by these and imports no slice; no slice knows who shows it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from piccolo.querystring import QueryString

from base.viewer import Viewer


class Work(StrEnum):
    """As whom somebody has something to do: for their school, or for everybody as curator or operator."""

    SCHOOL = "school"
    DIRECTORY = "directory"
    INSTALLATION = "installation"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for one person, and its one button.

    ``text`` says how many, with no names of people, no prices and no words that anybody wrote: letters and feeds say it too.
    """

    what: str  # the kind: the same for as long as it is that kind
    number: int
    text: str
    page: str  # a path of ours, where it is done
    button: str
    newest: datetime | None = None  # since when the last of them waits
    section: str = ""  # the line of the menu that counts it; "": none does
    work: Work = Work.SCHOOL
    has_own_letter: bool = False  # a letter tells of each by itself


@dataclass(frozen=True, slots=True)
class Waits:
    """One kind of what may wait.

    ``asked`` gives, for whom it can wait at all, a statement after SELECT: two columns, how many and since when the newest waits.
    ``told`` puts more than none into words. Where rules other than the database's decide, ``left`` says how many of them are
    the viewer's; it opens its own units, and is asked only where there are any.
    """

    what: str
    asked: Callable[[Viewer, datetime], QueryString | None]
    told: Callable[[Viewer, int], Waiting]
    left: Callable[[Viewer, int], Awaitable[int]] | None = None
    is_in_menu: bool = False  # asked for every page; what is dear, or can wait, is asked for the home page alone


@dataclass(frozen=True, slots=True)
class News:
    """Something that another school said, as far as the viewer may see it."""

    id: UUID
    kind: str  # "Review", "Note" or "Contract"
    about: str  # the supplier, by name; "" where that is not said
    school: str
    page: str
    at: datetime | None  # when it was written
    is_by_name: bool  # shared with the viewer, or with their school, by name: new by whether it was in sight, not by when


@dataclass(frozen=True, slots=True)
class NewsSource:
    """What one slice has of them. ``may_be`` is a condition that needs nobody's rights, so it tells nothing to anybody: it
    only says whether it is worth asking ``found``, which opens its own unit and gives what was written after a moment, or is by
    name. Of its words ``found`` gives any so many, or with ``newest`` the newest.
    """

    may_be: Callable[[Viewer, QueryString], QueryString]
    found: Callable[..., Awaitable[Sequence[News]]]
