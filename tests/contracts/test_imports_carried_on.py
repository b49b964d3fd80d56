"""A process that dies half-way through an import: another carries on, and nothing is imported twice or lost."""

from typing import Final

import pytest

from base.viewer import Viewer
from contracts.imports import adding, background, imports
from contracts.lists import whole
from contracts.register_rows.states import ImportState
from database.leased import LeaseLost
from tests.given.patience import PATIENCE

pytestmark = pytest.mark.usefixtures("db")

ROWS: Final = 25
LINES: Final = [f"Contract {n},Supplier {n},01/09/2024,31/08/2027,3 months" for n in range(ROWS)]
CONTENT: Final = "\n".join(("Contract,Supplier,Start,End,Notice", *LINES)).encode()


async def looked_at(ann: Viewer) -> imports.ImportView:
    import_id = await imports.upload(ann, CONTENT)
    await background.carry_on(ann, import_id, wait=PATIENCE)
    return await imports.look(ann, import_id)


async def test_what_stopped_between_two_batches_is_carried_on_and_nothing_comes_twice(
    ann: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "BATCH", 10)
    found = await looked_at(ann)
    await imports.start(ann, found.id)
    batches = 0

    async def dies(_done: int, _total: int) -> None:
        nonlocal batches
        batches += 1
        if batches == 2:
            raise LeaseLost

    with pytest.raises(LeaseLost):
        await adding.add_all(ann, found.id, dies)
    assert (await imports.look(ann, found.id)).imported == 20
    await background.carry_on(ann, found.id, wait=PATIENCE)
    done = await imports.look(ann, found.id)
    assert (done.state, done.imported) == (ImportState.DONE, ROWS)
    titles = [one.said.values["title"] for some in [x async for x in whole.readable(ann)] for one in some]
    assert (len(titles), len(set(titles))) == (ROWS, ROWS)


async def test_two_who_look_at_an_import_at_once_import_each_row_once(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "BATCH", 5)
    found = await looked_at(ann)
    await imports.start(ann, found.id)
    await imports.start(ann, found.id)  # the second of two clicks
    await background.carry_on(ann, found.id, wait=PATIENCE)
    assert len([one async for some in whole.readable(ann) for one in some]) == ROWS
