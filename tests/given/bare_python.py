"""The published verifier as an auditor starts it: on a Python that has nothing but its standard library."""

import subprocess
import sys
from pathlib import Path

from tests.given.checkout import ROOT

FILE = ROOT / "audit/verifier/vouch_verify.py"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Without this environment's packages, paths and settings."""
    command = [sys.executable, "-I", "-S", FILE, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)
