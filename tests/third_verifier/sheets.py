"""timeline.csv, made again from what is opened."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

FORMULAS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n", "'")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SUPPLIER = ("personal.supplier_name", "personal.supplier_identifiers")


def moment(at: int) -> str:
    return (EPOCH + timedelta(seconds=at // 1_000_000)).strftime("%Y-%m-%dT%H:%M:%SZ")


def told(value: Any) -> str | None:
    """In words; None for what is left out."""
    if value is None or value == "" or isinstance(value, dict):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return None if not value or isinstance(value[0], dict) else ", ".join(told(one) or "" for one in value)
    return str(value)


def columns(*, tells_about: bool) -> list[str]:
    return [
        "entry",
        "happened",
        "recorded",
        "lag",
        "who",
        "what",
        *(["about"] if tells_about else []),
        "old",
        "new",
        "reason",
        "evidence",
    ]


def line(cells: Mapping[str, str], *, tells_about: bool) -> str:
    texts = [cells[name] if name in ("entry", "lag") else quoted(cells[name]) for name in columns(tells_about=tells_about)]
    return ",".join(texts) + "\r\n"


def quoted(text: str) -> str:
    text = f"'{text}" if text.startswith(FORMULAS) else text
    return '"' + text.replace('"', '""') + '"' if any(one in text for one in ',"\r\n') else text


def row(idx: int, values: Mapping[str, Any], erased: list[str], withheld: int, *, tells_about: bool) -> dict[str, str]:
    """``erased`` are the names of erased fields, ``withheld`` how many other commitments are not opened."""
    facts, personal = values.get("facts", {}), dict.fromkeys((name for name in erased if name.startswith("personal.")), "erased")
    personal = {name: value for name, value in values.items() if name.startswith("personal.")} | personal
    about = [told(personal.pop(name, None)) or "" for name in SUPPLIER] if tells_about else ["", ""]
    old, new = changes(facts, {name.removeprefix("personal."): value for name, value in personal.items()})
    for name in ("actor", "facts"):
        withheld -= name not in values and name not in erased
    if withheld > 0:
        new.append(f"withheld: {withheld}")
    happened = facts.get("happened_on", "")
    return {
        "entry": str(idx + 1), "happened": happened, "recorded": moment(values["event"]["at"]),
        "lag": lag(happened, values["event"]["at"]), "who": who(values, erased), "what": values["event"]["type"],
        "about": f"{about[0]} ({about[1]})" if all(about) else "".join(about), "old": "; ".join(old), "new": "; ".join(new),
        "reason": told(facts.get("reason")) or told(personal.get("personal.reason")) or "",
        "evidence": " ".join(one["sha256"] for one in facts.get("attachments", [])),
    }  # fmt: skip


def changes(facts: Mapping[str, Any], personal: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    before, after = (one if isinstance(one, dict) else {} for one in (facts.get("old"), facts.get("new")))
    pairs = [(name, before.get(name), after.get(name)) for name in sorted({*before, *after})]
    pairs += [(name, None, facts[name]) for name in sorted(facts) if name not in ("old", "new", "happened_on")]
    names = sorted({name.removesuffix(".old") for name in personal})
    pairs += [(name, personal.get(f"{name}.old"), personal.get(name)) for name in names]
    kept = [pair for pair in pairs if pair[0] != "reason"]
    old = [f"{name}: {told(one)}" for name, one, _ in kept if told(one) is not None]
    return old, [f"{name}: {told(one)}" for name, _, one in kept if told(one) is not None]


def who(values: Mapping[str, Any], erased: list[str]) -> str:
    if "actor" not in values:
        return "erased" if "actor" in erased else "withheld"
    actor: dict[str, str] = values["actor"]
    role = actor.get("role", "")
    return actor.get("name") or {"system": "Vouch itself", "school": "A school"}.get(role, role)


def lag(happened: str, at: int) -> str:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", happened):
        return ""
    try:
        day = date.fromisoformat(happened)
    except ValueError:
        return ""
    return str(((EPOCH + timedelta(seconds=at // 1_000_000)).date() - day).days)
