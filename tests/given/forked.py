"""Starts the `vouch` command by forking a process that has imported what others wrote for it: a start of ours imports ours alone.

``python -m tests.given.forked NAME …`` imports the modules named, then reads orders from its input, a line of JSON each, and
answers each with a line: the exit status. Everything of Vouch is imported by the fork, with the environment of its order.
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import sys
import warnings
from typing import Any, NoReturn

from tests.given.checkout import ROOT


def main() -> None:
    for name in sys.argv[1:]:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(order)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - the answer


def _run(order: dict[str, Any]) -> NoReturn:
    """As ``python CHECKOUT args`` in that folder: the interpreter ends as it does after any program."""
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    for number, name in enumerate((os.devnull, order["stdout"], order["stderr"])):
        opened = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(opened, number)
    sys.argv = [str(ROOT), *order["args"]]
    sys.path[0] = str(ROOT)
    warnings.simplefilter("error")
    runpy.run_path(str(ROOT), run_name="__main__")
    sys.exit()


if __name__ == "__main__":
    main()
