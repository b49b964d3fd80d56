"""What an earlier version said, held against what is said today: a later verifier may say more of the same, no less."""

from typing import Any


def as_then(found: Any, then: Any) -> Any:
    """What is found, without what was not yet told then."""
    if isinstance(then, dict):
        return {name: as_then(value, then[name]) for name, value in found.items() if name in then}
    if isinstance(then, list) and len(then) == len(found):
        return [as_then(*pair) for pair in zip(found, then, strict=True)]
    return found
