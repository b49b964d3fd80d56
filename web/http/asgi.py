"""The outermost layer, around the whole application, because Litestar skips middleware on 404, 405 and static files.

It gives every request an id and one log line, turns away what ``gate`` refuses and bodies over their limit, ends the work for
readers who left, answers HEAD wherever GET answers, and puts the security headers on every response.
"""

import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Final, cast

import structlog
from jinja2 import Environment
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from base.refusals import Refusal
from base.settings import Settings
from database import saving
from web.http import bodies, caller, gate, leaving, problems
from web.http.bodies import FILE_BODY, LARGE_FILE_BODY, USUAL_BODY, BrokenOff
from web.http.headers import secured

NOWHERE: Final[frozenset[str]] = frozenset()
NO_METHODS: Final[Mapping[str, frozenset[str]]] = {}


def wrap(
    app: ASGIApp,
    *,
    settings: Settings,
    environment: Environment,
    takes_files: frozenset[str],
    takes_large_files: frozenset[str] = NOWHERE,
    methods: Mapping[str, frozenset[str]] = NO_METHODS,
) -> ASGIApp:
    """``app`` with all this around it. A path with one of ``takes_files`` in it takes FILE_BODY, with one of
    ``takes_large_files`` LARGE_FILE_BODY, any other USUAL_BODY.

    ``methods`` by a path's template are those that OPTIONS tells of; the framework tells those of one handler.
    """

    async def vouch(scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) != "http":
            return await (app if str(scope["type"]) == "lifespan" else _refuse_socket)(scope, receive, send)
        request = _identified(scope, settings)
        exchange = _Exchange(request, send, settings, methods)
        parts = request["path"].split("/")
        most = USUAL_BODY if takes_files.isdisjoint(parts) else FILE_BODY
        most = most if takes_large_files.isdisjoint(parts) else LARGE_FILE_BODY
        with bound_contextvars(request_id=problems.id_of(request)), saving.noted(), caller.of(request):
            try:
                if refusal := gate.refusal_of(request, settings) or await bodies.refusal_of(request, receive, most):
                    await exchange.refuse(refusal, environment)
                elif request["method"] in gate.SAFE_METHODS and not bodies.is_announced(request):
                    async with leaving.watched(receive, exchange.is_whole) as received:
                        await app(exchange.scope, received, exchange.send)
                else:
                    await app(exchange.scope, bodies.limited(receive, most), exchange.send)
            except BrokenOff:
                exchange.status = BrokenOff.status
            except Exception as error:  # noqa: BLE001 - the last place where a failure can become an answer
                await exchange.fail(error, environment)
            finally:
                exchange.log()

    return vouch


def _identified(scope: Scope, settings: Settings) -> HTTPScope:
    """The scope with an id of its own and the address of the person rather than of the proxy."""
    request = cast(HTTPScope, {**scope, "vouch.request_id": secrets.token_hex(12)})
    request["client"] = (gate.client_of(request, settings.trusted_proxies), 0)
    return request


class _Exchange:
    """One request and what has been answered so far."""

    def __init__(self, scope: HTTPScope, send: Send, settings: Settings, methods: Mapping[str, frozenset[str]]) -> None:
        self._is_head = scope["method"] == "HEAD"
        self.scope = cast(HTTPScope, {**scope, "method": "GET"}) if self._is_head else scope
        self.status, self._started, self._is_whole = 0, time.perf_counter(), False
        self._send, self._settings, self._methods = send, settings, methods

    def is_whole(self) -> bool:
        """True when the whole answer was handed over."""
        return self._is_whole

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            extra = [(b"x-request-id", problems.id_of(self.scope).encode())]
            settings = self._settings
            headers = secured([*message["headers"], *extra], is_https=settings.is_https, subdomains=settings.hsts_subdomains)
            if self.scope["method"] == "OPTIONS" and (known := self._methods.get(self.scope.get("path_template", ""))):
                headers = [*(one for one in headers if one[0] != b"allow"), (b"allow", ", ".join(sorted(known)).encode())]
            message = cast(Message, {**message, "headers": headers})
        elif message["type"] == "http.response.body":
            self._is_whole = not message.get("more_body", False)
            if self._is_head:
                message = cast(Message, {**message, "body": b""})
        await self._send(message)

    async def refuse(self, refusal: Refusal, environment: Environment) -> None:
        await self._answer(problems.render(problems.problem_of(refusal), self.scope, environment))

    async def fail(self, error: Exception, environment: Environment) -> None:
        with suppress(Exception):
            problems.log(error, "request failed outside the application")
        if not self.status:
            await self._answer(problems.render(problems.problem_of(error), self.scope, environment))

    async def _answer(self, answer: problems.RenderedProblem) -> None:
        charset = "; charset=utf-8" if answer.media_type.startswith("text/") else ""
        headers = {"content-type": answer.media_type + charset, "content-length": str(len(answer.body)), **answer.headers}
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        await self.send(cast(Message, {"type": "http.response.start", "status": answer.status, "headers": raw}))
        await self.send(cast(Message, {"type": "http.response.body", "body": answer.body, "more_body": False}))

    def log(self) -> None:
        """One line. The route's template, never the path itself: a path may carry a one-time link. No query, cookie or body."""
        with suppress(Exception):  # a log that can't be written must not spoil the answer
            structlog.get_logger("vouch.access").info(
                "request",
                method="HEAD" if self._is_head else self.scope["method"],
                path=self.scope.get("path_template") or "(no such page)",
                status=self.status,
                ms=round((time.perf_counter() - self._started) * 1000, 1),
            )


async def _refuse_socket(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send(cast(Message, {"type": "websocket.close", "code": 1000, "reason": None}))
