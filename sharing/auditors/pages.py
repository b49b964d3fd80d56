"""Pages about auditors: whom we let in, letting somebody in, ending it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from audit.log.subjects import Subject
from base import emails, mail
from base.refusals import Forbidden, Invalid, NotFound, Refusal, refuse_together
from base.viewer import Viewer
from sharing.accounts import new_passwords
from sharing.auditors import auditors, listing, trust_audits
from sharing.auditors.auditors import Granted, WantedScope
from sharing.auditors.listing import GrantState
from sharing.auditors.trust_audits import Decided
from sharing.events import Event
from sharing.members import letters
from sharing.sign_in.sign_in import by_browser
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect

Titles = NamedDependency[Any]  # async (viewer, streams) -> {stream: name}

SOME: Final = "some"  # the answer to "what may they read": chosen suppliers and contracts, and not the whole trail
CHOSEN: Final = ("streams", "contracts")  # the boxes in which they are chosen


@get("/auditors", include_in_schema=False)
async def show_auditors(request: AnyRequest, viewer: CurrentViewer, titles: Titles) -> Template:
    grants = await listing.listed(viewer)
    names = await _names(viewer, titles, (stream for one in grants for opened in one.opened for stream in opened.streams or ()))
    may_let_in = await listing.may_grant(viewer)
    context: dict[str, Any] = {"grants": grants, "most": listing.MOST_SHOWN, "names": names, "may_let_in": may_let_in}
    return page("auditors/auditors.html", request=request, viewer=viewer, **context)


@get("/auditors/new", include_in_schema=False)
async def ask_to_let_in(request: AnyRequest, viewer: CurrentViewer, titles: Titles) -> Template:
    return page("auditors/new.html", request=request, viewer=viewer, values=None, **await _choices(viewer, titles))


@post("/auditors", include_in_schema=False, leaves=(Event.AUDITOR_GRANTED, Event.AUDITOR_ASKED), status_code=200)
async def let_in(request: AnyRequest, viewer: CurrentViewer, titles: Titles) -> Template | Redirect:
    """A trust's audit of its own schools waits for a second person of the trust."""
    form, choices = await forms.read(request), await _choices(viewer, titles)
    try:
        if any(school != str(viewer.school) for school in form.many("schools")):
            return await _ask(viewer, form)
        made = await auditors.grant(viewer, **_asked(form))
    except Forbidden:
        raise
    except Refusal as refusal:
        return page("auditors/new.html", request=request, refusal=refusal, viewer=viewer, values=form, **choices)
    return _send(request, viewer, made)


@get("/auditors/{grant:uuid}", include_in_schema=False)
async def show_grant(grant: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer, titles: Titles) -> Template:
    return page("auditors/grant.html", request=request, viewer=viewer, values=None, **await _grant(viewer, grant, titles))


@post("/auditors/{grant:uuid}/revoke", include_in_schema=False, leaves=(Event.AUDITOR_REVOKED,))
async def revoke(grant: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer, titles: Titles) -> Template | Redirect:
    form, context = await forms.read(request), await _grant(viewer, grant, titles)
    try:
        if form.text("sure") != "yes":
            sentence = "Tick the box to confirm that the access ends now."
            raise Invalid(sentence, sure=sentence)
        await auditors.revoke(viewer, grant)
    except NotFound:
        raise
    except Refusal as refusal:
        return page("auditors/grant.html", request=request, refusal=refusal, viewer=viewer, values=form, **context)
    return redirect("/auditors", done="The access is ended. The auditor is signed out and reads nothing more.")


@post("/auditors/{grant:uuid}/link", once=True, include_in_schema=False, leaves=(Event.AUDITOR_LINK_MADE,), status_code=200)
async def make_link(grant: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer, titles: Titles) -> Template:
    context = await _grant(viewer, grant, titles)
    try:
        made = await auditors.new_link(viewer, grant)
    except NotFound:
        raise
    except Refusal as refusal:
        return page("auditors/grant.html", request=request, refusal=refusal, viewer=viewer, values=None, **context)
    return _send(request, viewer, made)


@get("/auditors/{grant:uuid}/agree", include_in_schema=False)
async def ask_to_agree(grant: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template:
    """The second person of the trust sees what each school will be written, and without a mail server prints it."""
    letters = await trust_audits.letters_about(viewer, grant)
    return page("auditors/agree.html", request=request, viewer=viewer, letters=letters, by_post=not mail.is_configured())


@post("/auditors/{grant:uuid}/agree", include_in_schema=False, leaves=(Event.AUDITOR_GRANTED,), status_code=200)
async def agree(grant: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template:
    form, letters = await forms.read(request), await trust_audits.letters_about(viewer, grant)
    try:
        if form.text("sure") != "yes":
            sentence = "Tick the box to confirm that you agree."
            raise Invalid(sentence, sure=sentence)
        made = await trust_audits.agree(viewer, grant, posted=form.text("posted") == "yes")
    except NotFound:
        raise
    except Refusal as refusal:
        context = {"letters": letters, "by_post": not mail.is_configured()}
        return page("auditors/agree.html", request=request, refusal=refusal, viewer=viewer, **context)
    return _send(request, viewer, made)


@post("/auditors/{grant:uuid}/object", include_in_schema=False, leaves=(Event.AUDITOR_OBJECTED,))
async def object_to(grant: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer, titles: Titles) -> Template | Redirect:
    form, context = await forms.read(request), await _grant(viewer, grant, titles)
    try:
        await trust_audits.object_to(viewer, grant, form.text("words"))
    except NotFound:
        raise
    except Refusal as refusal:
        return page("auditors/grant.html", request=request, refusal=refusal, viewer=viewer, values=form, **context)
    return redirect(f"/auditors/{grant}", done="Your objection is recorded, and your trust is shown it.")


async def _ask(viewer: Viewer, form: forms.Form) -> Redirect:
    decided = Decided(form.text("decided_by"), form.text("minute"), form.text("private_why"))
    days: list[date | None] = []
    refuse_together(
        lambda: emails.address(form.text("email")),
        lambda: auditors.a_reason(form.text("reason")),
        lambda: days.append(form.day("until")),
        lambda: auditors.an_end(days[0], trust_audits.LONGEST) if days else None,
        lambda: trust_audits.checked(decided),
        lambda: _wanted(form),
    )
    made = await trust_audits.ask(
        viewer,
        email=form.text("email"),
        reason=form.text("reason"),
        until=days[0],
        schools=_wanted(form).schools,
        decided=decided,
    )
    return redirect(f"/auditors/{made}", done="Nothing is open yet. Now somebody else of your trust agrees, here.")


def _asked(form: forms.Form) -> dict[str, Any]:
    """The form's answers, as ``grant`` takes them. Raises Invalid for all that is wrong at once."""
    days: list[date | None] = []
    refuse_together(
        lambda: emails.address(form.text("email")),
        lambda: auditors.a_reason(form.text("reason")),
        lambda: days.append(form.day("until")),
        lambda: auditors.an_end(days[0]) if days else None,
        lambda: _wanted(form),
    )
    return {"email": form.text("email"), "reason": form.text("reason"), "until": days[0], "wanted": _wanted(form)}


def _wanted(form: forms.Form) -> WantedScope:
    if form.text("scope") not in (SOME, "whole"):
        raise Invalid("Choose what the auditor may read.", scope="Choose what the auditor may read.")
    schools = tuple(school for school in map(an_id, form.many("schools")) if school)
    if len(schools) < len(form.many("schools")):
        raise Invalid("Choose schools of your trust.", schools="Choose schools of your trust.")
    streams = tuple(stream for boxes in CHOSEN for stream in form.many(boxes))
    if form.text("scope") == SOME and not streams:
        raise Invalid(auditors.NONE_CHOSEN, streams=auditors.NONE_CHOSEN)
    return WantedScope(streams if form.text("scope") == SOME else None, schools)


async def _choices(viewer: Viewer, titles: Any) -> dict[str, Any]:
    """What the form offers: the suppliers and contracts that the trail knows, and a trust's schools. Raises Forbidden."""
    may = await listing.grantable(viewer)
    names = await _names(viewer, titles, may.streams)
    by_name = sorted(names.items(), key=lambda stream: (stream[1].casefold(), stream[0]))
    return {
        "suppliers": [one for one in by_name if Subject.SUPPLIER.id_in(one[0])],
        "contracts": [one for one in by_name if Subject.CONTRACT.id_in(one[0])],
        "schools": [(s.id, s.name) for s in may.schools],
        "last_day": auditors.last_day(),
        "last_day_of_trust": auditors.last_day(trust_audits.LONGEST),
        "most": auditors.MOST_STREAMS,
    }


async def _names(viewer: Viewer, titles: Any, streams: Iterable[str]) -> Mapping[str, str]:
    """What suppliers and contracts are called, by stream."""
    named = {stream for stream in streams if Subject.SUPPLIER.id_in(stream) or Subject.CONTRACT.id_in(stream)}
    names: Mapping[str, str] = await titles(viewer, named)
    return names


async def _grant(viewer: Viewer, grant: UUID, titles: Any) -> dict[str, Any]:
    shown = await listing.one(viewer, grant)
    names = await _names(viewer, titles, (stream for opened in shown.opened for stream in opened.streams or ()))
    may_agree = shown.person is not None and await new_passwords.may_agree(viewer, shown.person)
    objections = await trust_audits.objections(viewer, grant)
    may_object = await listing.may_object(viewer, shown) and not objections
    return {
        "grant": shown, "names": names, "may_agree": may_agree, "objections": objections, "may_object": may_object,
        "why_not_agree": await trust_audits.why_not_agree(viewer, grant) if shown.state is GrantState.ASKED else None,
        "may_end": await listing.may_end(viewer, shown),
    }  # fmt: skip


def _send(request: AnyRequest, viewer: Viewer, made: Granted) -> Template:
    return page("auditors/send.html", request=request, viewer=viewer, made=made, letters_are_sent=letters.are_sent())


pages = Router(
    path="/",
    guards=[by_browser],
    route_handlers=[show_auditors, ask_to_let_in, let_in, show_grant, ask_to_agree, agree, object_to, revoke, make_link],
)
