"""The PostgreSQL server that a test run brings: it ends with the run, even when the run is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.given.checkout import ROOT
from tests.given.patience import comes

pytestmark = [pytest.mark.pure, pytest.mark.program]  # it brings a server of its own

# A shell's background job ignores Ctrl-C, and its children would too.
HOLD = """
import signal, sys
from tests.given.postgres import server
signal.signal(signal.SIGINT, signal.default_int_handler)
with server() as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@pytest.mark.fault
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_server_and_its_folder_go_however_the_run_ends(how: signal.Signals) -> None:
    env = {name: value for name, value in os.environ.items() if name != "VOUCH_TEST_DATABASE_URL"}
    command = [sys.executable, "-c", HOLD]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as run:
        assert run.stdout is not None
        folder = Path(run.stdout.readline().strip().partition("host=")[2])
        pid = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        run.send_signal(how)
    assert comes(lambda: not folder.exists())
    assert comes(lambda: not Path(f"/proc/{pid}").exists())


def test_a_server_that_is_given_is_used_as_it_is() -> None:
    code = "from tests.given.postgres import server\nwith server() as url:\n    print(url)"
    env = os.environ | {"VOUCH_TEST_DATABASE_URL": "postgresql://given/test"}
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, env=env, text=True) == "postgresql://given/test\n"
