"""Whoever has just come may ask for an erasure; where two colleagues count as two people, it stays at the school."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from base import clock, settings
from base.refusals import Conflict, Forbidden
from base.settings import Settings
from base.viewer import Role, Viewer
from privacy import erasure, waiting
from tests.given.builders import a_person, a_school, an_operator_beside, signed_in
from tests.given.erasing import a_request_of

LONG = timedelta(days=15)


@pytest.fixture(autouse=True)
def fourteen_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: Settings) -> None:
    chosen = replace(settings.current(), data=tmp_path / "data", established_days=14)
    monkeypatch.setattr(settings, "current", lambda: chosen)


async def a_school_of(*established: str) -> tuple[Viewer, list[Viewer], Viewer]:
    """An operator elsewhere, people who have belonged to a school for long, and somebody who came today."""
    elm = await a_school("Elm Primary")
    with clock.at(clock.now() - LONG):
        olive = await an_operator_beside(await a_school("Fern Primary"))
        there = [await a_person(elm, Role.HEAD if name == "Hal Hart" else Role.BUSINESS_MANAGER, name) for name in established]
    return olive, there, await a_person(elm, name="Fay Fresh")


async def test_where_two_colleagues_count_nobody_from_outside_decides_and_the_page_says_who_does() -> None:
    olive, (ann, hal), fay = await a_school_of("Ann Archer", "Hal Hart")
    asked = await a_request_of(fay)
    with pytest.raises(Forbidden, match="they decide this themselves"):
        await erasure.approve_from_outside(olive, asked)
    with pytest.raises(Conflict, match="they decide this themselves"):
        await waiting.write_to_chair(fay, asked)
    (listed,) = await waiting.every(olive)
    assert not listed.is_for_outside
    for colleague in (ann, hal):
        with pytest.raises(Forbidden, match="Fay Fresh has belonged to the school only since"):
            await erasure.approve(colleague, asked)
    async with signed_in(hal) as browser:
        shown = (await browser.get(f"/erasures/{asked}")).text
    assert "Ann Archer and Hal Hart count as two people. One of them withdraws this request and asks anew" in shown
    await erasure.withdraw(ann, asked)
    await erasure.approve(hal, await a_request_of(ann))


async def test_the_same_request_is_approved_by_a_colleague_once_whoever_asked_has_been_there_long_enough() -> None:
    _, (ann, _), fay = await a_school_of("Ann Archer", "Hal Hart")
    asked = await a_request_of(fay)
    with clock.at(clock.now() + LONG):
        await erasure.approve(ann, asked)


async def test_where_only_one_other_counts_somebody_from_outside_decides_as_ever() -> None:
    olive, _, fay = await a_school_of("Hal Hart")
    asked = await a_request_of(fay)
    assert (await waiting.every(olive))[0].is_for_outside
    await erasure.approve_from_outside(olive, asked)
