"""The page where anybody checks an audit pack without an account, and the two files that do the same without us."""

from typing import Final

from litestar import MediaType, Response, Router, get
from litestar.response import Template

from audit.verifier import published
from web.http.headers import CONTENT_SECURITY_POLICY
from web.pages.handlers import AnyRequest, CurrentVisitor
from web.pages.templating import page

# A pack never leaves the reader's computer, and this page could not send it: scripts may connect to nowhere.
NOWHERE: Final = CONTENT_SECURITY_POLICY.replace("connect-src 'self'", "connect-src 'none'")


@get("/verify", include_in_schema=False, opt={"public": True})
async def show_verifier(request: AnyRequest, visitor: CurrentVisitor) -> Template:
    digests = {name: published.digest(name) for name in published.NAMES}
    answer = page("verifier/verify.html", request=request, viewer=visitor, digests=digests, verifiers=digests[published.PYTHON])
    answer.headers["Content-Security-Policy"] = NOWHERE
    return answer


@get("/verify/vouch-verify.html", include_in_schema=False, opt={"public": True}, sync_to_thread=False)
def html_file() -> Response[bytes]:
    return _attached(published.HTML, MediaType.HTML)


@get("/verify/vouch_verify.py", include_in_schema=False, opt={"public": True}, sync_to_thread=False)
def python_file() -> Response[bytes]:
    return _attached(published.PYTHON, "text/x-python")


def _attached(name: str, media_type: str) -> Response[bytes]:
    """To be saved, not shown: its scripts and styles never run under our address."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(published.content(name), media_type=media_type, headers=headers)


pages = Router(path="/", route_handlers=[show_verifier, html_file, python_file])
