"""The check of letters in the browser: what Python says, of every case and of what was spoilt by chance."""

import io
import json
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import FilePayload

from audit.letters import compared
from tests.given.accessibility import problems_with
from tests.given.sealed_letters import OTHER_LEAVES, VKEY, Case, cases, letter, mailed, spoilt
from tests.given.verifier_in_browser import Place, a_place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

COMPARE: Final = """async (cases, { compareLetters }) => {
    const told = [];
    for (const { letters, keys } of cases) {
        try {
            told.push(await compareLetters(letters.map((text) => new Blob([raw(text)])), keys));
        } catch (error) { told.push({ status: "threw", what: String(error.stack) }); }
    }
    return told;
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place() -> AsyncIterator[Place]:
    async with a_place() as made:
        yield made


def in_python(case: Case) -> dict[str, Any]:
    found = compared.compare_letters([io.BytesIO(one) for one in case[1]], keys=case[2])
    told: dict[str, Any] = json.loads(compared.letters_json(found))
    return told


async def test_both_say_the_same_of_letters(place: Place) -> None:
    every = [case for case in cases() if case[0] != "too long"] + [spoilt(seed) for seed in range(150)]
    sent = [{"letters": [one.hex() for one in letters], "keys": list(keys)} for _, letters, keys, _ in every]
    found = await place.ask("letters", COMPARE, sent)
    wanted = [in_python(case) for case in every]
    assert [(case[0], want, got) for case, want, got in zip(every, wanted, found, strict=True) if want != got] == []
    assert {want["status"] for want in wanted} == {"holds", "fails", "unreadable"}
    assert {want["fault"] for want in wanted} == {None, *compared.LETTER_FAULTS}


async def test_it_has_the_words_of_python(place: Place) -> None:
    names = ("LETTER_FAULTS", "LETTER_TRUST", "LETTER_HEADLINES", "LETTER_LIMITS")
    tables = await place.ask("letters", "(names, tables) => names.map((name) => tables[name])", names)
    assert tables == [dict(getattr(compared, name)) for name in names]


async def test_letters_are_pasted_and_chosen_with_the_network_off(place: Place) -> None:
    async with place.verifier(width=320) as shown:
        page, asked = shown.page, list[str]()
        await page.wait_for_load_state("networkidle")
        page.on("request", lambda request: asked.append(request.url))
        await page.context.set_offline(True)
        check = page.get_by_role("button", name="Check the letters")
        await page.get_by_label("One letter").fill(letter(10))
        await check.click()
        assert "Give two letters" in await shown.reads()
        assert await page.evaluate("document.activeElement.id") == "letter-one"
        await page.get_by_label("The other letter").fill(letter(20, 10))
        look, told = await verdict_after(page, check)
        assert (look, "The letters agree, by a key that came with them" in told) == ("unproven", True)
        assert (
            "The later letter continues the earlier one: the 10 entries sealed then are the first of the 20 sealed later." in told
        )
        assert "Have the fingerprint read out to you" in told
        assert await problems_with(shown) == []
        file: FilePayload = {"name": "letter.eml", "mimeType": "message/rfc822", "buffer": mailed(letter(40, 20))}
        await page.set_input_files("#letter-files", file)
        await page.get_by_text("I also know the school’s key").click()
        await page.get_by_label("The key of the letters, or its fingerprint").fill(VKEY)
        look, told = await verdict_after(page, check)
        assert (look, "the 10 entries sealed then are the first of the 40" in told) == ("holds", True)
        await page.get_by_label("The other letter").fill(letter(10, leaves=OTHER_LEAVES))
        look, told = await verdict_after(page, check)
        assert (look, "The letters do not agree There are two seals of 10 entries" in told) == ("fails", True)
        assert await problems_with(shown) == []
        assert asked == []


async def verdict_after(page: Any, check: Any) -> tuple[str, str]:
    await page.locator("#letters-verdict").evaluate("place => place.replaceChildren()")
    await check.click()
    await page.locator("#letters-verdict .vouch-verdict").wait_for()
    classes = await page.locator("#letters-verdict .vouch-verdict").get_attribute("class") or ""
    return classes.rpartition("--")[2], " ".join((await page.locator("#letters-verdict").inner_text()).split())
