"""A process that is killed between two batches of an import: another carries on, and nothing is imported twice or lost."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest

from base import clock
from base.viewer import Role, Viewer
from contracts.imports import adding, background, imports
from contracts.lists import whole
from contracts.register_rows.states import ImportState
from tests.conftest import Template, duplicate, opened
from tests.given.builders import a_person, a_school
from tests.given.patience import PATIENCE

pytestmark = [pytest.mark.program, pytest.mark.fault]

ROWS: Final = 25
BATCH: Final = 10
LINES: Final = [f"Contract {n},Supplier {n},01/09/2024,31/08/2027,3 months" for n in range(ROWS)]
CONTENT: Final = "\n".join(("Contract,Supplier,Start,End,Notice", *LINES)).encode()
DEAD_FOR: Final = background.work.lease + timedelta(seconds=1)  # until then nobody can know that it died, and nobody takes over


def inside(url: str, work: Callable[[], Awaitable[Any]]) -> Any:
    async def opening() -> Any:
        async with opened(url):
            return await work()

    return asyncio.run(opening())


async def ready() -> tuple[Viewer, UUID]:
    ann = await a_person(await a_school("Oakfield Primary"), Role.BUSINESS_MANAGER)
    import_id = await imports.upload(ann, CONTENT)
    await background.carry_on(ann, import_id, wait=PATIENCE)
    await imports.start(ann, import_id)
    return ann, import_id


def killed_in_a_child(url: str, ann: Viewer, import_id: UUID, after: int) -> None:
    """Imports in a process of its own that is killed once it has committed so many batches, and before it says so."""
    pid = os.fork()
    if not pid:
        try:
            _die_after(after)
            inside(url, lambda: background.carry_on(ann, import_id, wait=PATIENCE))
        finally:
            os._exit(1)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), status
    assert os.WTERMSIG(status) == signal.SIGKILL


def _die_after(batches: int) -> None:
    add, committed = adding._batch, 0

    async def adding_then_dying(*given: Any) -> tuple[int, bool]:
        nonlocal committed
        done = await add(*given)
        committed += 1
        if committed == batches:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(adding, "_batch", adding_then_dying)  # noqa: B010 - in a process that is about to die


async def carried_on(ann: Viewer, import_id: UUID, at: datetime) -> imports.ImportView:
    with clock.at(at):
        await background.carry_on(ann, import_id, wait=PATIENCE)
        return await imports.look(ann, import_id)


@pytest.mark.parametrize("batches", [1, 2])
def test_what_a_killed_process_left_is_carried_on_by_the_next(
    template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    monkeypatch.setattr(adding, "BATCH", BATCH)
    url = asyncio.run(duplicate(template, tmp_path / "vouch.sqlite")).url
    ann, import_id = inside(url, ready)
    killed_in_a_child(url, ann, import_id, batches)

    async def looked_at_by_another() -> Counter[str]:
        now = clock.now()
        while_it_may_live = await carried_on(ann, import_id, now)
        assert (while_it_may_live.state, while_it_may_live.imported) == (ImportState.IMPORTING, batches * BATCH)
        done = await carried_on(ann, import_id, now + DEAD_FOR)
        assert (done.state, done.imported) == (ImportState.DONE, ROWS)
        return Counter(str(one.said.values["title"]) for some in [x async for x in whole.readable(ann)] for one in some)

    assert inside(url, looked_at_by_another) == Counter(f"Contract {n}" for n in range(ROWS))
