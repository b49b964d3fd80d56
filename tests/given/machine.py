"""Somebody's machine: a checkout, a PATH of its own with what is on it, and a python3 that notes what it is asked."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.given.patience import PATIENCE

NEEDED = ("sh", "cat", "cksum", "readlink", "dirname", "rm", "mkdir", "cp", "env")
PYTHON = """#!/bin/sh
echo "python $*" >>"$MACHINE/asked"
case "$*" in
*"import ensurepip"*) [ -e "$MACHINE/ensurepip" ] ;;
"-m venv"*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
*"pip install"*) [ ! -e "$MACHINE/offline" ] ;;
*"/checkout "*) env >"$MACHINE/environment" ;;
esac
"""


@dataclass(frozen=True)
class Machine:
    """A checkout and a PATH of its own."""

    folder: Path

    @property
    def checkout(self) -> Path:
        return self.folder / "checkout"

    @property
    def asked(self) -> list[str]:
        return (self.folder / "asked").read_text().splitlines()

    def has(self, command: str, script: str) -> None:
        path = self.folder / "bin" / command
        path.write_text(script)
        path.chmod(0o755)

    def run(self, *args: str, script: Path | None = None, **env: str) -> "subprocess.CompletedProcess[str]":
        own = {"PATH": str(self.folder / "bin"), "MACHINE": str(self.folder), **env}
        command = ["sh", str(script or self.checkout / "run"), *args]
        return subprocess.run(command, env=own, cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE, check=False)

    def count(self, what: str) -> int:
        return sum(what in line for line in self.asked)
