"""The command as a person types it: started on a folder of its own, with what it said and how it ended."""

import json
import os
import socket
import subprocess
from pathlib import Path

import click

from tests.given.checkout import VOUCH
from tests.given.patience import PATIENCE


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
    env = environment(folder, **settings)
    return subprocess.run([*VOUCH, *args], env=env, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)


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
