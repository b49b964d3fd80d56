"""Do the tests see it when a line on which others rest is wrong? Breaks each line of ``mutations.py`` in turn, in a copy.

``./run bench mutants`` tries them all (some minutes, SQLite); ``./run bench mutants ranking`` those whose area or name has
that word. Prints a table for bench/README.md and ends with status 1 when one was missed. First the tests run with nothing
broken, since tests that fail anyway would catch everything.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.mutation import ROOT, Mutation, own_tests
from bench.mutations import MUTATIONS

LONGEST: Final = 600  # seconds of one run of tests: broken code may run for ever
PASSED, FAILED = 0, 1  # of pytest's exit statuses; any other one says nothing about the line
MADE_HERE: Final = {".git", ".venv", ".hypothesis", "data", "build", "dist", "node_modules"}  # beside the code, none of it


class Answer(NamedTuple):
    area: str
    mutation: Mutation
    is_caught: bool
    seconds: float


def main() -> None:
    words = sys.argv[1:]
    chosen = [(area, one) for area, some in MUTATIONS.items() for one in some if _is_meant(words, area, one)]
    if not chosen:
        raise SystemExit(f"no mutation has {' '.join(words)} in its area or name")
    with tempfile.TemporaryDirectory(prefix="vouch-mutants-") as folder:
        copy = Path(folder) / "vouch"
        shutil.copytree(ROOT, copy, ignore=_not_the_code)
        for _, mutation in chosen:
            _require_once(copy, mutation)
        _require_sound(copy, [mutation for _, mutation in chosen])
        answers = [_tried(copy, area, mutation) for area, mutation in chosen]
    missed = sum(not answer.is_caught for answer in answers)
    print(_table(answers))
    raise SystemExit(1 if missed else 0)


def _require_once(copy: Path, mutation: Mutation) -> None:
    found = (copy / mutation.file).read_text().count(mutation.before)
    if found != 1:
        raise SystemExit(f"{mutation.name}: {mutation.file} has {mutation.before!r} {found} times instead of once")


def _table(answers: Iterable[Answer]) -> str:
    """Markdown: how many of each area were caught, and what was missed by name."""
    rows = ["| what is broken | where | the tests | seconds |", "|---|---|---|---|"]
    answers, area = list(answers), ""
    for answer in answers:
        if answer.area != area:
            area = answer.area
            some = [one.is_caught for one in answers if one.area == area]
            rows.append(f"| **{area}** | | **{sum(some)} of {len(some)}** | |")
        said = "caught" if answer.is_caught else "**missed**"
        rows.append(f"| {answer.mutation.name} | `{answer.mutation.file}` | {said} | {answer.seconds:.0f} |")
    caught = sum(answer.is_caught for answer in answers)
    return "\n".join([*rows, "", f"{caught} of {len(answers)} caught, {len(answers) - caught} missed."])


def _is_meant(words: list[str], area: str, mutation: Mutation) -> bool:
    return not words or any(word in f"{area} {mutation.name}" for word in words)


def _not_the_code(folder: str, names: list[str]) -> set[str]:
    """Of the checkout itself what is made in it; of every folder what Python left there."""
    return {name for name in names if name == "__pycache__" or (Path(folder) == ROOT and name in MADE_HERE)}


def _require_sound(copy: Path, mutations: list[Mutation]) -> None:
    """Raises SystemExit when a test fails, or can't run, although nothing is broken."""
    files = dict.fromkeys(file for mutation in mutations for file in own_tests(mutation, copy))
    _say(f"{len(files)} test files with nothing broken")
    if _pytest(copy, list(files), [PASSED]) != PASSED:
        raise SystemExit("These tests fail although nothing is broken, so they can't tell.")


def _tried(copy: Path, area: str, mutation: Mutation) -> Answer:
    began = time.perf_counter()
    with _broken(copy, mutation):
        status = _pytest(copy, own_tests(mutation, copy))
    if status not in (PASSED, FAILED):
        raise SystemExit(f"{mutation.name}: the tests could not run at all, so this says nothing. Break the line in another way.")
    answer = Answer(area, mutation, status == FAILED, time.perf_counter() - began)
    _say(f"{'caught' if answer.is_caught else 'MISSED'} in {answer.seconds:3.0f} s: {mutation.name}")
    return answer


@contextmanager
def _broken(copy: Path, mutation: Mutation) -> Iterator[None]:
    """The copy with one line broken. Then the file is as before, its time included: by that Python knows what it compiled."""
    path = copy / mutation.file
    sound, times = path.read_text(), path.stat()
    path.write_text(sound.replace(mutation.before, mutation.after))
    try:
        yield
    finally:
        path.write_text(sound)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _pytest(copy: Path, files: list[str], wanted: Sequence[int] = (PASSED, FAILED)) -> int:
    """The exit status; what pytest said is shown when that is not among the ``wanted``."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "--tb=line", "-p", "bench.no_shrinking", *files]
    environment = os.environ | {"VOUCH_TEST_ENGINE": "sqlite"}
    try:
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False)  # noqa: S603 - our own tests
    except subprocess.TimeoutExpired:
        return FAILED
    if done.returncode not in wanted:
        _say(done.stdout[-2_000:] + done.stderr[-2_000:])
    return done.returncode


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
