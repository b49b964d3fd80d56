"""Runs the whole suite at once, in several pytest processes, and ends with one plain count and the ten slowest tests.

``python tests/both_engines.py quick`` leaves out PostgreSQL and what drives a browser, starts programs or breaks the machine.
Each part's output is shown when the part is done, or when it takes too long and is ended. Exit status 1 if any failed.
"""

import compileall
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

ROOT = Path(__file__).parent.parent
SLOWEST: Final = 10
LIMIT: Final = 60 * 60  # seconds from the start: several times what a part takes, and time is left to say what it did


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    engine: str
    chosen: tuple[str, ...]  # pytest's arguments


@dataclass(frozen=True, slots=True)
class Timed:
    seconds: float
    test: str


@dataclass(frozen=True, slots=True)
class Result:
    passed: int
    failed: int
    times: tuple[Timed, ...] = ()


# What mostly waits, for a browser or a program, runs beside the two engines and fills the gaps on two cores.
WAITING: Final = "browser or program"
_SAYS_SO: Final = re.compile(r"\bmark\.(browser|program)\b")


def waiting_files() -> tuple[str, ...]:
    """The few files that hold such tests, by their text, so that the part which runs them reads no others (conftest.py looks)."""
    files = sorted(path for path in ROOT.glob("tests/**/test_*.py") if _SAYS_SO.search(path.read_text(encoding="utf-8")))
    return tuple(str(path.relative_to(ROOT)) for path in files)


# Two halves, one a core; what is in neither folder of the first is in the second.
HALF: Final = ("tests/suppliers", "tests/promises")
OTHER_HALF: Final = tuple(f"--ignore={folder}" for folder in HALF)
MOSTLY: Final = ("-m", f"not ({WAITING})")
# More parts than cores, so that none of these is idle while the longest part goes on alone.
PARTS: Final = (
    Part("SQLite, suppliers and promises", "sqlite", (*MOSTLY, *HALF)),
    Part("SQLite, the rest", "sqlite", (*MOSTLY, *OTHER_HALF)),
    Part("PostgreSQL", "postgres", MOSTLY),
    Part("Browser and programs", "sqlite", ("-m", WAITING, *waiting_files())),
)
QUICK: Final = ("-m", f"not ({WAITING} or fault)")
QUICK_PARTS: Final = (
    Part("SQLite, suppliers and promises", "sqlite", (*QUICK, *HALF)),
    Part("SQLite, the rest", "sqlite", (*QUICK, *OTHER_HALF)),
)


def main() -> int:
    began = time.monotonic()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it, and our parts would as well
    parts = QUICK_PARTS if sys.argv[1:] == ["quick"] else PARTS
    compile_once()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        runs = [stack.enter_context(_started(part, folder)) for part in parts]
        results = [_finished(part, run, folder, began + LIMIT) for part, run in zip(parts, runs, strict=True)]
    print("\n".join(summary(results, time.monotonic() - began)))
    return min(sum(result.failed for result in results), 1)


def compile_once() -> None:
    """What all parts import, which each would compile at the same time; nothing where the checkout may not be written."""
    for package in sorted(path.parent for path in ROOT.glob("*/__init__.py")):
        compileall.compile_dir(package, quiet=2, workers=os.cpu_count() or 1)


@contextmanager
def _started(part: Part, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """One pytest process; it ends with us, whatever happens."""
    first = [] if part.engine == "postgres" else ["nice", "-n", "5"]  # with a server of its own to wait for, it takes longest
    options = [f"--junit-xml={folder / part.name}.xml", "-o", f"cache_dir=.pytest_cache/{part.name}"]
    command = [*first, sys.executable, "-m", "pytest", *part.chosen, *options]
    # The hundreds of processes to come find everything compiled, unless the checkout may not be written.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env["VOUCH_TEST_ENGINE"] = part.engine
    with (
        (folder / f"{part.name}.txt").open("wb") as output,
        subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT) as run,
    ):
        try:
            yield run
        finally:
            run.terminate()


def _finished(part: Part, run: "subprocess.Popen[bytes]", folder: Path, deadline: float) -> Result:
    status = _status(run, deadline)
    print(f"\n{part.name}", flush=True)
    sys.stdout.buffer.write((folder / f"{part.name}.txt").read_bytes())
    sys.stdout.flush()
    return result(folder / f"{part.name}.xml", status, part.name)


def _status(run: "subprocess.Popen[bytes]", deadline: float, patience: float = 60) -> int:
    """Waits until ``deadline`` of time.monotonic(), then interrupts: pytest says where it is and what it had, if it still can.

    Failing that, it is asked for the traceback of every thread, which pytest has faulthandler write, and killed.
    """
    for number, seconds in ((signal.SIGINT, deadline - time.monotonic()), (signal.SIGABRT, patience), (signal.SIGKILL, patience)):
        try:
            return run.wait(max(0.0, seconds))
        except subprocess.TimeoutExpired:
            run.send_signal(number)
    return run.wait()


def result(report: Path, status: int, part: str) -> Result:
    """The counts and times of one process; one that ended badly without a verdict counts as a failure."""
    if not report.exists():
        return Result(passed=0, failed=1)
    suite = next(ElementTree.parse(report).iter("testsuite"))
    tests, skipped, failures, errors = (int(suite.attrib[key]) for key in ("tests", "skipped", "failures", "errors"))
    failed = failures + errors
    times = tuple(Timed(float(case.attrib["time"]), f"{_path(case)} ({part})") for case in suite.iter("testcase"))
    return Result(passed=tests - skipped - failed, failed=failed or int(status != 0), times=times)


def _path(case: ElementTree.Element) -> str:
    """tests/audit/test_note.py::TestVkey::test_… of the class and name that a report gives; as it can be given to pytest."""
    parts = case.attrib.get("classname", "").split(".")
    file = next((n + 1 for n, part in enumerate(parts) if part.startswith("test_")), len(parts))
    return "::".join(["/".join(parts[:file]) + ".py", *parts[file:], case.attrib["name"]])


def summary(results: Iterable[Result], seconds: float) -> list[str]:
    """The last lines: the slowest tests of all parts together, then how many passed, and the time by the clock."""
    results = list(results)
    slowest = sorted((one for result in results for one in result.times), key=lambda one: -one.seconds)[:SLOWEST]
    passed, failed = sum(result.passed for result in results), sum(result.failed for result in results)
    return [
        "",
        *(f"{one.seconds:7.1f} s  {one.test}" for one in slowest),
        "",
        f"{passed} passed, {failed} failed in {int(seconds) // 60} min {int(seconds) % 60} s",
    ]


if __name__ == "__main__":
    sys.exit(main())
