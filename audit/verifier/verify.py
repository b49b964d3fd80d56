"""Checks an audit pack: what it shows is unaltered and, if it is complete, whole. Trusts nothing that the pack says.

The checks and their order are in docs/reference/pack-format.md. Entries are read one at a time and not kept. Part of the
offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from audit.sheet import csv_line, instant, sheet_head
from audit.verifier.archive import Archive, Unreadable, chunks, digest_in, lines, open_archive, read_all
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
    require_keys,
)
from audit.verifier.manifest import COMPLETE, PackManifest, parse_manifest
from audit.verifier.verdict import FAILS, HOLDS, UNREADABLE, PackFacts, PackFault, PackVerdict, StreamCount, verdict_sentence

Progress = Callable[[int, int], None]


@dataclass
class Pack:
    """An opened pack on its way through the checks. ``digests`` holds those of the files that were read to their end."""

    archive: Archive
    manifest: PackManifest
    erasures: Erasures = field(default_factory=Erasures)
    digests: dict[str, Any] = field(default_factory=dict)
    attached: set[str] = field(default_factory=set)  # SHA-256 of evidence that entries in scope and period name

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content, hashed on the way."""
        digest = self.digests[name] = hashlib.sha256()
        for piece in chunks(self.archive, name):
            digest.update(piece)
            yield piece

    def pieces_if_there(self, name: str) -> Iterator[bytes] | None:
        return self.pieces(name) if name in self.archive.members else None

    def read(self, name: str) -> bytes | None:
        """A small file whole; None if the pack has none of that name."""
        return b"".join(self.pieces(name)) if name in self.archive.members else None


def verify_pack(
    pack: Source, *, keys: Iterable[str] = (), since: Source | None = None, on_progress: Progress = lambda _done, _of: None
) -> PackVerdict:
    """Never raises for what the pack or ``since`` (an earlier pack or seal) holds. ``keys`` are verifier keys from elsewhere;
    without any, those in the pack are used and the verdict says so. ``on_progress`` hears bytes of entries: done, in all.
    """
    try:
        given = require_keys(keys)
        earlier = read_earlier(since) if since is not None else None
        with opened(pack) as file:
            facts = _check(file, given, earlier, on_progress)
    except PackFault as fault:
        return PackVerdict(FAILS, fault.sentence(), fault.fault, fault.idx)
    except Unreadable as error:
        return PackVerdict(UNREADABLE, str(error))
    except OSError as error:
        return PackVerdict(UNREADABLE, f"What was given can't be read: {error.strerror or error}.")
    return PackVerdict(HOLDS, verdict_sentence(facts), facts=facts)


def _check(file: BinaryIO, keys: tuple[str, ...], earlier: EarlierHead | None, on_progress: Progress) -> PackFacts:
    archive = open_archive(file)
    pack = Pack(archive, parse_manifest(read_all(archive, "manifest.json")))
    pack.erasures = erasures_in(lines(chunks(archive, "entries.jsonl")))
    walk = Walk(pack.manifest, pack.erasures, frozenset([earlier.size]) if earlier else frozenset())
    manifest = pack.manifest
    leaves = Leaves(archive, manifest, pack.pieces_if_there(LEAVES))
    try:
        csv_fault = _walk(pack, walk, leaves, on_progress)
        finish(walk)
    except PackFault:
        leaves.require_same(bytes.fromhex(manifest.root))  # a header may be what is wrong with a later one
        raise
    signed_by = check_seal(manifest, pack.read("checkpoint"), keys, leaves)
    listed = check_origins(manifest, pack.read("origins"), keys, walk.whose.owner)
    proven = check_since(manifest, pack.read("since.json"))
    if earlier:
        check_earlier(manifest, {**proven, **walk.roots}, earlier, keys or manifest.keys)
    leaves.end()
    if csv_fault:
        raise csv_fault
    _check_evidence(pack)
    _check_files(pack)
    trust = "unsealed" if not signed_by else "given" if keys else "self-asserted"
    return _facts(pack, walk, trust=trust, signed_by=signed_by, earlier=earlier, listed=listed)


def _walk(pack: Pack, walk: Walk, leaves: Leaves, on_progress: Progress) -> PackFault | None:
    """Checks every entry and, beside it, its line of the CSV: what is wrong with that is said later, in its turn."""
    sheet = TimelineCsv(pack.pieces_if_there(SHEET))
    tells_about = pack.manifest.tells_about
    sheet.expect(sheet_head(tells_about=tells_about), None)
    done, total = 0, pack.archive.members["entries.jsonl"].size
    for line in lines(pack.pieces("entries.jsonl")):
        shown = take(walk, line)
        leaves.expect(walk.leaf, walk.last)
        if shown:
            sheet.expect(csv_line(shown.row, tells_about=tells_about), shown.row.entry - 1)
            pack.attached.update(shown.digests)
        done += len(line)
        if not walk.lines % 1_000:
            on_progress(done, total)
    on_progress(total, total)
    return sheet.end()


def _check_evidence(pack: Pack) -> None:
    for name in sorted(pack.archive.members):
        digest = digest_in(name)
        if digest:
            for _ in pack.pieces(name):
                pass
            if pack.digests[name].hexdigest() != digest:
                raise PackFault("evidence", name=name)
            if digest not in pack.attached:
                raise PackFault("evidence-unknown", name=name)


def _check_files(pack: Pack) -> None:
    """Every file but the manifest is as the manifest lists it, those for people too."""
    members, claims = pack.archive.members, pack.manifest.files
    for name in sorted(members.keys() ^ (claims.keys() | {"manifest.json"})):
        raise PackFault("files", name=name)
    for name in sorted(claims):
        if name not in pack.digests:
            for _ in pack.pieces(name):
                pass
        if (members[name].size, pack.digests[name].hexdigest()) != (claims[name].size, claims[name].sha256):
            raise PackFault("file", name=name)


def _facts(
    pack: Pack,
    walk: Walk,
    *,
    trust: str,
    signed_by: tuple[str, ...],
    earlier: EarlierHead | None,
    listed: tuple[str, ...] | None,
) -> PackFacts:
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
        last_idx=walk.last_idx,
        evidence=len(evidence),
        evidence_not_here=len(pack.attached - evidence - pack.erasures.evidence),
        trust=trust,
        signed_by=signed_by,
        earlier_size=earlier.size if earlier else None,
        whose=whose.owner,
        named_since=whose.since if whose.owner else None,
        renamed=tuple(whose.renamed),
        other_origins=listed,
    )


def _instant_or_none(at: int | None) -> str | None:
    return None if at is None else instant(at)
