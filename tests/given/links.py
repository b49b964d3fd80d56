"""Where the links of pages lead: a walk from page to page, as somebody who presses each of them."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Final

import httpx

HREF: Final = re.compile(r'(?:href|src)="(/[^"#]*)')
AN_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
MOST_ALIKE: Final = 4  # of pages whose addresses differ by ids or by what follows the question mark


@dataclass
class Walk:
    """``dead``: each link that doesn't open, with the status and the page that it stands on."""

    opened: set[str] = field(default_factory=set)
    dead: list[tuple[str, int, str]] = field(default_factory=list)


async def walk(browser: httpx.AsyncClient, *starts: str) -> Walk:
    """Opens every link of the pages from ``starts`` on, each address once and at most MOST_ALIKE of a kind.

    A start is no link: it may be refused.
    """
    found, waiting, alike = Walk(), [(start, "") for start in starts], dict[str, int]()
    seen = set(starts)
    while waiting:
        address, page = waiting.pop(0)
        answer = await browser.get(address, follow_redirects=True)
        if answer.status_code >= 400:
            found.dead += [(address, answer.status_code, page)] if page else []
            continue
        found.opened.add(address)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        for link in map(unescape, HREF.findall(answer.text)):
            kind = AN_ID.sub("-", link.partition("?")[0])
            if link not in seen and alike.get(kind, 0) < MOST_ALIKE and not link.startswith("/static/"):
                seen.add(link)
                alike[kind] = alike.get(kind, 0) + 1
                waiting.append((link, address))
    return found
