"""Pages beside a bare handler of the same framework, which runs the statements that a page ran and answers the same bytes.

    VOUCH_DATABASE_URL=... VOUCH_DATA=... python bench/beside_bare.py [QUESTIONS] [ROUNDS]

The settings name a database that bench/country.py filled. Each of QUESTIONS (40) of a kind is asked of the app in this process,
and its statements with their values and its answer kept; then both are asked over HTTP in turn, ROUNDS (3) times, one question
at a time. A ratio of 1 would say that all of Vouch's own, from who asks to drawing the page, takes no time beside the database,
Litestar and HTTP.
"""

import asyncio
import os
import pickle
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent.parent))

os.environ["PICCOLO_CONF"] = "piccolo_conf"

import aiosqlite
import asyncpg
import httpx

import database
from base import settings
from bench import askers
from bench.served import Service, service
from database.units import UnitKind
from sharing.sign_in import sessions

KINDS: Final = ("a need, 10 miles", "the supplier with the most reviews", "our suppliers", "our trail")
WARMING: Final = 10  # questions, of each kind and service
Statement = tuple[str, str, tuple[Any, ...]]  # which method of the connection, and what it is given


async def recorded(path: str, token: str, client: httpx.AsyncClient) -> tuple[list[Statement], bytes]:
    """What one answer asks of the database, in order, and its body as sent."""
    said: list[Statement] = []
    owner: Any = asyncpg.Connection if database.is_postgres() else aiosqlite.Connection
    own = {name: getattr(owner, name) for name in ("fetch", "execute", "execute_fetchall") if hasattr(owner, name)}

    def noting(name: str) -> Any:
        def noted(connection: Any, sql: str, *values: Any, **options: Any) -> Any:
            said.append((name, sql, values))
            return own[name](connection, sql, *values, **options)

        return noted

    for name in own:
        setattr(owner, name, noting(name))
    try:
        async with client.stream("GET", path, headers=asking(token)) as answer:
            body = b"".join([part async for part in answer.aiter_raw()])
    finally:
        for name, method in own.items():
            setattr(owner, name, method)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return said, body


def asking(token: str) -> dict[str, str]:
    return {"Cookie": f"{sessions.cookie_name()}={token}", "Accept": "text/html,*/*", "Accept-Encoding": "gzip"}


async def _recorded(questions: int) -> dict[str, list[tuple[str, str, list[Statement], bytes]]]:
    """By kind: the path, the token, the statements and the answer of each question."""
    from vouch.app import create_app  # noqa: PLC0415 - with it come the pages, which the bare service has no use for

    chosen = settings.current()
    await database.open(chosen)
    try:
        asking = await askers.prepared()
        app: Any = create_app(chosen)
        kinds = {what: (some, paths) for what, some, paths in askers.questions(asking, questions) if what in KINDS}
        found: dict[str, list[tuple[str, str, list[Statement], bytes]]] = {what: [] for what in kinds}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=chosen.origin) as client:
            for what, (some, paths) in kinds.items():
                for n, path in enumerate(paths):
                    token = some[n % len(some)].token
                    await recorded(path, token, client)  # once before: what is noted once a minute is no part of a page
                    found[what].append((path, token, *await recorded(path, token, client)))
        return found
    finally:
        await database.close()


def serve_bare(kept: str, port: str) -> None:
    """A service that knows the answers of the file ``kept`` and asks the database what they would have asked."""
    import uvicorn  # noqa: PLC0415 - here and below: for this process alone
    from litestar import Litestar, Response, get  # noqa: PLC0415

    answers: list[tuple[list[Statement], bytes]] = pickle.loads(Path(kept).read_bytes())  # noqa: S301 - our own file

    @get("/{number:int}")
    async def answer(number: int) -> Response[bytes]:
        statements, body = answers[number]
        async with database.engine().connection(UnitKind.READ) as connection:
            for method, sql, values in statements:
                await getattr(connection, method)(sql, *values)
        return Response(body, media_type="text/html; charset=utf-8", headers={"Content-Encoding": "gzip"})

    async def opened() -> None:
        await database.open(settings.current())

    app = Litestar([answer], on_startup=[opened], on_shutdown=[database.close], openapi_config=None)
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="critical", http="h11")


@contextmanager
def bare(answers: Sequence[tuple[list[Statement], bytes]]) -> Iterator[Service]:
    with tempfile.NamedTemporaryFile() as kept, socket.create_server(("127.0.0.1", 0)) as free:
        kept.write(pickle.dumps(answers))
        kept.flush()
        port = free.getsockname()[1]
        free.close()
        with subprocess.Popen([sys.executable, __file__, "--bare", kept.name, str(port)]) as process:  # noqa: S603 - ourselves
            try:
                _until_it_answers(port)
                yield Service(port, process.pid)
            finally:
                process.kill()


def _until_it_answers(port: int) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def timed(connection: HTTPConnection, path: str, token: str) -> float:
    began = time.perf_counter()
    connection.request("GET", path, headers=asking(token))
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status}")
    return (time.perf_counter() - began) * 1000


def main(questions: str = "40", rounds: str = "3") -> None:
    os.environ.setdefault("VOUCH_ORIGIN", "http://127.0.0.1:8000")
    kinds = asyncio.run(_recorded(int(questions)))
    every = [one for some in kinds.values() for one in some]
    print("| | statements | page | bare handler | ratio |\n|---|---|---|---|---|")
    with service() as serving, bare([(statements, body) for _, _, statements, body in every]) as beside:
        ours, theirs = serving.connection(), beside.connection()
        first = 0
        for what, some in kinds.items():
            taken: dict[str, list[float]] = {"page": [], "bare": []}
            for turn in range(int(rounds) + 1):
                for n, (path, token, _, _) in enumerate(some if turn else some[:WARMING]):
                    one, other = timed(ours, path, token), timed(theirs, f"/{first + n}", token)
                    if turn:
                        taken["page"].append(one)
                        taken["bare"].append(other)
            page, plain = (statistics.median(times) for times in taken.values())
            asked = statistics.median(len(statements) for _, _, statements, _ in some)
            print(f"| {what} | {asked:.0f} | {page:.1f} ms | {plain:.1f} ms | {plain / page:.2f} |", flush=True)
            first += len(some)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--bare"]:
        serve_bare(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
