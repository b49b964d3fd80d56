"""Checks the entries of a pack one by one, in order, and keeps only what the whole needs: counts, hashes, erasures.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from audit.entry import commitment
from audit.errors import VerificationError
from audit.merkle import frontier_root, leaf_hash, push, verify_inclusion
from audit.sheet import TimelineRow, digests, row
from audit.verifier.lines import BadLine, Header, read_line
from audit.verifier.manifest import COMPLETE, LAST_INSTANT, PackManifest, canonical_value, is_count, is_hex
from audit.verifier.verdict import PackFault
from audit.verifier.whose import Whose, check_school, note_called, note_owner

TRAIL_STREAM: Final = "trail"  # what the trail says about itself
RECOVERED: Final = "trail.recovered"
ERASURE: Final = "erasure.applied"
_EVENT_KEYS: Final = frozenset({"id", "type", "at", "stream", "subject"})


@dataclass
class Erasures:
    """``values`` maps an idx to the erased commitments and their fields; ``evidence`` holds SHA-256 in hex."""

    values: dict[int, dict[str, str]] = field(default_factory=dict)
    evidence: set[str] = field(default_factory=set)


@dataclass
class Walk:
    """What the entries read so far amount to. ``roots`` holds the tree hash at each size in ``wanted``; complete only."""

    manifest: PackManifest
    erasures: Erasures
    wanted: frozenset[int]
    lines: int = 0
    last: int = -1
    leaf: bytes = b""  # the last entry's hash
    frontier: bytes = b""
    roots: dict[int, bytes] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    recovered: list[int] = field(default_factory=list)
    in_scope: int = 0
    opened: int = 0
    withheld: int = 0
    erased: int = 0
    last_idx: int | None = None
    first_at: int | None = None
    last_at: int | None = None
    whose: Whose = field(default_factory=Whose)


@dataclass(frozen=True)
class ShownEntry:
    """What an entry in scope and period says: its row of the sheet, and the SHA-256 of its attachments."""

    row: TimelineRow
    digests: tuple[str, ...]


def erasures_in(lines: Iterable[bytes]) -> Erasures:
    """What every erasure.applied that is opened truly lists. What is wrong with a line is said when the walk comes to it."""
    found = Erasures()
    for line in lines:
        if ERASURE.encode() in line:
            try:
                _note_erasures(found, canonical_value(line.rstrip(b"\n")))
            except (ValueError, KeyError, TypeError, AttributeError):
                continue
    return found


def take(walk: Walk, line: bytes) -> ShownEntry | None:
    """Checks the next line against all before it; None for an entry outside scope or period. Raises PackFault."""
    walk.lines += 1
    try:
        read = read_line(line, is_complete=walk.manifest.grade == COMPLETE)
    except BadLine as bad:
        is_numbered = walk.manifest.grade == COMPLETE
        raise PackFault(bad.fault, walk.lines - 1 if is_numbered else None, line=walk.lines) from None
    head, openings = read.head, read.openings
    _check_place(walk, head)
    if head.tag in walk.manifest.streams:
        walk.in_scope += 1
        walk.last_idx = head.idx
        shown = _shown_in_scope(walk, head, openings)
    elif openings or walk.manifest.grade != COMPLETE or walk.manifest.is_all:
        raise PackFault("scope", head.idx)
    else:
        shown = None
    _check_tree(walk, head, read.proof)
    walk.last = head.idx
    return shown


def finish(walk: Walk) -> None:
    """Raises PackFault for what is missing after the last line."""
    manifest = walk.manifest
    if manifest.grade == COMPLETE and walk.last + 1 < manifest.size:
        raise PackFault("end", walk.last + 1, size=manifest.size)
    for _, start in manifest.origins[1:]:
        if start not in walk.recovered:
            raise PackFault("no-recovery", start)
    for tag, name in manifest.streams.items():
        if tag not in walk.counts:
            raise PackFault("stream-empty", stream=name)
    if manifest.grade == COMPLETE and frontier_root(walk.frontier).hex() != manifest.root:
        raise PackFault("root")
    check_school(manifest, walk.whose)


def _note_erasures(found: Erasures, fields: dict[str, Any]) -> None:
    committed = set(canonical_value(fields["header"].encode())["c"])
    values = {}
    for name in ("event", "facts"):
        opening = fields["openings"][name]
        if _committed(name, opening) not in committed:
            return
        values[name] = canonical_value(opening["value"].encode())
    if values["event"]["type"] == ERASURE:
        for item in values["facts"].get("erased", []):
            found.values.setdefault(item["idx"], {})[str(item["commitment"])] = str(item["field"])
        found.evidence.update(map(str, values["facts"].get("evidence", [])))


def _committed(name: str, opening: Mapping[str, str]) -> str:
    return commitment(name, bytes.fromhex(opening["salt"]), opening["value"].encode()).hex()


def _check_place(walk: Walk, head: Header) -> None:
    """Its position in the trail and in its stream; nothing is missing before it."""
    manifest, idx, due = walk.manifest, head.idx, walk.last + 1
    if idx >= manifest.size:
        raise PackFault("surplus", idx, size=manifest.size)
    if idx < due:
        raise PackFault("order", idx)
    if idx > due and manifest.grade == COMPLETE:
        raise PackFault("missing", due, next=idx + 1)
    if head.origin != manifest.origin_of(idx):
        raise PackFault("origin", idx, origin=head.origin)
    expected = walk.counts.get(head.tag, 0)
    if head.sseq != expected:
        raise PackFault("sequence", idx, found=head.sseq + 1, due=expected + 1)
    walk.counts[head.tag] = expected + 1


def _shown_in_scope(walk: Walk, head: Header, openings: Mapping[str, Mapping[str, str]]) -> ShownEntry | None:
    opened = {_committed(name, opening): name for name, opening in openings.items()}
    for made, name in opened.items():
        if made not in head.commitments:
            raise PackFault("mismatch", head.idx, field=name)
    if "event" not in openings:
        raise PackFault("event", head.idx)
    values = {name: _value(head.idx, name, opening["value"]) for name, opening in openings.items()}
    event = values["event"]
    if event["stream"] != walk.manifest.streams[head.tag]:
        raise PackFault("stream", head.idx, stream=event["stream"], listed=walk.manifest.streams[head.tag])
    _check_recovery(walk, head, values)
    if event["stream"] == TRAIL_STREAM:
        is_first = head.idx == 0 or (head.idx == 1 and walk.recovered == [0])
        note_owner(walk.whose, head.idx, event["type"], values.get("facts"), is_first=is_first)
    gone = {made: name for made, name in walk.erasures.values.get(head.idx, {}).items() if made in head.commitments}
    for made, name in opened.items():
        if made in gone:
            raise PackFault("erased-here", head.idx, field=name)
    if not walk.manifest.covers(event["at"]):
        return None
    walk.opened += 1
    walk.first_at = event["at"] if walk.first_at is None else min(walk.first_at, event["at"])
    walk.last_at = event["at"] if walk.last_at is None else max(walk.last_at, event["at"])
    note_called(walk.whose, head.tag, event["stream"], values.get("personal.supplier_name"))
    withheld = len(head.commitments) - len(opened) - len(gone)
    walk.withheld += withheld
    walk.erased += len(gone)
    tells_about = walk.manifest.tells_about
    told = row(head.idx, values, erased=tuple(gone.values()), withheld=withheld, tells_about=tells_about)
    return ShownEntry(told, digests(values.get("facts", {})))


def _value(idx: int, name: str, text: str) -> Any:
    try:
        value = canonical_value(text.encode())
    except ValueError:
        raise PackFault("opening", idx, field=name) from None
    if not _fits(name, value):
        raise PackFault("opening", idx, field=name)
    return value


def _fits(name: str, value: Any) -> bool:
    if name.startswith("personal."):
        return True
    if not isinstance(value, dict):
        return False
    if name == "event":
        texts = (text for key, text in value.items() if key != "at")
        is_keyed = value.keys() == _EVENT_KEYS and is_count(value["at"], LAST_INSTANT + 1)
        return is_keyed and all(isinstance(text, str) for text in texts)
    return name == "facts" or all(isinstance(text, str) for text in value.values())


def _check_recovery(walk: Walk, head: Header, values: Mapping[str, Any]) -> None:
    """Where the trail takes another name, an entry says which one it had, and what was restored."""
    begins = next((n for n, (_, start) in enumerate(walk.manifest.origins) if n and start == head.idx), None)
    event, facts = values["event"], values.get("facts", {})
    says_so = (event["stream"], event["type"]) == (TRAIL_STREAM, RECOVERED)
    if begins is None:
        if says_so:  # the first of a trail of which nothing was left
            walk.recovered.append(head.idx)
        return
    is_explained = (
        says_so
        and facts.get("old_origin") == walk.manifest.origins[begins - 1][0]
        and is_count(facts.get("signed_size"))
        and is_hex(facts.get("signed_root"), 32)
        and is_count(facts.get("restored_size"))
        and facts["restored_size"] == head.idx
        and is_hex(facts.get("restored_root"), 32)
        and (walk.manifest.grade != COMPLETE or facts["restored_root"] == frontier_root(walk.frontier).hex())
    )
    if not is_explained:
        raise PackFault("recovery", head.idx)
    walk.recovered.append(head.idx)


def _check_tree(walk: Walk, head: Header, proof: tuple[bytes, ...]) -> None:
    walk.leaf = leaf = leaf_hash(head.text)
    if walk.manifest.grade == COMPLETE:
        walk.frontier, _ = push(walk.frontier, head.idx, leaf)
        if head.idx + 1 in walk.wanted:
            walk.roots[head.idx + 1] = frontier_root(walk.frontier)
        return
    root = bytes.fromhex(walk.manifest.root)
    try:
        verify_inclusion(leaf_hash=leaf, index=head.idx, size=walk.manifest.size, proof=proof, root=root)
    except VerificationError:
        raise PackFault("proof", head.idx) from None
