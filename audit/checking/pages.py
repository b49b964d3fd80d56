"""The page Check: anybody of a school asks of its own trail whether it is what was recorded."""

from dataclasses import replace
from typing import Any, Final

from litestar import Router, get
from litestar.response import Template

from audit.checking import background, memory, questions
from audit.checking.questions import Answer
from audit.log.auditor_reads import note_read
from audit.seals import keys, recovery, seals, stamped
from base import settings
from base.refusals import Busy
from base.viewer import Viewer
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page

CHECKED_ALREADY: Final = "Somebody of your school is checking the trail just now. Try again in a minute."
SOMETHING: Final = "what is stored is not what was recorded"


@get("/trail/check", include_in_schema=False, auditors=True)
async def check_trail(request: AnyRequest, viewer: CurrentViewer) -> Template:
    """A long trail is checked beside the pages; until then the page says how far it is, and asks again by itself."""
    trail, asked_at = str(viewer.school), None
    size = await questions.size_of(trail)
    if size > background.SHORT:
        run = background.of(trail, size)
        if run.answer is None:
            return page("checking/checking.html", request=request, viewer=viewer, run=run)
        checked, asked_at = run.answer, run.ended_at
    else:
        checked = await _checked(trail)
    await note_read(viewer, "the check of the trail")
    held = await seals.state(trail)
    anew = await recovery.begun_anew(trail)
    context: dict[str, Any] = {"answer": _for(viewer, checked), "seals": held, "anew": anew, "asked_at": asked_at}
    context["is_remembered"] = memory.is_here()
    context["stamp"] = await stamped.newest(held.latest.origin) if held.latest else None
    context["not_stamped"] = stamped.failure() if settings.current().tsa else None
    context["has_stamps"] = bool(settings.current().tsa)
    context["key"] = next(iter(await keys.public()), None)
    return page("checking/check.html", request=request, viewer=viewer, **context)


def _for(viewer: Viewer, answer: Answer) -> Answer:
    """What a finding says may name streams that are not this auditor's."""
    if viewer.streams is None:
        return answer
    return replace(answer, findings=tuple(replace(found, what=SOMETHING) for found in answer.findings))


_being_checked: Final[set[str]] = set()


async def _checked(trail: str) -> Answer:
    """Checks a trail, one check of it at a time: each reads every entry, and keeps a connection until it has. Raises Busy."""
    if trail in _being_checked:
        raise Busy(CHECKED_ALREADY)
    _being_checked.add(trail)
    try:
        return await questions.with_rules(await questions.of_trail(trail))
    finally:
        _being_checked.discard(trail)


pages = Router(path="/", route_handlers=[check_trail])
