"""The outermost layer, around the whole application, because Litestar skips middleware on 404, 405 and static files.

It gives every request an id and one log line, turns away what ``gate`` refuses and bodies over their limit, ends the work for
readers who left, answers HEAD wherever GET answers, puts the security headers on every response and compresses HTML.
"""

import secrets
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final, cast

import structlog
from jinja2 import Environment
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from base.refusals import Forbidden, Refusal, SentBefore
from base.settings import Settings
from database import saving, sending
from database.sending import Answer, Sending
from web.http import bodies, caller, gate, leaving, problems, sent_again, unread
from web.http.bodies import FILE_BODY, FILE_FORM, USUAL_BODY, BrokenOff
from web.http.coming_back import NOBODY, ComingBack, People, cookies_of
from web.http.compressing import compressing
from web.http.headers import secured
from web.http.sent_again import Answers, Keeping
from web.pages import marks
from web.pages.marks import Typed

NO_METHODS: Final[Mapping[str, frozenset[str]]] = {}
NO_ANSWERS: Final = Answers()


def wrap(
    app: ASGIApp,
    *,
    settings: Settings,
    environment: Environment,
    takes_files: frozenset[str],
    methods: Mapping[str, frozenset[str]] = NO_METHODS,
    people: People = NOBODY,
    answers: Answers = NO_ANSWERS,
) -> ASGIApp:
    """``app`` with all this around it. A path with one of ``takes_files`` in it takes FILE_BODY, of a form FILE_FORM; any other
    USUAL_BODY. ``people`` says who asks, for the pages of refusals; ``answers`` keeps those that may be asked for again.

    ``methods`` by a path's template are those that OPTIONS tells of; the framework tells those of one handler.
    """
    back = ComingBack(app, environment, people)

    async def vouch(scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) != "http":
            return await (app if str(scope["type"]) == "lifespan" else _refuse_socket)(scope, receive, send)
        request = _identified(scope, settings)
        exchange = _Exchange(request, send, settings, methods, back, answers)
        most = USUAL_BODY
        if not takes_files.isdisjoint(request["path"].split("/")):
            most = FILE_FORM if bodies.is_file_form(request) else FILE_BODY
        received = bodies.Limited(exchange.scope, receive, most)
        asked = marks.asking(exchange.scope)
        once = sending.noted(answers.look)
        with bound_contextvars(request_id=problems.id_of(request)), saving.noted(), once, caller.of(request), asked:
            try:
                if refusal := gate.refusal_of(request, settings):
                    typed = await unread.read(request, received) if isinstance(refusal, Forbidden) else None
                    await exchange.refuse(refusal, typed)
                elif refusal := bodies.refusal_of(request, most):
                    await exchange.refuse(refusal, await bodies.drained(request, receive))
                elif request["method"] in gate.SAFE_METHODS and not bodies.is_announced(request):
                    async with leaving.watched(receive, exchange.is_whole) as nothing:
                        await app(exchange.scope, nothing, exchange.send)
                    await exchange.answer_instead(nothing)
                else:
                    await app(exchange.scope, received, exchange.send)
                    await exchange.answer_instead(received)
            except BrokenOff:
                exchange.status = BrokenOff.status
            except Exception as error:  # noqa: BLE001 - the last place where a failure can become an answer
                await exchange.fail(error)
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

    def __init__(
        self,
        scope: HTTPScope,
        send: Send,
        settings: Settings,
        methods: Mapping[str, frozenset[str]],
        back: ComingBack,
        answers: Answers,
    ) -> None:
        self._is_head = scope["method"] == "HEAD"
        self.scope = cast(HTTPScope, {**scope, "method": "GET"}) if self._is_head else scope
        self.status, self._started, self._is_whole = 0, time.perf_counter(), False
        self._send, self._settings, self._methods, self._back = compressing(scope, send), settings, methods, back
        self._held: list[tuple[bytes, bytes]] = []  # headers of an answer that another one takes the place of
        self._holds = False
        self._answers, self._keeping = answers, Keeping(answers, self._pass_on)

    def is_whole(self) -> bool:
        """True when the whole answer was handed over."""
        return self._is_whole

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and not self._holds and self._is_held_back():
            self._holds, self._held = True, list(message["headers"])
        if not self._holds:
            await self._keeping.send(message)

    def _is_held_back(self) -> bool:
        """A refusal gets menu and name, or is the form again; who signs in anew gets the form of before, and who sends something
        again what was answered the first time.
        """
        return _sent_before() is not None or problems.told(self.scope) is not None or marks.to_give_back(self.scope) is not None

    async def answer_instead(self, receive: Receive) -> None:
        """Where the application's answer was held back: the one that takes its place."""
        if not self._holds:
            return
        cast(dict[str, Any], self.scope).pop(bodies.ASKED_AGAIN, None)  # nothing is done with what is read from here on
        cookies = [header for header in self._held if header[0].lower() == b"set-cookie"]
        if again := _sent_before():
            await self._answer_again(again)
            return
        if problem := problems.told(self.scope):
            typed = marks.noted(self.scope) or await unread.read(self.scope, receive)
            answer = await self._back.of_problem(problem, self.scope, typed)
        else:
            typed = cast(Typed, marks.to_give_back(self.scope))
            answer = await self._back.after_sign_in(typed, self.scope, cookies_of(cookies))
        await self._answer(answer, cookies)

    async def _answer_again(self, again: Sending) -> None:
        """As the first time; where that isn't known any more, that it was saved."""
        found = await sent_again.first_answer(self._answers, again)
        if found is None:
            await self.refuse(SentBefore(), marks.noted(self.scope))
        else:
            await self._pass_on_whole(found)

    async def _pass_on_whole(self, answer: Answer) -> None:
        start = {"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)}
        await self._pass_on(cast(Message, start))
        await self._pass_on(cast(Message, {"type": "http.response.body", "body": answer.body, "more_body": False}))

    async def _pass_on(self, message: Message) -> None:
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

    async def refuse(self, refusal: Refusal, typed: Typed | None) -> None:
        await self._answer(await self._back.of_problem(problems.problem_of(refusal), self.scope, typed))

    async def fail(self, error: Exception) -> None:
        with suppress(Exception):
            problems.log(error, "request failed outside the application")
        if not self.status:
            await self._answer(problems.render(problems.problem_of(error), self.scope, self._back.environment))

    async def _answer(self, answer: problems.RenderedProblem, cookies: Iterable[tuple[bytes, bytes]] = ()) -> None:
        charset = "; charset=utf-8" if answer.media_type.startswith("text/") else ""
        headers = {"content-type": answer.media_type + charset, "content-length": str(len(answer.body)), **answer.headers}
        raw = [*((name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()), *cookies]
        await self._pass_on_whole(Answer(answer.status, tuple(raw), answer.body))

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


def _sent_before() -> Sending | None:
    """What this request is, where an earlier one did it."""
    now = sending.current()
    return now if now and now.was_before else None


async def _refuse_socket(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send(cast(Message, {"type": "websocket.close", "code": 1000, "reason": None}))
