"""Where more is to be heard than one search weighs, the page and the API say that the answer was cut."""

import pytest

from base.viewer import Viewer
from suppliers.search import visible_opinions
from tests.given.builders import a_person, a_school, signed_in
from tests.given.searching import a_supplier, ask, says

pytestmark = pytest.mark.usefixtures("db")

SENTENCE = "fit this search, and one search weighs no more."


@pytest.fixture
async def elm(db: object) -> Viewer:
    """Three schools near by have said something of three suppliers."""
    for name in ("Oakfield", "Ashfield", "Beechfield"):
        viewer = await a_person(await a_school(f"{name} Primary"), name="Ann Archer")
        await says(viewer, await a_supplier(viewer, f"{name} Boilers Ltd"))
    return await a_person(await a_school("Elmwood Primary", lat=53.29, lon=-0.54), name="Bea Birch")


@pytest.mark.parametrize(("most", "is_cut"), [(2, True), (3, False)])
async def test_page_and_api_say_that_the_answer_was_cut_and_only_then(
    elm: Viewer, monkeypatch: pytest.MonkeyPatch, most: int, is_cut: bool
) -> None:
    monkeypatch.setattr(visible_opinions, "MOST_WORDS", most)
    answer = await ask(elm, "")
    assert (answer.is_cut, answer.total) == (is_cut, most)
    async with signed_in(elm) as client:
        page = (await client.get("/search?miles=50&q=1&need=")).text
        api = (await client.get("/api/v1/recommendations")).json()
    assert (SENTENCE in page) is is_cut
    assert api["cut"] is is_cut
