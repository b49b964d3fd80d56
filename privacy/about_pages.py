"""What people are told about their data: the page that the footer of every page leads to."""

from litestar import Router, get
from litestar.response import Template

from base import settings
from privacy import controllers
from sharing.schools import schools
from web.pages.handlers import AnyRequest, CurrentVisitor
from web.pages.templating import page


@get("/about/privacy", include_in_schema=False, opt={"public": True})
async def about_privacy(request: AnyRequest, visitor: CurrentVisitor) -> Template:
    controller = controllers.of_school(await schools.one(visitor.school)) if visitor else None
    chosen = settings.current()
    return page("privacy/about.html", request=request, viewer=visitor, controller=controller, operator=chosen)


pages = Router(path="/", route_handlers=[about_privacy])
