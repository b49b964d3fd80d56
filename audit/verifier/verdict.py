"""What a check of an audit pack can say: the faults with their sentences, and the verdict in JSON.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Final

from audit.times import SomeEntries

HOLDS, FAILS, UNREADABLE = "holds", "fails", "unreadable"
# Controls, format characters, spaces but the plain one, surrogates, private use: by number, as Unicode's versions differ in more.
UNSEEN: Final = re.compile(
    "[\0-\x1f\x7f-\xa0\xad\u0600-\u0605\u061c\u06dd\u070f\u08e2\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    "\u3000\ud800-\uf8ff\ufeff\ufff9-\uffff\U000e0000-\U0010ffff]"
)
LONGEST_LINE: Final = 700  # a name of the longest allowed, and what is said about it
EXIT_STATUS: Final = {HOLDS: 0, FAILS: 1, UNREADABLE: 2}

# In the order in which they are looked for; docs/reference/pack-format.md lists them for other implementations.
FAULTS: Final[Mapping[str, str]] = {
    "line": "Line {line} of entries.jsonl is not in the form that lines have.",
    "header": "The header in line {line} of entries.jsonl is not in the form that headers have.",
    "surplus": "Entry {n} is more than the {size} entries that the pack says the trail had.",
    "order": "Entry {n} is there twice or out of order.",
    "missing": "Entry {n} is missing: entry {next} comes in its place.",
    "origin": "Entry {n} belongs to another trail: {origin}.",
    "sequence": "Entry {n} is number {found} of its stream, and number {due} was due: one is missing or out of order.",
    "scope": "Entry {n} is of a stream that is not in the pack's scope, and is shown all the same.",
    "mismatch": "Entry {n}: what is shown as its {field} is not what the entry committed to.",
    "event": "Entry {n} does not show what it is: its event is missing.",
    "opening": "Entry {n}: its {field} is not in the form that it should have.",
    "stream": "Entry {n} says that it is of the stream {stream}, and the pack says that its stream is {listed}.",
    "facts": "Entry {n} does not show what it did: its facts are missing.",
    "recovery": "Entry {n} should say how the trail went on after a backup was restored, and does not.",
    "whose": "Entry {n} should say whose trail it is, and does not.",
    "erased-here": "Entry {n}: its {field} was erased, and is shown all the same.",
    "changed": "Entry {n} is not in the trail whose root the pack gives: its header was changed.",
    "proof": "Entry {n} is not in the trail whose root the pack gives: the entry or its proof was changed.",
    "end": "The pack ends before entry {n}, and says that the trail had {size} entries.",
    "no-recovery": "Entry {n} should say how the trail went on after a backup was restored, and is not in the pack.",
    "stream-empty": "The pack says that {stream} is a stream of the trail, and no entry belongs to it.",
    "root": "The entries do not have the root that the pack gives: one was changed, added or left out.",
    "school": "The pack says that it is that of {school}, and its trail says that it is that of {name}.",
    "rotations": "The chain from one key to the next does not hold: {why}.",
    "unsealed": "You gave a key, and the pack has no seal to check with it.",
    "seal": "The seal does not hold: {why}.",
    "seal-head": "The seal is of another trail, another size or another root than the pack.",
    "origins": "The list of origins does not hold: {why}.",
    "since": "since.json does not prove that an earlier trail is the beginning of this one.",
    "earlier-seal": "The seal that was given as the earlier one does not hold: {why}.",
    "earlier-trail": "What was given as the earlier one is of another trail: {origin}. If both are of one school, ask why.",
    "earlier-lost": "The trail began anew with entry {n}: of the earlier one's {size} entries, some were lost or replaced.",
    "earlier-larger": "The earlier one has {size} entries, more than this pack: some were removed, or the two changed places.",
    "earlier-proof": "This extract can't be compared: its since.json is not about the earlier one's {size} entries.",
    "earlier-root": "The first {size} entries are not those of the earlier one: the trail was rewritten.",
    "leaves": "The list of leaf hashes was changed: it is not that of the entries.",
    "csv": "timeline.csv does not say what entry {n} says.",
    "csv-lines": "timeline.csv has a line that no entry gives.",
    "evidence": "{name} is not the file that its name says.",
    "evidence-unknown": "{name} is not attached to any entry that the pack shows.",
    "evidence-ending": "{name} does not end as a file of its kind does, by what its entry says that it is.",
    "files": "{name} is listed in the manifest and not in the pack, or the other way round.",
    "file": "{name} is not the file that the manifest lists.",
}
# Looked for behind seal-head, and only where a policy was given: the check in the browser takes none.
POLICY_FAULTS: Final[Mapping[str, str]] = {
    "witnesses": "The seal was not seen by those whom your policy asks for: {why}.",
}
SEAL_WHYS: Final[Mapping[str, str]] = {
    "form": "it, or a key to check it with, is not in the form that it should have",
    "other": "it is not about the pack that it came with",
    "signature": "a signature on it is false",
    "unknown": "it is not signed by a key that is known here",
}
TRUST: Final[Mapping[str, str]] = {
    "given": "checked with a key that you gave",
    "self-asserted": "self-asserted: the key came with the pack",
    "unsealed": "not sealed",
}
# By ``trust``, whose the copy of the trail's head is: only a known key says that the pack is the school's.
COPY: Final[Mapping[str, str]] = {"given": "known", "self-asserted": "self-asserted", "unsealed": "none"}
# How a pack that holds is announced, and what that leaves open: by ``copy``.
ANNOUNCED: Final[Mapping[str, str]] = {
    "known": "holds",
    "self-asserted": "holds, by a key that came with it",
    "none": "holds, but has no seal",
}
LIMITS: Final[Mapping[str, str]] = {
    "known": "",
    "self-asserted": (
        "Whoever made the pack may have made the key that sealed it. Ask the school for its key, or have the fingerprint read "
        "out to you, and check again with that."
    ),
    "none": "The trail was not sealed, so this pack can't show that the record was not made anew from its first entry.",
}
GRADES: Final[Mapping[str, str]] = {
    "complete": "complete: every entry of the trail is accounted for, and nothing was left out",
    "extract": "extract: nothing was changed; it can't show that nothing came after its last entry",
}


# SHA-256 of verifiers that earlier versions published and put into packs. This one's own its reader works out.
EARLIER_VERIFIERS: Final = ("34e1ecc0f14560ae0bb792b1fd133414709f66465ff4747763d0fd70834983e7",)  # 0.1
OTHER_VERIFIER: Final = (
    "The pack brings a verifier of its own that differs from every one that is known here: it is of another version of Vouch, or "
    "forged. Use your own copy, and don't start that one."
)
# What a verifier does not look at, where a pack or what was given beside it has some, in this order.
LEFT_OPEN: Final[Mapping[str, str]] = {
    "timestamp": "Time stamp: not checked here.",
    "witnesses": "Witnesses: not checked here.",
    "earlier-seal": "Seal of the earlier one: not checked, as it has none by a key that is known here.",
}


class PackFault(Exception):
    """A check failed: ``fault`` is a key of FAULTS or POLICY_FAULTS, ``idx`` the entry where there is one; ``values`` are
    what the sentence needs.
    """

    def __init__(self, fault: str, idx: int | None = None, **values: object) -> None:
        super().__init__(fault)
        self.fault, self.idx, self.values = fault, idx, values

    def sentence(self) -> str:
        values = {name: printable(value) if isinstance(value, str) else value for name, value in self.values.items()}
        return {**FAULTS, **POLICY_FAULTS}[self.fault].format(n=None if self.idx is None else self.idx + 1, **values)


@dataclass(frozen=True)
class StreamCount:
    """``called`` is what its entries call the supplier that they are about, in order."""

    name: str
    entries: int
    called: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrailOwner:
    """Whose a trail is. ``kind`` is "school", "trust" or "operator", ``number`` a URN, a UID or nothing."""

    kind: str
    name: str
    number: str


@dataclass(frozen=True)
class Sighting:
    """A witness that saw the seal, by the name of its key, and when it says that it did."""

    name: str
    at: str


@dataclass(frozen=True)
class SealKey:
    """A key that signed the seal, and its fingerprint, to be compared with one that came another way."""

    vkey: str
    algorithm: str
    fingerprint: str


@dataclass(frozen=True)
class PackFacts:
    """What a pack that holds shows. Times are ISO 8601 in UTC; ``idx`` counts from 0; counts of values, not of entries, are
    ``withheld`` and ``erased``; ``other_…`` is None in an extract, which does not know; ``trust`` is a key of TRUST,
    ``copy`` of ANNOUNCED.
    """

    school: str
    grade: str
    origin: str
    size: int
    root: str
    entries: int  # lines in the pack
    in_scope: int
    opened: int  # in scope and in the period
    withheld: int
    erased: int
    recovered: tuple[int, ...]  # the entries with which the trail went on after a backup was restored
    streams: tuple[StreamCount, ...]
    other_streams: int | None
    other_entries: int | None
    since: str | None  # the period asked for, half-open
    until: str | None
    first_recorded: str | None  # of the entries opened
    last_recorded: str | None
    held: SomeEntries | None  # entries in scope with the time of the entry before, as the clock said less
    last_idx: int | None  # the last entry in scope, in the period or not
    evidence: int
    evidence_not_here: int  # digests that entries name and whose files the pack doesn't have
    not_checked: tuple[str, ...]  # files for people, of which only the list of files says what they are
    verifier: str | None  # SHA-256 of the vouch_verify.py in it, in hex
    trust: str
    copy: str
    signed_by: tuple[str, ...]  # names of keys, which anybody can give theirs
    signers: tuple[SealKey, ...]
    algorithms: tuple[str, ...]  # by which they did: Ed25519, ML-DSA-44
    key_changes: int  # rotations that lead from a key that was given to one that signed
    earlier_size: int | None  # of what --since named
    whose: TrailOwner | None  # as the trail's own entries say; None: none does
    named_since: int | None  # the entry from which on they do, 0 for all
    renamed: tuple[int, ...]  # the entries that tell of another name or number
    other_origins: tuple[str, ...] | None  # that the installation lists for the same owner; None: no list
    seen: tuple[Sighting, ...] | None  # the witnesses of the policy that saw the seal; None: no policy was given
    left_open: tuple[str, ...]  # keys of LEFT_OPEN


@dataclass(frozen=True)
class PackVerdict:
    """``status`` is "holds", "fails" or "unreadable"; ``what`` a sentence; ``fault`` a key of FAULTS if it fails; ``idx`` the
    first bad entry, from 0, where there is one; ``facts`` only if it holds: nothing else about such a pack is certain, and
    ``warnings`` of what is no fault and worth a question, a sentence each.
    """

    status: str
    what: str
    fault: str | None = None
    idx: int | None = None
    facts: PackFacts | None = None
    warnings: tuple[str, ...] = ()

    @property
    def exit_status(self) -> int:
        return EXIT_STATUS[self.status]


def to_json(verdict: PackVerdict) -> str:
    """One line; the shape is in docs/reference/pack-format.md."""
    return json.dumps(asdict(verdict), ensure_ascii=False)


def other_verifier(facts: PackFacts, known: Collection[str]) -> str:
    """What to say of a verifier in the pack that is none of those whose SHA-256 is known here; "" where there is none such."""
    is_known = facts.verifier is None or facts.verifier in {*EARLIER_VERIFIERS, *known}
    return "" if is_known else OTHER_VERIFIER


def printable(text: str) -> str:
    """At most a line of it, and nothing that could steer a terminal: the text may come from a stranger."""
    return UNSEEN.sub("\ufffd", text[:LONGEST_LINE])
