"""What is wrong with a page for those who read it by keyboard, by ear, or on a small phone."""

from typing import Final

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Route

from tests.given.browser import DESK, PHONE, Window

RUN_AXE: Final = "axe.run(document, {resultTypes: ['violations'], elementRef: false})"
FRAME: Final = """() => ({
    title: document.title,
    headings: document.querySelectorAll("h1").length,
    lang: document.documentElement.lang,
    toMain: document.querySelector(".govuk-skip-link")?.hash === "#" + document.querySelector("main")?.id,
})"""


async def problems_with(shown: Window) -> list[str]:
    """What is wrong with the page that the window shows, at the width of a desk and of a small phone."""
    frame = await shown.page.evaluate(FRAME)
    found = []
    if frame["headings"] != 1:
        found.append(f"{frame['headings']} headings of the first level")
    if not frame["title"].endswith(" - Vouch") or frame["title"] == "Vouch - Vouch":
        found.append(f"the title {frame['title']!r}")
    if frame["lang"] != "en-GB":
        found.append(f"the language {frame['lang']!r}")
    if not frame["toMain"]:
        found.append("no link past the navigation")
    return found + await violations(shown) + await sideways(shown)


async def violations(shown: Window) -> list[str]:
    await shown.page.evaluate(AXE_SCRIPT)
    found = (await shown.page.evaluate(RUN_AXE))["violations"]
    return [f"axe {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


async def violations_without_script(shown: Window) -> list[str]:
    """Of a window without JavaScript, in which axe can't run: of a copy of its page in one that has it, equally wide."""
    browser, html = shown.page.context.browser, await shown.page.content()
    address, _, _ = shown.page.url.partition("#")
    assert browser is not None
    context = await browser.new_context(viewport=shown.page.viewport_size, locale="en-GB", timezone_id="Europe/London")
    copy = await context.new_page()

    async def answer(route: Route) -> None:
        """With the copy itself, and with what it looks like; its scripts would ask as somebody who is not signed in."""
        if route.request.url == address:
            await route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif route.request.resource_type in ("stylesheet", "font", "image"):
            await route.continue_()
        else:
            await route.abort()

    await copy.route("**/*", answer)
    await copy.goto(address)
    found = await violations(Window(copy, shown.origin))
    await context.close()
    return found


async def sideways(shown: Window) -> list[str]:
    await shown.page.set_viewport_size({"width": PHONE, "height": 800})
    width = await shown.page.evaluate("document.scrollingElement.scrollWidth")
    await shown.page.set_viewport_size({"width": DESK, "height": 900})
    return [f"{width} pixels wide on a phone of {PHONE}"] if width > PHONE else []
