"""Pages to choose who sees a review or note of ours, to check it before it is saved, and to stop it.

Choosing is two steps: a form, and a page that says in one sentence who will see what, with the opinion as they will see it.
"""

from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Invalid, Refusal
from base.viewer import Viewer, must_write
from sharing.access.audiences import FREEDOM_OF_INFORMATION
from sharing.access.fields import WORDS, Fields, GrantKind
from suppliers.events import Event
from suppliers.opinions import notes, readable
from suppliers.opinions.notes import About
from suppliers.shares import choosing, shares
from suppliers.shares import words as share_words
from suppliers.shares.reader_pages import what_of
from suppliers.shares.shares import OpinionKind, Sharing
from web.pages import forms
from web.pages.beside import Beside
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect


@get(["/reviews/{item_id:uuid}/share", "/notes/{item_id:uuid}/share"], include_in_schema=False)
async def ask_share(request: AnyRequest, item_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_write(viewer)
    sharing = await shares.state(viewer, what_of(request), item_id)
    ticked = ["rating", "praise"]
    if sharing.what is OpinionKind.NOTE:
        about = (await notes.ours(viewer, item_id)).about
        ticked = [str(about.text_is.name).lower()]
    return await _form(request, viewer, sharing, values={"fields": ticked})


@get(["/reviews/{item_id:uuid}/share/check", "/notes/{item_id:uuid}/share/check"], include_in_schema=False)
async def check_share(
    request: AnyRequest, item_id: FromPath[UUID], viewer: CurrentViewer, beside: NamedDependency[Beside]
) -> Template:
    """Saves nothing: says who will see what, and shows it as they will see it."""
    must_write(viewer)
    sharing = await shares.state(viewer, what_of(request), item_id)
    asked = choosing.asked(request)
    if asked.text("with") == GrantKind.SCHOOL and not asked.text("school"):
        return await _pick_school(request, viewer, sharing, asked)
    try:
        return await _checked(request, viewer, sharing, asked, beside)
    except Invalid as refusal:
        return await _form(request, viewer, sharing, values=asked, refusal=refusal)


@post(["/reviews/{item_id:uuid}/share", "/notes/{item_id:uuid}/share"], include_in_schema=False, leaves=shares.GIVING)
async def share(request: AnyRequest, item_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_write(viewer)
    sharing = await shares.state(viewer, what_of(request), item_id)
    form = await forms.read(request)
    try:
        chosen = await choosing.grant(viewer, form)
        choice = shares.with_line(sharing.choice, chosen)
        same_as = None if sharing.is_listed else choosing.same_as(form, await choosing.listed_alike(viewer, sharing.supplier))
    except Invalid as refusal:
        return await _form(request, viewer, sharing, values=form, refusal=refusal)
    try:
        now = await shares.share(viewer, sharing.what, item_id, choice, same_as=same_as, renewing=(chosen,))
    except Invalid as refusal:
        return await _form(request, viewer, sharing, values=form, refusal=refusal)
    return redirect(f"/suppliers/{now.supplier}", done=now.sentence)


@post(
    ["/reviews/{item_id:uuid}/unshare", "/notes/{item_id:uuid}/unshare"],
    include_in_schema=False,
    leaves=(Event.SHARE_WITHDRAWN,),
)
async def unshare(request: AnyRequest, item_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    """One line of the choice, named by its ``key``, or all of it."""
    what = what_of(request)
    sharing = await shares.state(viewer, what, item_id)
    key = (await forms.read(request)).text("line")
    only = next((line.grant for line in sharing.lines if line.key == key), None)
    if key and only is None:
        return redirect(f"/{what}s/{item_id}/share", done="That was not shared any more.")
    now = await shares.unshare(viewer, what, item_id, only=only)
    return redirect(f"/{what}s/{item_id}/share", done=f"Done, and in force already. {now.sentence}")


async def _form(
    request: AnyRequest, viewer: Viewer, sharing: Sharing, *, values: Any, refusal: Refusal | None = None, **context: Any
) -> Template:
    context = {"found": (), "is_guess": False, **context}
    refusal = choosing.beside_the_questions(refusal) if refusal else None
    return page(
        "shares/share.html",
        request=request,
        viewer=viewer,
        sharing=sharing,
        values=values,
        refusal=refusal,
        recipients=await choosing.recipients(viewer),
        fields=await _fields_of(viewer, sharing),
        **context,
    )


async def _pick_school(request: AnyRequest, viewer: Viewer, sharing: Sharing, asked: Form) -> Template:
    """The schools that the typed name may mean; once more, with a sentence, for whoever went on without choosing one."""
    try:
        found, is_guess = await choosing.schools_meant(viewer, asked.text("q"))
    except Invalid as refusal:
        return await _form(request, viewer, sharing, values=asked, refusal=refusal)
    wrong = choosing.none_chosen(asked)
    return await _form(request, viewer, sharing, values=asked, refusal=wrong, found=found, is_guess=is_guess)


async def _checked(request: AnyRequest, viewer: Viewer, sharing: Sharing, asked: Form, beside: Beside) -> Template:
    grant = await choosing.grant(viewer, asked)
    lines = await shares.preview(viewer, sharing.what, sharing.id, shares.with_line(sharing.choice, grant), renewing=(grant,))
    alike = () if sharing.is_listed else await choosing.listed_alike(viewer, sharing.supplier)
    context: dict[str, Any] = {
        "sharing": sharing,
        "values": asked,
        "sentence": share_words.sentence(lines),
        "fields": asked.many("fields"),
        "rests": await beside.of_reviews(viewer, (sharing.id,)) if Fields.RATING in grant.fields else {},
        "shown": await readable.as_opened(viewer, sharing.what.table, sharing.id, grant.fields),
        "alike": alike,
        "neither": choosing.NEITHER,
        "chosen": [(name, asked.text(name)) for name in choosing.CHOSEN if asked.text(name)],
        "freedom_of_information": FREEDOM_OF_INFORMATION,
    }
    return page("shares/share_check.html", request=request, viewer=viewer, **context)


async def _fields_of(viewer: Viewer, sharing: Sharing) -> list[tuple[str, str]]:
    """The field groups that this review or note has, as tick boxes: the text of a note is one or the other."""
    words = {field: WORDS[field][0].upper() + WORDS[field][1:] for field in WORDS}
    if sharing.what is OpinionKind.REVIEW:
        words |= {Fields.RATING: "The rating, whether you would use them again, and any declared interest"}
        words |= {Fields.PRAISE: "What was good, and any declared interest"}
        left_out = {Fields.ATTACHMENTS}
    else:
        is_problem = (await notes.ours(viewer, sharing.id)).about is About.PROBLEM
        words |= {Fields.PRAISE: "The text", Fields.CRITICISM: "The text, which is about a problem"}
        left_out = {Fields.RATING, Fields.PRAISE if is_problem else Fields.CRITICISM}
    return [(str(field.name).lower(), text) for field, text in words.items() if field not in left_out]


pages = Router(path="/", route_handlers=[ask_share, check_share, share, unshare])
