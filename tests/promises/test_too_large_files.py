"""A photo that is too large costs nothing that was typed: every form that takes a file comes back with all of it."""

import re
from collections.abc import Iterator
from typing import Final

import httpx

from tests.given.page_text import filled_in
from tests.given.routes import path_of, reading
from tests.given.town import Town, rows_of_everything
from vouch.wiring import SITE

FORM: Final = re.compile(r'<form[^>]*enctype="multipart/form-data"[^>]*>.*?</form>', re.DOTALL)
ACTION: Final = re.compile(r'<form[^>]* action="([^"]+)"')
BY_HAND: Final = re.compile(r'<(?:input(?![^>]*type=)|input[^>]*type="text"|textarea)[^>]*\bname="([^"]+)"')
FOR_A_TRUST: Final = 'name="trusts"'  # of two forms of one address, the one for schools of a trust
PHOTO: Final = ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(31 * 1024 * 1024))


def pages(town: Town) -> Iterator[str]:
    """Where forms with files may be: of the pages about what takes files, and an event's own."""
    for route in reading():
        if not route.is_api and ({*route.path.split("/")} & SITE.takes_files or route.path == "/service-events/{job_id}"):
            yield path_of(route, town)


def templates_with_files() -> int:
    texts = [path.read_text() for folder in SITE.templates for path in folder.rglob("*.html")]
    return sum(len(re.findall(r'<form[^>]*enctype="multipart/form-data"', text)) for text in texts)


async def comes_back(browser: httpx.AsyncClient, action: str, form: str) -> None:
    asked = [name for name in BY_HAND.findall(form) if not name.endswith(("-day", "-month", "-year"))]
    typed = {name: f"typed by hand {n}" for n, name in enumerate(asked)}
    answer = await browser.post(action, data={**filled_in(form), **typed}, files={"file": PHOTO})
    assert (answer.status_code, "MB" in answer.text) == (422, True), action
    assert [name for name, value in typed.items() if value not in answer.text] == [], action


async def test_every_form_that_takes_a_file_comes_back_with_what_was_typed(town: Town) -> None:
    before, found = await rows_of_everything(), set[str]()
    for who in ("ann", "tom"):
        async with town.browser(who) as browser:
            for path in pages(town):
                for form in FORM.findall((await browser.get(path)).text):
                    action = match[1] if (match := ACTION.match(form)) else path
                    kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "-", action) + FOR_A_TRUST * (FOR_A_TRUST in form)
                    if kind not in found:
                        found.add(kind)
                        await comes_back(browser, action, form)
    assert len(found) == templates_with_files() + 1, "one form writes a note, and changes one"
    assert await rows_of_everything() == before
