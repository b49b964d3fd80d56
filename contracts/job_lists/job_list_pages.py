"""The page that takes a supplier's list of jobs, and says of each row what became of it."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Template

from base.refusals import Invalid, Refusal, TooLarge
from base.viewer import Viewer, must_keep_contracts
from contracts.events import Event
from contracts.job_lists import job_import, job_list
from contracts.job_lists.job_import import Taken
from contracts.promises import stored_metrics
from contracts.promises.kinds import HOW_WORDS, How
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page

LONGEST_HEADING: Final = 200


@get("/contracts/{contract_id:uuid}/job-list", include_in_schema=False)
async def ask_job_list(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_keep_contracts(viewer)
    return await _form(request, viewer, contract_id, {"how": How.TELEPHONE.value})


@post(
    "/contracts/{contract_id:uuid}/job-list",
    once=True,
    include_in_schema=False,
    leaves=(Event.SERVICE_LOGGED, Event.SERVICE_STAMPED),
    status_code=200,
)
async def take_job_list(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_keep_contracts(viewer)
    await stored_metrics.metric_versions(viewer, contract_id)
    form = await forms.read(request)
    try:
        how = forms.one_of(How, form.text("how"), "how", "Choose how they were told.")
        chosen = {name: form.text(f"column_{name}")[:LONGEST_HEADING] for name in job_list.HEADINGS}
        taken = await job_import.take(viewer, contract_id, _content(form), chosen=chosen, how=how)
    except TooLarge as refusal:
        return await _form(request, viewer, contract_id, form, Invalid(refusal.sentence, file=refusal.sentence))
    except Invalid as refusal:
        named = refusal if refusal.fields else Invalid(refusal.sentence, file=refusal.sentence)
        return await _form(request, viewer, contract_id, form, named)
    return await _form(request, viewer, contract_id, form, taken=taken)


def _content(form: Form) -> bytes:
    chosen = form.file("file")
    if chosen is None:
        raise Invalid("Choose the list.", file="Choose the list.")
    return chosen[1]


async def _form(
    request: AnyRequest, viewer: Viewer, contract_id: UUID, values: Any, refusal: Refusal | None = None,
    taken: Taken | None = None,
) -> Template:  # fmt: skip
    about, _ = await stored_metrics.metric_versions(viewer, contract_id)
    ways = [(way.value, words) for way, words in HOW_WORDS.items()]
    context = {"contract": about, "values": values, "taken": taken, "ways": ways, "names": job_list.NAMES}
    return page("job_lists/job_list.html", request=request, viewer=viewer, refusal=refusal, **context)


pages = Router(path="/", route_handlers=[ask_job_list, take_job_list])
