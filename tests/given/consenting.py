"""Saying yes to a connection or a network as somebody does in a browser: to the list that the page shows."""

import re

import httpx


async def agreed(browser: httpx.AsyncClient, check: str, **more: str) -> httpx.Response:
    """Opens the page that asks, and sends its form with ``more`` ticked."""
    form = await the_form(browser, check)
    return await browser.post(form[0], data={"seen": form[1], **more})


async def the_form(browser: httpx.AsyncClient, check: str) -> tuple[str, str]:
    """Where the page's form goes, and the digest of the list that was shown."""
    shown = (await browser.get(check)).text
    hidden = r'\s*<input type="hidden" name="'
    form = rf'<form method="post" action="([^"]+)" novalidate>(?:{hidden}[^>]*>)*?{hidden}seen" value="([^"]+)">'
    found = re.search(form, shown)
    assert found is not None, shown
    return found[1], found[2]
