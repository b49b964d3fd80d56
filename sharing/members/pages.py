"""What pages about people share: the role that a form holds, and letters to print where no mail is sent."""

from collections.abc import Sequence
from typing import Any

from litestar.response import Template

from base import mail
from base.refusals import Invalid, Refusal
from base.viewer import Role, Viewer
from sharing.members import ranks
from sharing.members.told import Letter
from web.pages.forms import Form
from web.pages.handlers import AnyRequest
from web.pages.templating import page


def role_in(form: Form) -> Role | None:
    return next((role for role in ranks.ROLES if role.value == form.text("role")), None)


def a_role(form: Form) -> Role:
    role = role_in(form)
    if role is None:
        raise Invalid("Choose a role.", role="Choose a role.")
    return role


def must_be_posted(form: Form) -> bool:
    """Whether the letters are to be shown for printing first: no mail server, and the form knows of no letters yet."""
    return not (mail.is_configured() or form.text("printed") or form.text("posted"))


def letters_page(
    request: AnyRequest,
    viewer: Viewer,
    letters: Sequence[Letter],
    form: Form,
    *,
    again: Sequence[str],
    refusal: Refusal | None,
    to_do: str = "Make the link",
) -> Template:
    """The letters to print, with a box to tick, what the button says, and the answers that the next request brings ``again``."""
    kept = {name: form.text(name) for name in again}
    context: dict[str, Any] = {"letters": letters, "kept": kept, "viewer": viewer, "to_do": to_do}
    if refusal is None:
        return page("members/letters.html", request=request, **context)
    return page("members/letters.html", request=request, refusal=refusal, **context)
