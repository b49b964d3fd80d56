"""The steps of the main line as people take them on the pages, the same with and without JavaScript.

Oakfield gives, Elmwood is near by and searches, Fern is the one school that is told the criticism; Dale listed a supplier.
"""

import struct
import zlib
from dataclasses import dataclass
from typing import Final

import audit
from base.viewer import Viewer
from suppliers.directory import directory
from suppliers.shares import publishing
from tests.given.browser import Window
from tests.given.builders import a_person, a_school

LISTED: Final = "Brightwater Windows Ltd"
BOILERS: Final = "Ashby Boilers"
PRAISE: Final = "Came within the hour in the coldest week of the year."
CRITICISM: Final = "The invoice took three letters to put right."
NOTED: Final = "Found the leak behind the kitchen at once."
POSTCODE: Final = "LN1 1AA"


@dataclass(frozen=True)
class Schools:
    ann: Viewer  # of Oakfield
    bob: Viewer  # of Elmwood
    fay: Viewer  # of Fern


async def three_schools() -> Schools:
    dale = await a_person(await a_school("Dale Primary", lat=53.30, lon=-0.54), name="Dee Dale")
    listed = (await directory.add(dale, name=LISTED, categories=["window-cleaning"])).id
    async with audit.recording(dale) as record:
        await publishing.publish(dale, record, listed)
    return Schools(
        ann=await a_person(
            await a_school("Oakfield Primary", lat=53.23, lon=-0.54), name="Ann Archer", email="ann@oakfield.example"
        ),
        bob=await a_person(await a_school("Elmwood Primary", lat=53.25, lon=-0.54), name="Bob Brown"),
        fay=await a_person(await a_school("Fern Primary", lat=53.27, lon=-0.54), name="Fay Fern"),
    )


def photo() -> bytes:
    """A whole PNG of one grey pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00\x7f")) + chunk(b"IEND", b"")


async def adds_boilers(ann: Window) -> str:
    """Adds a supplier that resembles no other; where its page is."""
    await ann.open("/")
    await ann.follow("Add a supplier")
    await ann.page.get_by_label("Name of the supplier").fill(BOILERS)
    await ann.page.get_by_text("Buildings", exact=True).first.click()
    await ann.page.get_by_label("Boiler servicing and heating").check()
    await ann.press("Add the supplier")
    assert f"{BOILERS} is added. Only your school can see it" in await ann.reads()
    return ann.path


async def vouches(ann: Window) -> None:
    await ann.press("Vouch")
    assert f"Your school vouches for {BOILERS}. Only your school can see this until you share it." in await ann.reads()


async def reviews(ann: Window) -> None:
    """With one mistake on the way, which loses nothing that was typed."""
    await ann.follow("Change the review")
    page = ann.page
    await page.get_by_label("4 Good").check()
    await page.get_by_label("What is good?").fill(PRAISE)
    await page.get_by_label("What could be better?").fill(CRITICISM)
    await page.get_by_label("Day").first.fill("31")
    await ann.press("Save the review")
    assert "There is a problem" in await ann.reads()
    assert await page.get_by_label("What is good?").input_value() == PRAISE
    await page.get_by_label("Day").first.fill("")
    await ann.press("Save the review")
    assert f"Your school's review of {BOILERS} is saved." in await ann.reads()


async def notes_with_a_photo(ann: Window) -> None:
    await ann.follow("Add a note")
    await ann.page.get_by_label("Something good").check()
    await ann.page.get_by_label("What happened?").fill(NOTED)
    file = {"name": "boiler.png", "mimeType": "image/png", "buffer": photo()}
    await ann.page.set_input_files("input[type=file]", file)  # type: ignore[arg-type]  # a dict, which stubs know as a class
    await ann.press("Save the note")
    assert "Your note is saved. Only your school can see it" in await ann.reads()
    picture = ann.page.get_by_role("img", name="Photo: boiler.png")
    assert await picture.bounding_box()
    async with ann.page.expect_response("**/attachments/*") as shown:
        await ann.page.reload()
    assert (await (await shown.value).body()) == photo()


async def shares_praise_with_every_school(ann: Window, supplier: str) -> None:
    await ann.open(supplier)
    await ann.follow("Share the review")
    await ann.page.get_by_label("Every school on Vouch").check()  # the rating and what was good are ticked
    await ann.press("Continue")
    told = await ann.reads()
    assert "Every school on Vouch can see the rating and what was good." in told
    assert PRAISE in told
    assert CRITICISM not in told
    await ann.press("Share it")
    assert "Every school on Vouch can see the rating and what was good." in await ann.reads()


async def shares_criticism_with_fern(ann: Window, supplier: str) -> None:
    """By a name that is spelt nearly right; it is asked which school is meant."""
    await ann.open(supplier)
    await ann.follow("Share the review")
    page = ann.page
    await page.get_by_label("One school", exact=True).check()
    await page.get_by_label("Its name, town or URN").fill("Fern Primry")
    await page.locator("[name='fields-school'][value='criticism']").check()
    await ann.press("Continue")
    await ann.press("Continue")
    assert "Choose one of these schools, or type another name." in await ann.reads()
    await page.get_by_label("Fern Primary, Ashby").check()
    await ann.press("Continue")
    assert CRITICISM in await ann.reads()
    await ann.press("Share it")
    told = await ann.reads()
    assert "Fern Primary, Ashby can see the rating, what was good and criticism of this supplier." in told
    assert "Every school on Vouch can see the rating and what was good." in told


async def searches(bob: Window) -> None:
    """A misspelt need near a postcode; opens what is found."""
    await bob.open("/")
    await bob.page.get_by_label("What do you need, or who?").fill("boiler servcing")
    await bob.page.get_by_label("Near which postcode?").fill(POSTCODE)
    await bob.press("Search")
    told = await bob.reads()
    assert "1 supplier" in told
    assert f"of {POSTCODE}" in told
    assert "Boiler servicing and heating" in told
    assert "1 school vouches for them: Oakfield Primary" in told
    await bob.follow(BOILERS)


async def sees_praise_alone(bob: Window) -> None:
    told = await bob.reads()
    assert "Oakfield Primary" in told
    assert "4 out of 5" in told
    assert PRAISE in told
    assert "Schools may keep criticism for a direct conversation. Ask them." in told
    everything = await bob.page.content()
    assert CRITICISM not in everything
    assert NOTED not in everything


async def stops_sharing(ann: Window, supplier: str) -> None:
    await ann.open(supplier)
    await ann.follow("Share the review")
    await ann.press("Only us: stop sharing with everyone")
    assert "Done, and in force already. Only your school can see this." in await ann.reads()


async def checks_her_trail(ann: Window) -> None:
    """It says who changed what, from what to what; the timeline writes old and new with an arrow between them."""
    await ann.open("/")
    await ann.follow("Read our audit trail")
    revised = await _entry(ann, "Changed a review")
    assert "by Ann Archer" in revised
    assert f"Praise {PRAISE}" in revised
    assert f"Criticism {CRITICISM}" in revised
    shared = await _entry(ann, "Changed who may see a review", "Fern Primary")
    assert "by Ann Archer" in shared
    before, _, after = shared.partition("→")
    assert "Every school on Vouch can see the rating and what was good. Nobody else" in before
    assert "Fern Primary, Ashby can see the rating, what was good and criticism of this supplier." in after
    await ann.follow("Check")
    assert "Complete and unchanged" in await ann.reads()


async def _entry(ann: Window, *words: str) -> str:
    """The one entry of the timeline that holds the words."""
    found = ann.page.locator(".vouch-timeline__item")
    for word in words:
        found = found.filter(has_text=word)
    return " ".join((await found.inner_text()).split())
