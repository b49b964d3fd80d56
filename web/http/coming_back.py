"""A refusal that costs nobody a word: the form that was sent comes back with what was typed, on whatever page it stood.

Most handlers show their form again by themselves. This is for everything that never reaches them, or that they leave to
others: a session that ended, a body too large, a rate, a database that is busy or away, a mistake of ours. The page is asked
for anew, as the browser would, and what was typed is put into its form. Where there is no such form any more, the words are
told, and may be sent again where that can help.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast
from urllib.parse import quote

from jinja2 import Environment
from litestar.types import ASGIApp, HTTPScope, Message

from base.refusals import Busy, SignInNeeded
from base.viewer import Viewer
from web.http import problems
from web.http.problems import HTML, Problem, RenderedProblem, Wants
from web.pages import made_for, marks
from web.pages.marks import Typed
from web.pages.refilling import Refilled, refilled
from web.pages.site import Site
from web.pages.templating import is_local

T = TypeVar("T")

SECONDS: Final = 3  # for each of what is looked up beside a refusal; longer, and the answer comes without it
KEYS: Final = frozenset(
    {"type", "asgi", "http_version", "server", "client", "scheme", "root_path", "extensions", "vouch.request_id"}
)  # of a request, that another one of the same browser has too
OF_THE_BODY: Final = frozenset({b"content-type", b"content-length", b"transfer-encoding", b"accept", b"hx-request", b"cookie"})


@dataclass(frozen=True, slots=True)
class People:
    """What a layer around the application has to ask of the slice that knows people."""

    visitor: Callable[[HTTPScope], Awaitable[Viewer | None]]  # who sends the request, by its cookie
    sealed: Callable[[Typed], Awaitable[str]]  # for whoever typed it alone; "" for what is too long to be kept


async def _nobody(_scope: HTTPScope) -> Viewer | None:
    return None


async def _not_kept(_typed: Typed) -> str:
    return ""


NOBODY: Final = People(_nobody, _not_kept)


@dataclass(frozen=True, slots=True)
class ComingBack:
    app: ASGIApp
    environment: Environment
    people: People

    async def of_problem(self, problem: Problem, scope: HTTPScope, typed: Typed | None) -> RenderedProblem:
        """``typed`` is what the form held that was refused; None where the request sent none."""
        if problems.wants_of(scope) is not Wants.PAGE:
            return problems.render(problem, scope, self.environment)
        if problem.status == SignInNeeded.status:
            return await self._to_sign_in(problem, scope, typed)
        viewer = marks.viewer_noted(scope) or await self._looked_up(scope)
        if typed and viewer and made_for.is_of_another_school(typed, viewer):
            return await self._to_other_school(problem, scope, typed, viewer)
        return await self._form_again(problem, scope, typed, viewer)

    async def _form_again(
        self, problem: Problem, scope: HTTPScope, typed: Typed | None, viewer: Viewer | None
    ) -> RenderedProblem:
        is_theirs = typed is not None and (typed.by == marks.whose(viewer) or _nobody_can_be_told(problem, viewer))
        if typed is None or typed.is_empty or not typed.at or not is_theirs:
            return problems.render(problem, scope, self.environment, viewer=viewer)
        above = self.environment.get_template("refused.html").render(problem=problem, typed=typed, request_id=_id(problem, scope))
        found = await self._page(typed, scope, above=above, wrong=problem.fields, title="Error: ")
        if found is None or found.unplaced:
            return problems.render(problem, scope, self.environment, viewer=viewer, typed=typed)
        if not found.asks_something:
            return problems.render(problem, scope, self.environment, viewer=viewer)
        return RenderedProblem(problem.status, problem.headers, found.html.encode(), HTML)

    async def after_sign_in(self, typed: Typed, scope: HTTPScope, cookies: str) -> RenderedProblem:
        """The form of before, for the session that ``cookies`` begin, of who signed in again or went back to a school."""
        site: Site = cast(Any, self.environment.globals["site"])
        told = {"typed": typed, "went_back": scope["path"] == site.switch_school}
        above = self.environment.get_template("kept_above.html").render(**told)
        anew = cast(HTTPScope, {**scope, "headers": [*_but(scope, {b"cookie"}), (b"cookie", cookies.encode("latin-1"))]})
        found = await self._page(typed, anew, above=above)
        if found is not None and not found.unplaced:
            return RenderedProblem(200, {}, found.html.encode(), HTML)
        if viewer := await self._looked_up(anew):
            marks.note_viewer(scope, viewer)
        body = self.environment.get_template("kept.html").render(viewer=viewer, path=scope["path"], **told)
        return RenderedProblem(200, {}, body.encode(), HTML)

    async def _to_sign_in(self, problem: Problem, scope: HTTPScope, typed: Typed | None) -> RenderedProblem:
        if typed is None or not is_local(typed.at):
            return problems.render(problem, scope, self.environment)
        is_kept = bool(typed.by) and not typed.is_empty
        sealed = (await self._in_time(self.people.sealed(typed)) if is_kept else None) or ""
        site: Site = cast(Any, self.environment.globals["site"])
        shown = self.environment.get_template(site.sign_in_page)
        viewer = marks.viewer_noted(scope)  # somebody, where the page was another's
        told = {"kept": sealed, "is_lost": is_kept and not sealed, "ended": True, "instead_of": viewer}
        body = shown.render(values=None, next=typed.at, path=site.sign_in, **told)
        return RenderedProblem(problem.status, problem.headers, body.encode(), HTML)

    async def _to_other_school(self, problem: Problem, scope: HTTPScope, typed: Typed, viewer: Viewer) -> RenderedProblem:
        """What was typed, with the way back to the school that it was typed for: never a form that saves it for this one."""
        sealed = (await self._in_time(self.people.sealed(typed)) if is_local(typed.at) else None) or ""
        shown = self.environment.get_template("other_school.html")
        body = shown.render(problem=problem, viewer=viewer, path="", typed=typed, kept=sealed)
        return RenderedProblem(problem.status, problem.headers, body.encode(), HTML)

    async def _looked_up(self, scope: HTTPScope) -> Viewer | None:
        return await self._in_time(self.people.visitor(scope))

    async def _in_time(self, asked: Awaitable[T]) -> T | None:
        """None where it fails or takes too long: nothing that is looked up beside a refusal may hinder it."""
        with suppress(Exception):
            async with asyncio.timeout(SECONDS):
                return await asked
        return None

    async def _page(self, typed: Typed, scope: HTTPScope, **shown: Any) -> Refilled | None:
        html = await self._in_time(self._asked_for(typed.at, scope)) if is_local(typed.at) else None
        return refilled(html, typed, **shown) if html else None

    async def _asked_for(self, at: str, scope: HTTPScope) -> str | None:
        """The page at ``at``, as the browser of ``scope`` would get it; None for whatever is no page."""
        path, _, query = at.partition("?")
        headers = [*_but(scope, OF_THE_BODY - {b"cookie"}), (b"accept", b"text/html")]
        known = {key: value for key, value in scope.items() if key in KEYS}
        there = {"path": path, "raw_path": quote(path).encode(), "query_string": query.encode("latin-1", "replace")}
        asked = {**known, **there, "method": "GET", "headers": headers}
        start: dict[str, Any] = {}
        body = bytearray()

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(cast(dict[str, Any], message))
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))

        with marks.asking(cast(HTTPScope, asked)):
            await self.app(cast(Any, asked), receive, send)
        kind = dict(start.get("headers", ())).get(b"content-type", b"")
        return body.decode() if start.get("status") == 200 and kind.startswith(b"text/html") else None


def _nobody_can_be_told(problem: Problem, viewer: Viewer | None) -> bool:
    """With the database away nobody knows who asks; the words go back to whoever sent them, in the same breath."""
    return viewer is None and problem.status == Busy.status


def _but(scope: HTTPScope, names: set[bytes] | frozenset[bytes]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in scope["headers"] if name not in names]


def _id(problem: Problem, scope: HTTPScope) -> str:
    return problems.id_of(scope) if problem.status >= problems.SERVER_ERROR else ""


def cookies_of(set_by: Iterable[tuple[bytes, bytes]]) -> str:
    """What a browser sends back after these headers."""
    made = (value.decode("latin-1").partition(";")[0].partition("=") for _, value in set_by)
    return "; ".join(f"{name}={value}" for name, _, value in made if value.strip('"'))
