"""What the signer remembers, which lies beside its key and not in the database, held against a trail and its stored seals."""

from typing import Final

from audit.seals import keys, recovery, signer

NOT_HERE: Final = "Not asked: whether these are the trails that were sealed. The signer's memory is not in {folder}."
LOST: Final = (
    "a seal of {size} entries was signed, and the trail does not lead on from it: "
    "an older backup was put back, or entries were changed"
)


def is_here() -> bool:
    """Whether this computer has what the signer remembers."""
    return (keys.folder() / signer.FILE).exists()


async def faults(trail: str) -> tuple[str, ...]:
    """What the trail lacks of what was signed, a clause each; nothing where the memory is not here. Opens its own units."""
    lost = await recovery.lost(trail)
    return (LOST.format(size=lost.size),) if lost else ()
