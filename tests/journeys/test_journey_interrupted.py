"""A note on a phone, with a photo of eight megapixels, by somebody whose session ends before she saves: nothing is lost."""

import base64
from typing import Any, Final

import pytest

import database
from sharing.tables import Session
from suppliers.directory import directory
from tests.given.browser import Window, chromium, served, window
from tests.given.builders import a_person, a_school, email_of
from tests.given.photos import exif, segment

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("db")]

WIDTH: Final = 390  # pixels: a phone
NOTED: Final = "Found the leak behind the kitchen at once, and left the hall swept."
MB: Final = 1024 * 1024

# A landscape of noise whose left quarter is red, as a camera's sensor sees it.
DRAWN: Final = """async () => {
    const canvas = document.createElement('canvas')
    canvas.width = 3200; canvas.height = 2400
    const paint = canvas.getContext('2d')
    const noise = paint.createImageData(800, 600)
    let seed = 1
    for (let at = 0; at < noise.data.length; at++) noise.data[at] = at % 4 == 3 ? 255 : (seed = (seed * 16807) % 2147483647) % 256
    for (let x = 0; x < 4; x++) for (let y = 0; y < 4; y++) paint.putImageData(noise, x * 800, y * 600)
    paint.fillStyle = 'red'; paint.fillRect(0, 0, 800, 2400)
    const blob = await new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.9))
    const bytes = new Uint8Array(await blob.arrayBuffer())
    let text = ''
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
    return btoa(text)
}"""

SHOWN: Final = """async bytes => {
    const blob = bytes ? new Blob([Uint8Array.from(atob(bytes), letter => letter.charCodeAt(0))])
        : document.querySelector('input[type=file]').files[0]
    const picture = await createImageBitmap(blob)
    const canvas = document.createElement('canvas')
    canvas.width = picture.width; canvas.height = picture.height
    const paint = canvas.getContext('2d')
    paint.drawImage(picture, 0, 0)
    const at = (x, y) => [...paint.getImageData(x, y, 1, 1).data].slice(0, 3)
    return [picture.width, picture.height, at(picture.width / 2, 20), blob.size, blob.type]
}"""


async def test_a_note_on_a_phone_survives_the_end_of_its_session() -> None:
    ann = await a_person(await a_school())
    drains = (await directory.add(ann, name="Ashby Drains", categories=["plumbing"])).id
    async with served() as origin, chromium() as browser, window(browser, origin, ann, width=WIDTH) as seen:
        await seen.open(f"/suppliers/{drains}/notes/new")
        photo = await held_upright(seen)
        assert len(photo) > 4 * MB
        await seen.page.get_by_label("Something good").check()
        await seen.page.get_by_label("What happened?").fill(NOTED)
        await choose(seen, photo)
        await seen.page.get_by_text("The photo was made smaller").wait_for()
        width, height, top, size, kind = await seen.page.evaluate(SHOWN, None)
        assert (width, height, kind) == (1920, 2560, "image/jpeg"), "as it was held"
        assert red(top)
        assert size < len(photo) / 2

        async with database.housekeeping():
            await Session.delete().where(Session.person == ann.person)
        await seen.press("Save the note")
        assert "What you typed is kept" in await seen.reads()
        await sign_in_here(seen, await email_of(ann))
        assert "what you typed is here" in await seen.reads()
        assert seen.path == f"/suppliers/{drains}/notes/new"
        assert "IMG_1.jpg" in await seen.reads()
        assert await seen.page.get_by_label("What happened?").input_value() == NOTED
        assert await seen.page.evaluate("document.documentElement.scrollWidth") == WIDTH

        await choose(seen, photo)
        await seen.press("Save the note")  # at once: it waits for the photo
        assert NOTED in await seen.reads()
        kept = await the_photo(seen)
        _, _, top, size, _ = await seen.page.evaluate(SHOWN, base64.b64encode(kept).decode())
        assert red(top)
        assert len(kept) < len(photo) / 2


async def test_what_is_no_picture_is_sent_as_it_was_chosen() -> None:
    ann = await a_person(await a_school())
    drains = (await directory.add(ann, name="Ashby Drains", categories=["plumbing"])).id
    async with served() as origin, chromium() as browser, window(browser, origin, ann, width=WIDTH) as seen:
        await seen.open(f"/suppliers/{drains}/notes/new")
        await seen.page.get_by_label("Something good").check()
        await seen.page.get_by_label("What happened?").fill(NOTED)
        await choose(seen, b"\xff\xd8\xff no picture at all" + bytes(2 * MB))
        await seen.press("Save the note")
        assert "There is a problem" in await seen.reads()
        assert await seen.page.get_by_label("What happened?").input_value() == NOTED


async def held_upright(seen: Window) -> bytes:
    """A photo that a phone took while it was held upright: the sensor's landscape, and a word on how to turn it."""
    made = base64.b64decode(await seen.page.evaluate(DRAWN))
    return made[:2] + segment(0xE1, exif(">", 6)) + made[2:]


async def choose(seen: Window, content: bytes) -> None:
    photo: Any = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": content}
    await seen.page.locator("input[type=file]").set_input_files(photo)


async def sign_in_here(seen: Window, email: str) -> None:
    await seen.page.get_by_label("E-mail address").fill(email)
    await seen.page.get_by_label("Password", exact=True).fill("correct horse battery staple")
    await seen.press("Sign in")


async def the_photo(seen: Window) -> bytes:
    """As it is kept and shown."""
    shown = await seen.page.locator("main img").first.get_attribute("src")
    return await (await seen.page.request.get(f"{seen.origin}{shown}")).body()


def red(pixel: list[int]) -> bool:
    """JPEG keeps colours nearly."""
    return pixel[0] > 200 and pixel[1] < 80 and pixel[2] < 80
