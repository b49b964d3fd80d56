"""The check of an audit pack in a real browser: one browser and one service for all tests of a module.

Packs and hashes travel as hex; ``raw`` makes bytes of it on the other side.
"""

import io
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from playwright.async_api import Browser, Page

from audit.verifier.verify import verify_pack
from tests.given.browser import Window, chromium, served, window
from tests.given.hand_made_packs import Trail, Wish, listed, pack, unzipped, zipped
from vouch.wiring import SITE
from web.pages import assets

RAW: Final = "const raw = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));"


@dataclass(frozen=True)
class Place:
    """The page needs no database. ``modules`` is a page that stays open, for what only calls functions."""

    browser: Browser
    origin: str
    modules: Page

    @asynccontextmanager
    async def verifier(self, **options: Any) -> AsyncIterator[Window]:
        async with window(self.browser, self.origin, **options) as shown:
            await shown.open("/verify")
            yield shown

    async def ask(self, modules: str, script: str, data: Any = None) -> Any:
        """What ``script``, a function of the data and of what the named modules export, gives back."""
        whole = f"async ([at, data]) => {{ {RAW} return ({script})(data, ...await Promise.all(at.map((one) => import(one)))); }}"
        addresses = [assets.load(SITE.scripts).address(f"verify-{name}.js") for name in modules.split()]
        return await self.modules.evaluate(whole, [addresses, data])


@asynccontextmanager
async def a_place() -> AsyncIterator[Place]:
    async with served() as origin, chromium() as browser, window(browser, origin) as shown:
        await shown.open("/verify")
        yield Place(browser, origin, shown.page)


def in_python(data: bytes, keys: Iterable[str] = (), since: bytes | None = None) -> dict[str, Any]:
    """The verdict of the same pack there, as JSON has it."""
    told = verify_pack(io.BytesIO(data), keys=keys, since=None if since is None else io.BytesIO(since))
    found: dict[str, Any] = json.loads(json.dumps(asdict(told)))
    return found


def a_trail(entries: int = 60) -> Trail:
    trail = Trail()
    for n in range(entries):
        told = {"rating": n % 5, "happened_on": "2026-06-01"}
        trail.add(f"supplier:{n % 3}", "review.written", facts=told, personal={"praise": f"Came on day {n}.\n<b>Kind</b>"})
    trail.erase(3, "actor", "personal.praise")
    return trail


def a_pack(trail: Trail | None = None, **wish: Any) -> bytes:
    return pack(trail or a_trail(), replace(Wish(), **wish))


def tampered(data: bytes) -> bytes:
    """One rating in entry 17 made better, and the list of files mended."""
    files = unzipped(data)
    rows = files["entries.jsonl"].split(b"\n")
    rows[16] = rows[16].replace(b'rating\\":1', b'rating\\":4')
    return zipped(listed({**files, "entries.jsonl": b"\n".join(rows)}))


def hexes(hashes: Iterable[bytes]) -> list[str]:
    return [one.hex() for one in hashes]
