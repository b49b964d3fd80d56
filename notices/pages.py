"""Pages about letters: how often one wants them, and the link in each that stops them."""

from typing import Any, Final

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base import mail
from base.refusals import Refusal
from base.viewer import Viewer
from notices import choices
from notices.events import Event
from notices.planning import Often
from sharing.sign_in import sign_in
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

OFTEN: Final = (
    (Often.DAILY.value, "One a day at most", "From Monday to Friday, and only when something waits"),
    (Often.WEEKLY.value, "One a week at most", "A letter about a last day comes all the same"),
    (Often.NONE.value, "None", "Except those about who may enter your school’s data"),
)
WEEKDAYS: Final = (("1", "Monday"), ("2", "Tuesday"), ("3", "Wednesday"), ("4", "Thursday"), ("5", "Friday"))


@get("/account/letters", include_in_schema=False)
async def show_letters(request: AnyRequest, viewer: CurrentViewer) -> Template:
    wish = await choices.of(viewer)
    values = {"often": wish.often.value, "weekday": str(wish.weekday)}
    return page("notices/letters.html", request=request, viewer=viewer, values=values, **await _frame(viewer))


@post("/account/letters", include_in_schema=False, leaves=(Event.LETTERS_CHOSEN,))
async def choose_letters(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    try:
        weekday = int(form.text("weekday")) if form.text("weekday") in dict(WEEKDAYS) else 0
        await choices.choose(viewer, often=form.text("often"), weekday=weekday)
    except Refusal as refusal:
        return page("notices/letters.html", request=request, viewer=viewer, refusal=refusal, values=form, **await _frame(viewer))
    return redirect("/account", done="Your choice is saved.")


@post("/account/letters/try-again", include_in_schema=False, leaves=())
async def try_again(viewer: CurrentViewer) -> Redirect:
    await choices.try_again(viewer)
    return redirect("/account/letters", done="The next letter is tried again.")


@get("/letters/stop/{letter:str}", include_in_schema=False, opt={"public": True})
async def ask_to_stop(letter: FromPath[str], request: AnyRequest) -> Template:
    """A button, because programs that look for viruses open the links in letters."""
    await choices.require_a_letters(letter)
    return page("notices/stop.html", request=request)


@post(
    "/letters/stop/{letter:str}", include_in_schema=False, opt={"public": True}, leaves=(Event.LETTERS_STOPPED,), status_code=200
)
async def stop(letter: FromPath[str], request: AnyRequest) -> Template:
    """By the button, or by a mail program by itself, with whatever body (RFC 8058)."""
    await choices.stop(letter)
    return page("notices/stopped.html", request=request)


async def _frame(viewer: Viewer) -> dict[str, Any]:
    return {
        "wish": await choices.of(viewer),
        "often": OFTEN,
        "weekdays": WEEKDAYS,
        "letters_leave": mail.is_configured(),
    }


pages = Router(path="/", guards=[sign_in.by_browser], route_handlers=[show_letters, choose_letters, try_again])
public_pages = Router(path="/", route_handlers=[ask_to_stop, stop])
