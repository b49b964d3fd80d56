"""A check of many trails that may be stopped: each whole trail is written down, and the next run goes on after the last one.

What was found lies in the data folder and not in the database: whoever could forge rows could have trails passed over.
"""

import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from audit.checking import questions
from audit.checking.questions import Answer
from audit.log.fsck import Finding
from base import clock, settings

BY_HAND: Final = "fsck.jsonl"
NIGHTLY: Final = "nightly-check.jsonl"
NIGHTS: Final = "checked.json"  # what the last check of a night found

GOES_ON_FOR: Final = 24 * 60 * 60  # seconds after a run was stopped; what was found longer ago says little of today


def path(name: str) -> Path:
    return settings.current().data / name


async def answers(
    name: str, trails: Sequence[str], *, is_resumed: bool, on_progress: Callable[[int], None] = lambda _: None, rest: float = 0
) -> AsyncIterator[Answer]:
    """An answer for each trail. ``is_resumed``: what a run of this name found before it was stopped, within a day, is given as it
    was found then. ``rest`` as in ``questions.of_trail``.
    """
    kept = path(name)
    known = _read(kept) if is_resumed and _is_of_today(kept) else {}
    if not known:
        kept.unlink(missing_ok=True)
    for trail in trails:
        answer = known.get(trail)
        if answer is None:
            answer = await questions.of_trail(trail, on_progress=on_progress, rest=rest)
            with kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(answer) | {"root": answer.root.hex()}) + "\n")
        else:
            on_progress(answer.entries)
        yield answer
    kept.unlink(missing_ok=True)


def _is_of_today(kept: Path) -> bool:
    return kept.exists() and 0 <= time.time() - kept.stat().st_mtime < GOES_ON_FOR


def _read(kept: Path) -> dict[str, Answer]:
    """By trail. A line that was cut off by the end of its process counts for none."""
    found: dict[str, Answer] = {}
    for line in kept.read_text(encoding="utf-8").splitlines() if kept.exists() else ():
        try:
            said: dict[str, Any] = json.loads(line)
        except ValueError:
            continue
        findings = tuple(Finding(**one) for one in said["findings"])
        known = {"root": bytes.fromhex(said["root"]), "findings": findings, "remarks": tuple(said["remarks"])}
        found[said["trail"]] = Answer(**{**said, **known})
    return found


def keep_nights(entries: int, findings: Sequence[Finding]) -> None:
    """Writes down what the check of a night found."""
    told = {"ended_at": clock.now().isoformat(), "entries": entries, "findings": [asdict(one) for one in findings]}
    path(NIGHTS).write_text(json.dumps(told), encoding="utf-8")


def last_nights() -> dict[str, Any] | None:
    """What ``keep_nights`` wrote last: ``ended_at`` (ISO 8601), ``entries``, ``findings``; None where no night was checked."""
    if not path(NIGHTS).exists():
        return None
    told: dict[str, Any] = json.loads(path(NIGHTS).read_text(encoding="utf-8"))
    return told
