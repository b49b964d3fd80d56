"""What no sentence of the trail's pages may hold: names of fields, ids, codes and times as machines write them."""

import json
import re
from collections import defaultdict
from typing import Any, Final

import database
from audit import sheet
from audit.log import known
from audit.log.streams import ABOUT_OTHERS
from audit.reading import plain
from audit.tables import Entry, Opening
from suppliers.record import taxonomy
from vouch.trail_words import WORDS
from vouch.wiring import SENTENCES, titles_of_trail

PERSONAL: Final = "personal."
UNPLAIN: Final = {
    "the name of a field": re.compile(r"\b[a-z0-9]+(_[a-z0-9]+)+\b"),
    "an id": re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-"),
    "a code": re.compile(r"\b[a-z][a-z0-9_]*:(?=\S)|[{}]"),
    "a stored time": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}


async def unplain_sentences() -> set[str]:
    """What of all that stands in the trails is told otherwise than a person says it, with the event and why."""
    async with database.read():
        rows: list[dict[str, Any]] = await Entry.select(Entry.trail, Entry.event_id, Entry.type, Entry.stream, Entry.subject)
        opened: dict[Any, dict[str, Any]] = defaultdict(dict)
        for one in await Opening.select(Opening.event_id, Opening.field, Opening.value):
            opened[one["event_id"]][one["field"]] = json.loads(one["value"])
    by_trail: dict[str, list[tuple[str, tuple[sheet.Change, ...]]]] = defaultdict(list)
    for row in rows:
        by_trail[row["trail"]].append((row["type"], _changes(row, opened[row["event_id"]])))
    return {fault for trail, lines in by_trail.items() for fault in await _faults(trail, lines)}


async def _faults(trail: str, lines: list[tuple[str, tuple[sheet.Change, ...]]]) -> set[str]:
    named = plain.named_in(change for _, changes in lines for change in changes)
    names = {} if trail == "operator" else await titles_of_trail(trail, named)
    found = set()
    for type_, changes in lines:
        told = WORDS.changes(changes, {**ABOUT_OTHERS, **names})
        texts = [SENTENCES[type_], *(text for change in told for text in change if text)]
        found |= {f"{type_}: {text!r} has {what}" for text in texts for what, shape in UNPLAIN.items() if shape.search(text)}
        slugs = {one for change in told if change.field == WORDS.label("categories") for one in (change.new or "").split(", ")}
        found |= {f"{type_}: {slug!r} is the slug of a category" for slug in slugs & taxonomy.by_slug().keys()}
    return found


def _changes(row: dict[str, Any], opened: dict[str, Any]) -> tuple[sheet.Change, ...]:
    personal = {name.removeprefix(PERSONAL): text for name, text in opened.items() if name.startswith(PERSONAL)}
    about_a_supplier = known.supplier_in(row["stream"], row["subject"])
    return sheet.changes(
        opened.get("facts", {}),
        {name: text for name, text in personal.items() if not (about_a_supplier and PERSONAL + name in known.NAMING)},
    )
