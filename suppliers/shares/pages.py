"""Pages to choose who sees a review or note of ours, to check it before it is saved, and to stop it.

Choosing is two steps: a form, and a page that says in one sentence who will see what, with the opinion as they will see it.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base import clock
from base.refusals import Invalid, Refusal
from base.viewer import Viewer, must_write
from sharing.access import audiences
from sharing.access.audiences import FREEDOM_OF_INFORMATION, GrantChoice
from sharing.access.fields import MOST_MILES, WORDS, Fields, GrantKind
from sharing.networks import networks
from sharing.schools import schools
from suppliers.directory.directory import Suggestion
from suppliers.events import Event
from suppliers.merging import duplicates
from suppliers.opinions import notes, readable
from suppliers.shares import people, shares
from suppliers.shares import words as share_words
from suppliers.shares.reader_pages import what_of
from suppliers.shares.shares import OpinionKind, Sharing
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer, an_id, chosen_id
from web.pages.templating import page, redirect

NEITHER: Final = "new"  # the answer that the supplier is none of those in the directory
MOST_FOUND: Final = 10  # schools that a name may mean; more would want a better name
CHOSEN: Final = ("with", "school", "code", "today", "until-day", "until-month", "until-year")
ALONE: Final = "Criticism can go here. Nobody else at that school sees it."
OFFERED: Final = frozenset(GrantKind) - {GrantKind.SUPPLIER}
MILES: Final = (5, 10, MOST_MILES)


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
async def check_share(request: AnyRequest, item_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    """Saves nothing: says who will see what, and shows it as they will see it."""
    must_write(viewer)
    sharing = await shares.state(viewer, what_of(request), item_id)
    asked = _asked(request)
    if asked.text("with") == GrantKind.SCHOOL and not asked.text("school"):
        return await _pick_school(request, viewer, sharing, asked)
    try:
        return await _checked(request, viewer, sharing, asked)
    except Invalid as refusal:
        return await _form(request, viewer, sharing, values=asked, refusal=refusal)


@post(["/reviews/{item_id:uuid}/share", "/notes/{item_id:uuid}/share"], include_in_schema=False, leaves=shares.GIVING)
async def share(request: AnyRequest, item_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_write(viewer)
    sharing = await shares.state(viewer, what_of(request), item_id)
    form = await forms.read(request)
    try:
        chosen = await _grant(viewer, form)
        choice = shares.with_line(sharing.choice, chosen)
        same_as = None if sharing.is_listed else _same_as(form, await _listed_alike(viewer, sharing))
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
    refusal = _beside_the_questions(refusal) if refusal else None
    return page(
        "shares/share.html",
        request=request,
        viewer=viewer,
        sharing=sharing,
        values=values,
        refusal=refusal,
        recipients=await _recipients(viewer),
        fields=_fields_of(sharing.what),
        **context,
    )


def _beside_the_questions(refusal: Refusal) -> Refusal:
    """The same refusal, each sentence at the question of this form that it is about."""
    questions = {"audience": "with", "miles": "with", "expires_at": "until", "joined_before": "today", "at_school": "code"}
    return Invalid(refusal.sentence, **{questions.get(name, name): sentence for name, sentence in refusal.fields.items()})


async def _pick_school(request: AnyRequest, viewer: Viewer, sharing: Sharing, asked: Form) -> Template:
    """The schools that the typed name may mean."""
    try:
        found = (
            await schools.find_schools(asked.text("q"), limit=MOST_FOUND) if asked.text("q").strip() else schools.SchoolsPage(())
        )
    except Invalid as invalid:
        return await _form(request, viewer, sharing, values=asked, refusal=Invalid(invalid.sentence, q=invalid.sentence))
    others = [school for school in found.schools if school.id != viewer.school]
    if not others:
        sentence = "No other open school has that name. Check the spelling, or type its town or URN."
        return await _form(request, viewer, sharing, values=asked, refusal=Invalid(sentence, q=sentence))
    return await _form(request, viewer, sharing, values=asked, found=others, is_guess=found.is_guess)


async def _checked(request: AnyRequest, viewer: Viewer, sharing: Sharing, asked: Form) -> Template:
    grant = await _grant(viewer, asked)
    lines = await shares.preview(viewer, sharing.what, sharing.id, shares.with_line(sharing.choice, grant), renewing=(grant,))
    alike = () if sharing.is_listed else await _listed_alike(viewer, sharing)
    context: dict[str, Any] = {
        "sharing": sharing,
        "values": asked,
        "sentence": share_words.sentence(lines),
        "fields": asked.many("fields"),
        "shown": await readable.as_opened(viewer, sharing.what.table, sharing.id, grant.fields),
        "alike": alike,
        "neither": NEITHER,
        "chosen": [(name, asked.text(name)) for name in CHOSEN if asked.text(name)],
        "freedom_of_information": FREEDOM_OF_INFORMATION,
    }
    return page("shares/share_check.html", request=request, viewer=viewer, **context)


async def _recipients(viewer: Viewer) -> list[tuple[str, ...]]:
    """Whom one can share with, as (value, text, hint): the value is a kind and, behind a colon, which network or how far."""
    ours = [(f"{GrantKind.NETWORK}:{membership.network}", membership.name) for membership in await networks.mine(viewer)]
    near = [(f"{GrantKind.NEAR}:{miles}", f"Schools within {miles} miles of yours") for miles in MILES]
    one = (str(GrantKind.SCHOOL), "One school", "Criticism can go here.")
    people_named = [(f"{GrantKind.PERSON}:{one.membership}", one.name, ALONE) for one in await people.named_before(viewer)]
    by_code = (str(GrantKind.PERSON), "One person at another school, by their share code", ALONE)
    everyone = (
        str(GrantKind.EVERYONE),
        "Every school on Vouch",
        "A rating counts towards the mean only if every school can see it.",
    )
    return [one, *people_named, by_code, *ours, (str(GrantKind.CONNECTED), "The schools connected to yours"), *near, everyone]


async def _listed_alike(viewer: Viewer, sharing: Sharing) -> tuple[Suggestion, ...]:
    """Directory entries that may be this supplier."""
    found = await duplicates.alike(viewer, sharing.supplier)
    return tuple(suggestion for suggestion in found if not suggestion.is_own)


def _same_as(form: Form, alike: tuple[Suggestion, ...]) -> UUID | None:
    answer = form.text("same_as")
    if answer == NEITHER or not alike:
        return None
    chosen = next((suggestion.supplier_id for suggestion in alike if str(suggestion.supplier_id) == answer), None)
    if chosen is None:
        sentence = "Say whether the supplier is one of those in the directory. Choose who may see it, and continue."
        raise Invalid(sentence, **{"with": sentence})
    return chosen


async def _grant(viewer: Viewer, form: Form) -> GrantChoice:
    """The line that was chosen; Invalid for what can't be read. Whether it may be shared so is judged by the verb."""
    kind, _, which = form.text("with").partition(":")
    if kind not in OFFERED:
        raise _wrong("with", "Choose who may see it.")
    if kind == GrantKind.PERSON:
        code = (which or form.text("code")).strip()
        if not code:
            raise _wrong("code", "Type the share code that they gave you.")
        person = await people.by_code(viewer, an_id(code))
        return replace(_line(form, GrantKind.PERSON, person.person), at_school=person.school, membership=person.membership)
    named = {GrantKind.SCHOOL: form.text("school"), GrantKind.NETWORK: which}.get(GrantKind(kind))
    subject = None if named is None else chosen_id(named, _wrong("with", "Choose who may see it from the list."))
    return _line(form, GrantKind(kind), subject, _miles(which) if kind == GrantKind.NEAR else None)


def _line(form: Form, kind: GrantKind, subject: UUID | None, miles: int | None = None) -> GrantChoice:
    return GrantChoice(
        kind=kind,
        subject=subject,
        miles=miles,
        fields=audiences.fields_named(form.many("fields")),
        expires_at=_end(form),
        joined_before=clock.now() if form.text("today") else None,
    )


def _miles(typed: str) -> int:
    if typed not in map(str, range(1, MOST_MILES + 1)):
        raise _wrong("with", f"Choose a distance from 1 to {MOST_MILES} miles.")
    return int(typed)


def _end(form: Form) -> datetime | None:
    """A share lasts to the end of its last day, which is midnight in England."""
    last = form.day("until")
    if last is None:
        return None
    if last < clock.today() or last.year > clock.today().year + audiences.LONGEST_YEARS:
        raise _wrong("until", "Choose an end date that is still to come.")
    return datetime.combine(last + timedelta(days=1), time(), tzinfo=clock.LONDON)


def _wrong(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, **{field: sentence})


def _asked(request: AnyRequest) -> Form:
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in request.query_params.multi_items():
        fields[name] = (*fields.get(name, ()), str(value))
    return Form(fields)


def _fields_of(what: OpinionKind) -> list[tuple[str, str]]:
    """The field groups that a review or a note has, as tick boxes."""
    words = {field: WORDS[field][0].upper() + WORDS[field][1:] for field in WORDS}
    if what is OpinionKind.REVIEW:
        words |= {Fields.RATING: "The rating, whether you would use them again, and any declared interest"}
        words |= {Fields.PRAISE: "What was good, and any declared interest"}
        left_out = {Fields.ATTACHMENTS}
    else:
        words |= {Fields.PRAISE: "The text, unless it is about a problem", Fields.CRITICISM: "The text of a problem"}
        left_out = {Fields.RATING}
    return [(str(field.name).lower(), text) for field, text in words.items() if field not in left_out]


pages = Router(path="/", route_handlers=[ask_share, check_share, share, unshare])
