"""The documents that a school's entries name by their digest, for its own audit packs; and where the trail has their names."""

from collections.abc import AsyncIterator, Collection
from uuid import UUID

import audit
import database
from audit.erasing import erasure
from audit.erasing.erasure import OpeningKey
from audit.log.subjects import Subject
from contracts.documents.tables import Document


async def of_trail(
    trail: str, digests: Collection[str], *, unread: tuple[str, ...], criticism_kept_back: Collection[str]
) -> AsyncIterator[tuple[str, bytes]]:
    """(SHA-256 in hex, bytes) of those that are still there and not hidden, in order, each read by itself.

    Documents are records, not criticism: whoever may take the stream of the contract may have them, whatever else is unread.
    """
    del unread, criticism_kept_back
    if trail == audit.OPERATOR:
        return
    school = UUID(trail)
    for digest in sorted(digests):
        async with database.read():
            there = (Document.school == school) & (Document.digest == bytes.fromhex(digest)) & Document.hidden_at.is_null()
            found = await Document.select(Document.data).where(there).first()
        if found:
            yield digest, bytes(found["data"])


async def names_of(trail: str, contract: UUID, digest: str) -> set[OpeningKey]:
    """The openings that hold the names under which a file was added to a contract. Inside the caller's unit."""
    return await erasure.names_of_file(trail, Subject.CONTRACT.of(contract), digest)
