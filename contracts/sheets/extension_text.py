"""A contract's options to go on as one cell spells them: "12 months (taken, decided 03/02/2026); to 31/08/2030". Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from base.refusals import Invalid
from contracts.fields.dates_asked import Extension
from contracts.sheets import spelling

_AND: Final = r"(?:, |(?<=\())"
_OPTION: Final = re.compile(rf"(.+?)(?: \((taken)?(?:{_AND}decided ([0-9/]+))?(?:{_AND}by (.+?))?(?:{_AND}minute (.+))?\))?")


def spelt_extensions(options: Sequence[Extension]) -> str:
    text = "; ".join(map(_option, options))
    if _extensions_or_none(text) == list(options):
        return text
    return json.dumps([_option_json(each) for each in options], ensure_ascii=False)


def read_extensions(text: str) -> list[Extension]:
    """Raises Invalid."""
    found = _extensions_or_none(text.strip())
    if found is None:
        spelling.refuse(
            "extensions", "Write each option as 12 months, or to 31/08/2030, with (taken) behind one that was; “;” between them."
        )
    return found


def _option(one: Extension) -> str:
    what = f"to {spelling.day(one.to_day)}" if one.to_day else spelling.period(one.length or {})
    more = ["taken"] * one.is_taken
    more += [f"decided {spelling.day(one.decided_on)}"] if one.decided_on else []
    more += [f"by {one.decided_by}"] if one.decided_by else []
    more += [f"minute {one.minute}"] if one.minute else []
    return f"{what} ({', '.join(more)})" if more else what


def _option_json(one: Extension) -> dict[str, Any]:
    end: dict[str, Any] = {"to": one.to_day.isoformat()} if one.to_day else {"length": dict(one.length or {})}
    decided = one.decided_on.isoformat() if one.decided_on else None
    return {**end, "taken": one.is_taken, "decided": decided, "by": one.decided_by, "minute": one.minute}


def _extensions_or_none(text: str) -> list[Extension] | None:
    try:
        if text.startswith("["):
            return [_of_json(each) for each in json.loads(text)]
        return [_read_option(each.strip()) for each in text.split(";")] if text else []
    except (Invalid, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _of_json(each: Mapping[str, Any]) -> Extension:
    to_day, decided = each.get("to"), each.get("decided")
    return Extension(
        length=each.get("length") if to_day is None else None,
        to_day=date.fromisoformat(to_day) if to_day else None,
        is_taken=each.get("taken") is True,
        decided_on=date.fromisoformat(decided) if decided else None,
        decided_by=str(each.get("by") or ""),
        minute=str(each.get("minute") or ""),
    )


def _read_option(text: str) -> Extension:
    found = _OPTION.fullmatch(text)
    if found is None:
        raise ValueError(text)
    decided = spelling.read_day("extensions", found[3]) if found[3] else None
    rest = {"is_taken": bool(found[2]), "decided_on": decided, "decided_by": found[4] or "", "minute": found[5] or ""}
    if found[1].startswith("to "):
        return Extension(None, spelling.read_day("extensions", found[1].removeprefix("to ")), **rest)  # type: ignore[arg-type]
    length = spelling.a_period(found[1])
    if length is None or "clear" in length:
        raise ValueError(text)
    return Extension(length, None, **rest)  # type: ignore[arg-type]
