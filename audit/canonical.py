"""Canonical JSON: the one byte string of a value, a subset of RFC 8785 small enough to check by eye.

Allowed: None, booleans, strings without lone surrogates, integers whose size is below 2^53, lists, and objects with
ASCII keys. No floats: their text is where implementations of RFC 8785 differ.
"""

import json
from typing import Any, Final

SAFE_INTEGER: Final = 2**53


def canonical_json(value: Any) -> bytes:
    """UTF-8 bytes; raises ValueError for what lies outside the subset."""
    _require_plain(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _require_plain(value: Any) -> None:
    match value:
        case None | bool() | str():
            return  # a lone surrogate fails in encode(), with UnicodeEncodeError, a ValueError
        case int() if -SAFE_INTEGER < value < SAFE_INTEGER:
            return
        case list() | tuple():
            for item in value:
                _require_plain(item)
        case dict():
            for key, item in value.items():
                if not isinstance(key, str) or not key.isascii():
                    raise ValueError(f"got the key {key!r}, want ASCII text")
                _require_plain(item)
        case _:
            raise ValueError(
                f"got {type(value).__name__} {value!r:.80}, want text, a whole number below 2^53, a boolean, a list or an object"
            )
