"""What a record was, from the entries about it, oldest first. Pure: no database, no clock.

The first entry gives the record's fields. A later one changes them by its "new", by its texts, and by plain facts that have
the name of a field. Its other facts are about that one event, and are left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from audit.sheet import KEPT_APART

ATTACHMENTS: Final = "attachments"  # every entry lists only the files that it brought
FILENAME: Final = "filename."  # and numbers their names from 1
OLD: Final = ".old"
ERASED: Final = "erased"
WITHHELD: Final = "withheld"


@dataclass(frozen=True, slots=True)
class ReadableEntry:
    """One entry as far as it may be read. ``texts`` are its personal fields by name; ``missing`` says of those that are not
    there whether they were erased or are withheld from this reader.
    """

    idx: int
    facts: Mapping[str, Any]
    texts: Mapping[str, str]
    missing: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FoldedField:
    """``idx`` is the entry that set it; ``missing`` is "" where there is a value."""

    value: Any
    idx: int
    missing: str = ""


def fold(entries: Iterable[ReadableEntry]) -> dict[str, FoldedField]:
    """The fields by name, empty ones left out."""
    fields: dict[str, FoldedField] = {}
    for n, entry in enumerate(entries):
        step(fields, entry, is_first=n == 0)
    return {name: field for name, field in fields.items() if field.missing or field.value not in (None, "", [], {})}


def step(fields: dict[str, FoldedField], entry: ReadableEntry, *, is_first: bool) -> None:
    """Makes of ``fields`` what they are after one entry more, empty ones too."""
    _plain(fields, entry, is_first=is_first)
    for name, value in (entry.facts.get("new") or {}).items():
        fields[name] = FoldedField(value, entry.idx)
    _texts(fields, entry)


def _plain(fields: dict[str, FoldedField], entry: ReadableEntry, *, is_first: bool) -> None:
    for name, value in entry.facts.items():
        if name == ATTACHMENTS:
            before = fields[name].value if name in fields else []
            fields[name] = FoldedField([*before, *value], entry.idx)
        elif name not in ("old", "new") and (is_first or (name in fields and name not in KEPT_APART)):
            fields[name] = FoldedField(value, entry.idx)


def _texts(fields: dict[str, FoldedField], entry: ReadableEntry) -> None:
    names = {**entry.texts, **entry.missing}
    for name in names:
        if name.endswith(OLD) and name.removesuffix(OLD) not in names:
            fields.pop(name.removesuffix(OLD), None)  # the text went, or went on under another name
    files = sum(name.startswith(FILENAME) for name in fields)
    for name in sorted(names):
        if not name.endswith(OLD):
            number = name.removeprefix(FILENAME)
            kept = f"{FILENAME}{files + int(number)}" if name.startswith(FILENAME) and number.isdecimal() else name
            fields[kept] = FoldedField(entry.texts.get(name), entry.idx, entry.missing.get(name, ""))
