"""What the openings of an entry may hold: every value that a verdict or the sheet reads has its type, or is refused.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from audit.verifier.lines import Opening
from audit.verifier.manifest import is_count, is_hex, value_of
from audit.verifier.verdict import PackFault

TRAIL_STREAM: Final = "trail"  # what the trail says about itself
RECOVERED: Final = "trail.recovered"
ERASURE: Final = "erasure.applied"
NEEDS_FACTS: Final = frozenset({ERASURE, RECOVERED})  # what others are judged by
_ERASED_KEYS: Final = frozenset({"idx", "field", "commitment"})
CLOCK_SINCE: Final = 3  # the format from which on an event may say what the clock said
_EVENT_TEXTS: Final = frozenset({"id", "type", "stream", "subject"})
_TEXT: Final = r'"([^"\\\x00-\x1f\ud800-\udfff]*)"'
# The canonical JSON of an event without ``clock`` in whose texts nothing is escaped. Its time is below 9 * 10^15, less than 2^53.
_PLAIN_EVENT: Final = re.compile(
    rf'\{{"at":(0|[1-9][0-9]{{0,14}}|[1-8][0-9]{{15}}),"id":{_TEXT},"stream":{_TEXT},"subject":{_TEXT},"type":{_TEXT}\}}\Z'
)
_ERASABLE: Final = re.compile(r"(?:actor|personal\.[!-~]{1,200})\Z")  # what happened and its facts never are
LONGEST_AGAIN: Final = 500  # characters of a value that is kept in case it comes again
_TEXTS: Final = ("happened_on", "reason")  # facts that are texts where they are there


def values_in(idx: int, openings: Mapping[str, Opening], version: int) -> dict[str, Any]:
    """What the openings of entry ``idx`` say, by field, in a pack of that version; "event" has to be among them. What is in the
    values is not to be changed: entries that say the same share it.

    Raises PackFault for the first by name that is not in its form.
    """
    values: dict[str, Any] = {}
    for name, (_, text) in openings.items():  # by name: a line is canonical
        try:
            value = _event(text, version) if name == "event" else _actor(text) if name == "actor" else _value(text)
        except ValueError:
            raise PackFault("opening", idx, field=name) from None
        if name == "facts" and not facts_fit(values["event"]["type"], value):
            raise PackFault("opening", idx, field=name)
        values[name] = value
    return values


def _event(text: str, version: int) -> dict[str, Any]:
    """Raises ValueError for what is none. Nearly every one is read without a JSON parser."""
    found = _PLAIN_EVENT.match(text)
    if found:
        at, event_id, stream, subject, what = found.groups()
        return {"at": int(at), "id": event_id, "stream": stream, "subject": subject, "type": what}
    value = value_of(text)
    if isinstance(value, dict):
        times = {"at"} | (value.keys() & {"clock"} if version >= CLOCK_SINCE else set())
        is_keyed = value.keys() == _EVENT_TEXTS | times and all(is_count(value[key]) for key in times)
        if is_keyed and all(isinstance(value[key], str) for key in _EVENT_TEXTS):
            return value
    raise ValueError("no event")


def _actor(text: str) -> dict[str, str]:
    """Raises ValueError for what is none."""
    value = _value(text)
    if not isinstance(value, dict) or not all(isinstance(told, str) for told in value.values()):
        raise ValueError("no actor")
    return value


def _value(text: str) -> Any:
    """The value of a canonical JSON. Who did it, and about which supplier, comes again and again."""
    return _value_again(text) if len(text) <= LONGEST_AGAIN and text[:1] != '"' else value_of(text)


_value_again = lru_cache(maxsize=1_024)(value_of)


def facts_fit(what: str, facts: Any) -> bool:
    """Whether these may be the facts of an entry of type ``what``. What else they hold is anything."""
    if not isinstance(facts, dict):
        return False
    has_its_lists = what != ERASURE or (_are_all(_is_erased, facts.get("erased")) and _are_all(_is_digest, facts.get("evidence")))
    has_texts = all(isinstance(facts[name], str) for name in _TEXTS if name in facts)
    return has_its_lists and has_texts and ("attachments" not in facts or _are_all(_is_file, facts["attachments"]))


def _are_all(fits: Callable[[Any], bool], value: Any) -> bool:
    return isinstance(value, list) and all(map(fits, value))


def _is_erased(item: Any) -> bool:
    if not isinstance(item, dict) or item.keys() != _ERASED_KEYS:
        return False
    field = item["field"]
    return is_count(item["idx"]) and is_hex(item["commitment"], 32) and isinstance(field, str) and bool(_ERASABLE.match(field))


def _is_file(item: Any) -> bool:
    return isinstance(item, dict) and _is_digest(item.get("sha256"))


def _is_digest(value: Any) -> bool:
    return is_hex(value, 32)
