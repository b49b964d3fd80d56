"""Is the process up, and can it do its work? Asked by load balancers and by whoever watches; tells nothing else."""

import asyncio
from contextlib import suppress
from typing import Final

from litestar import Response, Router, get

from database import migrations

READY_SECONDS: Final = 3  # a database slower than this is not ready


@get("/healthz", include_in_schema=False, opt={"public": True})
async def healthz() -> Response[dict[str, str]]:
    """200 while the process answers at all; asks nothing of the database."""
    return Response({"status": "up"})


@get("/readyz", include_in_schema=False, opt={"public": True})
async def readyz() -> Response[dict[str, str]]:
    """200 when the database can be read and has the shape of this version, otherwise 503."""
    with suppress(Exception):  # whatever is wrong with the database, the answer is the same
        async with asyncio.timeout(READY_SECONDS):
            if await migrations.is_current():
                return Response({"status": "ready"})
    return Response({"status": "not ready"}, status_code=503, headers={"Retry-After": "5"})


pages = Router(path="/", route_handlers=[healthz, readyz])
