"""Is the process up, and can it do its work? Asked by load balancers and by whoever watches; tells nothing else."""

import asyncio
import time
from typing import Final

from litestar import Response, Router, get
from litestar.datastructures import State

import database
from base.refusals import Busy
from database import migrations
from web.http import problems
from web.pages.handlers import AnyRequest

READY_SECONDS: Final = 3  # a database slower than this is not ready
PROBE_SECONDS: Final = 5  # how often it is tried whether anything can be saved, however often it is asked


@get("/healthz", include_in_schema=False, opt={"public": True})
async def healthz() -> Response[dict[str, str]]:
    """200 while the process answers at all; asks nothing of the database."""
    return Response({"status": "up"})


@get("/readyz", include_in_schema=False, opt={"public": True})
async def readyz(request: AnyRequest) -> Response[dict[str, str]]:
    """200 when the database can be read and written and has the shape of this version, otherwise 503."""
    try:
        async with asyncio.timeout(READY_SECONDS):
            if await migrations.is_current() and await _can_save(request.app.state):
                return Response({"status": "ready"})
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the database, the answer is the same
        if isinstance(error, Busy):
            problems.log(error, "not ready")
    return Response({"status": "not ready"}, status_code=503, headers={"Retry-After": "5"})


async def _can_save(state: State) -> bool:
    """Tries it, now and then: a disk that is full, or a server that only follows another, still reads well."""
    now = time.monotonic()
    if now - state.get("tried_to_save_at", -PROBE_SECONDS) < PROBE_SECONDS:
        return bool(state.get("could_save", True))
    state["tried_to_save_at"] = now
    try:
        await database.probe()
    except BaseException:
        state["could_save"] = False
        raise
    state["could_save"] = True
    return True


pages = Router(path="/", route_handlers=[healthz, readyz])
