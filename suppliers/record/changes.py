"""What changed in a record, as a trail entry keeps it."""

from collections.abc import Iterable, Mapping
from typing import Any


def difference(was: Mapping[str, Any], is_now: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The facts {"old", "new"} with the values that are not equal; a name that one of them lacks is null there."""
    changed = [name for name in {**was, **is_now} if was.get(name) != is_now.get(name)]
    return {"old": {name: was.get(name) for name in changed}, "new": {name: is_now.get(name) for name in changed}}


def changed_texts(before: object, after: object, names: Iterable[str]) -> dict[str, str]:
    """New and old wording of each text that changed, by attribute: {"praise": …, "praise.old": …}."""
    chosen = tuple(names)
    return texts_changed(*({name: getattr(one, name) or "" for name in chosen} for one in (before, after)))


def texts_changed(was: Mapping[str, str], is_now: Mapping[str, str]) -> dict[str, str]:
    """The same of texts by name; "" where there was, or is, none."""
    changed = [name for name in was if was[name] != is_now[name]]
    return {name: is_now[name] for name in changed} | {f"{name}.old": was[name] for name in changed if was[name]}
