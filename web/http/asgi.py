"""The outermost layer, around the whole application, because Litestar skips middleware on 404, 405 and static files.

It gives every request an id and one log line, turns away what ``gate`` refuses and bodies over their limit, answers HEAD
wherever GET answers, and puts the security headers on every response.
"""

import asyncio
import secrets
import time
from contextlib import suppress
from typing import Any, Final, cast

import structlog
from jinja2 import Environment
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from base.refusals import Invalid, Refusal, TooLarge
from base.settings import Settings
from web.http import gate, problems
from web.http.headers import secured

MB: Final = 1024 * 1024
USUAL_BODY: Final = 1 * MB  # a form with every answer at its limit
FILE_BODY: Final = 12 * MB  # one file of 10 MB and the form around it
# A browser shows our answer only once it has sent its body, so a body a little over its limit is read and thrown away.
MOST_DRAINED: Final = 32 * MB
DRAIN_SECONDS: Final = 10
LONGEST_LENGTH: Final = 15  # digits of a Content-Length; more is no length


def wrap(app: ASGIApp, *, settings: Settings, environment: Environment, takes_files: frozenset[str]) -> ASGIApp:
    """``app`` with all this around it. A path with one of ``takes_files`` in it takes FILE_BODY, any other USUAL_BODY."""

    async def vouch(scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) != "http":
            return await (app if str(scope["type"]) == "lifespan" else _refuse_socket)(scope, receive, send)
        request = _identified(scope, settings)
        exchange = _Exchange(request, send, settings)
        most = USUAL_BODY if takes_files.isdisjoint(request["path"].split("/")) else FILE_BODY
        with bound_contextvars(request_id=problems.id_of(request)):
            try:
                if refusal := gate.refusal_of(request, settings) or await _body_refusal(request, receive, most):
                    await exchange.refuse(refusal, environment)
                else:
                    await app(exchange.scope, _counted(receive, most), exchange.send)
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

    def __init__(self, scope: HTTPScope, send: Send, settings: Settings) -> None:
        self._is_head = scope["method"] == "HEAD"
        self.scope = cast(HTTPScope, {**scope, "method": "GET"}) if self._is_head else scope
        self.status, self._started = 0, time.perf_counter()
        self._send, self._settings = send, settings

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            extra = [(b"x-request-id", problems.id_of(self.scope).encode())]
            headers = secured([*message["headers"], *extra], is_https=self._settings.is_https)
            message = cast(Message, {**message, "headers": headers})
        elif message["type"] == "http.response.body" and self._is_head:
            message = cast(Message, {**message, "body": b""})
        await self._send(message)

    async def refuse(self, refusal: Refusal, environment: Environment) -> None:
        await self._answer(problems.render(problems.problem_of(refusal), self.scope, environment))

    async def fail(self, error: Exception, environment: Environment) -> None:
        with suppress(Exception):
            structlog.get_logger("vouch").error("request failed outside the application", exc_info=error)
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


async def _body_refusal(scope: HTTPScope, receive: Receive, most: int) -> Refusal | None:
    """What the Content-Length alone already tells, so that 200 MB are refused without being read."""
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    if not declared.isdigit() or len(declared) > LONGEST_LENGTH:
        return Invalid(problems.UNREADABLE)
    if int(declared) <= most:
        return None
    if int(declared) <= MOST_DRAINED:
        await _drain(receive)
    return TooLarge(_too_large(most))


async def _drain(receive: Receive) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while (await receive()).get("more_body", False):
                pass


def _counted(receive: Receive, most: int) -> Receive:
    """Refuses a body that grows over its limit on the way, whatever it declared."""
    seen = 0

    async def counted() -> Any:
        nonlocal seen
        message = await receive()
        seen += len(cast(bytes, message.get("body", b"")))
        if seen > most:
            raise TooLarge(_too_large(most))
        return message

    return counted


def _too_large(most: int) -> str:
    return f"That is more than the {most // MB} MB that fits here. Send a smaller file, or less text."


async def _refuse_socket(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send(cast(Message, {"type": "websocket.close", "code": 1000, "reason": None}))
