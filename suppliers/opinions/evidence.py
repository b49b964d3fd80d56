"""The photos and files that a school's entries name by their digest, for its own audit packs and nobody else's."""

from collections.abc import AsyncIterator, Collection
from uuid import UUID

import audit
import database
from suppliers.opinions.notes import About
from suppliers.tables import Attachment, Note


async def of_trail(trail: str, digests: Collection[str], *, reads_criticism: bool) -> AsyncIterator[tuple[str, bytes]]:
    """(SHA-256 in hex, bytes) of those that are still there, in order, each read by itself: a file has up to 10 MB."""
    if trail == audit.OPERATOR:
        return
    for digest in sorted(digests):
        async with database.read():
            content = await _content(UUID(trail), bytes.fromhex(digest), reads_criticism=reads_criticism)
        if content is not None:
            yield digest, content


async def _content(school: UUID, digest: bytes, *, reads_criticism: bool) -> bytes | None:
    """The photo of a problem is criticism too, unless it is attached to something else as well."""
    found = await Attachment.select(Attachment.id, Attachment.note).where(
        Attachment.school == school, Attachment.digest == digest
    )
    if not reads_criticism and found:
        problems = await Note.select(Note.id).where(
            Note.school == school, database.among(Note.id, [row["note"] for row in found]), Note.about == About.PROBLEM.value
        )
        found = [row for row in found if row["note"] not in {problem["id"] for problem in problems}]
    if not found:
        return None
    stored = await Attachment.select(Attachment.data).where(Attachment.id == found[0]["id"]).first()
    return bytes(stored["data"]) if stored else None
