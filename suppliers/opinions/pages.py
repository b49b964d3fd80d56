"""Pages to vouch, to write, change and withdraw a review or note, and to fetch a note's photos and files."""

from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Template

from base import clock
from base.refusals import Conflict, Forbidden, Invalid, NotFound, Refusal
from base.viewer import KeyScope, Viewer, must_write, must_write_notes
from suppliers.directory import directory
from suppliers.directory.directory import SupplierView
from suppliers.events import Event
from suppliers.opinions import answers, attachments, criticism, interest, notes, reviews, superseded
from suppliers.opinions.attachments import SHOWN_IN_PLACE
from suppliers.opinions.opinion import checked
from suppliers.opinions.reviews import OurReview
from suppliers.record import extras
from suppliers.record.criteria import STAGES, Criterion, Stage
from web.pages import forms
from web.pages.beside import Beside
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect, stood_at

RATINGS: Final = ((5, "5 Excellent"), (4, "4 Good"), (3, "3 Fair"), (2, "2 Weak"), (1, "1 Poor"), ("", "No rating"))
STAGES_ASKED: Final = (
    (Stage.QUOTE, STAGES[Stage.QUOTE], "And you have not used them, or not yet"),
    (Stage.IN_SERVICE, STAGES[Stage.IN_SERVICE], "They work for you, or did a job lately"),
    (Stage.ENDED, STAGES[Stage.ENDED], "You don't use them any more"),
    ("", "No answer"),
)
VOUCH_EVENTS: Final = (Event.VOUCH_GIVEN, Event.VOUCH_RENEWED, Event.REVIEW_REVISED)
REVIEW_EVENTS: Final = (Event.REVIEW_WRITTEN, Event.REVIEW_REVISED, Event.VOUCH_GIVEN, Event.SHARE_WITHDRAWN)
FILE_TYPES: Final = "image/*,.pdf,.docx,.xlsx,.eml,.txt"  # what the phone's picker offers; the bytes decide
LONGEST_ABOUT: Final = 20  # characters: the kinds of notes are words


@post("/suppliers/{supplier_id:uuid}/vouch", include_in_schema=False, leaves=VOUCH_EVENTS)
async def vouch(request: AnyRequest, supplier_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    """Leads back to the page on which the button stood: a list, a search, the supplier's own."""
    must_write(viewer)
    supplier = await directory.supplier(viewer, supplier_id)
    await forms.read(request)
    ours = await reviews.vouch(viewer, supplier.id)
    shown = "Whoever can see the rating in your review sees this too."
    told = shown if ours.is_shared else "Only your school can see this until you share it."
    return redirect(stood_at(request, f"/suppliers/{ours.supplier}"), done=f"Your school vouches for {supplier.name}. {told}")


@get("/suppliers/{supplier_id:uuid}/review", include_in_schema=False)
async def ask_review(
    request: AnyRequest,
    supplier_id: FromPath[UUID],
    viewer: CurrentViewer,
    beside: NamedDependency[Beside],
    note: FromQuery[UUID | None] = None,
    share_with: FromQuery[UUID | None] = None,
) -> Template:
    """The form, filled with our review as it stands, and with the text of a note if one is to become a review. ``share_with`` is
    the school for which it is written: once it is saved, the page that shares it follows.
    """
    must_write(viewer)
    supplier = await directory.supplier(viewer, supplier_id)
    if note and (await notes.ours(viewer, note)).supplier != supplier.id:
        raise NotFound
    current = await reviews.current(viewer, supplier.id)
    said = await notes.to_review(viewer, note) if note else current.said if current else None
    values = answers.typed(said, answered=current is not None) if said else {}
    values |= {"version": str(current.version) if current else "", "share_with": str(share_with or "")}
    hides = current is not None and current.hides_criticism
    told = await criticism.on_edit(viewer, current.id) if current else ""
    rests = (await beside.of_reviews(viewer, (current.id,))).get(current.id) if current else None
    return _review_form(request, viewer, supplier=supplier, values=values, hides_criticism=hides, told=told, rests=rests)


@post("/suppliers/{supplier_id:uuid}/review", include_in_schema=False, leaves=REVIEW_EVENTS)
async def write_review(request: AnyRequest, supplier_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_write(viewer)
    supplier = await directory.supplier(viewer, supplier_id)
    form = await forms.read(request)
    try:
        said = answers.opinion(form)
        written = await reviews.review(viewer, supplier.id, opinion=said, version=answers.version(form))
    except Conflict as refusal:
        newer = await reviews.current(viewer, supplier.id)
        if newer is None or newer.said != checked(said):
            values = answers.retyped(form, version=newer.version if newer else None)
            hides = newer is not None and newer.hides_criticism
            return _review_form(
                request, viewer, supplier=supplier, values=values, refusal=refusal, newer=newer, hides_criticism=hides
            )
        written = newer
    except Invalid as refusal:
        current = await reviews.current(viewer, supplier.id)
        hides = current is not None and current.hides_criticism and "criticism" not in refusal.fields
        told = await criticism.on_edit(viewer, current.id) if current else ""
        return _review_form(request, viewer, supplier=supplier, values=form, refusal=refusal, hides_criticism=hides, told=told)
    done = f"Your school's review of {supplier.name} is saved.{_waits(written.waits)}"
    return redirect(_after_review(form, written), done=done)


@get("/reviews/{review_id:uuid}/past", include_in_schema=False)
async def show_past(request: AnyRequest, review_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    ours = await reviews.ours(viewer, review_id)
    supplier = await directory.supplier(viewer, ours.supplier)
    past = await reviews.past(viewer, review_id)
    return page("opinions/past.html", request=request, viewer=viewer, supplier=supplier, ours=ours, past=past)


@get("/reviews/{review_id:uuid}/withdraw", include_in_schema=False)
async def ask_withdraw_review(request: AnyRequest, review_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_write(viewer)
    ours = await reviews.ours(viewer, review_id)
    supplier = await directory.supplier(viewer, ours.supplier)
    older = () if ours.rests else await superseded.resting(viewer, supplier.id)
    return page(
        "opinions/withdraw.html", request=request, viewer=viewer, supplier=supplier, ours=ours, what="review", older=older
    )


@post("/reviews/{review_id:uuid}/withdraw", include_in_schema=False, leaves=(Event.REVIEW_WITHDRAWN,))
async def withdraw_review(review_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    supplier = await reviews.withdraw(viewer, review_id)
    return redirect(f"/suppliers/{supplier}", done="Your school's review is withdrawn. Nobody can see it any more.")


@post("/suppliers/{supplier_id:uuid}/interest/withdraw", include_in_schema=False, leaves=(Event.INTEREST_WITHDRAWN,))
async def withdraw_interest(supplier_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    """Anybody's own, so governors may."""
    supplier = await interest.withdraw(viewer, supplier_id)
    return redirect(
        f"/suppliers/{supplier}", done="Your interest is withdrawn. If your school's review mentions it, change that too."
    )


@get("/suppliers/{supplier_id:uuid}/notes/new", include_in_schema=False, site_staff=True)
async def ask_note(
    request: AnyRequest,
    supplier_id: FromPath[UUID],
    viewer: CurrentViewer,
    about: Annotated[str, QueryParameter(max_length=LONGEST_ABOUT)] = "",
) -> Template:
    """``about`` is the kind that a link has chosen already: anything else chooses none."""
    must_write_notes(viewer)
    supplier = await directory.supplier(viewer, supplier_id)
    values = answers.day_boxes("happened_on", clock.today()) | {"about": about}
    return _note_form(request, viewer, supplier=supplier, values=values)


@post(
    "/suppliers/{supplier_id:uuid}/notes/new", once=True, include_in_schema=False, leaves=(Event.NOTE_WRITTEN,), site_staff=True
)
async def write_note(request: AnyRequest, supplier_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_write_notes(viewer)
    supplier = await directory.supplier(viewer, supplier_id)
    form = await forms.read(request)
    try:
        note = await notes.note(viewer, supplier.id, **answers.note(form))
    except Invalid as refusal:
        return _note_form(request, viewer, supplier=supplier, values=form, refusal=refusal)
    return redirect(f"/notes/{note}", done="Your note is saved. Only your school can see it until you share it.")


@get("/notes/{note_id:uuid}", include_in_schema=False, site_staff=True)
async def show_note(request: AnyRequest, note_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    note = await notes.ours(viewer, note_id)
    supplier = await directory.supplier(viewer, note.supplier)
    return page("opinions/note.html", request=request, viewer=viewer, supplier=supplier, note=note)


@get("/notes/{note_id:uuid}/edit", include_in_schema=False)
async def ask_edit_note(request: AnyRequest, note_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_write(viewer)
    note = await notes.ours(viewer, note_id)
    if note.is_withheld:
        raise Forbidden(notes.PROBLEM_OF_ONES_OWN)
    supplier = await directory.supplier(viewer, note.supplier)
    values = {"about": note.about.value, "body": note.body, "version": str(note.version)}
    values |= answers.day_boxes("happened_on", note.happened_on)
    told = await criticism.on_edit(viewer, note_id)
    return _note_form(request, viewer, supplier=supplier, values=values, note=note, told=told)


@post("/notes/{note_id:uuid}/edit", include_in_schema=False, leaves=(Event.NOTE_REVISED, Event.SHARE_WITHDRAWN))
async def edit_note(request: AnyRequest, note_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_write(viewer)
    note = await notes.ours(viewer, note_id)
    supplier = await directory.supplier(viewer, note.supplier)
    form = await forms.read(request)
    try:
        waits = await notes.revise(viewer, note_id, version=answers.version(form) or 0, **answers.note(form))
    except Conflict as refusal:
        newer = await notes.ours(viewer, note_id)
        values = answers.retyped(form, version=newer.version)
        return _note_form(request, viewer, supplier=supplier, values=values, note=newer, refusal=refusal, newer=newer)
    except Invalid as refusal:
        told = await criticism.on_edit(viewer, note_id)
        return _note_form(request, viewer, supplier=supplier, values=form, note=note, refusal=refusal, told=told)
    return redirect(f"/notes/{note_id}", done=f"Your note is changed.{_waits(waits)}")


@get("/notes/{note_id:uuid}/withdraw", include_in_schema=False)
async def ask_withdraw_note(request: AnyRequest, note_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_write(viewer)
    note = await notes.ours(viewer, note_id)
    supplier = await directory.supplier(viewer, note.supplier)
    return page("opinions/withdraw.html", request=request, viewer=viewer, supplier=supplier, ours=note, what="note", older=())


@post("/notes/{note_id:uuid}/withdraw", include_in_schema=False, leaves=(Event.NOTE_WITHDRAWN,))
async def withdraw_note(note_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    supplier = await notes.withdraw(viewer, note_id)
    return redirect(f"/suppliers/{supplier}", done="Your note is withdrawn. Nobody can see it any more.")


@get("/attachments/{attachment_id:uuid}", include_in_schema=False, key_scope=KeyScope.READ, site_staff=True)
async def fetch_attachment(attachment_id: FromPath[UUID], viewer: CurrentViewer) -> Response[bytes]:
    """Somebody else's bytes: shown in place only if they are a picture, and then as in a sandbox."""
    return as_download(await attachments.fetch(viewer, attachment_id))


def as_download(file: attachments.File) -> Response[bytes]:
    """The file, shown in place only if it is a picture."""
    how = "inline" if file.media_type in SHOWN_IN_PLACE else "attachment"
    headers = {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(file.saved_as, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


def _after_review(form: Form, written: OurReview) -> str:
    school = an_id(form.text("share_with"))
    return share_with_one(written.id, school) if school else f"/suppliers/{written.supplier}"


def share_with_one(review: UUID, school: UUID) -> str:
    """The address of the page that asks back whether a school may see our review, but for criticism and dates."""
    return f"/reviews/{review}/share/check?with=school&school={school}&fields-school=rating&fields-school=praise"


def _waits(waits: bool) -> str:
    return f" {criticism.WAITS}" if waits else ""


def _review_form(
    request: AnyRequest, viewer: Viewer, *, supplier: SupplierView, values: Any, refusal: Refusal | None = None, **context: Any
) -> Template:
    answered = [slug for slug in extras.questions() if forms.typed(values, slug)]
    context = {
        "supplier": supplier,
        "values": values,
        "extras": [(one, [*one.answers.items(), ("", "No answer")]) for one in extras.on_form(supplier.categories, answered)],
        "ratings": RATINGS,
        "stages": STAGES_ASKED,
        "criteria": tuple(Criterion),
        "rests": None,
        "newer": None,
        "hides_criticism": False,
        "told": "",
        **context,
    }
    return page("opinions/review.html", request=request, viewer=viewer, refusal=refusal, **context)


def _note_form(request: AnyRequest, viewer: Viewer, *, refusal: Refusal | None = None, **context: Any) -> Template:
    context = {"file_types": FILE_TYPES, "note": None, "newer": None, "told": "", **context}
    return page("opinions/note_form.html", request=request, viewer=viewer, refusal=refusal, **context)


pages = Router(
    path="/",
    route_handlers=[
        vouch, ask_review, write_review, show_past, ask_withdraw_review, withdraw_review, withdraw_interest,
        ask_note, write_note, show_note, ask_edit_note, edit_note, ask_withdraw_note, withdraw_note, fetch_attachment,
    ],
)  # fmt: skip
