"""Pages to choose who sees a contract of ours, to check it before it is saved, to see who that is, and to stop it."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Invalid, Refusal
from base.viewer import Viewer, must_write
from contracts.attainment import shown as figures
from contracts.attainment import wording
from contracts.events import Event
from contracts.shares import shares, shown
from contracts.shares.shares import Sharing
from sharing.access.audiences import FREEDOM_OF_INFORMATION
from sharing.access.fields import CONTRACT, Fields, GrantKind
from suppliers.directory.directory import Suggestion
from suppliers.shares import choosing
from suppliers.shares import words as share_words
from suppliers.shares.shares import with_line
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

FIELDS: Final = (
    ("terms", "Terms: what it is for, category, supplier, schools and how it was chosen"),
    ("dates", "Dates: start, end, renewal and notice"),
    ("attainment", "How the service did: measured, target and count, by period"),
    ("attachments", "Its documents, such as the signed copy, which may hold the price"),
)


@get("/share", include_in_schema=False)
async def ask_share_contract(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_write(viewer)
    return await _form(request, viewer, await shares.state(viewer, contract_id), values={"fields": ["terms"]})


@get("/share/check", include_in_schema=False)
async def check_share_contract(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    """Saves nothing: says who will see what, and shows it as they will see it."""
    must_write(viewer)
    sharing = await shares.state(viewer, contract_id)
    asked = choosing.asked(request)
    try:
        if asked.text("with") == GrantKind.SCHOOL and not asked.text("school"):
            found, is_guess = await choosing.schools_meant(viewer, asked.text("q"))
            wrong = choosing.none_chosen(asked)
            return await _form(request, viewer, sharing, values=asked, refusal=wrong, found=found, is_guess=is_guess)
        return await _checked(request, viewer, sharing, asked)
    except Invalid as refusal:
        return await _form(request, viewer, sharing, values=asked, refusal=refusal)


@post("/share", include_in_schema=False, leaves=shares.GIVING)
async def share_contract(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_write(viewer)
    sharing = await shares.state(viewer, contract_id)
    form = await forms.read(request)
    try:
        chosen = await choosing.grant(viewer, form, CONTRACT)
        same_as = choosing.same_as(form, await _alike(viewer, sharing, chosen.fields))
        choice = with_line(sharing.choice, chosen)
        now = await shares.share(viewer, contract_id, choice, same_as=same_as, renewing=(chosen,))
    except Invalid as refusal:
        return await _form(request, viewer, sharing, values=form, refusal=refusal)
    return redirect(f"/contracts/{contract_id}/who-can-see", done=now.sentence)


@post("/unshare", include_in_schema=False, leaves=(Event.CONTRACT_SHARE_ENDED,))
async def unshare_contract(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    """One line of the choice, named by its ``key``, or all of it."""
    sharing = await shares.state(viewer, contract_id)
    key = (await forms.read(request)).text("line")
    only = next((line.grant for line in sharing.lines if line.key == key), None)
    back = f"/contracts/{contract_id}/share"
    if key and only is None:
        return redirect(back, done="That was not shared any more.")
    now = await shares.unshare(viewer, contract_id, only=only)
    return redirect(back, done=f"Done, and in force already. {now.sentence}")


@get("/who-can-see", include_in_schema=False)
async def show_who_can_see_contract(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    sharing, readers = await shares.state(viewer, contract_id), await shares.readers(viewer, contract_id)
    context: dict[str, Any] = {
        "sharing": sharing,
        "readers": [(reader, sharing.there.words(reader.fields)) for reader in readers.named],
        "everyone": None if readers.everyone is None else sharing.there.words(readers.everyone),
    }
    return page("contract_shares/who_can_see.html", request=request, viewer=viewer, **context)


async def _form(
    request: AnyRequest, viewer: Viewer, sharing: Sharing, *, values: Any, refusal: Refusal | None = None, **context: Any
) -> Template:
    return page(
        "contract_shares/share.html",
        request=request,
        viewer=viewer,
        sharing=sharing,
        values=values,
        refusal=choosing.beside_the_questions(refusal) if refusal else None,
        recipients=await choosing.recipients(viewer, is_opinion=False),
        fields=FIELDS,
        confidential=shares.CONFIDENTIAL,
        **{"found": (), "is_guess": False, **context},
    )


async def _checked(request: AnyRequest, viewer: Viewer, sharing: Sharing, asked: Form) -> Template:
    grant = await choosing.grant(viewer, asked, CONTRACT)
    lines = await shares.preview(viewer, sharing.id, with_line(sharing.choice, grant), renewing=(grant,))
    context: dict[str, Any] = {
        "sharing": sharing,
        "sentence": share_words.sentence(lines),
        "fields": asked.many("fields"),
        "shown": await shown.as_opened(viewer, sharing.id, grant.fields),
        "figures": await figures.as_others_see(viewer, sharing.id) if Fields.ATTAINMENT in grant.fields else (),
        "figure_words": wording,
        "names_supplier": Fields.TERMS in grant.fields,
        "alike": await _alike(viewer, sharing, grant.fields),
        "neither": choosing.NEITHER,
        "chosen": [(name, asked.text(name)) for name in choosing.CHOSEN if asked.text(name)],
        "freedom_of_information": FREEDOM_OF_INFORMATION,
    }
    return page("contract_shares/check.html", request=request, viewer=viewer, **context)


async def _alike(viewer: Viewer, sharing: Sharing, fields: Fields) -> tuple[Suggestion, ...]:
    """Directory entries that may be its supplier, where this share would list it."""
    if sharing.is_listed or sharing.supplier is None or Fields.TERMS not in fields:
        return ()
    return await choosing.listed_alike(viewer, sharing.supplier)


pages = Router(
    path="/contracts/{contract_id:uuid}",
    route_handlers=[
        *(ask_share_contract, check_share_contract, share_contract, unshare_contract, show_who_can_see_contract),
    ],
)
