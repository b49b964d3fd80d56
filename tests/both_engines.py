"""Runs the whole suite at once, in three pytest processes, and ends with one plain count.

Each part's output is shown when the part is done. Exit status 1 if any failed.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    engine: str
    marked: str  # pytest's -m


@dataclass(frozen=True, slots=True)
class Result:
    passed: int
    failed: int


# What mostly waits, for a browser or a program, runs beside the two engines and fills the gaps on two cores.
WAITING: Final = "browser or program"
PARTS: Final = (
    Part("SQLite", "sqlite", f"not ({WAITING})"),
    Part("PostgreSQL", "postgres", f"not ({WAITING})"),
    Part("Browser and programs", "sqlite", WAITING),
)


def main() -> int:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        runs = [stack.enter_context(_started(part, folder)) for part in PARTS]
        results = [_finished(part, run, folder) for part, run in zip(PARTS, runs, strict=True)]
    failed = sum(result.failed for result in results)
    print(f"\n{sum(result.passed for result in results)} passed, {failed} failed")
    return min(failed, 1)


@contextmanager
def _started(part: Part, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """One pytest process; it ends with us, whatever happens."""
    options = [f"--junit-xml={folder / part.name}.xml", "-o", f"cache_dir=.pytest_cache/{part.name}"]
    command = [sys.executable, "-m", "pytest", "-m", part.marked, *options]
    env = os.environ | {"VOUCH_TEST_ENGINE": part.engine}
    with (
        (folder / f"{part.name}.txt").open("wb") as output,
        subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT) as run,
    ):
        try:
            yield run
        finally:
            run.terminate()


def _finished(part: Part, run: "subprocess.Popen[bytes]", folder: Path) -> Result:
    status = run.wait()
    print(f"\n{part.name}", flush=True)
    sys.stdout.buffer.write((folder / f"{part.name}.txt").read_bytes())
    sys.stdout.flush()
    return result(folder / f"{part.name}.xml", status)


def result(report: Path, status: int) -> Result:
    """The counts of one process; one that ended badly without a verdict counts as a failure."""
    if not report.exists():
        return Result(passed=0, failed=1)
    suite = next(ElementTree.parse(report).iter("testsuite")).attrib
    tests, skipped, failures, errors = (int(suite[key]) for key in ("tests", "skipped", "failures", "errors"))
    failed = failures + errors
    return Result(passed=tests - skipped - failed, failed=failed or int(status != 0))


if __name__ == "__main__":
    sys.exit(main())
