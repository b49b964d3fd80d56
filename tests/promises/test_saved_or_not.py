"""Nobody is told that nothing was saved where something was, and what only shows is shown while nothing can be saved."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from asyncpg import DiskFullError

import database
from base import clock
from database import saving
from database.units import UnitKind
from sharing.sign_in import sessions
from tests.conftest import Template
from tests.given.acts import ACTS, Act
from tests.given.builders import signed_in, stranger
from tests.given.examples import whole_on_sqlite
from tests.given.routes import Route, changing, read, reading, send
from tests.given.town import Town, town_of

DONE = frozenset({200, 201, 204, 303})
CASES = [(route, act) for route in changing() for act in ACTS.get(route.key, ())]

# What takes several units of work, so that the answer may say "look first" after the first of them; each with the reason.
FILES: Final = "a spreadsheet is read, checked and added in the background, and the answer says how far it is"
SCRUBS: Final = "what the erased rows took is freed outside any unit: a failure there is the operator's to mend"
READS_LONG: Final = "the trail is read in short units, each of its own, so that a long file holds up no writer"
IN_STEPS: Final = {
    "POST /contracts/import": FILES,
    "POST /contracts/imports/{register_id}/columns": FILES,
    "POST /contracts/imports/{register_id}/answers": FILES,
    "POST /contracts/imports/{register_id}/names/{named}": FILES,
    "POST /contracts/imports/{register_id}/start": FILES,
    "POST /contracts/imports/{register_id}/unknown": FILES,
    "POST /contracts/imports/{register_id}/questions": FILES,
    "POST /contracts/{contract_id}/job-list": FILES,
    "POST /api/v1/suppliers/imports": FILES,
    "POST /api/v1/suppliers/imports/{import_id}/answers": FILES,
    "POST /api/v1/suppliers/imports/{import_id}/start": FILES,
    "PUT /api/v1/suppliers/imports/{import_id}/columns": FILES,
    "PUT /api/v1/suppliers/imports/{import_id}/sheet": FILES,
    "POST /suppliers/import": FILES,
    "POST /suppliers/imports/{import_id}/columns": FILES,
    "POST /suppliers/imports/{import_id}/sheet": FILES,
    "POST /suppliers/imports/{import_id}/start": FILES,
    "POST /directory/entries/{supplier_id}/erase": SCRUBS,
    "POST /erasures/{erasure_id}/approve": SCRUBS,
    "POST /erasures/outside/{waiting_id}/approve": SCRUBS,
    "POST /outside/erasure/{token}": SCRUBS,
    "POST /api/v1/trail/pack": READS_LONG,
    "POST /trail/download": READS_LONG,
    "POST /trail/packs": READS_LONG,
    "POST /contracts/{contract_id}/pack": READS_LONG,
    "POST /api/v1/contracts/{contract_id}/pack": READS_LONG,
    "POST /our-records/shares": "each thing is shared in a unit of its own, as on its page: what was not is still proposed",
    "POST /trail/seals/send": "the seal is signed in one unit and its letters are queued in another: it stands without them",
    "POST /join/{token}": "joining is saved, then the browser signs in as it does anywhere: without that, the person signs in",
}


@contextmanager
def busy_once_saved(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """From the first change of a request on, no further unit of work of it gets a connection. Yields those that asked."""
    asked: list[Any] = []
    real = database.engine().connection

    def connection(kind: Any) -> Any:
        if saving.is_anything():
            asked.append(kind)
            raise TimeoutError
        return real(kind)

    with monkeypatch.context() as patch:
        patch.setattr(database.engine(), "connection", connection)
        yield asked


async def test_what_was_saved_is_never_told_as_not_saved(
    template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every request that changes something, with the database gone at the moment after its change."""
    waiting, asking = whole_on_sqlite(CASES, start=2), dict[str, list[Any]]()
    while waiting:
        left = []
        async with town_of(template, tmp_path) as town:
            for route, act in waiting:
                with busy_once_saved(monkeypatch) as asked:
                    answer = await answered(town, route, act)
                assert "Nothing was saved" not in answer.text, route.key
                if asked:
                    asking[route.key] = asked
                    assert answer.status_code in DONE or (answer.status_code == 503 and "Something was saved" in answer.text), (
                        route.key,
                        answer.status_code,
                    )
                elif answer.status_code not in DONE:
                    left.append((route, act))
        assert len(left) < len(waiting), left[0][0].key
        waiting = left
    assert asking.keys() <= IN_STEPS.keys(), sorted(asking.keys() - IN_STEPS.keys())


async def answered(town: Town, route: Route, act: Act) -> Any:
    async with signed_in(town.viewers[act.who]) if act.who else stranger() as browser:
        return await send(browser, route, act, town)


@pytest.mark.fault
@pytest.mark.one_engine
async def test_everything_that_only_shows_is_shown_while_nothing_can_be_saved(
    template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each reader's minute is due to be noted, which is a write. The first of these to whom a route shows something reads it."""
    monkeypatch.setattr(sessions, "SEEN_EVERY", clock.now() - clock.now())
    waiting = [route for route in reading() if route.path != "/readyz"]  # which is to say so
    async with town_of(template, tmp_path) as town:
        for who in ("ann", "olive", "gus"):
            async with town.browser(who) as browser:
                as_usual = {route.key: (await read(browser, route, town)).status_code for route in waiting}
                with unwritable(monkeypatch):
                    shown = {route.key: (await read(browser, route, town)).status_code for route in waiting}
            assert as_usual == shown, who
            waiting = [route for route in waiting if as_usual[route.key] != 200]


@contextmanager
def unwritable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The disk is full: what begins to write fails."""
    real = database.engine().begin

    async def begin(connection: Any, kind: UnitKind) -> None:
        if kind is not UnitKind.READ:
            raise DiskFullError("no space left on device")
        await real(connection, kind)

    with monkeypatch.context() as patch:
        patch.setattr(database.engine(), "begin", begin)
        yield
