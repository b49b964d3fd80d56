"""Withdrawing an interest that one declared, over JSON."""

from uuid import UUID

from litestar import Router, delete
from litestar.params import FromPath

from base.viewer import KeyScope
from suppliers.events import Event
from suppliers.opinions import interest
from web.pages.handlers import CurrentViewer


@delete(
    "/suppliers/{supplier_id:uuid}/interest",
    operation_id="withdrawInterest",
    summary="Withdraw the interest that you declared in a supplier",
    key_scope=KeyScope.WRITE,
    leaves=(Event.INTEREST_WITHDRAWN,),
)
async def withdraw_interest(viewer: CurrentViewer, supplier_id: FromPath[UUID]) -> None:
    """An interest is declared with a review, and is yours whoever changes the review. Until you withdraw it nobody's criticism
    of the supplier is shown to you.
    """
    await interest.withdraw(viewer, supplier_id)


api = Router(path="/api/v1", route_handlers=[withdraw_interest], tags=["Reviews and notes"])
