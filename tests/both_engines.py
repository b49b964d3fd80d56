"""Runs the whole suite on both engines at once, one pytest process each, and ends with one plain count.

SQLite's output comes as it goes, PostgreSQL's when it is done. Exit status 1 if either failed.
"""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Result:
    passed: int
    failed: int


def main() -> int:
    with tempfile.TemporaryDirectory() as name, (Path(name) / "postgres.txt").open("w+b") as output:
        folder = Path(name)
        with _pytest("postgres", folder, output=output) as postgres:
            try:
                with _pytest("sqlite", folder, output=None) as sqlite:
                    pass
                postgres.wait()
            finally:
                postgres.terminate()
        print("\nPostgreSQL", flush=True)
        output.seek(0)
        sys.stdout.buffer.write(output.read())
        results = (result(folder / "sqlite.xml", sqlite.returncode), result(folder / "postgres.xml", postgres.returncode))
    failed = sum(result.failed for result in results)
    print(f"\nSQLite ended with {sqlite.returncode}, PostgreSQL with {postgres.returncode}.")
    print(f"{sum(result.passed for result in results)} passed, {failed} failed")
    return min(failed, 1)


def _pytest(engine: str, folder: Path, *, output: IO[bytes] | None) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "pytest", f"--junit-xml={folder / engine}.xml", "-o", f"cache_dir=.pytest_cache/{engine}"]
    env = os.environ | {"VOUCH_TEST_ENGINE": engine}
    stderr = subprocess.STDOUT if output else None
    return subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=stderr)


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
