"""Packs in tests: a school with something to pack, what vouch/app.py hands to packs, and a pack opened again."""

import io
import json
import zipfile
from typing import Any
from uuid import UUID

from audit.packs import packs
from audit.packs.extent import Scope
from audit.packs.order import BuiltPack, Grade, PackOrder
from audit.verifier.verdict import PackVerdict
from audit.verifier.verify import verify_pack
from base.viewer import Viewer
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from vouch.wiring import SOURCES

EVERYTHING = Scope()


def order_of(viewer: Viewer, scope: Scope = EVERYTHING, grade: Grade = Grade.COMPLETE, **more: Any) -> PackOrder:
    return PackOrder(str(viewer.school), viewer.school_name, scope, grade, **more)


def about(*suppliers: UUID) -> Scope:
    return Scope(tuple(f"supplier:{supplier}" for supplier in suppliers))


async def packed(viewer: Viewer | None, order: PackOrder) -> tuple[bytes, BuiltPack]:
    """The bytes of a pack, built and not recorded."""
    to = io.BytesIO()
    built = await packs.build(viewer, order, to=to, sources=SOURCES)
    return to.getvalue(), built


def opened(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as found:
        return {name: found.read(name) for name in found.namelist()}


def lines_of(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["entries.jsonl"].splitlines()]


async def a_history(viewer: Viewer, name: str, text: str) -> UUID:
    """A supplier with a review, a note and a file; ``text`` is in all three."""
    supplier = (await directory.add(viewer, name=name)).id
    said = Opinion(interest=None, rating=4, praise=f"Praise {text}.", criticism=f"Blame {text}.", used_from=None)
    await reviews.review(viewer, supplier, opinion=said, version=None)
    await notes.note(viewer, supplier, about=About.PROBLEM, body=f"Late {text}.", files=[Upload(f"{text}.txt", text.encode())])
    return supplier


def verdict_on(pack: bytes, *keys: str, since: bytes | None = None) -> PackVerdict:
    return verify_pack(io.BytesIO(pack), keys=keys, since=None if since is None else io.BytesIO(since))
