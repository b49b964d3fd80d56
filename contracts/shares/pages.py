"""Pages to choose who sees a contract of ours, to check it before it is saved, to see who that is, and to stop it."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Conflict, Invalid, Refusal
from base.viewer import Viewer, must_write
from contracts.attainment import shown as figures
from contracts.attainment import wording
from contracts.events import Event
from contracts.shares import shares, shown
from contracts.shares.shares import Sharing
from sharing.access.audiences import FREEDOM_OF_INFORMATION, AudienceChoice, GrantChoice
from sharing.access.fields import CONTRACT, Fields
from suppliers.directory.directory import Suggestion
from suppliers.events import Event as SupplierEvent
from suppliers.shares import choosing
from suppliers.shares import words as share_words
from suppliers.shares.shares import with_lines
from suppliers.shares.words import ShareLine
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
    return await _form(request, viewer, await shares.state(viewer, contract_id))


@get("/share/check", include_in_schema=False)
async def check_share_contract(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    """Saves nothing: says who will see what, and shows it as they will see it."""
    must_write(viewer)
    sharing = await shares.state(viewer, contract_id)
    asked = choosing.asked(request)
    try:
        meant = await choosing.school_meant(viewer, asked)
        if meant.found:
            found = {"found": meant.found, "is_guess": meant.is_guess}
            return await _form(request, viewer, sharing, values=asked, refusal=meant.wrong, **found)
        asked = meant.answered
        return await _check(request, viewer, await _chosen(viewer, sharing, asked))
    except Invalid as refusal:
        return await _form(request, viewer, sharing, values=asked, refusal=refusal)


@post("/share", include_in_schema=False, leaves=(*shares.GIVING, SupplierEvent.SUPPLIER_DECIDED))
async def share_contract(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_write(viewer)
    sharing = await shares.state(viewer, contract_id)
    form = await forms.read(request)
    try:
        chosen = await _chosen(viewer, sharing, form)
        if form.text("seen") != chosen.seen:
            return await _check(request, viewer, chosen, Conflict(choosing.CHANGED))
        alike = await _alike(viewer, chosen)
        now = await shares.share(
            viewer, contract_id, chosen.choice, of_entries=choosing.said_of_entries(form, alike),
            renewing=chosen.grants, instead_of=sharing.choice.tag, version=sharing.version,
        )  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What was chosen on the form, and what it would mean."""

    sharing: Sharing
    form: Form
    grants: tuple[GrantChoice, ...]
    lines: tuple[ShareLine, ...]  # of everything that would be shared then, also what is already

    @property
    def choice(self) -> AudienceChoice:
        return with_lines(self.sharing.choice, self.grants)

    @property
    def seen(self) -> str:
        """The digest of what is shown, which the form sends back."""
        return share_words.digest(self.sharing.choice, self.sharing.version, self.lines)

    def opens(self, field: Fields) -> bool:
        return any(field in grant.fields for grant in self.grants)


async def _chosen(viewer: Viewer, sharing: Sharing, form: Form) -> _Chosen:
    grants = await choosing.grants(viewer, form, CONTRACT)
    lines = await shares.preview(viewer, sharing.id, with_lines(sharing.choice, grants), renewing=grants)
    return _Chosen(sharing, form, grants, lines)


async def _form(
    request: AnyRequest, viewer: Viewer, sharing: Sharing, *, values: Any = None, refusal: Refusal | None = None, **found: Any
) -> Template:
    recipients = await choosing.recipients(viewer, criticises=False, rates=False)
    return page(
        "contract_shares/share.html",
        request=request,
        viewer=viewer,
        sharing=sharing,
        values=values or choosing.ticked(recipients, ["terms"]),
        refusal=choosing.beside_the_questions(refusal, values) if refusal else None,
        recipients=recipients,
        miles=choosing.MILES,
        fields=FIELDS,
        confidential=shares.CONFIDENTIAL,
        **{"found": (), "is_guess": False, **found},
    )


async def _check(request: AnyRequest, viewer: Viewer, chosen: _Chosen, refusal: Refusal | None = None) -> Template:
    sharing = chosen.sharing
    cards = [
        (sentences, await shown.as_opened(viewer, sharing.id, fields), Fields.TERMS in fields)
        for fields, sentences in share_words.by_fields(chosen.lines, chosen.grants).items()
    ]
    context: dict[str, Any] = {
        "sharing": sharing,
        "sentence": share_words.sentence(chosen.lines),
        "several": len(chosen.lines) > 1,
        "cards": cards,
        "opens_attainment": chosen.opens(Fields.ATTAINMENT),
        "opens_documents": chosen.opens(Fields.ATTACHMENTS),
        "names_supplier": chosen.opens(Fields.TERMS),
        "figures": await figures.as_others_see(viewer, sharing.id) if chosen.opens(Fields.ATTAINMENT) else (),
        "figure_words": wording,
        "alike": await _alike(viewer, chosen),
        "neither": choosing.NEITHER,
        "answers": [*choosing.answers(chosen.form, chosen.grants), ("seen", chosen.seen)],
        "freedom_of_information": FREEDOM_OF_INFORMATION,
    }
    return page("contract_shares/check.html", request=request, viewer=viewer, refusal=refusal, **context)


async def _alike(viewer: Viewer, chosen: _Chosen) -> tuple[Suggestion, ...]:
    """Directory entries that may be its supplier, where this share would list it."""
    sharing = chosen.sharing
    if sharing.is_listed or sharing.supplier is None or not chosen.opens(Fields.TERMS):
        return ()
    return await choosing.listed_alike(viewer, sharing.supplier)


pages = Router(
    path="/contracts/{contract_id:uuid}",
    route_handlers=[
        *(ask_share_contract, check_share_contract, share_contract, unshare_contract, show_who_can_see_contract),
    ],
)
