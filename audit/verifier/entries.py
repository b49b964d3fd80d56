"""Checks the entries of a pack one by one, in order, and keeps only what the whole needs: counts, hashes, erasures.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from audit.entry import commitments_of
from audit.errors import VerificationError
from audit.merkle import Frontier, leaf_hash, verify_inclusion
from audit.sheet import TimelineRow, row
from audit.times import Times
from audit.verifier.lines import BadLine, Header, Opening, PackLine, read_line
from audit.verifier.manifest import COMPLETE, PackManifest, is_count, is_hex
from audit.verifier.openings import ERASURE, NEEDS_FACTS, RECOVERED, TRAIL_STREAM, values_in
from audit.verifier.verdict import PackFault
from audit.verifier.whose import Whose, check_school, note_called, note_owner


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
    origin: int = 0  # which of the manifest's origins the last entry is under
    leaf: bytes = b""  # the last entry's hash
    frontier: Frontier = field(default_factory=Frontier)
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
    times: Times = field(default_factory=Times)


class ShownEntry(NamedTuple):
    """What an entry in scope and period says: its row of the sheet, and of its attachments the SHA-256 and the media type."""

    row: TimelineRow
    attached: tuple[tuple[str, str], ...]


def erasures_in(lines: Iterable[bytes], manifest: PackManifest) -> Erasures:
    """What every erasure.applied that is opened truly lists. What is wrong with a line is said when the walk comes to it."""
    found, word = Erasures(), ERASURE.encode()
    for line in lines:
        if word in line:
            try:
                _note_erasures(found, read_line(line, is_complete=manifest.grade == COMPLETE), manifest.version)
            except (BadLine, PackFault):
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
    recovered = set(walk.recovered)
    for _, start in manifest.origins[1:]:
        if start not in recovered:
            raise PackFault("no-recovery", start)
    for tag, name in manifest.streams.items():
        if tag not in walk.counts:
            raise PackFault("stream-empty", stream=name)
    if manifest.grade == COMPLETE and walk.frontier.root.hex() != manifest.root:
        raise PackFault("root")
    check_school(manifest, walk.whose)


def _note_erasures(found: Erasures, line: PackLine, version: int) -> None:
    told = {name: line.openings[name] for name in ("event", "facts") if name in line.openings}
    if len(told) < 2 or not commitments_of(told).keys() <= set(line.head.commitments):
        return
    values = values_in(line.head.idx, told, version)
    if values["event"]["type"] == ERASURE:
        for item in values["facts"]["erased"]:
            found.values.setdefault(item["idx"], {})[item["commitment"]] = item["field"]
        found.evidence.update(values["facts"]["evidence"])


def _check_place(walk: Walk, head: Header) -> None:
    """Its position in the trail and in its stream; nothing is missing before it."""
    manifest, idx, due = walk.manifest, head.idx, walk.last + 1
    if idx >= manifest.size:
        raise PackFault("surplus", idx, size=manifest.size)
    if idx < due:
        raise PackFault("order", idx)
    if idx > due and manifest.grade == COMPLETE:
        raise PackFault("missing", due, next=idx + 1)
    while walk.origin + 1 < len(manifest.origins) and manifest.origins[walk.origin + 1][1] <= idx:
        walk.origin += 1
    if head.origin != manifest.origins[walk.origin][0]:
        raise PackFault("origin", idx, origin=head.origin)
    expected = walk.counts.get(head.tag, 0)
    if head.sseq != expected:
        raise PackFault("sequence", idx, found=head.sseq + 1, due=expected + 1)
    walk.counts[head.tag] = expected + 1


def _shown_in_scope(walk: Walk, head: Header, openings: Mapping[str, Opening]) -> ShownEntry | None:
    opened = commitments_of(openings)
    if not opened.keys() <= set(head.commitments):
        raise PackFault("mismatch", head.idx, field=next(name for made, name in opened.items() if made not in head.commitments))
    if "event" not in openings:
        raise PackFault("event", head.idx)
    values = values_in(head.idx, openings, walk.manifest.version)
    event = values["event"]
    if event["stream"] != walk.manifest.streams[head.tag]:
        raise PackFault("stream", head.idx, stream=event["stream"], listed=walk.manifest.streams[head.tag])
    if event["type"] in NEEDS_FACTS and "facts" not in values:
        raise PackFault("facts", head.idx)
    walk.times.note(head.idx, event)
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
    return ShownEntry(told, _attached_in(values.get("facts", {})))


def _attached_in(facts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """A media type that is no text is as good as none."""
    attachments = facts.get("attachments")
    if not attachments:
        return ()
    types = [(one["sha256"], one.get("media_type")) for one in attachments]
    return tuple((digest, media_type if isinstance(media_type, str) else "") for digest, media_type in types)


def _check_recovery(walk: Walk, head: Header, values: Mapping[str, Any]) -> None:
    """Where the trail takes another name, an entry says which one it had, and what was restored."""
    begins = walk.origin > 0 and walk.manifest.origins[walk.origin][1] == head.idx
    event, facts = values["event"], values.get("facts", {})
    says_so = (event["stream"], event["type"]) == (TRAIL_STREAM, RECOVERED)
    if not begins:
        if says_so:  # the first of a trail of which nothing was left
            walk.recovered.append(head.idx)
        return
    is_explained = (
        says_so
        and facts.get("old_origin") == walk.manifest.origins[walk.origin - 1][0]
        and is_count(facts.get("signed_size"))
        and is_hex(facts.get("signed_root"), 32)
        and is_count(facts.get("restored_size"))
        and facts["restored_size"] == head.idx
        and is_hex(facts.get("restored_root"), 32)
        and (walk.manifest.grade != COMPLETE or facts["restored_root"] == walk.frontier.root.hex())
    )
    if not is_explained:
        raise PackFault("recovery", head.idx)
    walk.recovered.append(head.idx)


def _check_tree(walk: Walk, head: Header, proof: tuple[bytes, ...]) -> None:
    walk.leaf = leaf = leaf_hash(head.text)
    if walk.manifest.grade == COMPLETE:
        walk.frontier.push(leaf)
        if head.idx + 1 in walk.wanted:
            walk.roots[head.idx + 1] = walk.frontier.root
        return
    root = bytes.fromhex(walk.manifest.root)
    try:
        verify_inclusion(leaf_hash=leaf, index=head.idx, size=walk.manifest.size, proof=proof, root=root)
    except VerificationError:
        raise PackFault("proof", head.idx) from None
