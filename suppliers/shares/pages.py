"""Pages to choose who sees a review or note of ours, to check it before it is saved, and to stop it.

Choosing is two steps: a form, on which several are chosen at once, and a page that says who will see what, with the opinion as
each of them will see it. The yes is to that: where it is no longer so, it is shown anew, and nothing is done.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Conflict, Invalid, Refusal
from base.viewer import Viewer, must_write
from sharing.access.audiences import FREEDOM_OF_INFORMATION, AudienceChoice, GrantChoice
from sharing.access.fields import WORDS, Fields
from suppliers.directory.directory import Suggestion
from suppliers.events import Event
from suppliers.opinions import notes, readable
from suppliers.opinions.notes import About
from suppliers.shares import choosing, shares
from suppliers.shares import words as share_words
from suppliers.shares.reader_pages import what_of
from suppliers.shares.shares import OpinionKind, Sharing
from suppliers.shares.words import ShareLine
from web.pages import forms
from web.pages.beside import Beside
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect


@get(["/reviews/{item_id:uuid}/share", "/notes/{item_id:uuid}/share"], include_in_schema=False)
async def ask_share(request: AnyRequest, item_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_write(viewer)
    return await _form(request, viewer, await shares.state(viewer, what_of(request), item_id))


@get(["/reviews/{item_id:uuid}/share/check", "/notes/{item_id:uuid}/share/check"], include_in_schema=False)
async def check_share(
    request: AnyRequest, item_id: FromPath[UUID], viewer: CurrentViewer, beside: NamedDependency[Beside]
) -> Template:
    """Saves nothing: says who will see what, and shows it as they will see it."""
    must_write(viewer)
    sharing = await shares.state(viewer, what_of(request), item_id)
    asked = choosing.asked(request)
    try:
        meant = await choosing.school_meant(viewer, asked)
        if meant.found:
            found = {"found": meant.found, "is_guess": meant.is_guess}
            return await _form(request, viewer, sharing, values=asked, refusal=meant.wrong, **found)
        asked = meant.answered
        return await _check(request, viewer, await _chosen(viewer, sharing, asked), beside)
    except Invalid as refusal:
        return await _form(request, viewer, sharing, values=asked, refusal=refusal)


@post(
    ["/reviews/{item_id:uuid}/share", "/notes/{item_id:uuid}/share"],
    include_in_schema=False,
    leaves=(*shares.GIVING, Event.SUPPLIER_DECIDED),
)
async def share(
    request: AnyRequest, item_id: FromPath[UUID], viewer: CurrentViewer, beside: NamedDependency[Beside]
) -> Template | Redirect:
    must_write(viewer)
    sharing = await shares.state(viewer, what_of(request), item_id)
    form = await forms.read(request)
    try:
        chosen = await _chosen(viewer, sharing, form)
        if form.text("seen") != chosen.seen:
            return await _check(request, viewer, chosen, beside, Conflict(choosing.CHANGED))
        alike = await _alike(viewer, sharing)
        now = await shares.share(
            viewer, sharing.what, item_id, chosen.choice, of_entries=choosing.said_of_entries(form, alike),
            renewing=chosen.grants, instead_of=sharing.choice.tag, version=sharing.version,
        )  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What was chosen on the form, and what it would mean."""

    sharing: Sharing
    form: Form
    grants: tuple[GrantChoice, ...]
    lines: tuple[ShareLine, ...]  # of everything that would be shared then, also what is already

    @property
    def choice(self) -> AudienceChoice:
        return shares.with_lines(self.sharing.choice, self.grants)

    @property
    def seen(self) -> str:
        """The digest of what is shown, which the form sends back."""
        return share_words.digest(self.sharing.choice, self.sharing.version, self.lines)


async def _chosen(viewer: Viewer, sharing: Sharing, form: Form) -> _Chosen:
    grants = await choosing.grants(viewer, form)
    choice = shares.with_lines(sharing.choice, grants)
    lines = await shares.preview(viewer, sharing.what, sharing.id, choice, renewing=grants)
    return _Chosen(sharing, form, grants, lines)


async def _form(
    request: AnyRequest, viewer: Viewer, sharing: Sharing, *, values: Any = None, refusal: Refusal | None = None, **found: Any
) -> Template:
    about = (await notes.ours(viewer, sharing.id)).about if sharing.what is OpinionKind.NOTE else None
    criticises = about is None or about.text_is is Fields.CRITICISM
    recipients = await choosing.recipients(viewer, criticises=criticises, rates=about is None)
    begins_with = [str(about.text_is.name).lower()] if about else ["rating", "praise"]
    return page(
        "shares/share.html",
        request=request,
        viewer=viewer,
        sharing=sharing,
        values=values or choosing.ticked(recipients, begins_with),
        refusal=choosing.beside_the_questions(refusal, values) if refusal else None,
        recipients=recipients,
        miles=choosing.MILES,
        criticises=criticises,
        fields=_fields_of(about),
        **{"found": (), "is_guess": False, **found},
    )


async def _check(
    request: AnyRequest, viewer: Viewer, chosen: _Chosen, beside: Beside, refusal: Refusal | None = None
) -> Template:
    sharing = chosen.sharing
    rests = (await beside.of_reviews(viewer, (sharing.id,))).get(sharing.id)
    shown = [
        (
            sentences,
            await readable.as_opened(viewer, sharing.what.table, sharing.id, fields),
            rests if Fields.RATING in fields else None,
        )
        for fields, sentences in share_words.by_fields(chosen.lines, chosen.grants).items()
    ]
    context: dict[str, Any] = {
        "sharing": sharing,
        "sentence": share_words.sentence(chosen.lines),
        "several": len(chosen.lines) > 1,
        "shown": shown,
        "alike": await _alike(viewer, sharing),
        "neither": choosing.NEITHER,
        "answers": [*choosing.answers(chosen.form, chosen.grants), ("seen", chosen.seen)],
        "freedom_of_information": FREEDOM_OF_INFORMATION,
    }
    return page("shares/share_check.html", request=request, viewer=viewer, refusal=refusal, **context)


async def _alike(viewer: Viewer, sharing: Sharing) -> tuple[Suggestion, ...]:
    """Directory entries that may be its supplier, where this share would list it."""
    return () if sharing.is_listed else await choosing.listed_alike(viewer, sharing.supplier)


def _fields_of(about: About | None) -> list[tuple[str, str]]:
    """The field groups that a review has, or a note ``about`` this, as tick boxes: the text of a note is one or the other."""
    words = {field: WORDS[field][0].upper() + WORDS[field][1:] for field in WORDS}
    if about is None:
        words |= {Fields.RATING: "The rating, whether you would use them again, and any declared interest"}
        words |= {Fields.PRAISE: "What was good, and any declared interest"}
        left_out = {Fields.ATTACHMENTS}
    else:
        is_problem = about is About.PROBLEM
        words |= {Fields.PRAISE: "The text", Fields.CRITICISM: "The text, which is about a problem"}
        left_out = {Fields.RATING, Fields.PRAISE if is_problem else Fields.CRITICISM}
    return [(str(field.name).lower(), text) for field, text in words.items() if field not in left_out]


pages = Router(path="/", route_handlers=[ask_share, check_share, share, unshare])
