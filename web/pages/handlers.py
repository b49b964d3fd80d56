"""What handlers of pages and of the API say over and over: the types of what they are given, and how they read an id."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from base import cursor as cursors
from base.refusals import Refusal
from base.viewer import Viewer

AnyRequest = Request[Any, Any, Any]
CurrentViewer = NamedDependency[Viewer]
CurrentVisitor = NamedDependency[Viewer | None]  # None: nobody is signed in
Cursor = Annotated[str, QueryParameter(max_length=cursors.LONGEST)]


def an_id(typed: str) -> UUID | None:
    """The id that a form or an address names; None for anything else."""
    try:
        return UUID(typed)
    except ValueError:
        return None


def chosen_id(typed: str, otherwise: Refusal) -> UUID:
    """The id of what was chosen from a list. Raises ``otherwise`` for anything else."""
    chosen = an_id(typed)
    if chosen is None:
        raise otherwise
    return chosen


def name_and_id(cursor: str) -> tuple[str, str] | None:
    """What the page before ended with, in a list by name; None for the first page. Raises Invalid for a broken cursor."""
    if not cursor:
        return None
    name, found = cursors.decode(cursor, keys=2)
    return str(name), str(cursors.an_id(found))
