"""Whose a trail is, as its own entries say: proven as they are, where the manifest only claims it.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from audit.verifier.manifest import PackManifest, is_count, is_name
from audit.verifier.verdict import PackFault, TrailOwner

BEGUN, RENAMED = "trail.begun", "trail.renamed"
OWNERS: Final = ("school", "trust", "operator")
NAMED_STREAMS: Final = ("supplier", "contract")  # what streams are about that are about one supplier each
MOST_CALLED: Final = 10  # names of one supplier that are kept: the first ones, and the newest


@dataclass
class Whose:
    """What the entries read so far say: ``owner`` None while none does, ``since`` the entry from which on it is named (0: from
    the first), ``renamed`` the entries that tell of another name or number; ``called`` maps the tag of a stream to what its
    supplier was called, in order.
    """

    owner: TrailOwner | None = None
    since: int = 0
    renamed: list[int] = field(default_factory=list)
    called: dict[str, list[str]] = field(default_factory=dict)


def note_owner(whose: Whose, idx: int, what: str, facts: Any, *, is_first: bool) -> None:
    """Takes in an entry of the stream ``trail``. ``is_first``: nothing comes before it but the loss of an older trail.

    Raises PackFault for one that should say whose the trail is, and does not.
    """
    if what not in (BEGUN, RENAMED):
        return
    told = facts if isinstance(facts, Mapping) else {}
    owner = _owner(told.get("new") if what == RENAMED else told)
    if what == RENAMED:
        fits = whose.owner is not None and _owner(told.get("old")) == whose.owner
        whose.renamed.append(idx)
    else:
        is_late = told.get("late") is True and is_count(told.get("size")) and told["size"] == idx
        fits = whose.owner is None and (is_late or (is_first and "late" not in told))
        whose.since = idx if "late" in told else 0
    if owner is None or not fits:
        raise PackFault("whose", idx)
    whose.owner = owner


def note_called(whose: Whose, tag: str, place: str, name: Any) -> None:
    """Takes in what an entry of the stream of this name calls its supplier."""
    if not isinstance(name, str) or place.partition(":")[0] not in NAMED_STREAMS:
        return
    names = whose.called.setdefault(tag, [])
    if names[-1:] == [name]:
        return
    del names[MOST_CALLED - 1 :]
    names.append(name)


def check_school(manifest: PackManifest, whose: Whose) -> None:
    """Raises PackFault if the pack calls itself another's than its trail."""
    if whose.owner and manifest.school != whose.owner.name:
        raise PackFault("school", school=manifest.school, name=whose.owner.name)


def _owner(told: Any) -> TrailOwner | None:
    """None for what is not in the form that owners have."""
    if not isinstance(told, Mapping):
        return None
    kind, name, number = told.get("kind"), told.get("name"), told.get("number")
    is_owner = kind in OWNERS and is_name(name) and (number == "" or is_name(number))
    return TrailOwner(str(kind), str(name), str(number)) if is_owner else None
