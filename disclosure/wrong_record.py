"""Says in words which record of a file is not as it should be, and what is wrong with it. Pure.

The check of the format names a place, such as ``$.suppliers[3].name``, and what it expected there.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

RECORDS: Final[Mapping[str, str]] = {
    "suppliers": "supplier", "reviews": "review", "notes": "note", "shares": "share", "contracts": "contract",
    "documents": "document", "promises": "promise", "calendars": "version of the calendar", "happened": "event",
    "meetings": "meeting", "decisions": "decision", "variations": "variation", "concerns": "concern",
    "credits": "service credit", "ratings": "performance rating", "questions": "governors' question",
    "links": "link of contracts",
    "notices": "notice", "deciding": "rule for deciding", "buying_rules": "set of buying rules", "enquiries": "enquiry",
    "answers": "answer to an enquiry",
}  # fmt: skip
_NAMED: Final = re.compile(r"[A-Za-z_]\w*")
_RECORD: Final = re.compile(r"\$\.(\w+)\[(\d+)\]")
_KINDS: Final = {
    "str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false", "array": "a list",
    "object": "a record with fields", "null": "nothing",
}  # fmt: skip
_SAID: Final[Sequence[tuple[re.Pattern[str], str]]] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"Object missing required field `(\w+)`", "“{0}” is missing"),
        (r"Object contains unknown field `(.+)`", "there is no field “{0}”"),
        (r"Expected `(?:str|array|object)` of length <= (\d+)", "{what} is too long: at most {0}"),
        (r"Expected `(?:str|array|object)` of length >= \d+", "{what} is empty"),
        (r"Expected `\w+` >= (\S+)", "{what} must be {0} or more"),
        (r"Expected `\w+` <= (\S+)", "{what} must be {0} or less"),
        (r"Invalid UUID", "{what} is no id"),
        (r"Invalid RFC3339 encoded (?:date|datetime|time)", "{what} is no day or time, such as 2026-03-31"),
        (r"Invalid enum value", "{what} is none of the words that there are"),
    )
)
_EXPECTED: Final = re.compile(r"Expected `(.+?)`(?:, got `(\w+)`)?")


def in_file(content: bytes, wanted: str, found: str) -> str:
    """Of a file of the format ``wanted`` in which msgspec found something wrong: which record, and what; "" of any other."""
    try:
        raw = msgspec.json.decode(content)
    except (msgspec.MsgspecError, RecursionError):
        return ""
    if not isinstance(raw, dict) or raw.get("format") != wanted:
        return ""
    return f"This file is not as Vouch gave it out. {in_words(raw, found)} Choose it as it was."


def in_words(raw: Any, found: str) -> str:
    """``raw`` is the file as it was read, ``found`` what msgspec says of it: one sentence, with which record and what of it."""
    why, _, place = found.partition(" - at `")
    place = place.rstrip("`")
    record = _RECORD.match(place)
    names = _NAMED.findall(place[record.end() if record else 1 :])
    what = f"“{_spoken(names[-1])}”" if names else "it"
    said = _said(why, what)
    if record is None:
        return f"{said[:1].upper()}{said[1:]}."
    return f"{_which(raw, record[1], int(record[2]))}: {said}."


def _said(why: str, what: str) -> str:
    for pattern, words in _SAID:
        if match := pattern.match(why):
            return words.format(*(_spoken(one) for one in match.groups()), what=what)
    if (expected := _EXPECTED.match(why)) and expected[2]:
        wanted = " or ".join(_KINDS.get(one.strip(), one.strip()) for one in expected[1].split("|"))
        return f"{what} must be {wanted}, and is {_KINDS.get(expected[2], expected[2])}"
    return f"{what} is not as it should be"


def _which(raw: Any, part: str, index: int) -> str:
    """Such as: Supplier 4, “Acme Ltd”."""
    kind = RECORDS.get(part, part)
    name = _name_of(raw, part, index)
    return f"{kind[:1].upper()}{kind[1:]} {index + 1:,}" + (f", “{name}”" if name else "")


def _name_of(raw: Any, part: str, index: int) -> str:
    """What people know it by: its name or title, else the day that it is of; "" where it has none that can be read."""
    record = _at(_at(raw, part), index)
    named = (_at(record, "name"), _at(record, "title"), _at(_at(record, "values"), "title"), _at(_at(record, "file"), "name"))
    of = (_name_with(raw, "suppliers", _at(record, "supplier")), _name_with(raw, "contracts", _at(record, "contract")))
    days = (_at(record, name) for name in ("happened_on", "on_day", "held_on", "decided_on", "agreed_on", "raised_on", "sent_on"))
    return next((one[:100] for one in (*named, *of, *days) if isinstance(one, str) and one), "")


def _name_with(raw: Any, part: str, which: Any) -> Any:
    """Of the supplier or contract of that id."""
    records = _at(raw, part)
    found = next((one for one in records if _at(one, "id") == which), None) if which and isinstance(records, list) else None
    return _at(found, "name") or _at(_at(found, "values"), "title")


def _at(found: Any, key: str | int) -> Any:
    if isinstance(found, dict):
        return found.get(key)
    return found[key] if isinstance(found, list) and isinstance(key, int) and key < len(found) else None


def _spoken(name: str) -> str:
    return name.replace("_", " ")
