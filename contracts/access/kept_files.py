"""The bytes of a contract's documents, and of what was photographed under it, for those who don't read them on their page.

Both are records, not criticism: an audit pack has them whatever else its reader may not read.
"""

from collections.abc import AsyncIterator, Collection
from typing import Any
from uuid import UUID

import audit
import database
from audit.packs.takeaway import Attached
from base.refusals import NotFound
from base.viewer import Viewer, must_write
from suppliers.opinions.attachments import File


async def of_trail(
    table: Any, trail: str, attached: Attached, *, unread: tuple[str, ...], criticism_kept_back: Collection[str]
) -> AsyncIterator[tuple[str, bytes]]:
    """(SHA-256 in hex, bytes) of what a trail's entries name and is there and not hidden, in order, each read by itself."""
    del unread, criticism_kept_back
    if trail == audit.OPERATOR:
        return
    for digest in sorted(attached):
        async with database.read():
            same = (table.school == UUID(trail)) & (table.digest == bytes.fromhex(digest))
            its = same & database.among(table.id, attached[digest]) & table.hidden_at.is_null()
            found = await table.select(table.data).where(its).first()
        if found:
            yield digest, bytes(found["data"])


async def hidden(viewer: Viewer, table: Any, file_id: UUID) -> File:
    """One of the school's that is hidden, for those who may have it erased. Raises Forbidden, NotFound."""
    must_write(viewer)
    async with database.read():
        ours = (table.id == file_id) & (table.school == viewer.school) & table.hidden_at.is_not_null()
        found = await table.objects().where(ours).first()
    if found is None:
        raise NotFound
    return File(found.filename, found.media_type, found.data)
