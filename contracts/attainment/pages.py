"""Pages of how the service did: under one contract, and at all schools of a trust."""

from typing import Any
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath
from litestar.response import Template

from base import clock
from base.refusals import Invalid
from contracts.attainment import attainment, resting, trust, wording
from contracts.attainment.attainment import Days
from contracts.attainment.figures import WORDS
from contracts.promises import stored_metrics
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page


@get("/contracts/{contract_id:uuid}/service", include_in_schema=False)
async def show_service(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    """With days in the address, the periods in which these lie."""
    values, refusal = Form({name: (value,) for name, value in request.query_params.items()}), None
    about, _ = await stored_metrics.metrics_read(viewer, contract_id)
    try:
        found = await attainment.of_contract(viewer, contract_id, Days(values.day("first"), values.day("last")))
    except Invalid as refused:
        refusal, found = refused, await attainment.of_contract(viewer, contract_id)
    context: dict[str, Any] = {"contract": about, "metrics": found, "words": wording, "values": values}
    context["rests_on"] = await resting.by_promise(viewer, contract_id)
    return page("attainment/service.html", request=request, viewer=viewer, refusal=refusal, **context)


@get("/contracts/trust", include_in_schema=False)
async def show_trust(request: AnyRequest, viewer: CurrentViewer) -> Template:
    """For a trust's leads: each school's dates, and the ten promises that were kept worst."""
    found = await trust.roll_up(viewer)
    context: dict[str, Any] = {"found": found, "words": wording, "said_words": WORDS, "today": clock.today()}
    return page("attainment/trust.html", request=request, viewer=viewer, **context)


pages = Router(path="/", route_handlers=[show_service, show_trust])
