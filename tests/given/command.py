"""The command as a person types it: started on a folder of its own, with what it said and how it ended."""

import atexit
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import click

from tests.given.checkout import ROOT, VOUCH
from tests.given.patience import PATIENCE

OF_TESTS = frozenset({"_pytest", "pytest", "pytest_asyncio", "pluggy", "hypothesis", "playwright", "jsonschema", "openpyxl"})


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Ours without any VOUCH_* setting, then the given ones."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith("VOUCH_")}
    return rest | {"VOUCH_DATA": str(folder), "PYTHONWARNINGS": "error"} | settings


def commands_of(group: click.Group) -> dict[str, click.Command]:
    """By name, each imported."""
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def vouch(folder: Path, *args: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """As `python CHECKOUT args`, but for what takes longest of it: see ``tests/given/forked.py``. Others start it as it is."""
    forking = _forking()
    with tempfile.TemporaryDirectory() as name:
        out, err = Path(name, "stdout"), Path(name, "stderr")
        told = {"folder": str(folder), "args": args, "stdout": str(out), "stderr": str(err)}
        assert forking.stdin is not None
        assert forking.stdout is not None
        print(json.dumps(told | {"environment": environment(folder, **settings)}), file=forking.stdin, flush=True)
        if not select.select([forking.stdout], [], [], PATIENCE)[0]:
            _forking.cache_clear()
            forking.kill()
            raise subprocess.TimeoutExpired([*VOUCH, *args], PATIENCE)
        return subprocess.CompletedProcess([*VOUCH, *args], int(forking.stdout.readline()), out.read_text(), err.read_text())


@cache
def _forking() -> "subprocess.Popen[str]":
    """With what others wrote and our commands import, by name: what this process has."""
    theirs = [name for name, module in sys.modules.copy().items() if "site-packages" in (getattr(module, "__file__", "") or "")]
    names = [name for name in theirs if name.partition(".")[0] not in OF_TESTS]
    command = [sys.executable, "-m", "tests.given.forked", *names]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("VOUCH_", "PICCOLO_"))}
    process = subprocess.Popen(command, env=env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    atexit.register(process.stdin.close)
    return process


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def told_by(process: "subprocess.Popen[str]") -> dict[str, str | None]:
    """Waits for what a `vouch serve --json` says once it serves."""
    assert process.stdout is not None
    told: dict[str, str | None] = json.loads(next(line for line in process.stdout if '"url"' in line))
    return told


def refused(ended: "subprocess.CompletedProcess[str]") -> str:
    """The one sentence on stderr of a command that ended with status 1."""
    assert (ended.returncode, ended.stdout) == (1, "")
    (sentence,) = ended.stderr.splitlines()
    return sentence
