"""Reads one line of entries.jsonl: a header in its one form and, where there are any, openings and a proof.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from audit.entry import VERSION
from audit.verifier.manifest import canonical_value, is_count, is_hex

FIELD: Final = re.compile(r"(?:event|actor|facts|personal\.[!-~]{1,200})\Z")
_HEADER_KEYS: Final = frozenset({"v", "origin", "idx", "stream", "sseq", "c"})
_ONE: Final = '"[0-9a-f]{64}"'
_OPENINGS: Final = '","openings":{'
# An opening whose value has no escapes but those of its quotes.
_PLAIN_OPENING: Final = re.compile(
    r'"(event|actor|facts|personal\.[!#-\[\]-~]{1,200})":'
    r'\{"salt":"([0-9a-f]{64})","value":"([^"\\\x00-\x1f]*(?:\\"[^"\\\x00-\x1f]*)*)"\}'
)
# The canonical JSON of a header whose origin needs no escapes, which is every origin that Vouch makes.
_PLAIN_HEADER: Final = re.compile(
    rf'\{{"c":\[({_ONE}(?:,{_ONE})*)\],"idx":(0|[1-9][0-9]{{0,14}}),"origin":"([^"\\\x00-\x1f]*)",'
    rf'"sseq":(0|[1-9][0-9]{{0,14}}),"stream":"([0-9a-f]{{32}})","v":{VERSION}\}}\Z'
)


class BadLine(Exception):
    """``fault`` is "line" or "header": which of the two is not in its form."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class Header(NamedTuple):
    """A header taken apart; ``text`` is its exact bytes."""

    text: bytes
    origin: str
    idx: int
    tag: str
    sseq: int
    commitments: tuple[str, ...]


class PackLine(NamedTuple):
    """``openings`` maps fields to "salt" (hex) and "value" (canonical JSON); ``proof`` is empty in a complete pack."""

    head: Header
    openings: Mapping[str, Mapping[str, str]]
    proof: tuple[bytes, ...] = ()


def read_line(line: bytes, *, is_complete: bool) -> PackLine:
    """Raises BadLine, and nothing else, for whatever is not in its form."""
    return (_plain_line(line) if is_complete else None) or _any_line(line, is_complete=is_complete)


def _plain_line(line: bytes) -> PackLine | None:
    """Read without a JSON parser, as nearly every line of a complete pack can be. None for one that is not plain, which may
    be in its form all the same.
    """
    try:
        outline, mark, rest = line.decode().partition(_OPENINGS)
    except UnicodeDecodeError:
        return None
    if not mark:
        outline, rest = outline[:-3], outline[-3:]
    header = _unescaped(outline[11:])
    is_read_whole = outline[:11] == '{"header":"' and _escaped(header) == outline[11:]  # no other escape is in a plain header
    openings = _plain_openings(rest) if mark else {} if rest == '"}\n' else None
    head = _plain_head(header) if is_read_whole and openings is not None else None
    return PackLine(head, openings or {}) if head else None


def _plain_openings(rest: str) -> dict[str, Mapping[str, str]] | None:
    """The openings in the rest of a line; None unless they give exactly that text again."""
    found = _PLAIN_OPENING.findall(rest)
    again = ",".join([f'"{name}":{{"salt":"{salt}","value":"{value}"}}' for name, salt, value in found])
    names = [name for name, _, _ in found]
    if f"{again}}}}}\n" != rest or not found or names != sorted(set(names)):
        return None
    return {name: {"salt": salt, "value": _unescaped(value)} for name, salt, value in found}


def _unescaped(text: str) -> str:
    return text.replace('\\"', '"')


def _escaped(text: str) -> str:
    return text.replace('"', '\\"')


def _plain_head(text: str) -> Header | None:
    """None for a header that is not plain, which may be in its form all the same."""
    found = _PLAIN_HEADER.match(text)
    if not found:
        return None
    listed, idx, origin, sseq, tag = found.groups()
    commitments = listed[1:-1].split('","')
    if commitments != sorted(set(commitments)):
        return None
    return Header(text.encode(), origin, int(idx), tag, int(sseq), tuple(commitments))


def _any_line(line: bytes, *, is_complete: bool) -> PackLine:
    keys = {"header"} if is_complete else {"header", "proof"}
    try:
        fields = canonical_value(line[:-1])
    except ValueError:
        fields = None
    if line[-1:] != b"\n" or not isinstance(fields, dict) or fields.keys() - {"openings"} != keys or not _is_line(fields):
        raise BadLine("line")
    text = fields["header"]
    proof = tuple(bytes.fromhex(one) for one in fields.get("proof", []))
    return PackLine(_plain_head(text) or _any_head(text), fields.get("openings", {}), proof)


def _any_head(text: str) -> Header:
    data = text.encode()
    try:
        fields = canonical_value(data)
    except ValueError:
        fields = None
    if not isinstance(fields, dict) or fields.keys() != _HEADER_KEYS or not _is_head(fields):
        raise BadLine("header")
    return Header(data, fields["origin"], fields["idx"], fields["stream"], fields["sseq"], tuple(fields["c"]))


def _is_head(fields: Mapping[str, Any]) -> bool:
    commitments = fields["c"]
    return (
        fields["v"] == VERSION
        and type(fields["v"]) is int
        and isinstance(fields["origin"], str)
        and is_count(fields["idx"])
        and is_count(fields["sseq"])
        and is_hex(fields["stream"], 16)
        and isinstance(commitments, list)
        and all(is_hex(one, 32) for one in commitments)
        and commitments == sorted(set(commitments))
    )


def _is_line(fields: Mapping[str, Any]) -> bool:
    openings, proof = fields.get("openings"), fields.get("proof", [])
    if "openings" in fields:
        is_opened = isinstance(openings, dict) and bool(openings)
        if not is_opened or not all(_is_opening(*one) for one in fields["openings"].items()):
            return False
    return isinstance(fields["header"], str) and isinstance(proof, list) and all(is_hex(one, 32) for one in proof)


def _is_opening(name: str, opening: Any) -> bool:
    is_keyed = isinstance(opening, dict) and opening.keys() == {"salt", "value"}
    return is_keyed and FIELD.match(name) is not None and is_hex(opening["salt"], 32) and isinstance(opening["value"], str)
