"""Pages about the people of one's school: who they are, inviting, changing a role, removing."""

from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from base import emails
from base.refusals import Invalid, NotFound, Refusal, refuse_together
from base.viewer import Viewer, must_write
from sharing.accounts import addresses, new_passwords
from sharing.events import Event
from sharing.members import letters
from sharing.members.pages import a_role
from sharing.people import confirmers, heads, people, trust_leads, withdrawing
from sharing.people.people import InvitationLink
from sharing.schools import schools
from sharing.sign_in.sign_in import by_browser
from sharing.two_people import two_people
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect


@get("/people", include_in_schema=False)
async def show_people(request: AnyRequest, viewer: CurrentViewer) -> Template:
    colleagues = await people.colleagues(viewer)
    invited = await people.invited(viewer) if viewer.role.writes else ()
    return page(
        "people/people.html",
        request=request,
        viewer=viewer,
        colleagues=colleagues,
        invited=invited,
        is_alone=sum(colleague.role.writes and bool(colleague.email) for colleague in colleagues) == 1,
        may_invite=await people.may_offer(viewer, viewer.school),
        naming=await heads.at_school(viewer),
        pairs=await two_people.open_at(viewer),
        may_confirm=await heads.may_confirm(viewer),
        confirmer=await confirmers.named(viewer),
        trust_leads=await trust_leads.of_school(viewer),
    )


@get("/people/invite", include_in_schema=False)
async def ask_to_invite(request: AnyRequest, viewer: CurrentViewer) -> Template:
    must_write(viewer)
    may_invite = await people.may_offer(viewer, viewer.school)
    return page("people/invite.html", request=request, viewer=viewer, values=None, may_invite=may_invite)


@post("/people/invite", once=True, include_in_schema=False, leaves=(Event.PERSON_INVITED,), status_code=200)
async def send_invite(request: AnyRequest, viewer: CurrentViewer) -> Template:
    form = await forms.read(request)
    try:
        invitation = await people.invite(viewer, **_asked(form))
    except Refusal as refusal:
        may_invite = await people.may_offer(viewer, viewer.school)
        return page("people/invite.html", request=request, refusal=refusal, viewer=viewer, values=form, may_invite=may_invite)
    return invited(request, viewer, invitation, back="/people")


@get("/people/invite-school", include_in_schema=False)
async def ask_to_invite_school(
    request: AnyRequest, viewer: CurrentViewer, q: FromQuery[str] = "", school: FromQuery[str] = ""
) -> Template:
    """The operator invites the first person of any school."""
    _require_operator(viewer)
    chosen = await schools.one(an_id(school) or UUID(int=0)) if school else None
    may_invite = await people.may_offer(viewer, chosen.id) if chosen else ()
    sent = await withdrawing.invited_as_operator(viewer, chosen.id) if chosen else ()
    context: dict[str, Any] = {"school": chosen, "may_invite": may_invite, "sent_by_us": sent, "values": {"q": q}}
    try:
        found = await schools.find_schools(q) if q and chosen is None else None
    except Invalid as invalid:
        refusal = Invalid(invalid.sentence, q=invalid.sentence)
        return page("people/invite_school.html", request=request, refusal=refusal, viewer=viewer, found=None, **context)
    return page("people/invite_school.html", request=request, viewer=viewer, found=found, **context)


@post("/people/invite-school", once=True, include_in_schema=False, leaves=(Event.PERSON_INVITED,), status_code=200)
async def send_invite_school(request: AnyRequest, viewer: CurrentViewer) -> Template:
    _require_operator(viewer)
    form = await forms.read(request)
    school = await schools.one(an_id(form.text("school")) or UUID(int=0))
    try:
        invitation = await people.invite(viewer, school=school.id, **_asked(form))
    except Refusal as refusal:
        may_invite = await people.may_offer(viewer, school.id)
        sent = await withdrawing.invited_as_operator(viewer, school.id)
        context = {"school": school, "found": None, "may_invite": may_invite, "sent_by_us": sent, "values": form}
        return page("people/invite_school.html", request=request, refusal=refusal, viewer=viewer, **context)
    return invited(request, viewer, invitation, back=f"/people/invite-school?school={school.id}")


@post("/people/invitations/{link:uuid}/withdraw", include_in_schema=False, leaves=(Event.INVITATION_WITHDRAWN,))
async def withdraw_invitation(link: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    """Back to where it was sent: for the operator that may be another school."""
    at = await withdrawing.withdraw_invitation(viewer, link)
    back = "/people" if at == viewer.school else f"/people/invite-school?school={at}"
    return redirect(back, done="The invitation is withdrawn: its link no longer works.")


@get("/people/{person:uuid}", include_in_schema=False)
async def show_person(person: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template:
    return page("people/person.html", request=request, viewer=viewer, values=None, **await _about(viewer, person))


@post("/people/{person:uuid}/role", include_in_schema=False, leaves=(Event.ROLE_CHANGED,))
async def change_role(person: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    try:
        await people.change_role(viewer, person, a_role(form))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _person_again(request, viewer, person, refusal, form)
    return redirect("/people", done="The role is changed. The person signs in again to go on.")


@post("/people/{person:uuid}/remove", include_in_schema=False, leaves=(Event.PERSON_REMOVED,))
async def remove_person(person: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    try:
        if form.text("sure") != "yes":
            sentence = "Tick the box to confirm that this person leaves."
            raise Invalid(sentence, sure=sentence)
        await people.remove(viewer, person)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _person_again(request, viewer, person, refusal, form)
    return redirect("/people", done="The person no longer belongs to your school. What they wrote stays your school's.")


@post(
    "/people/{person:uuid}/password-link", once=True, include_in_schema=False, leaves=(Event.PASSWORD_LINK_MADE,), status_code=200
)
async def make_password_link(person: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template:
    colleague = await people.colleague(viewer, person)
    try:
        address = await new_passwords.make_link(viewer, person)
    except Refusal as refusal:
        return await _person_again(request, viewer, person, refusal, None)
    return page("people/password_link.html", request=request, viewer=viewer, name=colleague.name, address=address)


@post(
    "/people/{person:uuid}/agree-password",
    once=True,
    include_in_schema=False,
    leaves=(Event.PASSWORD_LINK_AGREED, Event.PASSWORD_LINK_MADE),
    status_code=200,
)
async def agree_password(person: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template:
    """The second of two heads is shown the link; about an auditor too, whom the list of people does not name."""
    agreed = await new_passwords.agree(viewer, person)
    return page("people/password_link.html", request=request, viewer=viewer, name=agreed.name, address=agreed.address)


@post("/people/{person:uuid}/confirm-address", include_in_schema=False, leaves=(Event.ADDRESS_CONFIRMED,))
async def confirm_address(person: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    try:
        name = await addresses.confirm(viewer, person)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _person_again(request, viewer, person, refusal, None)
    return redirect("/people", done=f"You confirmed that {name} has this address.")


def _asked(form: forms.Form) -> dict[str, Any]:
    """What both invitation forms ask. Raises Invalid for all of it at once."""
    refuse_together(lambda: emails.address(form.text("email")), lambda: a_role(form))
    return {"email": form.text("email"), "role": a_role(form)}


async def _about(viewer: Viewer, person: UUID) -> dict[str, Any]:
    """One colleague, and what the viewer may do about them."""
    colleague = await people.colleague(viewer, person)
    acts = {act.name: True for act in await people.may_do(viewer, colleague)}
    roles = [(role.value, role.words.capitalize()) for role in await people.may_become(viewer, colleague)]
    about = {"ask_two": await two_people.may_ask(viewer, colleague), "letters_are_sent": letters.are_sent()}
    return {"colleague": colleague, "may": acts, "roles": roles, **about}


async def _person_again(request: AnyRequest, viewer: Viewer, person: UUID, refusal: Refusal, form: forms.Form | None) -> Template:
    about = await _about(viewer, person)
    return page("people/person.html", request=request, refusal=refusal, viewer=viewer, values=form, **about)


def invited(request: AnyRequest, viewer: Viewer, invitation: InvitationLink, *, back: str) -> Template:
    """The link that was made, with where to go back to."""
    context: dict[str, Any] = {"invitation": invitation, "back": back, "letters_are_sent": letters.are_sent()}
    return page("people/invited.html", request=request, viewer=viewer, **context)


def _require_operator(viewer: Viewer) -> None:
    if not viewer.is_operator:
        raise NotFound


pages = Router(
    path="/",
    guards=[by_browser],
    route_handlers=[
        show_people,
        ask_to_invite,
        send_invite,
        ask_to_invite_school,
        send_invite_school,
        withdraw_invitation,
        show_person,
        change_role,
        remove_person,
        make_password_link,
        agree_password,
        confirm_address,
    ],
)
