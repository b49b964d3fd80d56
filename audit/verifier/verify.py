"""Checks an audit pack: what it shows is unaltered and, if it is complete, whole. Trusts nothing that the pack says.

The checks and their order are in docs/reference/pack-format.md. Entries are read one at a time; of a pack of
usual size, their bytes are kept from one reading to the next. Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from audit.cosignature import has_lines_of_others
from audit.fingerprint import fingerprint
from audit.sheet import csv_line, instant, sheet_head
from audit.times import time_warnings
from audit.verifier.archive import MIB, Archive, Unreadable, chunks, digest_in, has_fitting_ending, lines, open_archive, read_all
from audit.verifier.beside import LEAVES, SHEET, Leaves, TimelineCsv
from audit.verifier.entries import Erasures, Walk, erasures_in, finish, take
from audit.verifier.heads import (
    EarlierHead,
    Source,
    check_earlier,
    check_origins,
    check_seal,
    check_since,
    opened,
    read_earlier,
)
from audit.verifier.known import known_keys, require_keys
from audit.verifier.manifest import COMPLETE, PackManifest, read_manifest
from audit.verifier.policy import Policy, check_witnesses, read_policy
from audit.verifier.rotations import follow
from audit.verifier.verdict import (
    COPY,
    FAILS,
    HOLDS,
    LEFT_OPEN,
    UNREADABLE,
    PackFacts,
    PackFault,
    PackVerdict,
    SealKey,
    Sighting,
    StreamCount,
)
from audit.verifier.words import fact_warnings, verdict_sentence
from audit.vkeys import ALGORITHMS, VerifierKey, vkey_text

PACKED_VERIFIER: Final = "vouch_verify.py"
FOR_PEOPLE: Final = ("report.pdf", "report.xlsx", "READ-ME.txt", PACKED_VERIFIER)
ENTRIES: Final = "entries.jsonl"
MOST_KEPT: Final = 16 * MIB  # of entries, which are read twice: as many are inflated once, and kept in between
Progress = Callable[[int, int], None]


@dataclass
class Pack:
    """An opened pack on its way through the checks. ``digests`` holds the SHA-256, in hex, of each file but the manifest."""

    archive: Archive
    manifest: PackManifest
    erasures: Erasures = field(default_factory=Erasures)
    digests: dict[str, str] = field(default_factory=dict)
    attached: dict[str, set[str]] = field(default_factory=dict)  # by SHA-256 of evidence in scope and period, its media types
    _kept: list[bytes] | None = None

    def read_through(self) -> None:
        """Reads every file to its end, and what was erased. Raises Unreadable for damage: before it is sure that there is none,
        nothing else is judged.
        """
        entries = self._hashed(ENTRIES)
        if self.archive.members[ENTRIES].size <= MOST_KEPT:
            self._kept = list(entries)
        self.erasures = erasures_in(lines(iter(entries if self._kept is None else self._kept)), self.manifest)
        for name in self.archive.members.keys() - {"manifest.json", ENTRIES}:
            for _ in self._hashed(name):
                pass

    def _hashed(self, name: str) -> Iterator[bytes]:
        digest = hashlib.sha256()
        for piece in chunks(self.archive, name):
            digest.update(piece)
            yield piece
        self.digests[name] = digest.hexdigest()

    def lines(self) -> Iterator[bytes]:
        """Those of the entries, once the pack was read through."""
        return lines(chunks(self.archive, ENTRIES) if self._kept is None else iter(self._kept))

    def pieces_if_there(self, name: str) -> Iterator[bytes] | None:
        return chunks(self.archive, name) if name in self.archive.members else None

    def read(self, name: str) -> bytes | None:
        """A small file whole; None if the pack has none of that name."""
        return read_all(self.archive, name) if name in self.archive.members else None


@dataclass(frozen=True)
class Given:
    """What whoever checks knows from elsewhere: keys, and a policy whose logs are keys too."""

    keys: tuple[str, ...]
    policy: Policy | None

    @property
    def known(self) -> tuple[str, ...]:
        return (*self.keys, *self.policy.logs) if self.policy else self.keys


@dataclass(frozen=True)
class Heads:
    """What was found out about the seal and what goes with it; ``signers`` are the known keys that signed it."""

    trust: str
    signers: tuple[VerifierKey, ...]
    key_changes: int
    earlier: EarlierHead | None
    listed: tuple[str, ...] | None
    seen: tuple[Sighting, ...] | None
    left_open: tuple[str, ...]


def verify_pack(
    pack: Source,
    *,
    keys: Iterable[str] = (),
    since: Source | None = None,
    policy: Source | None = None,
    on_progress: Progress = lambda _done, _of: None,
) -> PackVerdict:
    """Never raises for what the pack or ``since`` (an earlier pack or seal) holds. ``keys`` are verifier keys from elsewhere, or
    fingerprints of such; without any, those in the pack are used and the verdict says so. ``policy`` is a file of C2SP
    tlog-policy: its logs are further keys, and the seal must have been seen by the witnesses that it asks for. ``on_progress``
    hears bytes of entries: done, in all.
    """
    try:
        given = Given(require_keys(keys), read_policy(policy) if policy is not None else None)
        earlier = read_earlier(since) if since is not None else None
        with opened(pack) as file:
            facts, warnings = _check(file, given, earlier, on_progress)
    except PackFault as fault:
        return PackVerdict(FAILS, fault.sentence(), fault.fault, fault.idx)
    except Unreadable as error:
        return PackVerdict(UNREADABLE, str(error))
    except OSError as error:
        return PackVerdict(UNREADABLE, f"What was given can't be read: {str(error.strerror or error).rstrip('.')}.")
    return PackVerdict(HOLDS, verdict_sentence(facts), facts=facts, warnings=warnings)


def _check(file: BinaryIO, given: Given, earlier: EarlierHead | None, on_progress: Progress) -> tuple[PackFacts, tuple[str, ...]]:
    """What it shows, and the warnings."""
    archive = open_archive(file)
    pack = Pack(archive, read_manifest(archive))
    pack.read_through()
    walk = Walk(pack.manifest, pack.erasures, frozenset([earlier.size]) if earlier else frozenset())
    manifest = pack.manifest
    leaves = Leaves(archive, manifest, pack.pieces_if_there(LEAVES))
    try:
        csv_fault = _walk(pack, walk, leaves, on_progress)
        finish(walk)
    except PackFault:
        leaves.require_same(bytes.fromhex(manifest.root))  # a header may be what is wrong with a later one
        raise
    heads = _check_heads(pack, walk, given, earlier, leaves)
    leaves.end()
    if csv_fault:
        raise csv_fault
    _check_evidence(pack)
    _check_files(pack)
    facts = _facts(pack, walk, heads)
    return facts, (*time_warnings(walk.times), *fact_warnings(facts, tells_trail=manifest.version >= 3))


def _check_heads(pack: Pack, walk: Walk, given: Given, earlier: EarlierHead | None, leaves: Leaves) -> Heads:
    manifest, seal = pack.manifest, pack.read("checkpoint")
    known = follow(known_keys(manifest, given.known), pack.read("rotations"))
    signers = check_seal(manifest, seal, known, leaves)
    names = () if given.keys else [key.name for key in signers]
    seen = check_witnesses(given.policy, seal, manifest.origins[-1][0], names) if given.policy else None
    listed = check_origins(manifest, pack.read("origins"), known, walk.whose.owner)
    proven = check_since(manifest, pack.read("since.json"))
    is_sealed = check_earlier(manifest, {**proven, **walk.roots}, earlier, known) if earlier else True
    may_be_witnessed = given.policy is None and seal is not None and has_lines_of_others(seal, [key.name for key in signers])
    changes = min((known.changes.get(vkey_text(key.name, key.data), 0) for key in signers), default=0)
    trust = "unsealed" if not signers else "given" if known.are_given else "self-asserted"
    are_left = ("timestamp" in pack.archive.members, may_be_witnessed, not is_sealed)
    left = tuple(what for what, is_left in zip(LEFT_OPEN, are_left) if is_left)
    return Heads(trust, signers, changes, earlier, listed, seen, left)


def _walk(pack: Pack, walk: Walk, leaves: Leaves, on_progress: Progress) -> PackFault | None:
    """Checks every entry and, beside it, its line of the CSV: what is wrong with that is said later, in its turn."""
    sheet = TimelineCsv(pack.pieces_if_there(SHEET))
    tells_about = pack.manifest.tells_about
    sheet.expect(sheet_head(tells_about=tells_about), None)
    done, total = 0, pack.archive.members[ENTRIES].size
    for line in pack.lines():
        shown = take(walk, line)
        leaves.expect(walk.leaf, walk.last)
        if shown:
            sheet.expect(csv_line(shown.row, tells_about=tells_about), shown.row.entry - 1)
            for digest, media_type in shown.attached:
                pack.attached.setdefault(digest, set()).add(media_type)
        done += len(line)
        if not walk.lines % 1_000:
            on_progress(done, total)
    on_progress(total, total)
    return sheet.end()


def _check_evidence(pack: Pack) -> None:
    for name in sorted(pack.archive.members):
        digest = digest_in(name)
        if digest and pack.digests[name] != digest:
            raise PackFault("evidence", name=name)
        if digest and digest not in pack.attached:
            raise PackFault("evidence-unknown", name=name)
        if digest and not has_fitting_ending(name, pack.attached[digest]):
            raise PackFault("evidence-ending", name=name)


def _check_files(pack: Pack) -> None:
    """Every file but the manifest is as the manifest lists it, those for people too."""
    members, claims = pack.archive.members, pack.manifest.files
    for name in sorted(members.keys() ^ (claims.keys() | {"manifest.json"})):
        raise PackFault("files", name=name)
    for name in sorted(claims):
        if (members[name].size, pack.digests[name]) != (claims[name].size, claims[name].sha256):
            raise PackFault("file", name=name)


def _facts(pack: Pack, walk: Walk, heads: Heads) -> PackFacts:
    manifest, whose = pack.manifest, walk.whose
    others = {tag: count for tag, count in walk.counts.items() if tag not in manifest.streams}
    is_complete = manifest.grade == COMPLETE
    evidence = {digest_in(name) for name in pack.archive.members} - {""}
    return PackFacts(
        school=manifest.school,
        grade=manifest.grade,
        origin=manifest.origins[-1][0],
        size=manifest.size,
        root=manifest.root,
        entries=walk.lines,
        in_scope=walk.in_scope,
        opened=walk.opened,
        withheld=walk.withheld,
        erased=walk.erased,
        recovered=tuple(walk.recovered),
        streams=tuple(
            StreamCount(name, walk.counts[tag], tuple(whose.called.get(tag, ()))) for tag, name in manifest.streams.items()
        ),
        other_streams=len(others) if is_complete else None,
        other_entries=sum(others.values()) if is_complete else None,
        since=_instant_or_none(manifest.since),
        until=_instant_or_none(manifest.until),
        first_recorded=_instant_or_none(walk.first_at),
        last_recorded=_instant_or_none(walk.last_at),
        held=walk.times.held,
        last_idx=walk.last_idx,
        evidence=len(evidence),
        evidence_not_here=len(pack.attached.keys() - evidence - pack.erasures.evidence),
        not_checked=tuple(name for name in FOR_PEOPLE if name in pack.archive.members),
        verifier=pack.digests.get(PACKED_VERIFIER),
        trust=heads.trust,
        copy=COPY[heads.trust],
        signed_by=tuple(dict.fromkeys(key.name for key in heads.signers)),
        signers=tuple(_seal_key(key) for key in heads.signers),
        algorithms=tuple(name for key_type, name in ALGORITHMS.items() if any(key.type == key_type for key in heads.signers)),
        key_changes=heads.key_changes,
        earlier_size=heads.earlier.size if heads.earlier else None,
        whose=whose.owner,
        named_since=whose.since if whose.owner else None,
        renamed=tuple(whose.renamed),
        other_origins=heads.listed,
        seen=heads.seen,
        left_open=heads.left_open,
    )


def _seal_key(key: VerifierKey) -> SealKey:
    vkey = vkey_text(key.name, key.data)
    return SealKey(vkey, ALGORITHMS[key.type], fingerprint(vkey))


def _instant_or_none(at: int | None) -> str | None:
    return None if at is None else instant(at)
