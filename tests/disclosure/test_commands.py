"""More records than a page takes in are taken in by whoever runs the installation, and the trail says who did it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from base.refusals import Forbidden, Invalid, TooLarge
from base.viewer import Role
from disclosure import commands, exporting, taking_in
from suppliers.directory import directory
from suppliers.ours import own_records
from tests.given.builders import a_person, a_school, events_of, signed_in
from tests.given.page_text import text_of

pytestmark = pytest.mark.usefixtures("db")


async def test_what_is_too_long_for_a_page_is_taken_in_by_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school("Oakfield Primary", urn=100_001), Role.HEAD)
    for name in ("Harrow Lifts", "Dene Drains", "Fen Music"):
        await directory.add(ann, name=name)
    copy = tmp_path / "records.zip"
    with copy.open("w+b") as to:
        await exporting.export(ann, exporting.EVERYTHING, "zip", to=to)
    elm = await a_school("Elm School", urn=100_002)
    bob = await a_person(elm, Role.HEAD, "Bob Brown", email="bob@elm.example")
    gus = await a_person(elm, Role.GOVERNOR, "Gus Green", email="gus@elm.example")
    told: list[object] = []

    @contextmanager
    def noted(doing: str, total: int) -> Iterator[Callable[[int], None]]:
        told.extend((doing, total))
        yield told.append

    monkeypatch.setattr(taking_in, "MOST_AT_ONCE", 2)
    with pytest.raises(TooLarge, match=r"vouch take-in"):
        await taking_in.take_in(bob, copy.read_bytes(), whose="Oakfield Primary")
    viewer = await commands.whose_name(100_002, "Bob@elm.example")
    assert viewer.person == bob.person
    with pytest.raises(Invalid, match=r"bo@elm\.example"):
        await commands.whose_name(100_002, "bo@elm.example")
    with copy.open("rb") as file:
        with pytest.raises(Forbidden):
            await taking_in.take_in_by_command(gus, file, whose="Oakfield Primary")
        found = await taking_in.take_in_by_command(viewer, file, whose="Oakfield Primary", progress=noted)
    assert told[:5] == ["Taking in records", 3, 1, 1, 1]
    assert "3 records taken in." in commands.said_of(found)
    there = [one.known.name for one in (await own_records.ours(bob)).suppliers]
    assert sorted(there) == ["Dene Drains", "Fen Music", "Harrow Lifts"]
    assert (await events_of(elm.id))[-1] == "records.taken_in"
    async with signed_in(bob) as browser:
        assert "operator" in text_of((await browser.get("/trail")).text)
