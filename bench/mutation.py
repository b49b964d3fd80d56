"""One way of breaking a line, and the tests that must see it. `mutations.py` lists them, `mutants.py` tries them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parent.parent


class Mutation(NamedTuple):
    """``name`` says what is wrong while ``before`` reads ``after``."""

    name: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]


def own_tests(mutation: Mutation, root: Path = ROOT) -> list[str]:
    """The test files that its patterns find, as paths from ``root``. Raises LookupError for a pattern that finds none."""
    found: list[str] = []
    for pattern in mutation.tests:
        some = sorted(path.relative_to(root).as_posix() for path in (root / "tests").glob(f"{pattern}.py"))
        if not some:
            raise LookupError(f"no test file is called {pattern}")
        found += [path for path in some if path not in found]
    return found


def of_one_file(file: str, tests: Sequence[str], *mutations: tuple[str, str, str]) -> tuple[Mutation, ...]:
    """Several of one file: the name of each, what stands there and what is put instead."""
    return tuple(Mutation(name, file, before, after, tuple(tests)) for name, before, after in mutations)
