"""What people are told about their data, and about how reviews are treated: pages that the footer of every page leads to."""

from typing import Final

from litestar import Router, get
from litestar.response import Template

from audit.erasing.erasure import ErasureReason
from base import settings
from privacy import controllers, seconds
from sharing.operator import break_glass
from sharing.schools import schools
from suppliers.corrections import figures
from suppliers.opinions import averages, criticism, opinion
from suppliers.ours import still_true
from web.pages.handlers import AnyRequest, CurrentVisitor
from web.pages.templating import page

A_MONTH: Final = 30.4  # days
RULES: Final = {
    "vouch_months": round(opinion.VOUCH_LASTS.days / A_MONTH),
    "asked_months": round(still_true.ASKED_AFTER.days / A_MONTH),
    "most_schools": criticism.MOST_SCHOOLS,
    "correction": criticism.CORRECTION,
    "pooled": averages.FEWEST_POOLED,
    "erasure_days": seconds.MOST_WORKING_DAYS,
    "glass_hours": round(break_glass.LASTS.total_seconds() / 3600),
}


@get("/about/privacy", include_in_schema=False, opt={"public": True})
async def about_privacy(request: AnyRequest, visitor: CurrentVisitor) -> Template:
    controller = controllers.of_school(await schools.one(visitor.school)) if visitor else None
    chosen = settings.current()
    return page("privacy/about.html", request=request, viewer=visitor, controller=controller, operator=chosen)


@get("/about/reviews", include_in_schema=False, opt={"public": True})
async def about_reviews(request: AnyRequest, visitor: CurrentVisitor) -> Template:
    """Its limits are those that the code keeps, so that the page can't drift from what is done."""
    chosen = settings.current()
    return page(
        "privacy/about_reviews.html",
        request=request,
        viewer=visitor,
        operator=chosen,
        rules=RULES | {"established_days": chosen.established_days},
        reasons=[reason.words for reason in ErasureReason],
        figures=await figures.of_last_months(),
        fewest=figures.FEWEST,
    )


pages = Router(path="/", route_handlers=[about_privacy, about_reviews])
