"""Heavy computing in a process of its own, which may use so much memory and time and no more, and gives both back at its end.

``async with child("some.module", order) as lines`` runs that module, whose last line is
``if __name__ == "__main__": worker.main(answers)``: answers(order) yields what goes back, a line of JSON each. It is given no
settings and no database. A refusal that it raises is raised here. ``waited_for`` does the same where nothing else waits.
"""

import json
import resource
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from base.refusals import Invalid, TooLarge

if TYPE_CHECKING:
    import asyncio

ROOT: Final = Path(__file__).parents[1]
MEMORY: Final = 1_500_000_000  # bytes of address space; bench/README.md says what 100,000 rows take
SECONDS: Final = 300  # of computing
PATIENCE: Final = 900  # seconds on the clock, on a busy machine
LONGEST_LINE: Final = 64 * 1024 * 1024  # bytes: 200 of the longest rows, every character escaped

TOO_MUCH: Final = "This file takes too much memory or time to read. Save only the sheet that matters, and choose that."

Line = dict[str, Any]


@asynccontextmanager
async def child(module: str, order: Line) -> AsyncIterator[AsyncIterator[Line]]:
    """The lines that the module sends. They raise Invalid or TooLarge, also half-way; leaving the block ends the process."""
    import asyncio  # noqa: PLC0415 - a third of what a child would import, and it has no use for it

    process = await asyncio.create_subprocess_exec(
        *_command(module, order, memory=MEMORY, seconds=SECONDS),
        cwd=ROOT,
        env=_ENVIRONMENT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=LONGEST_LINE,
    )
    try:
        yield _lines(process)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def waited_for(module: str, order: Line, *, memory: int, seconds: int) -> Iterator[Line]:
    """The same lines for whoever can wait. ``memory`` in bytes, ``seconds`` of computing; closing the iterator ends the child."""
    command = _command(module, order, memory=memory, seconds=seconds)
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env=_ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            for raw in process.stdout or ():
                line = _understood(raw)
                if line is None:
                    return
                yield line
            raise Invalid(TOO_MUCH)  # it was ended before its last line
        except ValueError as error:
            raise Invalid(TOO_MUCH) from error
        finally:
            process.kill()


def first_of(lines: Iterator[Line]) -> Line:
    """The one line of a child that has no more to say."""
    with closing(lines) as given:  # type: ignore[type-var]
        return next(given)


def main(answers: Callable[[Line], Iterator[Line]]) -> None:
    """Runs the child: sets its limits, then writes its answers, a line of JSON each."""
    given = json.loads(sys.argv[1])
    for what, most in ((resource.RLIMIT_AS, given["memory"]), (resource.RLIMIT_CPU, given["seconds"]), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))
    try:
        for line in answers(given["order"]):
            _say(line)
        _say({"end": True})
    except (Invalid, TooLarge) as refusal:
        _say({"refused": type(refusal).__name__, "sentence": refusal.sentence})
    except MemoryError:
        _say({"refused": Invalid.__name__, "sentence": TOO_MUCH})


def _say(line: Line) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


async def _lines(process: "asyncio.subprocess.Process") -> AsyncIterator[Line]:
    import asyncio  # noqa: PLC0415 - as above

    try:
        async with asyncio.timeout(PATIENCE):
            while raw := await process.stdout.readline():  # type: ignore[union-attr]  # it was asked for
                line = _understood(raw)
                if line is None:
                    return
                yield line
    except (TimeoutError, ValueError) as error:  # ValueError: a line that was cut off, or is too long
        raise Invalid(TOO_MUCH) from error
    raise Invalid(TOO_MUCH)  # it was ended before its last line


def _understood(raw: bytes) -> Line | None:
    """A line of the child's, None for its end. Raises its refusal, and ValueError for half a line."""
    line: Line = json.loads(raw)
    if "refused" in line:
        raise (TooLarge if line["refused"] == TooLarge.__name__ else Invalid)(line["sentence"])
    return None if "end" in line else line


def _command(module: str, order: Line, *, memory: int, seconds: int) -> tuple[str, ...]:
    given = json.dumps({"order": order, "memory": memory, "seconds": seconds})
    return sys.executable, "-m", module, given


_ENVIRONMENT: Final = {"PATH": "", "PYTHONIOENCODING": "utf-8"}
