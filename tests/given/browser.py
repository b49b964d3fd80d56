"""Real windows on the real thing: uvicorn on a free port and Debian's Chromium, over the test's own database.

Everything runs in the test's event loop, because the process has one database engine. A window remembers what it must
never meet (an error or warning in its console, which a breach of the content security policy is too; a request to another
host) and fails its test when it closes.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

from base.viewer import Viewer
from sharing.sign_in import sessions
from tests.conftest import CHROMIUM
from tests.given.builders import PASSWORD, application
from tests.given.patience import PATIENCE

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
DESK, PHONE = 1200, 320  # pixels


@asynccontextmanager
async def served(app: Any = None) -> AsyncIterator[str]:
    """Serves the application, or ``app``, until the block ends; yields its origin."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app or application(), lifespan="off", log_config=None, ws="none", timeout_graceful_shutdown=2)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Window:
    """One person's window. ``wrong`` is what it met and never should; ``looked_at`` the titles of pages that axe has seen."""

    page: Page
    origin: str
    wrong: list[str] = field(default_factory=list)
    looked_at: set[str] = field(default_factory=set)

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    async def open(self, path: str) -> int:
        """Goes there; the status of the answer."""
        answer = await self.page.goto(self.origin + path)
        assert answer is not None
        return answer.status

    async def press(self, name: str) -> None:
        """The first button with these words, and then the page that it leads to."""
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name=name).first.click()

    async def follow(self, name: str) -> None:
        """The first link with these words, and then the page that it leads to."""
        async with self.page.expect_navigation():
            await self.page.get_by_role("link", name=name).first.click()

    async def reads(self) -> str:
        """What stands in the main part of the page, as a reader sees it."""
        return " ".join((await self.page.inner_text("main")).split())

    async def sign_in(self, email: str, password: str = PASSWORD) -> None:
        await self.open("/sign-in")
        await self.page.get_by_label("E-mail address").fill(email)
        await self.page.get_by_label("Password", exact=True).fill(password)
        await self.press("Sign in")

    def _watch(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium also complains when the page itself is our answer to a mistake: 404, 422.
        is_our_refusal = "the server responded with a status of 4" in message.text and message.location["url"] == self.page.url
        if message.type in ("error", "warning") and not is_our_refusal:
            self.wrong.append(message.text)

    def _request(self, request: Request) -> None:
        if "{0.scheme}://{0.netloc}".format(urlsplit(request.url)) != self.origin:
            self.wrong.append(f"asked another host: {request.url}")


@asynccontextmanager
async def window(
    browser: Browser, origin: str, viewer: Viewer | None = None, *, width: int = DESK, script: bool = True
) -> AsyncIterator[Window]:
    """A window of a browser of its own, signed in as ``viewer`` if there is one."""
    size: Any = {"width": width, "height": 900}
    context = await browser.new_context(viewport=size, java_script_enabled=script, locale="en-GB", timezone_id="Europe/London")
    context.set_default_timeout(PATIENCE * 1000)
    if viewer:
        token = await sessions.start(viewer.person, viewer.school)
        await context.add_cookies([{"name": sessions.cookie_name(), "value": token, "url": origin}])
    opened = Window(await context.new_page(), origin)
    opened._watch()
    yield opened
    await context.close()
    assert opened.wrong == []
