"""Packs that nobody's builder would make get one verdict from both verifiers; `./run bench fuzz` tries thousands."""

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
import pytest_asyncio

from tests.given.examples import EXAMPLES
from tests.given.hand_made_packs import PHOTO, Trail, Wish, digest, pack
from tests.given.two_verifiers import VERIFY, differences, some
from tests.given.verifier_in_browser import Place, a_place, in_python

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PACKS: Final = 6 * EXAMPLES  # some ten seconds in the suite


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place() -> AsyncIterator[Place]:
    async with a_place() as made:
        yield made


async def test_two_verifiers_say_the_same_of_odd_packs(place: Place) -> None:
    found, verdicts = await differences(place, some(range(PACKS)))
    assert found == []
    assert {one["status"] for one in verdicts} == {"holds", "fails", "unreadable"}


async def test_both_judge_the_ending_of_evidence_by_its_types(place: Place) -> None:
    """The file ends in .jpg, whatever its entries say that it is."""
    due = {"image/jpeg": None, "image/png": "evidence-ending", "image/x-new": None, "constructor": None, "": None}
    told: list[tuple[Any, str | None]] = [*due.items(), (None, None), (["image/png"], None), ({}, None), (3, None)]
    packs = []
    for media_type, _ in told:
        trail = Trail()
        trail.add("school", "note.written", facts={"attachments": [{"sha256": digest(PHOTO), "media_type": media_type}]})
        packs.append(pack(trail, Wish(evidence=(PHOTO,))))
    found = await place.ask("pack", VERIFY, [{"pack": one.hex(), "keys": [], "since": None} for one in packs])
    assert [one["fault"] for one in found] == [in_python(one)["fault"] for one in packs] == [fault for _, fault in told]
