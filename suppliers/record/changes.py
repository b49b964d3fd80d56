"""What changed in a record, as a trail entry keeps it."""

from collections.abc import Iterable, Mapping
from typing import Any


def difference(was: Mapping[str, Any], is_now: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The facts {"old", "new"} with the values that are not equal; both have the same names."""
    changed = [name for name in was if was[name] != is_now[name]]
    return {"old": {name: was[name] for name in changed}, "new": {name: is_now[name] for name in changed}}


def changed_texts(before: object, after: object, names: Iterable[str]) -> dict[str, str]:
    """New and old wording of each text that changed, by attribute: {"praise": …, "praise.old": …}."""
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    new = {name: getattr(after, name) or "" for name in changed}
    return new | {f"{name}.old": text for name in changed if (text := getattr(before, name))}
