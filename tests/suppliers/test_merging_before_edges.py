"""A database from before merges were edges: what had joined stays joined, and can leave again."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

import audit
import database
from base import clock
from base.viewer import Role, Viewer
from database import migrations
from sharing.tables import Person, School
from suppliers.events import Event
from suppliers.merging import merges
from suppliers.tables import Merge, Note, Review, Supplier
from tests.conftest import ENGINE, Template, _order, _renamed, opened

OAKFIELD, ANN, OWN, ENTRY = (uuid4() for _ in range(4))
VIEWER = Viewer(ANN, "Ann", OAKFIELD, "Oakfield", Role.HEAD)


@pytest.fixture
async def before(template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[dict[str, UUID]]:
    """Open, with an own record that joined an entry: a review from before, and a note from after."""
    known, name = migrations._known(), f"test_{uuid4().hex}"
    if ENGINE == "postgres":
        await _order(template.server, f'CREATE DATABASE "{name}"')
    url = _renamed(template.server, name) if ENGINE == "postgres" else f"sqlite:///{tmp_path / 'old.sqlite'}"
    async with opened(url):
        monkeypatch.setattr(migrations, "_known", lambda: [one for one in known if one[1] < "suppliers_0002"])
        await migrations.migrate()
        yield await _as_it_was()
    if ENGINE == "postgres":
        await _order(template.server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _as_it_was() -> dict[str, UUID]:
    now, review, note = clock.now(), uuid4(), uuid4()
    async with audit.recording(VIEWER) as record:
        await School.raw(
            """INSERT INTO sharing_school (id, kind, name, search_name, phase, status, local_authority, town, postcode,
            registered_at) VALUES ({}, 'school', 'Oak', 'oak', '', 'open', '', '', '', {})""", OAKFIELD, now,
        )  # fmt: skip
        await Person.raw("INSERT INTO sharing_person (id, email, name, password_hash, is_operator, made_at)"
                         " VALUES ({}, 'a@b.example', 'Ann', 'x', {}, {})", ANN, False, now)  # fmt: skip
        into = "INSERT INTO suppliers_supplier (id, owner, name, exact_name, joined_to, made_at) VALUES ({}, {}, {}, {}, {}, {})"
        await Supplier.raw(into, ENTRY, None, "Ashby Ltd", "ashby", None, now)
        await Supplier.raw(into, OWN, OAKFIELD, "Ashby", "ashby", ENTRY, now)
        await Review.raw("INSERT INTO suppliers_review (id, school, supplier, rating, praise, criticism, author, version,"
                         " written_at) VALUES ({}, {}, {}, 4, '', '', {}, 1, {})", review, OAKFIELD, ENTRY, ANN, now)  # fmt: skip
        await Note.raw("INSERT INTO suppliers_note (id, school, supplier, about, body, happened_on, author, version,"
                       " written_at) VALUES ({}, {}, {}, 'good', 'b', {}, {}, 1, {})",
                       note, OAKFIELD, ENTRY, now.date(), ANN, now)  # fmt: skip
        record(Event.REVIEW_WRITTEN, stream=f"supplier:{OWN}", subject=f"review:{review}")
        record(Event.SUPPLIER_JOINED, stream=f"supplier:{OWN}", subject=f"supplier:{OWN}")
        record(Event.NOTE_WRITTEN, stream=f"supplier:{ENTRY}", subject=f"note:{note}")
    return {"review": review, "note": note}


async def test_what_had_joined_is_an_edge_that_can_be_undone(before: dict[str, UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    async with database.read():
        (was,) = await Supplier.raw("SELECT * FROM suppliers_supplier WHERE joined_to IS NOT NULL")
    monkeypatch.undo()
    assert "suppliers_0003" in await migrations.migrate()
    async with database.read():
        (merge,) = await Merge.select()
        (is_now,) = await Supplier.raw("SELECT * FROM suppliers_supplier WHERE joined_to IS NOT NULL")
        (review,), (note,) = await Review.select(), await Note.select()
    assert (merge["owner"], merge["from_supplier"], merge["to_supplier"]) == (OAKFIELD, OWN, ENTRY)
    assert abs((merge["merged_at"] - clock.now()).total_seconds()) < 60
    assert {name: is_now[name] for name in was} == was
    assert (review["written_for"], note["written_for"]) == (OWN, None)
    await merges.undo(VIEWER, merge["id"])
    async with database.read():
        assert await Review.select(Review.supplier, Review.written_for) == [{"supplier": OWN, "written_for": None}]
        assert await Note.select(Note.supplier) == [{"supplier": ENTRY}]


async def test_entries_can_join_each_other_and_nothing_itself(before: dict[str, UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    into = "INSERT INTO suppliers_supplier (id, owner, name, exact_name, joined_to, made_at) VALUES ({}, {}, {}, {}, {}, {})"
    other, third = uuid4(), uuid4()
    with pytest.raises(Exception, match=r"(?i)check"):
        async with database.write():
            await Supplier.raw(into, other, None, "B", "b", ENTRY, clock.now())
    monkeypatch.undo()
    await migrations.migrate()
    async with database.write():
        await Supplier.raw(into, other, None, "B", "b", ENTRY, clock.now())
    with pytest.raises(Exception, match=r"(?i)check"):
        async with database.write():
            await Supplier.raw(into, third, None, "C", "c", third, clock.now())


@pytest.mark.skipif(ENGINE == "postgres", reason="only SQLite's own text was changed in place")
async def test_the_file_is_sound_and_every_connection_knows_the_new_rule(
    before: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    await migrations.migrate()
    async with database.read():
        assert await Merge.raw("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        assert await Merge.raw("PRAGMA foreign_key_check") == []
        (told,) = await Merge.raw("SELECT sql FROM sqlite_schema WHERE name = 'suppliers_supplier'")
    assert "none_joins_itself" in told["sql"]
    assert "only_an_own_record" not in told["sql"]
