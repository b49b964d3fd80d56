"""Serves Vouch until it is asked to stop: the port first, then the database, then the pages."""

import asyncio
import errno
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import structlog

import database
from audit.seals import keys
from audit.witnesses import witness
from base import settings
from base.settings import Settings, SettingsError
from database import migrations
from privacy import erasure
from sharing.joining import first_start
from suppliers.index import rebuilding
from vouch import fitness, waiting
from vouch.later import all_of_it_stays
from web import terminal
from web.http import logs

if TYPE_CHECKING:
    import uvicorn

Announcement = tuple[dict[str, Any], str]  # what a start has to say: for a program, and for a person

OF_PORTS: Final = frozenset({errno.EADDRINUSE, errno.EACCES})  # taken, or below 1024; anything else is about the address

HEADER_BYTES_MAX: Final = 64 * 1024  # twice what web/http/gate.py takes, so that what people meet is its sentence

CONNECTIONS_MAX: Final = 1_000  # past it 503, while there is still memory to say so

KEEP_ALIVE_SECONDS: Final = 20  # about as long as a person reads before the next click

SHUTDOWN_SECONDS: Final = 10  # for what is under way when asked to stop; no unit of work may wait longer for its turn


async def first_account() -> Announcement:
    await keys.signing()  # makes the key that signs seals, and refuses one that others may read
    await asyncio.to_thread(witness.prepare)
    link = await first_start.prepare()
    sentence = f"Open this to make the first account; it works once, and for three days:\n{link}\n" if link else ""
    return {"first_link": link}, sentence


def serve(chosen: Settings, prepare: Callable[[], Awaitable[Announcement]], *, as_json: bool, anew: bool = False) -> None:
    with database.serving_lock(chosen), _listening(chosen) as listener:
        for suffix in ("", "-wal", "-shm") if anew else ():
            Path(f"{chosen.sqlite_path}{suffix}").unlink(missing_ok=True)
        asyncio.run(_serve_until_stopped(chosen, listener, prepare, as_json=as_json))


def _listening(chosen: Settings) -> socket.socket:
    """Bound before anything else starts, so that a port in use is one sentence."""
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    try:
        listener = socket.create_server((chosen.host, chosen.port), family=family, backlog=waiting.BACKLOG)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)  # an unknown host has no errno
        other = "VOUCH_PORT" if error.errno in OF_PORTS else "VOUCH_HOST"
        raise SettingsError(
            f"Vouch can't listen on {chosen.host} port {chosen.port}: {reason}. Choose another with {other}."
        ) from error
    # asyncio does this for sockets of its own making only; without it an answer waits 40 ms for the one before to be acknowledged
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


async def _serve_until_stopped(
    chosen: Settings, listener: socket.socket, prepare: Callable[[], Awaitable[Announcement]], *, as_json: bool
) -> None:
    logs.configure(chosen.log_format)
    if chosen.is_sqlite:
        facts, sentence = await _prepared(chosen, prepare)
    else:
        facts, sentence = await waiting.for_database(lambda: _prepared(chosen, prepare), listener)
    server = _server(chosen)
    for variable in chosen.unsaid_of_operator:
        structlog.get_logger("vouch").warning("nobody is told who runs this installation", advice=f"Set {variable}.")
    for name in settings.unknown(os.environ):
        structlog.get_logger("vouch").warning("a setting that Vouch doesn't know", advice=fitness.misspelt(name))
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _stopped_already)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not (server.started or serving.done()):  # noqa: ASYNC110 - uvicorn has a flag, and no event
        await asyncio.sleep(0.01)
    if server.started:
        where = f"Vouch is at {chosen.origin} (Ctrl-C stops it)."
        terminal.answer({"url": chosen.origin} | facts, sentence + where, as_json=as_json)
    await serving
    if not server.started:
        raise SettingsError("Vouch could not start; the log says why.")


async def _prepared(chosen: Settings, prepare: Callable[[], Awaitable[Announcement]]) -> Announcement:
    """All that needs the database before the first page; it may be begun again."""
    async with terminal.opened():
        await terminal.make_ready()
        await erasure.replay()  # before anybody can read what a restored backup brought back
        if chosen.is_sqlite:
            await rebuilding.refresh(terminal.progress)
        announcement = await prepare()
        risk, advice = await migrations.serving_risk(), await rebuilding.advice()
    if advice is not None:
        structlog.get_logger("vouch").warning("the index of names is older than this version", advice=advice)
    if risk is not None:
        structlog.get_logger("vouch").warning("the database role could alter the trail", advice=risk)
    return announcement


def _server(chosen: Settings) -> "uvicorn.Server":
    with all_of_it_stays():
        import uvicorn  # noqa: PLC0415 - with the pages most of a second, which no other command needs

        from vouch.app import create_app  # noqa: PLC0415
        from web.http import connections  # noqa: PLC0415

        application = create_app(chosen)
    return uvicorn.Server(
        uvicorn.Config(
            application,
            http=connections.protocol(chosen.trusted_proxies),
            backlog=waiting.BACKLOG,  # CPython's accept loop goes round as often, and logs as often, when files run out
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # web/http/gate.py reads them, from VOUCH_TRUSTED_PROXIES only
            h11_max_incomplete_event_size=HEADER_BYTES_MAX,
            limit_concurrency=CONNECTIONS_MAX,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        )
    )


def _stopped_already(_signal: int, _frame: FrameType | None) -> None:
    """Uvicorn finishes what is under way and then raises the signal again, when there is nothing left to stop."""
