"""Everything that is wrong with a review, a note or a share is said at once, and each sentence at its question."""

import re

import pytest

from base.viewer import Viewer
from suppliers.directory import directory
from suppliers.opinions import notes
from suppliers.opinions.notes import About
from tests.given.builders import a_school, signed_in
from tests.given.page_text import text_of

pytestmark = pytest.mark.usefixtures("db")

FILE = {"file": ("photo.jpg", b"\x00\x01 no photo")}


def named(html: str) -> set[str]:
    """The questions that the summary above the form leads to."""
    summary = html.partition('class="govuk-error-summary"')[2].partition("<form")[0]
    return set(re.findall(r'href="#([^"]+)"', summary))


async def test_a_note_and_a_review_say_all_that_is_wrong_with_them(ann: Viewer) -> None:
    boilers = (await directory.add(ann, name="Ashby Boilers")).id
    day = {f"{name}-{box}": "99" for name in ("happened_on", "used_from") for box in ("day", "month", "year")}
    async with signed_in(ann) as browser:
        note = await browser.post(f"/suppliers/{boilers}/notes/new", data={"body": "", **day}, files=FILE)
        assert named(note.text) == {"about", "body", "happened_on", "file"}
        assert "photo.jpg" in text_of(note.text), "to be chosen again"
        sent = {"praise": "x" * 4_001, "criticism": "x" * 12_000, "rating": "9", **day}
        review = await browser.post(f"/suppliers/{boilers}/review", data=sent)
        assert named(review.text) == {"declared", "rating", "praise", "criticism", "used_from"}
        again = await browser.post(f"/suppliers/{boilers}/notes/new", data={"body": ""})
        assert "hoose it again" not in again.text, "nothing was chosen"
        assert "Choose again" not in again.text


async def test_a_note_offers_the_text_that_it_has_and_asks_which_school_until_one_is_chosen(ann: Viewer) -> None:
    boilers = (await directory.add(ann, name="Ashby Boilers")).id
    for town in ("Bourne", "Stoke"):
        await a_school("Elmwood School", town=town)
    for about, offered, other in ((About.GOOD, "praise", "criticism"), (About.PROBLEM, "criticism", "praise")):
        note = await notes.note(ann, boilers, about=about, body="Came at once.")
        async with signed_in(ann) as browser:
            asked = (await browser.get(f"/notes/{note}/share")).text
            assert f'value="{offered}"' in asked
            assert f'value="{other}"' not in asked
            query = {"with": "school", "q": "Elmwood", "fields-school": offered}
            found = await browser.get(f"/notes/{note}/share/check", params=query)
            assert (found.status_code, named(found.text)) == (200, set())
            none = await browser.get(f"/notes/{note}/share/check", params={**query, "found_for": "Elmwood"})
            assert (none.status_code, named(none.text)) == (422, {"school"})
            other_name = await browser.get(f"/notes/{note}/share/check", params={**query, "found_for": "Elm"})
            assert other_name.status_code == 200, "another name was typed"
