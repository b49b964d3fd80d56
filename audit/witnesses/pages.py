"""The one address of a witness. It speaks C2SP tlog-witness, so it stands in no description of Vouch's own API."""

from typing import Final

from litestar import Response, Router, post

from audit.witnesses import witness
from audit.witnesses.rules import LARGEST_REQUEST
from web.http import caller
from web.http.connections import network_of
from web.pages.handlers import AnyRequest

ADDRESS: Final = "/witness/add-checkpoint"  # the submission prefix is /witness


@post(ADDRESS, include_in_schema=False, opt={"public": True}, leaves=(), request_max_body_size=LARGEST_REQUEST)
async def add_checkpoint(request: AnyRequest) -> Response[bytes]:
    """Anybody may ask: the signature on the checkpoint decides."""
    answer = await witness.add_checkpoint(await request.body(), address=network_of(caller.current().address))
    exact = {"Content-Type": answer.media_type}  # media_type= would add a character set, and logs compare it whole
    return Response(answer.content, status_code=answer.status, headers=exact)


pages = Router(path="/", route_handlers=[add_checkpoint])
