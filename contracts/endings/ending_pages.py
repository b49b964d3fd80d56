"""Pages about the end of a contract: the letter of notice, that it was sent and received, and that the contract has ended."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Protocol
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from base import clock
from base.refusals import Conflict, Invalid, Refusal, read_apart, refuse_unread
from base.viewer import Viewer
from contracts.clock.dates_ahead import Outlook
from contracts.endings import ending, letters
from contracts.endings.ending import Sends
from contracts.endings.letters import Letter
from contracts.events import Event
from contracts.fields.contract_fields import LONGEST_LINE, METHOD
from contracts.register import filling, reading
from contracts.register.reading import ContractView
from web.http.downloads import in_a_file_name
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

Line = Annotated[str, QueryParameter(max_length=LONGEST_LINE)]
Day = Annotated[str, QueryParameter(max_length=10)]


@get("/contracts/{contract_id:uuid}/letter", include_in_schema=False)
async def show_letter(
    request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer, signed_by: Line = "", ends_on: Day = ""
) -> Template:
    contract = await filling.ours(viewer, contract_id)
    letter = _letter(viewer, contract, signed_by, ends_on)
    return page(
        "endings/letter.html",
        request=request,
        viewer=viewer,
        contract=contract,
        paragraphs=letters.paragraphs(letter),
        ends=_ends(contract),
        values={"signed_by": letter.signed_by, "ends_on": letter.ends_on.isoformat() if letter.ends_on else ""},
        method=METHOD.get(str(contract.said.values["method"]), ""),
        form=contract.said.values["notice_form"],
        signer=contract.said.values["notice_signed_by"],
    )


@get("/contracts/{contract_id:uuid}/letter.txt", include_in_schema=False)
async def take_letter(
    contract_id: FromPath[UUID], viewer: CurrentViewer, signed_by: Line = "", ends_on: Day = ""
) -> Response[bytes]:
    contract = await filling.ours(viewer, contract_id)
    content = letters.plain(_letter(viewer, contract, signed_by, ends_on)).encode()
    name = f"notice-{in_a_file_name(contract.title)}.txt"
    return Response(content, media_type="text/plain", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@get("/contracts/{contract_id:uuid}/sent", include_in_schema=False)
async def ask_sent(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    contract = await filling.ours(viewer, contract_id)
    values = {"how": contract.said.values["method"], "sent_to": contract.said.values["notice_address"]}
    return _form(request, viewer, contract, "sent", values=values | _boxes("sent_on", clock.today()))


@post("/contracts/{contract_id:uuid}/sent", once=True, include_in_schema=False, leaves=(Event.CONTRACT_NOTICE_SENT,))
async def note_sent(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    contract = await filling.ours(viewer, contract_id)
    form = await forms.read(request)
    try:
        (sent_on, to_end_on), unread = read_apart(lambda: form.day("sent_on"), lambda: form.day("to_end_on"))
        new = Sends(sent_on, form.text("how"), to_end_on, form.text("sent_to"), form.text("note"))
        refuse_unread(unread, lambda: ending.checked(new))
        await ending.sent(viewer, contract_id, new)
    except Invalid as refusal:
        return _form(request, viewer, contract, "sent", values=form, refusal=refusal)
    return redirect(f"/contracts/{contract_id}#notices", done="It is noted that notice was sent. Say when they received it, too.")


@get("/contracts/{contract_id:uuid}/notice-given", include_in_schema=False)
async def ask_notice_given(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    return await _asked(request, viewer, contract_id, NOTICE_GIVEN)


@post("/contracts/{contract_id:uuid}/notice-given", include_in_schema=False, leaves=(Event.CONTRACT_NOTICE_GIVEN,))
async def note_notice_given(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    return await _noted(request, viewer, contract_id, NOTICE_GIVEN)


@get("/contracts/{contract_id:uuid}/ended", include_in_schema=False)
async def ask_ended(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    return await _asked(request, viewer, contract_id, ENDED)


@post("/contracts/{contract_id:uuid}/ended", include_in_schema=False, leaves=(Event.CONTRACT_CEASED,))
async def note_ended(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    return await _noted(request, viewer, contract_id, ENDED)


class _Keeps(Protocol):
    async def __call__(self, viewer: Viewer, contract: UUID, day: date | None, /, *, version: int) -> Outlook | None: ...


@dataclass(frozen=True, slots=True)
class _Day:
    """A day that somebody says: the page on which it is asked, the name of its field and of ``Said``, and what keeps it."""

    page: str
    field: str
    keep: _Keeps


NOTICE_GIVEN: Final = _Day("notice_given", "notice_given_on", ending.notice_given)
ENDED: Final = _Day("ended", "ceased_on", ending.ceased)


async def _asked(request: AnyRequest, viewer: Viewer, contract_id: UUID, what: _Day) -> Template:
    contract = await filling.ours(viewer, contract_id)
    values = _boxes(what.field, getattr(contract.said, what.field)) | {"version": str(contract.version)}
    return _form(request, viewer, contract, what.page, values=values)


async def _noted(request: AnyRequest, viewer: Viewer, contract_id: UUID, what: _Day) -> Template | Redirect:
    """Back to the contract with what moved; or the form again, after a Conflict with what a colleague saved meanwhile."""
    contract = await filling.ours(viewer, contract_id)
    form = await forms.read(request)
    try:
        after = await what.keep(viewer, contract_id, form.day(what.field), version=filling.version(form))
    except (Invalid, Conflict) as refusal:
        newer, was_changed = await reading.contract(viewer, contract_id), isinstance(refusal, Conflict)
        return _form(request, viewer, newer, what.page, values=form, refusal=refusal, was_changed=was_changed)
    return redirect(f"/contracts/{contract_id}", done=filling.what_moved(contract, after))


def _form(
    request: AnyRequest,
    viewer: Viewer,
    contract: ContractView,
    what: str,
    *,
    values: Any,
    refusal: Refusal | None = None,
    was_changed: bool = False,
) -> Template:
    return page(
        f"endings/{what}.html",
        request=request,
        viewer=viewer,
        contract=contract,
        values=values,
        refusal=refusal,
        was_changed=was_changed,
        methods=list(METHOD.items()),
    )


def _letter(viewer: Viewer, contract: ContractView, signed_by: str, ends_on: str) -> Letter:
    said = contract.said.values
    chosen = next((day for day, _ in _ends(contract) if day.isoformat() == ends_on), None)
    starts = said["starts_on"]
    return Letter(
        school=viewer.school_name,
        supplier=str(said["supplier_name"] or contract.supplier_name),
        address=str(said["notice_address"] or ""),
        title=contract.title,
        reference=str(said["reference"] or ""),
        starts_on=starts if isinstance(starts, date) else None,
        clause=str(said["notice_clause"] or "").removeprefix("clause ").strip(),
        ends_on=chosen or (_ends(contract)[0][0] if _ends(contract) else None),
        signed_by=signed_by.strip() or str(said["notice_signed_by"] or ""),
        written_on=clock.today(),
    )


def _ends(contract: ContractView) -> list[tuple[date, str]]:
    """The days to which notice can be given, the likeliest first."""
    planned, words = contract.planned, contract.words
    chance, clause = words.get("next_chance") or {}, planned.get("break_clause") or {}
    found = [
        (chance.get("end"), "the next end for which there is time"),
        (words.get("current_end"), "the end that is coming"),
        (planned.get("earliest_exit"), "the soonest that it can end"),
        (clause.get("earliest_exit"), "leaving early, by the break clause"),
    ]
    days: dict[date, str] = {}
    for day, why in found:
        if day:
            days.setdefault(date.fromisoformat(day), why)
    return list(days.items())


def _boxes(name: str, day: date | None) -> dict[str, Any]:
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year} if day else {}


pages = Router(
    path="/",
    route_handlers=[show_letter, take_letter, ask_sent, note_sent, ask_notice_given, note_notice_given, ask_ended, note_ended],
)
