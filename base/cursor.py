"""Where the next page of a list starts: the keys of the last row shown, as one opaque word.

It carries keys only, never a filter or a permission: each page asks both again.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from base.refusals import Invalid

CursorKey: TypeAlias = str | int | float | None

LONGEST: Final = 1_000  # characters of a cursor: a few keys, one of them a name of up to 400
LARGEST_NUMBER: Final = 2**63 - 1  # what both databases compare as an integer


def encode(*keys: CursorKey) -> str:
    raw = json.dumps(keys, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(cursor: str, *, keys: int) -> tuple[CursorKey, ...]:
    """Exactly ``keys`` keys, or Invalid for anything that ``encode`` can't have made."""
    if len(cursor) > LONGEST or not cursor.isascii():
        raise nonsense()
    try:
        found = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError) as error:
        raise nonsense() from error
    if not isinstance(found, list) or len(found) != keys or not all(map(_is_key, found)):
        raise nonsense()
    return tuple(found)


def an_id(key: CursorKey) -> UUID:
    """The id that a key of a cursor is. Raises Invalid where it is none."""
    try:
        return UUID(str(key))
    except ValueError as error:
        raise nonsense() from error


def a_moment(key: CursorKey) -> datetime:
    """The moment that a key of a cursor is. Raises Invalid where it is none, or has no time zone."""
    try:
        at = datetime.fromisoformat(str(key))
    except ValueError as error:
        raise nonsense() from error
    if at.tzinfo is None:
        raise nonsense()
    return at


def _is_key(value: object) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
    if isinstance(value, int):
        return abs(value) <= LARGEST_NUMBER
    return value is None or (isinstance(value, float) and abs(value) < float("inf"))


def nonsense() -> Invalid:
    return Invalid("That link to the next page is not whole. Start again from the first page.")
