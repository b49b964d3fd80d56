"""What is wrong with a page for those who read it by keyboard, by ear, or on a small phone."""

from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Route

from tests.given.browser import DESK, PHONE, Window

# No rule that it runs reads the style sheets by themselves: without that it is done in two thirds of the time.
RUN_AXE: Final = (
    "rules => window.axe?.run(document, {resultTypes: ['violations'], elementRef: false, preload: {assets: ['media']}, rules})"
)
ALL_RULES: Final[dict[str, Any]] = {}
# Most of the time goes into comparing each letter with what lies behind it, and each link with the text around it. One style
# sheet gives all pages their colours; that a link in a text is underlined, so that none tells it, is looked at on every page.
WITHOUT_COLOURS: Final = {"color-contrast": {"enabled": False}, "link-in-text-block": {"enabled": False}}
ONE_IN: Final = 4  # pages is looked at with all rules
FRAME: Final = """() => {
  const words = element => element.textContent.replace(/\\s+/g, "").length;
  const isInText = link => {  // a link that looks like a button says so
    const text = link.closest("p, li, dd, td, th, caption, figcaption, legend, label, summary");
    const linked = [...(text?.querySelectorAll("a") ?? [])].reduce((sum, one) => sum + words(one), 0);
    return text !== null && link.role !== "button" && words(text) > linked;
  };
  const isUnderlined = link => getComputedStyle(link).textDecorationLine.includes("underline");
  return {
    title: document.title,
    headings: document.querySelectorAll("h1").length,
    lang: document.documentElement.lang,
    toMain: document.querySelector(".govuk-skip-link")?.hash === "#" + document.querySelector("main")?.id,
    plainLinks: [...document.links].filter(one => isInText(one) && !isUnderlined(one)).map(one => one.outerHTML.slice(0, 200)),
  };
}"""


def some_with_colours(number: int) -> dict[str, Any]:
    """The rules for the page of that number, from 0: all for the first and each fourth."""
    return WITHOUT_COLOURS if number % ONE_IN else ALL_RULES


async def bring_axe(shown: Window) -> None:
    """Has every page that the window opens from now on bring axe along: sent once, instead of half a megabyte a page."""
    await shown.page.add_init_script(AXE_SCRIPT)


async def problems_with(shown: Window, rules: dict[str, Any] = ALL_RULES) -> list[str]:
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
    found += [f"a link in a text without a line under it: {link}" for link in frame["plainLinks"]]
    return found + await violations(shown, rules) + await sideways(shown)


async def violations(shown: Window, rules: dict[str, Any] = ALL_RULES) -> list[str]:
    found = await shown.page.evaluate(RUN_AXE, rules)
    if found is None:
        await shown.page.evaluate(AXE_SCRIPT)
        found = await shown.page.evaluate(RUN_AXE, rules)
    wrong = [(one["id"], node) for one in found["violations"] for node in one["nodes"] if not _is_known(one["id"], node)]
    return [f"axe {rule}: {node['html'][:200]}" for rule, node in wrong]


def _is_known(rule: str, node: dict[str, Any]) -> bool:
    """GOV.UK Frontend says aria-expanded at a radio that reveals a question: ARIA does not list it, screen readers say it.

    Its team tried it with people and keeps it: https://github.com/alphagov/govuk-frontend/issues/979.
    """
    said = [text for one in (*node["any"], *node["all"]) for text in one["data"] or ()]
    is_radio = 'class="govuk-radios__input"' in node["html"]
    return rule == "aria-allowed-attr" and is_radio and bool(said) and all(text.startswith("aria-expanded=") for text in said)


async def violations_without_script(shown: Window, rules: dict[str, Any] = ALL_RULES) -> list[str]:
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
    found = await violations(Window(copy, shown.origin), rules)
    await context.close()
    return found


async def is_clean(shown: Window) -> None:
    """A page on a phone without JavaScript: no wider than the phone, and the first of each title is for axe to look at."""
    title = await shown.page.title()
    if title not in shown.looked_at:
        assert await violations_without_script(shown, some_with_colours(len(shown.looked_at))) == []
    shown.looked_at.add(title)
    assert await shown.page.evaluate("document.scrollingElement.scrollWidth") <= PHONE


async def sideways(shown: Window) -> list[str]:
    await shown.page.set_viewport_size({"width": PHONE, "height": 800})
    width = await shown.page.evaluate("document.scrollingElement.scrollWidth")
    await shown.page.set_viewport_size({"width": DESK, "height": 900})
    return [f"{width} pixels wide on a phone of {PHONE}"] if width > PHONE else []
