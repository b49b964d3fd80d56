"""A PostgreSQL server for one test, which the test starts, stops and starts again, and somebody in between on the way to it."""

import asyncio
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.given import postgres
from tests.given.patience import comes


@dataclass
class OwnServer:
    folder: Path
    binaries: Path
    user: str | None
    running: "subprocess.Popen[bytes] | None" = field(default=None)

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def start(self) -> None:
        options = [part for setting in postgres.FAST for part in ("-c", setting)]
        command = [str(part) for part in (self.binaries / "postgres", "-D", self.folder / "data", "-k", self.folder, *options)]
        with (self.folder / "log").open("ab") as log:
            self.running = subprocess.Popen(command, stdout=log, stderr=log, user=self.user, cwd="/", start_new_session=True)
        pid_file = self.folder / "data" / "postmaster.pid"
        assert comes(lambda: pid_file.exists() and pid_file.read_text().rstrip().endswith(("ready", "standby")))

    def become_standby(self) -> None:
        """Stopped, it starts as one that only follows, and may be promoted."""
        subprocess.run(["touch", self.folder / "data" / "standby.signal"], check=True, user=self.user)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """SIGQUIT at once, as a power cut; SIGINT ends what is under way and stops."""
        if self.running is not None:
            self.running.send_signal(how)
            self.running.wait()
            self.running = None


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Made, and not started yet."""
    with tempfile.TemporaryDirectory(prefix="vouch-own-pg-", dir=postgres.MEMORY, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        user = postgres._server_user(folder)
        binaries = postgres._binaries(folder)
        making = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync"]
        command = [str(part) for part in (binaries / "initdb", "-D", folder / "data", *making)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=user, cwd="/")
        server = OwnServer(folder, binaries, user)
        try:
            yield server
        finally:
            server.stop()


@dataclass
class Between:
    """What stands between Vouch and the server at ``socket``: passes everything on, but for what a test sets."""

    socket: str
    starting: Callable[[bytes], bytes] = lambda message: message  # what becomes of the first message of a connection
    refusal: bytes = b""  # sent instead of passing the first message on
    cut_answer_to: bytes = b""  # passed on, and the connection is cut before the answer
    back: list[asyncio.StreamWriter] = field(default_factory=list)  # where answers go, one for each connection

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        length = int.from_bytes(await reader.readexactly(4), "big")
        first = await reader.readexactly(length - 4)
        if self.refusal:
            writer.write(self.refusal)
            writer.close()
            return
        there_reader, there_writer = await asyncio.open_unix_connection(self.socket)
        there_writer.write(_framed(self.starting(first)))
        self.back.append(writer)
        try:
            await asyncio.gather(self._asked(reader, there_writer, writer), _passed(there_reader, writer))
        finally:
            writer.close()
            there_writer.close()

    async def _asked(self, reader: asyncio.StreamReader, there: asyncio.StreamWriter, back: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if self.cut_answer_to and self.cut_answer_to in data:
                    back.transport.abort()
                    there.write(data)
                    await there.drain()
                    await asyncio.sleep(0.2)  # the server does what it was asked
                there.write(data)
        there.close()


async def _passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
    writer.close()


def _framed(first: bytes) -> bytes:
    return (len(first) + 4).to_bytes(4, "big") + first


@asynccontextmanager
async def between(url: str) -> AsyncIterator[tuple[Between, str]]:
    """Somebody in between, and the address at which to find them instead of ``url``, a server's on a socket."""
    with tempfile.TemporaryDirectory(prefix="vouch-between-") as folder:
        there = url.partition("?host=")[2]
        made, passing = Between(f"{there}/.s.PGSQL.5432"), set[asyncio.Task[None]]()

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            passing.add(asyncio.create_task(made.serve(reader, writer)))

        server = await asyncio.start_unix_server(connected, f"{folder}/.s.PGSQL.5432")
        try:
            yield made, url.replace(there, folder)
        finally:
            server.close()
            for task in passing:
                task.cancel()
            await asyncio.gather(*passing, return_exceptions=True)


def without_settings(first: bytes) -> bytes:
    """A first message that asks for nothing but user and database, as pgbouncer passes on with ignore_startup_parameters."""
    words = first[4:].rstrip(b"\0").split(b"\0")
    kept = {name: value for name, value in zip(words[::2], words[1::2], strict=True) if name in (b"user", b"database")}
    return first[:4] + b"".join(name + b"\0" + value + b"\0" for name, value in kept.items()) + b"\0"


def fatal(state: str, message: str) -> bytes:
    """An ErrorResponse of the protocol."""
    fields = b"".join(kind + text.encode() + b"\0" for kind, text in ((b"S", "FATAL"), (b"C", state), (b"M", message)))
    body = fields + b"\0"
    return b"E" + (len(body) + 4).to_bytes(4, "big") + body
