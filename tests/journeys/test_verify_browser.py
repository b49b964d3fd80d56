"""The page where anybody checks an audit pack, and the file to keep: what they say, and that nothing is sent anywhere."""

import json
from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Browser, Page

from audit import vkeys
from audit.fingerprint import fingerprint
from audit.verifier.published import FOLDER, HTML, PYTHON
from tests.given.accessibility import problems_with
from tests.given.browser import window
from tests.given.hand_made_packs import OTHER_KEY, Wish, listed, pack, unzipped, zipped
from tests.given.verifier_in_browser import RAW, Place, a_pack, a_place, a_trail, tampered

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

FILE: Final = (FOLDER / HTML).as_uri()
DROP: Final = f"""async (text) => {{
    {RAW}
    const transfer = new DataTransfer(), page = document.querySelector("h1");
    transfer.items.add(new File([raw(text)], "dropped.zip"));
    for (const name of ["dragover", "drop"]) {{
        page.dispatchEvent(new DragEvent(name, {{dataTransfer: transfer, bubbles: true, cancelable: true}}));
    }}
}}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place() -> AsyncIterator[Place]:
    async with a_place() as made:
        yield made


async def given(page: Page, data: bytes, *, to: str = "#pack", name: str = "pack.zip") -> None:
    await page.set_input_files(to, {"name": name, "mimeType": "application/zip", "buffer": data})


async def checked(page: Page, data: bytes) -> str:
    """Chooses the pack, has it checked, and reads the verdict."""
    await given(page, data)
    await page.locator("#verdict").evaluate("place => place.replaceChildren()")
    await page.get_by_role("button", name="Check the pack").click()
    return await verdict_on(page)


async def verdict_on(page: Page) -> str:
    await page.locator(".vouch-verdict").wait_for()
    return " ".join((await page.locator("#verdict").inner_text()).split())


async def test_a_pack_is_checked_with_the_network_off_and_nothing_is_sent(place: Place) -> None:
    whole = a_pack()
    async with place.verifier() as shown:
        page, asked = shown.page, list[str]()
        await page.wait_for_load_state("networkidle")
        page.on("request", lambda request: asked.append(request.url))
        await page.context.set_offline(True)
        await page.get_by_role("button", name="Check the pack").click()
        assert "Choose the pack to check" in await shown.reads()
        assert await page.evaluate("document.activeElement.id") == "pack"
        told = await checked(page, whole)
        assert not await page.locator("#pack-error").is_visible()
        assert "This pack holds, by a key that came with it The pack holds: these entries are unaltered, and none is" in told
        assert "Not checked: report.pdf, READ-ME.txt. Anybody could have written what they say." in told
        assert "Whoever made the pack may have made the key that sealed it." in told
        assert "Whose trail Not proven The pack says: Oakfield Primary School" in await shown.reads()
        assert "<b>Kind</b>" in await page.locator(".vouch-timeline").inner_text()
        assert await problems_with(shown) == []
        told = await checked(page, tampered(whole))
        assert "This pack does not hold Entry 17: what is shown as its facts is not what the entry committed to." in told
        assert await problems_with(shown) == []
        told = await checked(page, b"PK and nothing else")
        assert "This can’t be checked This is no audit pack: it is no zip file" in told
        assert await problems_with(shown) == []
        assert asked == []
        assert await page.locator("#verdict").get_attribute("role") == "status"


async def test_the_page_may_connect_to_nowhere(place: Place) -> None:
    """So that it is the browser that promises, and not only we."""
    page = await place.browser.new_page()
    await page.goto(f"{place.origin}/verify")
    assert await page.evaluate("fetch('/healthz').then(() => 'sent', () => 'refused')") == "refused"
    await page.context.close()


async def test_a_dropped_pack_is_checked_at_once(place: Place) -> None:
    async with place.verifier() as shown:
        asked = list[str]()
        await shown.page.wait_for_load_state("networkidle")
        shown.page.on("request", lambda request: asked.append(request.url))
        await shown.page.evaluate(DROP, a_pack().hex())
        assert "This pack holds" in await verdict_on(shown.page)
        assert "dropped.zip" in await verdict_on(shown.page)
        assert asked == []
        assert shown.path == "/verify"


async def test_a_key_and_an_earlier_seal_are_checked_too(place: Place) -> None:
    whole, older = a_pack(), a_pack(size=20)
    async with place.verifier(width=320) as shown:
        page = shown.page
        await given(page, whole)
        await page.get_by_text("I also have the school’s key").click()
        await page.get_by_label("The school’s key, or its fingerprint").fill("vouch.example.org+00000000+AAAA")
        await page.get_by_role("button", name="Check the pack").click()
        assert "Check the key: the verifier key is neither an Ed25519 nor an ML-DSA-44 key" in await shown.reads()
        assert await page.evaluate("document.activeElement.id") == "keys"
        await page.get_by_label("The school’s key, or its fingerprint").fill(vkeys.vkey_of(OTHER_KEY))
        assert "it is not signed by a key that is known here" in await checked(page, whole)
        await page.get_by_label("The school’s key, or its fingerprint").fill(verifier_key_of(whole))
        await given(page, unzipped(older)["checkpoint"], to="#earlier", name="seal.txt")
        assert "This pack holds" in await checked(page, whole)
        facts = await page.locator("#details").inner_text()
        assert "Checked with a key that you gave" in facts
        assert "Its 20 entries are the first of these" in facts


async def test_only_a_key_that_came_another_way_is_green(place: Place) -> None:
    """A fingerprint that was read out does: the page shows that of the key that signed, to be compared."""
    whole = a_pack()
    async with place.verifier(width=320) as shown:
        page = shown.page
        assert "This pack holds, by a key that came with it" in await checked(page, whole)
        assert (await looks(page), await problems_with(shown)) == ("unproven", [])
        mine = fingerprint(verifier_key_of(whole))
        assert f"Key {mine}" in await page.locator("#details").inner_text()
        await page.get_by_text("I also have the school’s key").click()
        field = page.get_by_label("The school’s key, or its fingerprint")
        await field.fill(f"{fingerprint(vkeys.vkey_of(OTHER_KEY))}\n{mine.lower()}")
        assert "This pack does not hold" in await checked(page, whole)  # each that was given has to be there
        await field.fill(mine.lower())
        assert "This pack holds The pack holds" in await checked(page, whole)
        assert await looks(page) == "holds"
        await field.fill("")
        assert "This pack holds, but has no seal" in await checked(page, pack(a_trail(), Wish(key=None)))
        assert (await looks(page), await problems_with(shown)) == ("unproven", [])


async def test_a_verifier_in_the_pack_that_is_not_ours_is_warned_of(place: Place) -> None:
    """By the page, and by the file to keep, which works from a disk."""
    ours = {**unzipped(a_pack()), "vouch_verify.py": (FOLDER / PYTHON).read_bytes()}
    async with place.verifier() as shown:
        assert "Warning" not in await checked(shown.page, zipped(listed(ours)))
        told = await checked(shown.page, zipped(listed({**ours, "vouch_verify.py": b"print('HOLDS.')"})))
        assert "Warning: The pack brings a verifier of its own that differs from every one that is known here" in told
    page = await place.browser.new_page()
    await page.goto(FILE)
    assert "Warning" not in await checked(page, zipped(listed(ours)))
    await page.context.close()


async def looks(page: Page) -> str:
    """Which of the four looks the verdict has."""
    classes = await page.locator(".vouch-verdict").get_attribute("class") or ""
    return classes.rpartition("--")[2]


def verifier_key_of(data: bytes) -> str:
    key: str = json.loads(unzipped(data)["manifest.json"])["keys"][0]
    return key


async def test_a_browser_without_signatures_says_that_the_seal_was_not_checked(place: Place) -> None:
    async with window(place.browser, place.origin) as shown:
        await shown.page.add_init_script("SubtleCrypto.prototype.importKey = () => Promise.reject(new Error('not supported'))")
        await shown.open("/verify")
        told = await checked(shown.page, a_pack())
        assert "The seal was not checked: this browser can’t check signatures." in told
        assert await shown.page.locator(".vouch-verdict--holds").count() == 0
        assert "This pack does not hold" in await checked(shown.page, tampered(a_pack()))


async def test_a_slip_of_the_check_itself_says_nothing_about_the_pack(place: Place) -> None:
    async with window(place.browser, place.origin) as shown:
        await shown.page.add_init_script("Blob.prototype.stream = () => { throw new Error('no streams'); }")
        await shown.open("/verify")
        told = await checked(shown.page, a_pack())
        assert "This can’t be checked The check itself went wrong, which says nothing about the pack: no streams" in told


async def test_a_browser_that_is_too_old_is_told_what_to_do(place: Place) -> None:
    async with window(place.browser, place.origin) as shown:
        await shown.page.add_init_script("delete globalThis.DecompressionStream")
        await shown.open("/verify")
        assert "Checking a pack here needs a browser with JavaScript, from 2023 or later" in await shown.reads()


async def test_the_timeline_is_read_a_page_at_a_time(place: Place) -> None:
    async with place.verifier() as shown:
        page = shown.page
        await checked(page, a_pack(a_trail(230)))
        assert await page.locator(".vouch-timeline__item").count() == 10
        assert "Entries 1 to 10 of the first 200 that this pack opens" in await shown.reads()
        await page.get_by_role("button", name="Later entries").click()
        assert "Entries 11 to 20 of the first 200" in await page.evaluate("document.activeElement.textContent")
        assert "somebody whose name was erased" not in await shown.reads()
        await page.get_by_role("button", name="Earlier entries").click()
        assert "by somebody whose name was erased" in await shown.reads()


async def test_without_javascript_the_page_says_what_to_do(place: Place) -> None:
    async with place.verifier(script=False) as shown:
        told = await shown.reads()
        assert "Checking a pack here needs a browser with JavaScript" in told
        assert "python3 vouch_verify.py PACK.zip" in told
        assert not await shown.page.get_by_role("button", name="Check the pack").is_visible()


async def test_the_file_to_keep_gives_the_same_verdicts_from_a_disk_without_a_network(place: Place) -> None:
    page, wrong = await kept_file(place.browser)
    whole = a_pack()
    assert "This pack holds" in await checked(page, whole)
    assert "Entry 17: what is shown as its facts" in await checked(page, tampered(whole))
    await page.evaluate(AXE_SCRIPT)
    assert [one["id"] for one in (await page.evaluate("axe.run()"))["violations"]] == []
    assert await page.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert wrong == []
    assert await page.evaluate("fetch('https://vouch.example.org').then(() => 'sent', () => 'refused')") == "refused"
    await page.context.close()


async def kept_file(browser: Browser) -> tuple[Page, list[str]]:
    """The file opened from disk, and what it met that it never should: errors, and requests for anything but itself."""
    context = await browser.new_context(viewport={"width": 320, "height": 800}, offline=True)
    page, wrong = await context.new_page(), list[str]()
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: None if asked.url == FILE else wrong.append(asked.url))
    await page.goto(FILE)
    return page, wrong
