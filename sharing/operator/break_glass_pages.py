"""Pages about breaking the glass: the operator lets somebody in for a day; the school keeps or ends what was opened."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from base import emails
from base.refusals import NotFound, Refusal, refuse_together
from base.viewer import Viewer
from sharing.events import Event
from sharing.members.pages import a_role, letters_page, must_be_posted
from sharing.members.told import Letter
from sharing.operator import break_glass, opened
from sharing.people.pages import invited
from sharing.schools import schools
from sharing.sign_in.sign_in import by_browser
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect


@get("/people/break-glass", include_in_schema=False)
async def ask_to_break_in(request: AnyRequest, viewer: CurrentViewer, school: FromQuery[str] = "") -> Template:
    """The operator reaches it from the page on which a school is chosen."""
    _require_operator(viewer)
    chosen = await schools.one(an_id(school) or UUID(int=0))
    return page("operator/break_glass.html", request=request, viewer=viewer, school=chosen, values=None)


@post("/people/break-glass", once=True, include_in_schema=False, leaves=(Event.BREAK_GLASS_INVITED,), status_code=200)
async def break_in(request: AnyRequest, viewer: CurrentViewer) -> Template:
    """Without a mail server first the letters to print, then the link."""
    _require_operator(viewer)
    form = await forms.read(request)
    school = await schools.one(an_id(form.text("school")) or UUID(int=0))
    letters: Sequence[Letter] = ()
    try:
        refuse_together(
            lambda: emails.address(form.text("email")), lambda: a_role(form), lambda: break_glass.a_reason(form.text("reason"))
        )
        asked: dict[str, Any] = {"email": form.text("email"), "role": a_role(form), "reason": form.text("reason")}
        letters = await break_glass.letters_about_inviting(viewer, school.id, **asked)
        if must_be_posted(form):
            return _letters(request, viewer, letters, form)
        posted = form.text("posted") == "yes"
        invitation = await break_glass.invite(viewer, school.id, **asked, posted=posted)
    except Refusal as refusal:
        if letters and "posted" in refusal.fields:
            return _letters(request, viewer, letters, form, refusal)
        return page("operator/break_glass.html", request=request, refusal=refusal, viewer=viewer, school=school, values=form)
    return invited(request, viewer, invitation, back="/people/invite-school")


@get("/people/opened", include_in_schema=False)
async def show_opened(request: AnyRequest, viewer: CurrentViewer) -> Template:
    may, found = await opened.may_decide(viewer), await opened.at_school(viewer)
    return page("operator/opened.html", request=request, viewer=viewer, openings=found, most=opened.MOST_SHOWN, may=may)


@post("/people/opened/{opening:uuid}/keep", include_in_schema=False, leaves=(Event.BREAK_GLASS_KEPT,))
async def keep(opening: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    kept = await opened.keep(viewer, opening)
    return redirect("/people/opened", done=f"Kept: what was opened for {kept.who} lasts.")


@post("/people/opened/{opening:uuid}/end", include_in_schema=False, leaves=(Event.BREAK_GLASS_ENDED,))
async def cut_short(opening: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    ended = await opened.cut_short(viewer, opening)
    return redirect("/people/opened", done=f"Ended: {ended.who} is signed out of your school.")


def _letters(
    request: AnyRequest, viewer: Viewer, letters: Sequence[Letter], form: forms.Form, refusal: Refusal | None = None
) -> Template:
    return letters_page(request, viewer, letters, form, again=("school", "email", "role", "reason"), refusal=refusal)


def _require_operator(viewer: Viewer) -> None:
    if not viewer.is_operator:
        raise NotFound


pages = Router(path="/", guards=[by_browser], route_handlers=[ask_to_break_in, break_in, show_opened, keep, cut_short])
