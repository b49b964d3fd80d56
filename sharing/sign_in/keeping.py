"""What somebody typed while their session ended, kept over signing in again: sealed, in the page of that sign-in alone.

Nothing is stored. The page holds the words as Fernet encrypts them, with a key that only this installation knows; whoever uses
the browser next reads nothing in it. They are given back to the account that typed them and to no other, for a day.
"""

import base64
import zlib
from datetime import timedelta
from typing import Final

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from base.viewer import Viewer
from sharing.sign_in import digests
from web.pages import marks
from web.pages.marks import Typed

LASTS: Final = timedelta(days=1)  # who is called away from a form may be back tomorrow morning
MOST: Final = 700_000  # characters, sealed: beside e-mail and password they fit into the body of a form
MOST_UNPACKED: Final = 2 * 1024 * 1024  # bytes: twice what a form may hold as text


async def sealed(typed: Typed) -> str:
    """For a hidden field of the sign-in page; "" for what is too long to be kept."""
    made = _fernet().encrypt(zlib.compress(msgspec.json.encode(typed))).decode()
    return made if len(made) <= MOST else ""


def opened(kept: str, viewer: Viewer) -> Typed | None:
    """None for what is not the viewer's, older than LASTS, or not made here."""
    try:
        packed = zlib.decompressobj().decompress(_fernet().decrypt(kept, ttl=int(LASTS.total_seconds())), MOST_UNPACKED)
        typed = msgspec.json.decode(packed, type=Typed)
    except (InvalidToken, zlib.error, msgspec.DecodeError):
        return None
    return typed if typed.by == marks.whose(viewer) else None


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(digests.key_for("what was typed")))
