"""The service in a process of its own, to be asked over HTTP."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Service:
    port: int
    process: int

    def connection(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port)

    def processor(self) -> float:
        """Milliseconds of the processor that it has used, without a database server's. On Linux only."""
        used = Path(f"/proc/{self.process}/stat").read_text().rpartition(") ")[2].split()
        return sum(int(ticks) for ticks in used[11:13]) * 1000 / os.sysconf("SC_CLK_TCK")  # of user and system: proc_pid_stat(5)


@contextmanager
def served() -> Iterator[HTTPConnection]:
    """The service itself, in a process of its own, to ask one question after another."""
    with service() as it:
        yield it.connection()


@contextmanager
def service() -> Iterator[Service]:
    """The service itself, in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = os.environ | {"VOUCH_PORT": str(port), "VOUCH_ORIGIN": f"http://127.0.0.1:{port}"}
    command = [sys.executable, str(ROOT), "serve"]
    with (
        tempfile.TemporaryFile("w+") as told,  # a pipe that nobody reads would stop the service in the middle of its log
        subprocess.Popen(command, env=env, stdout=told, stderr=told) as process,  # noqa: S603
    ):
        try:
            while "Vouch is at" not in (told.seek(0), told.read())[1]:
                if process.poll() is not None:
                    raise SystemExit("the service did not start")
                time.sleep(0.1)
            yield Service(port, process.pid)
        finally:
            process.kill()
