"""Every route of the application as it is, read from the application, and how to ask it for something of the town."""

import re
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from litestar.routes import HTTPRoute

from base import settings
from base.viewer import KeyScope
from tests.given.acts import USUAL, Act
from tests.given.letters import letters_are_sent
from tests.given.town import Town
from vouch import app
from vouch.wiring import SITE
from web.pages.templating import create_environment

NUMBER: Final = re.compile(rb'(?<=name="vouch-once" value=")[\w-]+(?=")')
METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Route:
    method: str
    path: str  # with {names}
    leaves: tuple[str, ...] | None  # None: it does not say
    is_public: bool
    is_open_to_auditors: bool
    is_open_to_site_staff: bool
    queries: tuple[str, ...]  # the names of what may follow the question mark
    names_a_scope: bool  # says which scope a key needs, or that no key will do
    key_scope: KeyScope | None
    is_once: bool  # a form with a number, and a request to the API with a key, are done once

    @property
    def key(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for _, name, _, _ in Formatter().parse(self.path) if name)

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")


@cache
def routes() -> tuple[Route, ...]:
    """In order of path; HEAD and OPTIONS are answered around the application."""
    chosen = settings.current()
    ours = {
        "request",
        "viewer",
        "visitor",
        "told",
        "apart",
        "beside",
        "data",
        "if_match",
        "titles",
        "criticism_kept_back",
        "dates",
    }  # what a handler is given, rather than sent
    found = []
    for route in app._application(chosen, create_environment(chosen, SITE), ()).routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                leaves = handler.opt.get("leaves")
                found += [
                    Route(
                        str(method),
                        route.path_format,
                        None if leaves is None else tuple(event.value for event in leaves),
                        bool(handler.opt.get("public")),
                        bool(handler.opt.get("auditors") or handler.opt.get("public")),
                        bool(handler.opt.get("site_staff") or handler.opt.get("public")),
                        tuple(sorted(handler.parsed_fn_signature.parameters.keys() - ours - set(route.path_parameters))),
                        "key_scope" in handler.opt,
                        handler.opt.get("key_scope"),
                        handler.opt.get("once") is not False,
                    )
                    for method in handler.http_methods & METHODS
                ]
    return tuple(sorted(found, key=lambda route: (route.path, route.method)))


def changing() -> tuple[Route, ...]:
    return tuple(route for route in routes() if route.method != "GET")


def reading() -> tuple[Route, ...]:
    return tuple(route for route in routes() if route.method == "GET")


NO_IDS: Final[Mapping[str, str]] = {}
NAMED: Final[Mapping[str, str]] = {
    "name": "privacy", "path": "openapi.json", "which": "new", "part": "people", "question": "supplier", "place": "1",
    "named": "supplier", "number": "900001",
}  # fmt: skip  # what is not an id


def path_of(route: Route, town: Town, ids: Mapping[str, str] = NO_IDS, **instead: str) -> str:
    """The route's path with ids of the town; ``instead`` holds values for some names as they are."""
    return route.path.format_map(
        {name: instead.get(name) or NAMED.get(name) or town.ids[_id(route, ids, name)] for name in route.names}
    )


def _id(route: Route, ids: Mapping[str, str], name: str) -> str:
    if name == "item_id" and name not in ids:
        return "review" if "/reviews/" in route.path else "note"
    meant = ids.get(name) or USUAL.get(name)
    assert meant, f"say in tests/given/acts.py which id of the town stands for {{{name}}} in {route.key}"
    return meant


async def send(
    browser: httpx.AsyncClient, route: Route, act: Act, town: Town, *, content: bytes | None = None, **instead: str
) -> httpx.Response:
    """The act's own body, or ``content``; ``instead`` is as for ``path_of``."""
    own = {"data": act.form, "json": act.json, "files": act.files}
    body: dict[str, Any] = {"content": content} if content is not None else own
    filled = {kind: value if kind in ("content", "files") else town.filled(value) for kind, value in body.items()}
    address = f"{path_of(route, town, act.ids, **instead)}?{act.query}".rstrip("?")
    with letters_are_sent() if act.sends_letters else nullcontext():
        return await browser.request(route.method, address, headers=act.headers, **filled)


async def read(browser: httpx.AsyncClient, route: Route, town: Town, **instead: str) -> httpx.Response:
    """What a GET route shows, with the query that it can't do without."""
    return await browser.get(f"{path_of(route, town, NO_IDS, **{**NAMED, **instead})}?{needed(route, town)}".rstrip("?"))


NEEDED: Final[Mapping[str, Mapping[str, str | tuple[str, ...]]]] = {
    "/api/v1/suppliers/matches": {"name": "Ashby Boilers"},
    "/trail/as-of": {"subject": "supplier:{boilers}"},
    "/api/v1/trail/as-of": {"subject": "supplier:{boilers}"},
    "/suppliers/vouch": {"supplier": "{boilers}"},
    "/suppliers/compare": {"one": "{boilers}", "other": "{catering}"},
    "/suppliers/side-by-side": {"supplier": ("{boilers}", "{catering}")},
    "/api/v1/suppliers/side-by-side": {"supplier": ("{boilers}", "{catering}")},
    "/suppliers/side-by-side/file": {"supplier": ("{boilers}", "{catering}")},
    "/people/break-glass": {"school": "{elmwood}"},
    "/people/new-heads/new": {"school": "{elmwood}"},
    "/foi/new": {"list": "notes"},
    "/directory/compare": {"one": "{cleaning}", "other": "{alike}"},
}


def needed(route: Route, town: Town, *, but: str = "") -> str:
    """The query that the route can't do without; ``but`` leaves out what somebody is about to send by themselves."""
    asked = NEEDED.get(route.path, {})
    each = [(name, one) for name, value in asked.items() if name != but for one in ([value] if isinstance(value, str) else value)]
    return urlencode([(name, town.filled(value)) for name, value in each])


def shown(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that an answer tells, but for the number and the time that every answer has of its own, and its forms' number."""
    headers = [(name, value) for name, value in answer.headers.items() if name not in ("x-request-id", "date")]
    return answer.status_code, NUMBER.sub(b"", answer.content), headers
