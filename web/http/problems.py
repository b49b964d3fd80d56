"""Every refusal and failure as one answer in three shapes: a page, a fragment for htmx, or problem+json (RFC 9457).

A 404 has the same bytes whatever its reason, so it tells nobody whether a thing exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, cast
from urllib.parse import quote

import msgspec
import structlog
from jinja2 import Environment
from litestar import Request, Response
from litestar.exceptions import HTTPException, SerializationException, ValidationException
from litestar.types import HTTPScope

from base.refusals import Busy, Forbidden, Invalid, NotFound, Refusal, SignInNeeded, TooLarge
from base.viewer import Viewer
from web.http import logs
from web.pages.marks import Typed
from web.pages.site import Site

HTML: Final = "text/html"
PROBLEM_JSON: Final = "application/problem+json"
WRONG_METHOD_STATUS: Final = 405
SERVER_ERROR: Final = 500
TOLD: Final = "vouch.problem"  # in the scope: what the answer is about, for the layer around the application
MAY_PASS: Final = frozenset({409, 429, 500, 503})  # what may be sent again as it is

UNREADABLE: Final = "What was sent can't be read. Go back, check it and try again."
WRONG_METHOD: Final = "This address can't be used in that way. Go back and try again."
TOO_LARGE: Final = "That is larger than Vouch takes. Send a smaller file, or less text."
OUR_FAULT: Final = "Sorry, something went wrong on our side. Try again in a few minutes."

# Refusals that Litestar makes by itself, as ours.
IN_OUR_WORDS: Final[Mapping[int, Refusal]] = {
    401: SignInNeeded(),
    403: Forbidden("You can't see or do that."),
    404: NotFound(),
    413: TooLarge(TOO_LARGE),
}


class Wants(Enum):
    PAGE = "a whole page"
    FRAGMENT = "a part of a page, for htmx"
    JSON = "problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    status: int
    title: str
    sentence: str
    fields: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RenderedProblem:
    status: int
    headers: Mapping[str, str]
    body: bytes
    media_type: str


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The exception handler of the whole application."""
    problem = problem_of(error)
    log(error, "request failed", path=request.scope.get("path_template", ""))
    cast(dict[str, Any], request.scope)[TOLD] = problem
    made = render(problem, request.scope, environment_of(request))
    return Response(made.body, status_code=made.status, headers=dict(made.headers), media_type=made.media_type)


def log(error: Exception, event: str, **facts: object) -> None:
    """A failure of ours with its frames; what the database could not do by its name alone; what we refused not at all."""
    if isinstance(error, Busy) and error.__cause__ is not None:
        structlog.get_logger("vouch").warning("the database could not do it", error=logs.named(error.__cause__))
    elif not isinstance(error, Refusal) and problem_of(error).status >= SERVER_ERROR:
        structlog.get_logger("vouch").error(event, **facts, exc_info=error)


def environment_of(request: Request[Any, Any, Any]) -> Environment:
    environment: Environment = request.app.template_engine.engine  # type: ignore[union-attr]
    return environment


def problem_of(error: Exception) -> Problem:
    """Any exception in our words; what we did not foresee is a 500 that says nothing about itself."""
    match error:
        case Refusal():
            return Problem(error.status, error.title, error.sentence, error.fields, error.headers)
        case HTTPException():
            return _problem_of_http(error)
        case SerializationException() | msgspec.ValidationError() | RecursionError() | UnicodeDecodeError():
            # The last two: JSON nested too deep, or not in UTF-8.
            return Problem(400, Invalid.title, UNREADABLE)
        case _:
            return Problem(SERVER_ERROR, "Something went wrong", OUR_FAULT)


def _problem_of_http(error: HTTPException) -> Problem:
    if isinstance(error, ValidationException):
        return Problem(400, Invalid.title, UNREADABLE, _fields_of(error))
    if error.status_code in IN_OUR_WORDS:
        return problem_of(IN_OUR_WORDS[error.status_code])
    headers = {name.title(): value for name, value in (error.headers or {}).items()}
    if error.status_code == WRONG_METHOD_STATUS:
        allowed = headers.get("Allow", "").replace("GET", "GET, HEAD")  # the layer around us answers HEAD for every GET
        return Problem(WRONG_METHOD_STATUS, "That does not work here", WRONG_METHOD, headers={"Allow": allowed})
    if error.status_code < SERVER_ERROR:
        return Problem(error.status_code, Invalid.title, UNREADABLE, headers=headers)
    return Problem(error.status_code, "Something went wrong", OUR_FAULT, headers=headers)


def _fields_of(error: ValidationException) -> dict[str, str]:
    extra = error.extra if isinstance(error.extra, list) else []
    return {str(e["key"]): str(e["message"]) for e in extra if isinstance(e, dict) and e.get("key") and e.get("message")}


def wants_of(scope: HTTPScope) -> Wants:
    headers = dict(scope["headers"])
    accept = headers.get(b"accept", b"").lower()
    if scope["path"].startswith("/api/") or (b"json" in accept and b"text/html" not in accept):
        return Wants.JSON
    return Wants.FRAGMENT if headers.get(b"hx-request") == b"true" else Wants.PAGE


def told(scope: HTTPScope) -> Problem | None:
    """What the application's answer to the request is about; None for one that is no refusal."""
    return cast(dict[str, Any], scope).get(TOLD)


def render(
    problem: Problem, scope: HTTPScope, environment: Environment, *, viewer: Viewer | None = None, typed: Typed | None = None
) -> RenderedProblem:
    """The request id is quoted for failures on our side only, so that other answers compare byte for byte.

    ``viewer`` keeps menu and name on the page; ``typed`` is told there, and sent again where that may help.
    """
    wants = wants_of(scope)
    request_id = id_of(scope) if problem.status >= SERVER_ERROR else ""
    if problem.status == SignInNeeded.status and wants is not Wants.JSON:
        return _to_sign_in(problem, scope, wants, cast(Site, environment.globals["site"]))
    if wants is Wants.JSON:
        return RenderedProblem(problem.status, problem.headers, _problem_json(problem, request_id), PROBLEM_JSON)
    template = "problem_fragment.html" if wants is Wants.FRAGMENT else "problem.html"
    is_page = wants is Wants.PAGE
    frame = {"viewer": viewer, "path": "", "typed": typed, "may_pass": problem.status in MAY_PASS} if is_page else {}
    body = environment.get_template(template).render(problem=problem, request_id=request_id, **frame)
    return RenderedProblem(problem.status, problem.headers, body.encode(), HTML)


def id_of(scope: HTTPScope) -> str:
    """The id that the outermost layer gave this request."""
    return str(cast(dict[str, Any], scope).get("vouch.request_id", ""))


def _problem_json(problem: Problem, request_id: str) -> bytes:
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.sentence,
    }
    if request_id:
        document["instance"] = f"urn:request:{request_id}"
    if problem.fields:
        document["errors"] = dict(problem.fields)
    return msgspec.json.encode(document)


def _to_sign_in(problem: Problem, scope: HTTPScope, wants: Wants, site: Site) -> RenderedProblem:
    """A browser goes to the sign-in page, and from there back to the page it asked for. What a form held is kept elsewhere."""
    path = "/"
    if scope["method"] in ("GET", "HEAD") and wants is Wants.PAGE:
        path = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
    there = site.sign_in if path == "/" else f"{site.sign_in}?next={quote(path, safe='/')}"
    if wants is Wants.FRAGMENT:
        return RenderedProblem(problem.status, {"HX-Redirect": there}, b"", HTML)
    return RenderedProblem(303, {"Location": there}, b"", HTML)
