"""Packs in tests: a school with something to pack, what app.py hands to packs, and a pack opened again."""

import io
import json
import zipfile
from typing import Any
from uuid import UUID

from audit import packs
from audit.extent import Scope
from audit.packs import Built, Grade, Order
from suppliers.sources import SOURCES
from web.viewer import Viewer

EVERYTHING = Scope()


def order_of(viewer: Viewer, scope: Scope = EVERYTHING, grade: Grade = Grade.COMPLETE, **more: Any) -> Order:
    return Order(str(viewer.school), viewer.school_name, scope, grade, **more)


def about(*suppliers: UUID) -> Scope:
    return Scope(tuple(f"supplier:{supplier}" for supplier in suppliers))


async def packed(viewer: Viewer | None, order: Order) -> tuple[bytes, Built]:
    """The bytes of a pack, built and not recorded."""
    to = io.BytesIO()
    built = await packs.build(viewer, order, to=to, sources=SOURCES)
    return to.getvalue(), built


def opened(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as found:
        return {name: found.read(name) for name in found.namelist()}


def lines_of(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["entries.jsonl"].splitlines()]
