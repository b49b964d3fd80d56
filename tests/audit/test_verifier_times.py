"""What a verifier says of the times in a pack: where they were held, in one line, and what no clock explains, as warnings."""

import io
from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio

from audit.verifier import verdict, words
from audit.verifier.verify import verify_pack
from tests.given.pack_samples import samples
from tests.given.verifier_in_browser import Place, a_place

pure = pytest.mark.pure

HELD: Final = "Times held: 2 entries, from 3 to 4, as the clock was behind the entry before, by 2 hours at most"
WARNINGS: Final = (
    "The recorded time goes back: entry 2, by 3 hours at most. Ask why.",
    "What the clock is said to have shown does not account for the recorded time: entry 4, by 1 hour at most. Ask why.",
    (
        "The entry's id was made at another time than the one recorded, or tells none: 2 entries, from 5 to 6, by 365 days at "
        "most. Ask why."
    ),
)


def found_in(sample: str) -> verdict.PackVerdict:
    return verify_pack(io.BytesIO(samples()[sample]))


@pure
@pytest.mark.parametrize("sample", ["held times", "held times, in an extract"])
def test_held_times_are_told_in_one_line_whatever_the_period(sample: str) -> None:
    found = found_in(sample)
    assert (found.status, [one for one in found.warnings if "stream trail" not in one]) == ("holds", [])
    assert [line.strip() for line in words.in_words(found).splitlines() if line.strip().startswith("Times held")] == [HELD]


@pure
def test_what_no_clock_explains_is_a_warning_and_no_fault() -> None:
    found = found_in("times that no clock explains")
    assert (found.status, found.exit_status) == ("holds", 0)
    assert found.warnings == WARNINGS
    assert words.in_words(found).splitlines()[2:5] == [f"  WARNING. {sentence}" for sentence in WARNINGS]


@pure
def test_a_trail_that_keeps_time_gives_no_word_of_it() -> None:
    for name in ("complete", "named", "in the third format", "extract"):
        told = words.in_words(found_in(name))
        assert ("WARNING" in told, "Times held" in told) == (False, False), name


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place() -> AsyncIterator[Place]:
    async with a_place() as made:
        yield made


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
async def test_the_page_says_both(place: Place) -> None:
    for sample, told in (
        ("held times", [HELD.partition(": ")[2]]),
        ("times that no clock explains", [f"Warning: {one}" for one in WARNINGS]),
    ):
        async with place.verifier() as shown:
            await shown.page.set_input_files(
                "#pack", {"name": "pack.zip", "mimeType": "application/zip", "buffer": samples()[sample]}
            )
            await shown.page.click("#check button[type=submit]")
            await shown.page.wait_for_selector("#verdict h2")
            text = await shown.page.inner_text("main")
        for sentence in told:
            assert sentence in text
