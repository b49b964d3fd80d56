"""The seals of a school's trail: the latest one to keep a copy of, and the people whom the school sends them to."""

from uuid import UUID

from litestar import MediaType, Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from audit.events import Event
from audit.log.auditor_reads import note_read
from audit.seals import cosigned, keys, origin_lists, recipients, seals, stamped
from base import mail, settings
from base.refusals import NotFound, Refusal
from base.viewer import Role, Viewer
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer, CurrentVisitor
from web.pages.templating import page, redirect

PAGE = "/trail/seals"


@get(PAGE, include_in_schema=False, auditors=True)
async def show_seals(request: AnyRequest, viewer: CurrentViewer) -> Template:
    await note_read(viewer, "the seals")
    return await _page(request, viewer)


@get("/trail/seals/latest.txt", include_in_schema=False, auditors=True)
async def take_seal(viewer: CurrentViewer) -> Response[bytes]:
    """The latest seal as a file: whoever has it holds a copy outside, which is noted."""
    seal = await seals.latest(str(viewer.school))
    if seal is None:
        raise NotFound
    await note_read(viewer, "the latest seal", size=seal.size)
    await seals.note_delivery(seal, "file")
    headers = {"Content-Disposition": f'attachment; filename="vouch-seal-{seal.size}.txt"', "Cache-Control": "no-store"}
    note = await cosigned.note_with_lines(seal.note, seal.origin, seal.size)
    return Response(note, media_type=MediaType.TEXT, headers=headers)


@post("/trail/seals/recipients", include_in_schema=False, leaves=(Event.SEAL_RECIPIENT_ADDED,))
async def add_recipient(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    try:
        await recipients.add(viewer, form.text("email"))
    except Refusal as refusal:
        return await _page(request, viewer, refusal, form)
    return redirect(PAGE, done="Seals go to this address from now on, once a week when something has happened.")


@post("/trail/seals/recipients/{recipient:uuid}/remove", include_in_schema=False, leaves=(Event.SEAL_RECIPIENT_REMOVED,))
async def remove_recipient(recipient: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await recipients.remove(viewer, recipient)
    return redirect(PAGE, done="No more seals go to this address. Keep in mind that it still has the earlier ones.")


@post("/trail/seals/send", include_in_schema=False, leaves=())
async def send_seal(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    """Leaves no entry: one would make the trail longer than the seal that is on its way."""
    try:
        people = await recipients.send_now(viewer)
    except Refusal as refusal:
        return await _page(request, viewer, refusal)
    to = "one person" if people == 1 else f"{people} people"
    written = f"A letter to {to} is written, but this installation sends no e-mail: download the seal and hand it on."
    return redirect(PAGE, done=f"The seal is on its way to {to}." if mail.is_configured() else written)


@get("/verify/keys.txt", include_in_schema=False, opt={"public": True})
async def public_keys() -> Response[str]:
    """The keys that seals are checked with, a line each: anybody may have them. First those by Ed25519, newest first, then those
    by ML-DSA-44.
    """
    vkeys = (*await seals.verifier_keys(), *await seals.cosigner_keys())
    return Response("".join(f"{vkey}\n" for vkey in vkeys), media_type=MediaType.TEXT)


@get("/verify/keys", include_in_schema=False, opt={"public": True})
async def show_keys(request: AnyRequest, visitor: CurrentVisitor) -> Template:
    """The same for people, each with its fingerprint: whoever is asked on the telephone reads it out from here."""
    return page("seals/keys.html", request=request, viewer=visitor, keys=await keys.public())


@get("/trail/origins/{number:str}", include_in_schema=False, opt={"public": True})
async def origins_of(number: FromPath[str]) -> Response[bytes]:
    """The signed list of every origin that the trails of one school have had here, by its URN (a trust's UID): for anybody."""
    found = await origin_lists.of_number(number)
    if found is None:
        raise NotFound
    return Response(found, media_type=MediaType.TEXT)


async def _page(request: AnyRequest, viewer: Viewer, refusal: Refusal | None = None, form: forms.Form | None = None) -> Template:
    named = () if viewer.role is Role.AUDITOR else await recipients.of(viewer)
    state = await seals.state(str(viewer.school))
    return page(
        "seals/seals.html",
        request=request,
        viewer=viewer,
        refusal=refusal,
        values=form,
        seals=state,
        seen=await cosigned.newest(state.latest.origin) if state.latest else (),
        stamp=await stamped.newest(state.latest.origin) if state.latest else None,
        not_stamped=stamped.failure() if settings.current().tsa else None,
        has_stamps=bool(settings.current().tsa),
        has_witnesses=settings.current().witnesses is not None,
        keys=await keys.public(),
        named=named,
        sends_mail=mail.is_configured(),
    )


pages = Router(
    path="/",
    route_handlers=[show_seals, take_seal, add_recipient, remove_recipient, send_seal, public_keys, show_keys, origins_of],
)
