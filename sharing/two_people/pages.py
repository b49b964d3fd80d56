"""Pages for those who decide from outside a school: that two of its people are two, and where its chair is written to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base import clock
from base.refusals import Invalid, NotFound, Refusal
from base.viewer import Viewer
from sharing.events import Event
from sharing.members.pages import letters_page, must_be_posted
from sharing.members.told import Letter
from sharing.schools import schools
from sharing.sign_in.sign_in import by_browser
from sharing.two_people import published, two_people
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect


@post("/people/{person:uuid}/ask-two", include_in_schema=False, leaves=(Event.TWO_PEOPLE_ASKED,))
async def ask_two(person: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await two_people.ask(viewer, person)
    return redirect("/people", done="Asked. It counts once somebody from outside your school confirms it.")


@post("/people/two/{asked:uuid}/write", once=True, include_in_schema=False, leaves=(Event.OUTSIDE_LINK_MADE,))
async def write_about_two(asked: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    address = await two_people.write_to_chair(viewer, asked)
    return redirect("/people", done=f"A link is on its way to {address}.")


@get("/people/two", include_in_schema=False)
async def show_pairs(request: AnyRequest, viewer: CurrentViewer) -> Template:
    """Those who asked to have it confirmed that they are two, for the operator and for the head of a trust."""
    return page("two_people/pairs.html", request=request, viewer=viewer, pairs=await two_people.to_confirm(viewer))


@get("/people/two/{asked:uuid}", include_in_schema=False)
async def show_pair(asked: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template:
    pair = await two_people.one_to_confirm(viewer, asked)
    return page("two_people/pair.html", request=request, viewer=viewer, pair=pair, post_to=f"/people/two/{asked}/confirm")


@post("/people/two/{asked:uuid}/confirm", include_in_schema=False, leaves=(Event.TWO_PEOPLE_CONFIRMED,))
async def confirm_pair(asked: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    try:
        _require_sure(form)
        pair = await two_people.confirm(viewer, asked)
    except NotFound:
        raise
    except Refusal as refusal:
        shown, post_to = await two_people.one_to_confirm(viewer, asked), f"/people/two/{asked}/confirm"
        return page("two_people/pair.html", request=request, refusal=refusal, viewer=viewer, pair=shown, post_to=post_to)
    return redirect("/people/two", done=f"{pair.name} and {pair.other_name} count as two people from now on.")


@get("/outside/two-people/{token:str}", include_in_schema=False, opt={"public": True})
async def show_pair_to_chair(token: FromPath[str], request: AnyRequest) -> Template:
    return page("two_people/pair.html", request=request, pair=await two_people.of_chair(token), post_to=request.url.path)


@post(
    "/outside/two-people/{token:str}",
    include_in_schema=False,
    opt={"public": True},
    leaves=(Event.TWO_PEOPLE_CONFIRMED,),
    status_code=200,
)
async def confirm_pair_as_chair(token: FromPath[str], request: AnyRequest) -> Template:
    form = await forms.read(request)
    pair = await two_people.of_chair(token)
    try:
        _require_sure(form)
    except Refusal as refusal:
        return page("two_people/pair.html", request=request, refusal=refusal, pair=pair, post_to=request.url.path)
    await two_people.confirm_as_chair(token)
    return page("two_people/outside_done.html", request=request, school_name=pair.school_name)


@get("/people/published-address/{school:uuid}", include_in_schema=False)
async def ask_address(school: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template:
    return await _address(request, viewer, school)


@post(
    "/people/published-address/{school:uuid}",
    include_in_schema=False,
    leaves=(Event.PUBLISHED_ADDRESS_SET,),
)
async def set_address(school: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    """Without a mail server first the letters to print."""
    form = await forms.read(request)
    letters: Sequence[Letter] = ()
    try:
        letters = await published.letters_about(viewer, school, email=form.text("email"))
        if letters and must_be_posted(form):
            return _letters(request, viewer, letters, form)
        await published.set_address(viewer, school, email=form.text("email"), posted=form.text("posted") == "yes")
    except NotFound:
        raise
    except Refusal as refusal:
        if letters and "posted" in refusal.fields:
            return _letters(request, viewer, letters, form, refusal)
        return await _address(request, viewer, school, values=form, refusal=refusal)
    return redirect("/people", done="Saved, and the school is told. It counts after five weekdays.")


async def _address(
    request: AnyRequest, viewer: Viewer, school: UUID, *, values: forms.Form | None = None, refusal: Refusal | None = None
) -> Template:
    latest = await published.latest(viewer, school)
    context: dict[str, Any] = {
        "school": await schools.one(school),
        "values": values or {"email": latest.email if latest else ""},
        "counts_from": latest.counts_from if latest and latest.counts_from > clock.now() else None,
        "days": published.DAYS,
    }
    return page("two_people/published_address.html", request=request, refusal=refusal, viewer=viewer, **context)


def _letters(
    request: AnyRequest, viewer: Viewer, letters: Sequence[Letter], form: forms.Form, refusal: Refusal | None = None
) -> Template:
    return letters_page(request, viewer, letters, form, again=("email",), refusal=refusal, to_do="Save")


def _require_sure(form: forms.Form) -> None:
    if form.text("sure") != "yes":
        sentence = "Tick the box to confirm that you know them to be two people."
        raise Invalid(sentence, sure=sentence)


pages = Router(
    path="/",
    guards=[by_browser],
    route_handlers=[
        *(ask_two, write_about_two, show_pairs, show_pair, confirm_pair),
        *(show_pair_to_chair, confirm_pair_as_chair, ask_address, set_address),
    ],
)
