"""What a request must pass before any of our code runs: sane size, our own address, and no other site behind it.

Pure checks of an ASGI scope; each answers with a refusal or lets the request through.
"""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from litestar.types import HTTPScope

from base.refusals import Forbidden, Invalid, Refusal
from base.settings import LOOPBACK, Settings

LONGEST_URL: Final = 4_000  # bytes of path and query: a search with every filter set is under 1,000
MOST_HEADERS: Final = 100
LARGEST_HEADERS: Final = 32_768  # bytes in all
LENGTHS: Final = frozenset({b"content-length", b"transfer-encoding"})
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
ANY_HOST: Final = frozenset({"/healthz", "/readyz"})  # asked by address, not by name, by whoever watches the process


class AddressTooLong(Refusal):
    status = 414
    title = "That address is too long"


class HeadersTooLarge(Refusal):
    status = 431
    title = "Too large"


class TwoLengths(Refusal):
    status = 400
    title = "That can't be read"

    def __init__(self) -> None:
        super().__init__("The request says in two ways how long it is. Send Content-Length or Transfer-Encoding, not both.")
        self.headers["Connection"] = "close"  # what follows may be part of this body, or another request


class WrongAddress(Refusal):
    status = 421
    title = "Not the address of this service"


def refusal_of(scope: HTTPScope, settings: Settings) -> Refusal | None:
    headers = _headers(scope)
    return _size_refusal(scope) or _host_refusal(scope, headers, settings) or _origin_refusal(scope, headers, settings)


def _headers(scope: HTTPScope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _size_refusal(scope: HTTPScope) -> Refusal | None:
    headers = list(scope["headers"])
    path, query = scope.get("raw_path") or scope["path"].encode(), scope["query_string"]
    if len(path) + len(query) > LONGEST_URL:
        return AddressTooLong(f"That address is longer than {LONGEST_URL:,} characters. Search for fewer words at once.")
    if len(headers) > MOST_HEADERS or sum(len(n) + len(v) for n, v in headers) > LARGEST_HEADERS:
        return HeadersTooLarge("Your browser sent more than Vouch takes. Clear this site's cookies and try again.")
    if {name for name, _ in headers} >= LENGTHS:
        return TwoLengths()
    if b"%00" in path or b"%00" in query or "\x00" in scope["path"]:
        return Invalid("That address holds a character that can't be used. Check it, or start from the home page.")
    return None


def _host_refusal(scope: HTTPScope, headers: dict[str, str], settings: Settings) -> Refusal | None:
    if scope["path"] in ANY_HOST or _is_our_host(headers.get("host", "").lower(), settings):
        return None
    return WrongAddress(f"This service is at {settings.origin}. If you run it, set VOUCH_ORIGIN to the address people type.")


def _is_our_host(host: str, settings: Settings) -> bool:
    ours = urlsplit(settings.origin)
    if ours.hostname in LOOPBACK:  # trying it on this computer: any of its names, any port
        return _name_of(host) in LOOPBACK
    return host in {ours.netloc, f"{ours.netloc}:{443 if settings.is_https else 80}"}


def _name_of(host: str) -> str:
    """The name in a Host header; "" for what is none. A port that can't be one would fail wherever the address is next read."""
    try:
        parts = urlsplit(f"//{host}")
        is_plain = parts.netloc == host and parts.username is None and parts.port != 0
    except ValueError:
        return ""
    return (parts.hostname or "") if is_plain else ""


def _origin_refusal(scope: HTTPScope, headers: dict[str, str], settings: Settings) -> Refusal | None:
    """Another site must not make a signed-in browser change anything (after Go's CrossOriginProtection)."""
    has_cookie = "cookie" in headers
    is_key = headers.get("authorization", "").lower().startswith("bearer ") and not has_cookie
    if scope["method"] in SAFE_METHODS or is_key or _same_origin(headers, settings, has_cookie=has_cookie):
        return None
    return Forbidden("That came from another site, so nothing was changed. Open the page here and try again.")


def _same_origin(headers: dict[str, str], settings: Settings, *, has_cookie: bool) -> bool:
    if fetch_site := headers.get("sec-fetch-site"):
        return fetch_site in ("same-origin", "none")
    if origin := headers.get("origin"):
        own = f"http://{headers.get('host', '')}".lower()
        on_loopback = urlsplit(settings.origin).hostname in LOOPBACK and origin.lower() == own
        return origin.lower() == settings.origin or on_loopback
    return not has_cookie  # every browser of this decade sends one of the two; a script without a cookie is nobody yet


def client_of(scope: HTTPScope, trusted_proxies: tuple[str, ...]) -> str:
    """The address that throttles count: the nearest one that is not a proxy we trust. Empty when unknown."""
    nearest = scope["client"][0] if scope.get("client") else ""  # type: ignore[index]
    forwarded = ",".join(v.decode("latin-1") for n, v in scope["headers"] if n == b"x-forwarded-for").split(",")
    for address in reversed([part.strip() for part in forwarded if part.strip()]):
        if not is_trusted(nearest, trusted_proxies) or not _is_address(address):
            break
        nearest = address
    return nearest


def is_trusted(address: str, trusted_proxies: tuple[str, ...]) -> bool:
    if not _is_address(address):
        return False
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(proxy, strict=False) for proxy in trusted_proxies)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
