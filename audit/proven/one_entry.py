"""One entry out of an audit pack, with its proof, as a file of C2SP tlog-proof; and the check of such a file.

Beside the proof the file brings what the pack opened of the entry, as ``extra``: its line of entries.jsonl without the pack's own
proof. That is believed as far as its header is the leaf, and its openings what the header commits to.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from audit.canonical import canonical_json
from audit.entry import commitment
from audit.errors import VerificationError
from audit.fingerprint import as_fingerprint, fingerprint
from audit.merkle import leaf_hash, node_hash, verify_inclusion
from audit.note import Checkpoint, parse_checkpoint, signers_of
from audit.proven.tlog_proof import LARGEST, LogProof, proof_text, read_proof
from audit.sheet import TimelineRow, row
from audit.verifier.archive import MAX_LINE, Archive, Unreadable, chunks, lines, open_archive, read_all
from audit.verifier.heads import Source, opened
from audit.verifier.known import require_keys
from audit.verifier.lines import BadLine, PackLine, read_line
from audit.verifier.manifest import COMPLETE, read_manifest
from audit.verifier.openings import CLOCK_SINCE, values_in
from audit.verifier.policy import Policy, check_witnesses, read_policy
from audit.verifier.verdict import EXIT_STATUS, FAILS, HOLDS, UNREADABLE, PackFault, SealKey, Sighting, printable
from audit.verifier.verify import verify_pack
from audit.vkeys import ALGORITHMS, VerifierKey, read_vkey, vkey_text

HOLDS_SO: Final = "Entry {n} is in the trail that the seal is of, unaltered. It says nothing about any other."
NO_KEY: Final = "Give the key of the installation, whole: such a file brings none."


class NotProven(Exception):
    """No proof can be made; the sentence says why."""


@dataclass(frozen=True)
class EntryFacts:
    """What a file that holds shows. ``idx`` counts from 0; ``origin``, ``size`` and ``root`` are the seal's; ``entry_origin``
    is what the trail was called when the entry was made; ``row`` is what was opened, None where nothing was; ``closed`` counts
    values that are not shown, whether withheld or erased; ``seen`` is None without a policy.
    """

    idx: int
    origin: str
    size: int
    root: str
    entry_origin: str
    stream: str | None
    row: TimelineRow | None
    closed: int
    signed_by: tuple[str, ...]
    signers: tuple[SealKey, ...]
    seen: tuple[Sighting, ...] | None


@dataclass(frozen=True)
class EntryVerdict:
    """``status`` is "holds", "fails" or "unreadable"; ``what`` a sentence."""

    status: str
    what: str
    facts: EntryFacts | None = None

    @property
    def exit_status(self) -> int:
        return EXIT_STATUS[self.status]


def prove(pack: Source, idx: int) -> bytes:
    """The file for the entry at ``idx`` of a pack that holds. Raises NotProven."""
    found = verify_pack(pack)
    if found.facts is None:
        raise NotProven(found.what)
    with opened(pack) as file:
        archive = open_archive(file)
        if "checkpoint" not in archive.members:
            raise NotProven("The pack has no seal, and without one nobody says that the entry is in the trail.")
        is_complete = read_manifest(archive).grade == COMPLETE
        line, path = _line_and_path(archive, idx, is_complete=is_complete)
        checkpoint = read_all(archive, "checkpoint")
    shown = {name: {"salt": salt.hex(), "value": value} for name, (salt, value) in line.openings.items()}
    extra = {"header": line.head.text.decode(), **({"openings": shown} if shown else {})}
    return proof_text(LogProof(idx, path, checkpoint, canonical_json(extra)))


def check(source: Source, *, keys: Iterable[str], policy: Source | None = None, origin: str = "") -> EntryVerdict:
    """Never raises for what the files hold. ``keys`` are verifier keys, whole; ``policy`` a file of C2SP tlog-policy; ``origin``
    is what the trail has to be called, anything where it is empty: one key signs the seals of many trails.
    """
    try:
        asked = read_policy(policy) if policy is not None else None
        known = _whole_keys(keys, asked)
        with opened(source) as file:
            facts = _facts(file.read(LARGEST + 1), known, asked)
        if origin not in ("", facts.origin):
            return EntryVerdict(FAILS, f"The entry is in another trail than the one that you named: {printable(facts.origin)}.")
    except Unreadable as error:
        return EntryVerdict(UNREADABLE, str(error))
    except PackFault as fault:
        return EntryVerdict(FAILS, fault.sentence())
    except _False as error:
        return EntryVerdict(FAILS, str(error))
    return EntryVerdict(HOLDS, HOLDS_SO.format(n=f"{facts.idx + 1:,}"), facts)


def _whole_keys(keys: Iterable[str], policy: Policy | None) -> tuple[str, ...]:
    """Raises Unreadable for a fingerprint, and where there is no key at all: the file has none that one could mean."""
    known = require_keys(keys)
    if any(map(as_fingerprint, known)) or not (known or (policy and policy.logs)):
        raise Unreadable(NO_KEY)
    return known


def to_json(verdict: EntryVerdict) -> str:
    """One line; the shape is in docs/reference/pack-format.md."""
    told = asdict(verdict)
    if verdict.facts and verdict.facts.row:
        told["facts"]["row"] = verdict.facts.row._asdict()
    return json.dumps(told, ensure_ascii=False)


class _False(Exception):
    """The file is in its form, and what it says is not so."""


def _line_and_path(archive: Archive, idx: int, *, is_complete: bool) -> tuple[PackLine, tuple[bytes, ...]]:
    hashes: list[bytes] = []
    wanted: PackLine | None = None
    for data in lines(chunks(archive, "entries.jsonl")):
        line = read_line(data, is_complete=is_complete)
        hashes.append(leaf_hash(line.head.text))
        if line.head.idx == idx:
            wanted = line
    if wanted is None:
        raise NotProven(f"The pack does not show an entry {idx + 1:,}.")
    return wanted, tuple(_path(hashes, idx)) if is_complete else wanted.proof


def _path(leaf_hashes: Sequence[bytes], index: int) -> Iterator[bytes]:
    """The siblings on the way to the root of all leaves: pairs level by level, and an odd one moves up as it is."""
    level = list(leaf_hashes)
    while len(level) > 1:
        if (index ^ 1) < len(level):
            yield level[index ^ 1]
        odd = level[-1:] if len(level) & 1 else []
        level = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)] + odd
        index >>= 1


def _facts(data: bytes, keys: tuple[str, ...], policy: Policy | None) -> EntryFacts:
    """Raises Unreadable for what is in no form, PackFault and _False for what does not hold."""
    try:
        proof = read_proof(data)
        line = _entry(proof)
    except VerificationError as error:
        raise Unreadable(f"This is no proof of an entry: {error.what}.") from error
    head, signers = _sealed(proof.checkpoint, (*keys, *(policy.logs if policy else ())))
    names = tuple(dict.fromkeys(key.name for key in signers))
    seen = check_witnesses(policy, proof.checkpoint, head.origin, () if keys else names) if policy else None
    if line.head.idx != proof.index:
        raise _False(f"The proof is of entry {proof.index + 1:,}, and what it shows says that it is entry {line.head.idx + 1:,}.")
    try:
        verify_inclusion(leaf_hash=leaf_hash(line.head.text), index=proof.index, size=head.size, proof=proof.path, root=head.root)
    except VerificationError as error:
        raise _False("The entry is not in the trail that the seal is of: it, the proof or the index was changed.") from error
    stream, shown, closed = _shown(line)
    return EntryFacts(
        idx=proof.index,
        origin=head.origin,
        size=head.size,
        root=head.root.hex(),
        entry_origin=line.head.origin,
        stream=stream,
        row=shown,
        closed=closed,
        signed_by=names,
        signers=tuple(_seal_key(key) for key in signers),
        seen=seen,
    )


def _entry(proof: LogProof) -> PackLine:
    """The entry that stands beside the proof, as a line of a complete pack has it."""
    if not proof.extra or len(proof.extra) >= MAX_LINE:
        raise VerificationError("it does not bring its entry")
    try:
        return read_line(proof.extra + b"\n", is_complete=True)
    except BadLine as error:
        raise VerificationError("its entry is in no form that entries have") from error


def _sealed(note: bytes, keys: tuple[str, ...]) -> tuple[Checkpoint, tuple[VerifierKey, ...]]:
    """Where keys of both types were given under the name of a signer, one of each must have signed, as of a pack's seal."""
    try:
        text, signers = signers_of(note, keys)
        head = parse_checkpoint(text)
    except VerificationError as error:
        raise _False(f"The seal does not hold: {error.what}.") from error
    signed = {(key.name, key.type) for key in signers}
    wanted = {(key.name, key.type) for key in map(read_vkey, keys)}
    if any(one not in signed and one[0] in dict(signed) for one in wanted):
        raise _False("The seal does not hold: it is signed by a key of one kind, and you gave keys of two.")
    return head, signers


def _shown(line: PackLine) -> tuple[str | None, TimelineRow | None, int]:
    """The stream, what was opened, and how many values were not. Raises PackFault for what is not what was committed."""
    for name, (salt, value) in line.openings.items():
        if commitment(name, salt, value.encode()).hex() not in line.head.commitments:
            raise PackFault("mismatch", line.head.idx, field=name)
    closed = len(line.head.commitments) - len(line.openings)
    if "event" not in line.openings:
        return None, None, closed
    values = values_in(line.head.idx, line.openings, CLOCK_SINCE)
    stream: str = values["event"]["stream"]
    return stream, row(line.head.idx, values, withheld=closed, tells_about=True), closed


def _seal_key(key: VerifierKey) -> SealKey:
    vkey = vkey_text(key.name, key.data)
    return SealKey(vkey, ALGORITHMS[key.type], fingerprint(vkey))
