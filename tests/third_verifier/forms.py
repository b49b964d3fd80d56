"""Lines, headers and openings: what they are made of, and what they may hold."""

import re
from hashlib import sha256
from typing import Any

from tests.third_verifier import texts

FIELD = re.compile(r"event|actor|facts|personal\.[!-~]{1,200}")
ERASABLE = re.compile(r"actor|personal\.[!-~]{1,200}")


def commitment(name: str, told: dict[str, str]) -> str:
    said = b"vouch-audit-field/1\n" + len(name).to_bytes(2, "big") + name.encode()
    return sha256(said + bytes.fromhex(told["salt"]) + told["value"].encode()).hexdigest()


def line_in(raw: bytes, *, is_complete: bool) -> dict[str, Any] | None:
    """None for what is not in its form."""
    if not raw.endswith(b"\n"):
        return None
    try:
        told = texts.read(raw[:-1])
    except texts.NotCanonical:
        return None
    keys = ["header", *([] if is_complete else ["proof"])]
    if not texts.has_keys(told, *keys) and not texts.has_keys(told, *keys, "openings"):
        return None
    openings, proof = told.get("openings"), told.get("proof", [])
    is_opened = "openings" not in told or (isinstance(openings, dict) and openings != {})
    is_opened = is_opened and all(is_opening(name, one) for name, one in told.get("openings", {}).items())
    is_proven = isinstance(proof, list) and all(texts.is_hex(one, 64) for one in proof)
    return told if isinstance(told["header"], str) and is_opened and is_proven else None


def is_opening(name: str, told: Any) -> bool:
    is_keyed = FIELD.fullmatch(name) is not None and texts.has_keys(told, "salt", "value")
    return is_keyed and texts.is_hex(told["salt"], 64) and isinstance(told["value"], str)


def head_in(text: str) -> dict[str, Any] | None:
    try:
        told = texts.read(text)
    except texts.NotCanonical:
        return None
    is_head = (
        texts.has_keys(told, "v", "origin", "idx", "stream", "sseq", "c")
        and told["v"] == 1
        and told["v"] is not True
        and isinstance(told["origin"], str)
        and texts.is_count(told["idx"])
        and texts.is_count(told["sseq"])
        and texts.is_hex(told["stream"], 32)
        and isinstance(told["c"], list)
        and all(texts.is_hex(one, 64) for one in told["c"])
        and told["c"] == sorted(set(told["c"]))
    )
    return told if is_head else None


def values_in(openings: dict[str, dict[str, str]], version: int) -> dict[str, Any]:
    """What the openings hold, "event" among them. Raises KeyError with the first field that is not in its form."""
    found: dict[str, Any] = {}
    for name in sorted(openings):
        try:
            value = texts.read(openings[name]["value"])
        except texts.NotCanonical:
            raise KeyError(name) from None
        if not may_hold(name, value, found, version):
            raise KeyError(name)
        found[name] = value
    return found


def may_hold(name: str, value: Any, before: dict[str, Any], version: int) -> bool:
    if name.startswith("personal."):
        return True
    if not isinstance(value, dict):
        return False
    if name == "actor":
        return all(isinstance(one, str) for one in value.values())
    if name == "event":
        has_clock = version > 2 and "clock" in value
        is_keyed = texts.has_keys(value, "id", "type", "at", "stream", "subject", *(["clock"] if has_clock else []))
        is_keyed = is_keyed and texts.is_count(value["at"]) and (not has_clock or texts.is_count(value["clock"]))
        return is_keyed and all(isinstance(value[key], str) for key in ("id", "type", "stream", "subject"))
    is_erasure = before["event"]["type"] == "erasure.applied"
    return are_facts(value) and (not is_erasure or are_erasures(value))


def are_facts(facts: dict[str, Any]) -> bool:
    files = facts.get("attachments", [])
    is_told = all(isinstance(facts.get(name, ""), str) for name in ("happened_on", "reason"))
    return (
        is_told
        and isinstance(files, list)
        and all(isinstance(one, dict) and texts.is_hex(one.get("sha256"), 64) for one in files)
    )


def are_erasures(facts: dict[str, Any]) -> bool:
    erased, evidence = facts.get("erased"), facts.get("evidence")
    if not isinstance(erased, list) or not isinstance(evidence, list):
        return False
    for one in erased:
        if not texts.has_keys(one, "idx", "field", "commitment") or not texts.is_count(one["idx"]):
            return False
        if not isinstance(one["field"], str) or not ERASABLE.fullmatch(one["field"]) or not texts.is_hex(one["commitment"], 64):
            return False
    return all(texts.is_hex(one, 64) for one in evidence)
