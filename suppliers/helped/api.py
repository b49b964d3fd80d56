"""What reviews did for other schools, over JSON."""

from uuid import UUID

import msgspec
from litestar import Router, get, put
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_204_NO_CONTENT

from base.viewer import KeyScope
from suppliers.events import Event
from suppliers.helped import helped
from suppliers.helped.helped import Said
from web.pages.handlers import CurrentViewer


class HelpedIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All false takes it back. ``tells_who``: the review's school reads your school's name, not only a number."""

    helped: bool = False
    asked_for_quote: bool = False
    tells_who: bool = False


class CameOut(msgspec.Struct, frozen=True, kw_only=True):
    """Of how many schools, and the names of those that say who they are."""

    helped: int
    asked_for_quote: int
    schools: tuple[str, ...]


@put(
    "/reviews/{shared_review_id:uuid}/helped",
    operation_id="sayWhatReviewDid",
    summary="Say what another school's review did for yours",
    status_code=HTTP_204_NO_CONTENT,
    leaves=(Event.HELP_SAID, Event.HELP_TAKEN_BACK),
    key_scope=KeyScope.WRITE,
)
async def say_what_review_did(viewer: CurrentViewer, shared_review_id: FromPath[UUID], data: JSONBody[HelpedIn]) -> None:
    """It moves no order and no mean. In a tender or quotation only your stated criteria count."""
    await helped.say(viewer, shared_review_id, Said(**msgspec.structs.asdict(data)))


@get(
    "/reviews/{review_id:uuid}/came-of-it",
    operation_id="getWhatReviewDid",
    summary="What your school's review did for others",
    key_scope=KeyScope.READ,
)
async def get_what_review_did(viewer: CurrentViewer, review_id: FromPath[UUID]) -> CameOut:
    """Numbers of schools that saw it and say so; a name only where that school tells it."""
    came = await helped.came_of(viewer, review_id)
    return CameOut(helped=came.helped, asked_for_quote=came.asked_for_quote, schools=came.schools)


api = Router(path="/api/v1", route_handlers=[say_what_review_did, get_what_review_did], tags=["Reviews and notes"])
