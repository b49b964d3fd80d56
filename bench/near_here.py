"""How long pages take at a country's scale: asked over HTTP of the service itself, signed in, beside plain SQL for the same.

    VOUCH_DATABASE_URL=... VOUCH_DATA=... python bench/near_here.py [--questions N] [--at-once N] [--processes N]
        [--beside N] [--smaller URL DATA]

The settings name a database that bench/country.py filled. Of each kind so many questions (1,000), drawn by a seed, are asked
by people of schools in London and in villages, after a fifth as many to warm up, one at a time or several, of so many
processes of the service (1; on SQLite there is one) in turn. "Processor" is what these used of it for a question, without
PostgreSQL's part. So many of them (200) are also asked by the statements of bench/plain_search.py, which are timed alone, one
at a time, for two minutes at most: no page is drawn of them. "The same" is how much of the first twenty suppliers, or of the
shorter list, is on both. What "alive" takes is what HTTP and this machine cost whatever is asked. ``--smaller`` asks another
database too, before, and says how much longer each page takes here.
"""

import argparse
import asyncio
import json
import logging
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

import structlog

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ["PICCOLO_CONF"] = "piccolo_conf"

import database
from base import settings
from bench import askers, plain_search
from bench.askers import Asker, Asking
from bench.plain_search import Plain
from bench.served import Service, service
from sharing.sign_in import sessions

WARMING: Final = 5  # for so many questions one to warm up
FIRST: Final = 20  # suppliers of a page
LONGEST: Final = 120  # seconds of each kind in plain SQL, which may take many of them for one question
LEAST: Final = 2  # questions: of one there are no quantiles
COMPARED: Final = 50  # questions of each kind
_NAMED: Final = re.compile(r'href="/suppliers/[0-9a-f-]{36}">([^<]*)</a>')


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds of one kind; ``plain`` and ``same`` (0 to 1) None where nothing is asked beside it."""

    p50: float
    p99: float
    processor: float
    plain: tuple[float, float] | None
    same: float | None


def asked(connection: HTTPConnection, path: str, token: str, accept: str = "text/html,*/*", encoding: str = "gzip") -> bytes:
    """The answer; it has to be one."""
    cookie = f"{sessions.cookie_name()}={token}"
    connection.request("GET", path, headers={"Cookie": cookie, "Accept": accept, "Accept-Encoding": encoding})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status}")
    return body


def timed(services: Sequence[Service], paths: Sequence[str], some: Sequence[Asker], at_once: int) -> tuple[list[float], float]:
    """Milliseconds of each, and of the processor's for one."""

    def asked_of(turn: int) -> Iterator[float]:
        connections = [one.connection() for one in services]
        for n in range(turn, len(paths), at_once):
            began = time.perf_counter()
            asked(connections[n % len(connections)], paths[n], some[n % len(some)].token)
            yield (time.perf_counter() - began) * 1000
        for one in connections:
            one.close()

    before = sum(one.processor() for one in services)
    with ThreadPoolExecutor(at_once) as pool:
        times = [one for found in pool.map(lambda turn: list(asked_of(turn)), range(at_once)) for one in found]
    return times, (sum(one.processor() for one in services) - before) / len(paths)


def listed(connection: HTTPConnection, path: str, token: str) -> list[str]:
    """The suppliers of a search of whom somebody speaks, by their ids; or names, for several suppliers may have one."""
    if path.startswith("/search"):
        told = json.loads(asked(connection, path.replace("/search", "/api/v1/recommendations"), token, "application/json", ""))
        return [one["supplier"] for one in told["recommendations"]]
    return [unescape(name) for name in _NAMED.findall(asked(connection, path, token, encoding="").decode())]


async def beside(plain: Plain, ours: Service, paths: Sequence[str], some: Sequence[Asker]) -> tuple[list[float], float | None]:
    """Milliseconds of the plain statements for these questions, as many as LONGEST allows, and how much of the first suppliers is
    the same.
    """
    times, same, end = [], [], time.perf_counter() + LONGEST
    for n, path in enumerate(paths):
        if n >= LEAST and time.perf_counter() > end:
            break
        asker, began = some[n % len(some)], time.perf_counter()
        rows = await plain(path, asker)
        times.append((time.perf_counter() - began) * 1000)
        if n < COMPARED and plain_search.ranks(path) and rows:
            theirs = [str(row["id"]) if path.startswith("/search") else row["name"] for row in rows]
            # Another connection each time: the service ends one that waits for a slow statement.
            one, other = {*listed(ours.connection(), path, asker.token)[:FIRST]}, {*theirs[:FIRST]}
            same.append(len(one & other) / max(1, min(len(one), len(other))))
    return times, statistics.fmean(same) if same else None


async def measured(asking: Asking, chosen: argparse.Namespace) -> dict[str, Figures]:
    found: dict[str, Figures] = {}
    warming = max(1, chosen.questions // WARMING)
    with ExitStack() as stack:
        services = [stack.enter_context(service()) for _ in range(chosen.processes)]
        async with plain_search.plain(settings.current()) as plain:
            for what, some, paths in askers.questions(asking, chosen.questions + warming):
                timed(services, paths[:warming], some, 1)
                times, processor = timed(services, paths[warming:], some, chosen.at_once)
                if chosen.beside >= LEAST and plain_search.statements(paths[0], some[0]):
                    plainly, same = await beside(plain, services[0], paths[: chosen.beside], some)
                    found[what] = Figures(*_middle_and_end(times), processor, _middle_and_end(plainly), same)
                else:
                    found[what] = Figures(*_middle_and_end(times), processor, None, None)
                print(_row(what, found[what]), file=sys.stderr if chosen.as_json else sys.stdout, flush=True)
    return found


def _middle_and_end(times: Sequence[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def _row(what: str, one: Figures) -> str:
    plain = f"{one.plain[0]:.1f} ms | {one.plain[1]:.1f} ms" if one.plain else " | "
    same = "" if one.same is None else f"{one.same:.0%}"
    return f"| {what} | {one.p50:.1f} ms | {one.p99:.1f} ms | {one.processor:.1f} ms | {plain} | {same} |"


def of_smaller(url: str, data: str) -> dict[str, Any]:
    """The figures of another database: this program asks it, with the same options."""
    command = [sys.executable, __file__, *_without_smaller(sys.argv[1:]), "--as-json"]
    env = os.environ | {"VOUCH_DATABASE_URL": url, "VOUCH_DATA": data}
    answer = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True)  # noqa: S603 - ourselves
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def _without_smaller(given: list[str]) -> list[str]:
    at = given.index("--smaller")
    return given[:at] + given[at + 3 :]


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Times pages at a country's scale.")
    parser.add_argument("--questions", type=int, default=1_000, help="of each kind")
    parser.add_argument("--at-once", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1, help="of the service")
    parser.add_argument("--beside", type=int, default=200, help="questions of each kind in plain SQL; fewer than 2 are none")
    parser.add_argument("--smaller", nargs=2, metavar=("URL", "DATA"), help="a smaller database, to say how pages grow")
    parser.add_argument("--as-json", action="store_true")
    return parser.parse_args()


def main() -> None:
    chosen = options()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))  # not of each who signs in
    smaller = of_smaller(*chosen.smaller) if chosen.smaller else {}
    asking = asyncio.run(_prepared())
    if not chosen.as_json:
        print("| | p50 | p99 | processor | plain SQL, p50 | p99 | the same |\n|---|---|---|---|---|---|---|")
    found = asyncio.run(measured(asking, chosen))
    if chosen.as_json:
        print(json.dumps({what: asdict(one) for what, one in found.items()}))
    if smaller:
        print("\n| grows by | p50 | p99 | processor |\n|---|---|---|---|")
        for what, one in found.items():
            ratios = (asdict(one)[which] / max(smaller[what][which], 0.01) for which in ("p50", "p99", "processor"))
            print(f"| {what} | {' | '.join(f'{ratio:.2f}' for ratio in ratios)} |")


async def _prepared() -> Asking:
    await database.open(settings.current())
    try:
        return await askers.prepared()
    finally:
        await database.close()


if __name__ == "__main__":
    main()
