"""Workers that are killed at any step, two at once, and any order of their steps: every key is told once, and none is lost."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import hypothesis
import pytest
from hypothesis import strategies as st

import database
from base import clock, outbox
from base.due import Due
from base.settings import Settings
from base.viewer import Viewer
from notices import hearing, lease, planning, reminding, writing
from notices.tables import Lease, Letter, Told
from notices.writing import Claim
from tests.conftest import Template, duplicate, opened
from tests.given.builders import a_person, a_school
from tests.given.examples import examples
from tests.given.reminders import TUESDAY, a_due, letters, source_of, told

MOST_STEPS = 200
LATER = TUESDAY + lease.LASTS + timedelta(seconds=1)


def killed_at(wanted: int) -> None:
    """From now on this process dies at its ``wanted``-th step: before and after each commit, and each change of a folder."""
    passed = 0

    def step() -> None:
        nonlocal passed
        passed += 1
        if passed == wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    store: Any = database.engine()
    commit, replace = store.commit, Path.replace

    async def committing(raw: Any) -> None:
        step()
        await commit(raw)
        step()

    def replacing(path: Path, target: Any) -> Any:
        step()
        replaced = replace(path, target)
        step()
        return replaced

    store.commit = committing
    setattr(Path, "replace", replacing)  # noqa: B010 - in a process that is about to die


def a_worker(url: str, moment: datetime, dues: Sequence[Due], *, before: Callable[[], None] = lambda: None) -> int:
    """Starts a process that reminds once; returns its number."""
    if pid := os.fork():
        return pid
    code = 1
    try:

        async def work() -> None:
            async with opened(url):
                with clock.at(moment):
                    before()
                    await reminding.remind([source_of(*dues)])

        asyncio.run(work())
        code = 0
    finally:
        os._exit(code)


def ended(pid: int) -> bool:
    """Waits for a worker; whether it came to its end."""
    _, status = os.waitpid(pid, 0)
    assert status in (0, signal.SIGKILL), status
    return status == 0


def inside(url: str, work: Callable[[], Awaitable[Any]]) -> Any:
    async def opening() -> Any:
        async with opened(url):
            return await work()

    return asyncio.run(opening())


async def some_dues() -> list[Due]:
    school = await a_school()
    people = [await a_person(school), await a_person(school, name="Bob Brown")]
    return [a_due(viewer, f"{name}{n}") for n, viewer in enumerate(people) for name in "ab"]


async def all_gone() -> None:
    async with database.housekeeping():
        for table in (Told, Letter, Lease):
            await table.delete(force=True)
    for path in list(outbox.everything()):
        path.unlink()


@pytest.fixture
def url(template: Template, tmp_path: Path) -> str:
    """A database that workers open by themselves: none is open here."""
    return asyncio.run(duplicate(template, tmp_path / "vouch.sqlite")).url


@pytest.mark.program
@pytest.mark.fault
@pytest.mark.parametrize(("is_sent", "later"), [(False, LATER), (True, LATER), (True, TUESDAY + timedelta(days=1))])
def test_a_worker_killed_at_any_step_leaves_a_next_one_that_tells_the_rest(url: str, is_sent: bool, later: datetime) -> None:
    dues = inside(url, some_dues)
    for n in range(1, MOST_STEPS):
        if ended(a_worker(url, TUESDAY, dues, before=lambda n=n: killed_at(n))):  # type: ignore[misc]
            break
        for path in outbox.waiting() if is_sent else ():
            outbox.put_away(path, outbox.SENT)
        assert ended(a_worker(url, later, dues))
        assert told(dues) == {due.sentence: 1 for due in dues}, n
        assert len({letter["Message-ID"] for letter in letters()}) == len(letters()) == 2, n
        assert ended(a_worker(url, later + lease.LASTS, dues))
        assert len(letters()) == 2, n
        inside(url, all_gone)
    assert n > 12  # lease, two letters of two commits and a file each, lease


@pytest.mark.program
@pytest.mark.fault
def test_workers_at_once_tell_each_thing_once(url: str) -> None:
    """The third begins when the lease of the first two has ended by its clock, so that two really write at the same time."""
    dues = inside(url, some_dues)
    for _ in range(10):
        workers = [a_worker(url, moment, dues) for moment in (TUESDAY, TUESDAY, LATER)]
        for pid in workers:
            assert ended(pid)
        assert ended(a_worker(url, LATER + lease.LASTS, dues))
        assert told(dues) == {due.sentence: 1 for due in dues}
        inside(url, all_gone)


STEPS = ("claim", "write", "finish", "die", "sent")
ORDER = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2)), max_size=25)


@hypothesis.settings(max_examples=examples(30), suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@hypothesis.given(order=ORDER)
async def test_in_any_order_of_any_workers_steps_every_key_is_told_once(people: list[Viewer], order: list[Any]) -> None:
    """Of three workers that know of no lease: what each claimed last and did not write yet is all that they remember."""
    dues = [a_due(viewer, f"{name}{n}") for n, viewer in enumerate(people) for name in "ab"]
    held: dict[int, tuple[planning.Hearer, Claim]] = {}
    with clock.at(TUESDAY):
        await all_gone()
        for step, worker in order:
            await taken(step, worker, dues, held)
        await writing.finish()
        with clock.at(TUESDAY + timedelta(days=1)):
            assert (await reminding.remind([source_of(*dues)])).failed == ()
    assert told(dues) == {due.sentence: 1 for due in dues}
    async with database.read():
        assert await Told.count() == len(dues)
        assert not await Letter.exists().where(Letter.written_at.is_null())
        keys: list[str] = await Letter.select(Letter.key).output(as_list=True)
    assert len(keys) == len(letters())


async def taken(step: str, worker: int, dues: list[Due], held: dict[int, tuple[planning.Hearer, Claim]]) -> None:
    if step == "claim" and worker not in held:
        person: UUID = dues[worker % len(dues)].person
        async with database.read():
            hearer = await hearing.hearer(person)
        assert hearer is not None
        for plan in planning.plans(hearer, [due for due in dues if due.person == person][: worker + 1], clock.today()):
            if claimed := await writing.claim(hearer, plan):
                held[worker] = (hearer, claimed)
    elif step == "write" and worker in held:
        await writing.write(*held.pop(worker))
    elif step == "finish":
        await writing.finish()
    elif step == "die":
        held.pop(worker, None)
    elif step == "sent":
        for path in outbox.waiting():
            outbox.put_away(path, outbox.SENT)


@pytest.fixture
async def people(db: Settings) -> list[Viewer]:
    school = await a_school()
    return [await a_person(school), await a_person(school, name="Bob Brown")]
