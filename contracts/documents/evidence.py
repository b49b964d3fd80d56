"""The documents that a school's entries name by their digest, for its own audit packs."""

from collections.abc import AsyncIterator, Collection
from uuid import UUID

import audit
import database
from audit.packs.takeaway import Attached
from contracts.documents.tables import Document


async def of_trail(
    trail: str, attached: Attached, *, unread: tuple[str, ...], criticism_kept_back: Collection[str]
) -> AsyncIterator[tuple[str, bytes]]:
    """(SHA-256 in hex, bytes) of those that are still there and not hidden, in order, each read by itself.

    Documents are records, not criticism: whoever may take the stream of the contract may have them, whatever else is unread.
    """
    del unread, criticism_kept_back
    if trail == audit.OPERATOR:
        return
    school = UUID(trail)
    for digest in sorted(attached):
        async with database.read():
            same = (Document.school == school) & (Document.digest == bytes.fromhex(digest))
            its = same & database.among(Document.id, attached[digest]) & Document.hidden_at.is_null()
            found = await Document.select(Document.data).where(its).first()
        if found:
            yield digest, bytes(found["data"])
