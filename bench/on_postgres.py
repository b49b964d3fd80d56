"""Which tests of rooms that translate alone give PostgreSQL a statement? Those have to be marked ``both_engines``.

``./run bench on_postgres`` asks every test of PostgreSQL (an hour) and prints the tests that lack the mark and those that no
longer need it. Two statements are one where they differ in values and in how many of them a list has.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

ROOT: Final = Path(__file__).parents[1]
SAYS_WHERE: Final = "VOUCH_STATEMENTS"
A_VALUE: Final = re.compile(r"\$\d+|'[^']*'|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b\d+\b", re.IGNORECASE)
A_LIST: Final = re.compile(r"\?(?:\s*,\s*\?)+|\(\?\)(?:\s*,\s*\(\?\))+")
NOT_ASKED: Final = "not (pure or browser or program or one_engine)"

Asked = Mapping[str, set[str]]  # what each test asked


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from tests.conftest import TRANSLATES  # noqa: PLC0415 - the suite reads the environment as it is imported

    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "statements.json")
        env = os.environ | {
            SAYS_WHERE: str(told),
            "VOUCH_TEST_ENGINE": "postgres",
            "VOUCH_TEST_EXAMPLES": "29",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "pytest", "-q", "-p", "bench.on_postgres", "-m", NOT_ASKED]
        subprocess.run(command, cwd=ROOT, env=env, check=True)  # noqa: S603 - our own tests
        both = json.loads(told.read_text())
    asked = {test: set(statements) for test, statements in both["asked"].items()}
    wanted = {function(test) for test in alone(asked, {test for test in asked if TRANSLATES.search(test.partition("::")[0])})}
    marked = {function(test) for test in both["marked"]}
    for sentence, tests in (("Lacks the mark", wanted - marked), ("May do without it", marked - wanted)):
        print("\n".join(f"{sentence}: {test}" for test in sorted(tests)))


def alone(asked: Asked, translating: set[str]) -> Iterator[str]:
    """Few of the tests that translate, between them with every statement that no other test asks."""
    others = set().union(*(statements for test, statements in asked.items() if test not in translating))
    left = set().union(*(asked[test] for test in translating)) - others
    while left:
        best = max(sorted(translating), key=lambda test: len(asked[test] & left))
        left -= asked[best]
        yield best


def function(test: str) -> str:
    return test.partition("[")[0]


# What follows is the plugin that ``main`` gives pytest.
_heard: set[str] = set()
_asked: dict[str, list[str]] = {}
_marked: list[str] = []


def pytest_configure() -> None:
    for name in ("execute", "_execute", "_executemany"):
        _listen(name)


def _listen(name: str) -> None:
    own = getattr(asyncpg.Connection, name)

    async def noted(self: Any, query: str, *args: Any, **more: Any) -> Any:
        _heard.add(A_LIST.sub("?", A_VALUE.sub("?", query)))
        return await own(self, query, *args, **more)

    setattr(asyncpg.Connection, name, noted)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    _heard.clear()
    if item.get_closest_marker("both_engines"):
        _marked.append(item.nodeid)
    try:
        return (yield)
    finally:
        _asked[item.nodeid] = sorted(_heard)


def pytest_unconfigure() -> None:
    Path(os.environ[SAYS_WHERE]).write_text(json.dumps({"asked": _asked, "marked": _marked}))


if __name__ == "__main__":
    main()
