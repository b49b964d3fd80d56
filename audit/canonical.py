"""Canonical JSON: the one byte string of a value, a subset of RFC 8785 small enough to check by eye.

Allowed: None, booleans, strings without lone surrogates, integers whose size is below 2^53, lists, and objects with
ASCII keys. No floats: their text is where implementations of RFC 8785 differ. Part of the offline verifier: bare
Python 3.9.
"""

from __future__ import annotations

from json import JSONEncoder
from typing import Any, Final

SAFE_INTEGER: Final = 2**53
DEEPEST: Final = 100  # objects and lists within each other: nothing of ours has more than six

_ENCODER: Final = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_json(value: Any) -> bytes:
    """UTF-8 bytes; raises ValueError for what lies outside the subset, or has more than DEEPEST objects and lists within each
    other.
    """
    _require_plain(value)
    return encoded(value)


def encoded(value: Any) -> bytes:
    """The canonical JSON of a value that is known to lie in the subset, which is not checked here."""
    return _ENCODER.encode(value).encode()


def _require_plain(value: Any, depth: int = 0) -> None:
    if value is None or isinstance(value, (str, bool)):
        return  # a lone surrogate fails in encode(), with UnicodeEncodeError, a ValueError
    if isinstance(value, int) and -SAFE_INTEGER < value < SAFE_INTEGER:
        return
    if isinstance(value, (dict, list, tuple)) and depth == DEEPEST:
        raise ValueError("got a value that is nested too deep")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise ValueError(f"got the key {key!r}, want ASCII text")
            _require_plain(item, depth + 1)
        return
    if isinstance(value, (list, tuple)):
        for item in value:
            _require_plain(item, depth + 1)
        return
    raise ValueError(
        f"got {type(value).__name__} {value!r:.80}, want text, a whole number below 2^53, a boolean, a list or an object"
    )
