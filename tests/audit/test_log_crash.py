"""Kill the service, or the database server beneath it, in the midst of writes: what was acknowledged is there, whole."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.given import crashing
from tests.given.crashing import Look
from tests.given.postgres import server

pytestmark = [pytest.mark.pure, pytest.mark.program, pytest.mark.fault]  # brings databases of its own

ROUNDS, WRITES = 3, 40


@contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'vouch.sqlite'}"


@contextmanager
def postgres(_: Path) -> Iterator[str]:
    """Tests' servers answer before their log is written; one that may be killed must not."""
    with server() as url:
        yield f"{url}&synchronous_commit=on"


@pytest.mark.parametrize("store", [sqlite, postgres])
def test_no_acknowledged_write_is_lost_and_no_change_stands_without_its_entry(store: object, tmp_path: Path) -> None:
    choose = random.Random(3)  # noqa: S311 - which moments to try, no secret
    acknowledged = set[str]()
    with store(tmp_path) as url:  # type: ignore[operator]  # one of the two above
        for number in range(ROUNDS):
            done = crashing.crash(url, number, choose.randrange(1, WRITES), choose).acknowledged
            assert done
            acknowledged |= set(done)
        assert crashing.faults(acknowledged, crashing.look(url)) == []


@pytest.mark.parametrize(
    "seen",
    [
        Look(["b"], ["b"], []),
        Look(["a"], [], []),
        Look(["a"], ["a", "b"], []),
        Look(["a"], ["a", "a"], []),
        Look(["a"], ["a"], ["the trail is broken"]),
    ],
)
def test_the_look_would_notice(seen: Look) -> None:
    assert crashing.faults({"a"}, seen) != []
    assert crashing.faults({"a"}, Look(["a", "b"], ["b", "a"], [])) == []
