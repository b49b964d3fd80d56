"""What a list knows of a school's own record that the record doesn't: offered when it is checked, taken when somebody said so."""

import json
from collections.abc import Mapping
from itertools import islice
from typing import Any
from uuid import UUID

from audit import Record
from base.refusals import NotFound
from base.viewer import Viewer
from suppliers.directory import changing, directory
from suppliers.imports.states import RowKind
from suppliers.matching.names import normalise
from suppliers.record import facts, merge_forest, taxonomy
from suppliers.record.facts import MOST_ALIASES, MOST_CATEGORIES, Facts
from suppliers.record.labels import LABELS, shown_identifier

GONE = "the supplier that you chose is not there any more"
NOTHING_NEW = "on your list already"
NOT_YOURS = "on your list already; it is an entry of the directory, which one school can't change"


def with_news(before: Facts, given: Facts) -> Facts:
    """What is known, and behind it what the file adds; the name stays. Two that disagree stay as they are."""
    if merge_forest.disagreeing(before.lines, given.lines):
        return before
    spelt = {normalise(name).exact for name in before.names}  # another spelling of a known name is no news
    names = [name for name in given.names if normalise(name).exact not in spelt]
    return Facts(
        before.name,
        tuple(islice(dict.fromkeys((*before.aliases, *names)), MOST_ALIASES)),
        tuple(dict.fromkeys((*before.identifiers, *given.identifiers))),
        tuple(islice(dict.fromkeys((*before.categories, *given.categories)), MOST_CATEGORIES)),
    )


def news_in_words(before: Facts, given: Facts) -> tuple[str, ...]:
    after = with_news(before, given)
    told = [f"another name: {alias}" for alias in after.aliases if alias not in before.aliases]
    new = [one for one in after.identifiers if one not in before.identifiers]
    told += [f"{LABELS[scheme]} {shown_identifier(scheme, value)}" for scheme, value in new]
    told += [f"supplies {taxonomy.by_slug()[slug].name.lower()}" for slug in after.categories if slug not in before.categories]
    return tuple(told)


async def refresh(viewer: Viewer, record: Record, row: Mapping[str, Any]) -> tuple[str, str, UUID | None, UUID]:
    """Takes the news of a row into the record that was chosen for it. Kind, what is said, the supplier and the row."""
    try:
        found = await directory.must_see(viewer, UUID(row["choice"]), lock=True)
    except NotFound:
        return RowKind.WRONG.value, GONE, None, row["id"]
    if not directory.is_own(found):
        return RowKind.OURS.value, NOT_YOURS, found.id, row["id"]
    before = (await facts.as_written([found.id]))[found.id]
    after = with_news(before, facts.from_dict(_kept(row)))
    if after == before:
        return RowKind.OURS.value, NOTHING_NEW, found.id, row["id"]
    await changing.change(record, viewer, found.id, before, after)
    return RowKind.REFRESHED.value, "; ".join(news_in_words(before, after)), found.id, row["id"]


def _kept(row: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(row["facts"])
    return kept
