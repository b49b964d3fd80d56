"""Reads one line of entries.jsonl: a header in its one form and, where there are any, openings and a proof.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from operator import lt
from typing import Any, Final, NamedTuple

from audit.entry import SALT_BYTES, VERSION
from audit.merkle import HASH_BYTES
from audit.verifier.manifest import canonical_value, is_count, is_hex

FIELD: Final = re.compile(r"(?:event|actor|facts|personal\.[!-~]{1,200})\Z")
Opening = tuple[bytes, str]  # its salt, and the canonical JSON of its value
_HEADER_KEYS: Final = frozenset({"v", "origin", "idx", "stream", "sseq", "c"})
_HASH_DIGITS: Final = {2 * HASH_BYTES}
# The canonical JSON of a header whose origin needs no escapes, which is every origin that Vouch makes.
_HEADER: Final = (
    r'(\{"c":\["([^]]*)"\],"idx":(0|[1-9][0-9]{0,14}),"origin":"([^"\\\x00-\x1f]*)",'
    rf'"sseq":(0|[1-9][0-9]{{0,14}}),"stream":"([0-9a-f]{{32}})","v":{VERSION}\}})'
)
_PLAIN_HEADER: Final = re.compile(rf"{_HEADER}\Z")
# While a line is read quickly: a quote inside one of its texts, and one around it.
_INNER, _AROUND = "\x01", "\x02"
_BEFORE, _BETWEEN = r'\{"header":"'.replace('"', _AROUND), r'","openings":\{'.replace('"', _AROUND)
_OPENING: Final = r'"([^"\\]{1,209})":\{"salt":"([^"]{64})","value":"([^"\\\x00-\x1f]*)"\}'.replace('"', _AROUND)
MOST_PLAIN: Final = 30  # openings of a line that is read quickly: no entry of ours has as many


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
    """``openings`` are by field; ``proof`` is empty in a complete pack."""

    head: Header
    openings: Mapping[str, Opening]
    proof: tuple[bytes, ...] = ()


def read_line(line: bytes, *, is_complete: bool) -> PackLine:
    """Raises BadLine, and nothing else, for whatever is not in its form."""
    return (_plain_line(line) if is_complete else None) or _any_line(line, is_complete=is_complete)


def _plain_line(line: bytes) -> PackLine | None:
    """Read without a JSON parser, as nearly every line of a complete pack can be. None for one that is not plain, which may
    be in its form all the same.

    In a plain line quotes are escaped and nothing else is, so those around its texts are the ones that are not.
    """
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return None
    if _INNER in text or _AROUND in text:
        return None
    text = text.replace('\\"', _INNER).replace('"', _AROUND).replace(_INNER, '"')
    form = _plain_form(text.count(_AROUND))
    found = form.match(text) if form else None
    if not found:
        return None
    groups = found.groups()
    names, salts = groups[6::3], _unhexed("".join(groups[7::3]))
    head = _head_of(*groups[:6])
    if head is None or salts is None or not _are_fields(*names):
        return None
    each = [salts[start : start + SALT_BYTES] for start in range(0, len(salts), SALT_BYTES)]
    return PackLine(head, dict(zip(names, zip(each, groups[8::3]))))


@lru_cache(maxsize=64)
def _plain_form(quotes: int) -> re.Pattern[str] | None:
    """The form of a plain line with that many quotes around its texts: 4 without openings, 6 and 10 for each with some."""
    openings, rest = divmod(quotes - 6, 10)
    if quotes == 4:
        return re.compile(rf"{_BEFORE}{_HEADER}{_AROUND}\}}\n\Z")
    if rest or not 0 < openings <= MOST_PLAIN:
        return None
    return re.compile(rf"{_BEFORE}{_HEADER}{_BETWEEN}{','.join([_OPENING] * openings)}\}}\}}\n\Z")


@lru_cache(maxsize=64)
def _are_fields(*names: str) -> bool:
    """Whether they are names of fields, in order and none twice."""
    return list(names) == sorted(set(names)) and all(map(FIELD.match, names))


def _unhexed(text: str) -> bytes | None:
    """The bytes of which this is the hex, in lower case; None if it is that of none."""
    try:
        data = bytes.fromhex(text)
    except ValueError:
        return None
    return data if data.hex() == text else None


def _plain_head(text: str) -> Header | None:
    """None for a header that is not plain, which may be in its form all the same."""
    found = _PLAIN_HEADER.match(text)
    return _head_of(*found.groups()) if found else None


def _head_of(text: str, listed: str, idx: str, origin: str, sseq: str, tag: str) -> Header | None:
    """What the groups of _HEADER hold; None unless the commitments are, in order and none twice."""
    commitments = listed.split('","')
    are_hashes = {*map(len, commitments)} == _HASH_DIGITS and _unhexed("".join(commitments))
    if not are_hashes or not all(map(lt, commitments, commitments[1:])):
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
    openings = {name: (bytes.fromhex(one["salt"]), one["value"]) for name, one in fields.get("openings", {}).items()}
    return PackLine(_plain_head(text) or _any_head(text), openings, proof)


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
