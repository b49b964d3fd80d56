"""What a check of an audit pack can say: the faults with their sentences, and the verdict in words and in JSON.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

HOLDS, FAILS, UNREADABLE = "holds", "fails", "unreadable"
LONGEST_LINE: Final = 700  # a name of the longest allowed, and what is said about it
MOST_STREAMS: Final = 20  # shown to people one by one; JSON has all
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
    "files": "{name} is listed in the manifest and not in the pack, or the other way round.",
    "file": "{name} is not the file that the manifest lists.",
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
NUMBERS: Final[Mapping[str, str]] = {"school": "URN", "trust": "UID", "operator": "number"}
GRADES: Final[Mapping[str, str]] = {
    "complete": "complete: every entry of the trail is accounted for, and nothing was left out",
    "extract": "extract: nothing was changed; it can't show that nothing came after its last entry",
}


class PackFault(Exception):
    """A check failed: ``fault`` is a key of FAULTS, ``idx`` the entry where there is one, ``values`` what the sentence needs."""

    def __init__(self, fault: str, idx: int | None = None, **values: object) -> None:
        super().__init__(fault)
        self.fault, self.idx, self.values = fault, idx, values

    def sentence(self) -> str:
        values = {name: printable(value) if isinstance(value, str) else value for name, value in self.values.items()}
        return FAULTS[self.fault].format(n=None if self.idx is None else self.idx + 1, **values)


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
class PackFacts:
    """What a pack that holds shows. Times are ISO 8601 in UTC; ``idx`` counts from 0; counts of values, not of entries, are
    ``withheld`` and ``erased``; ``other_…`` is None in an extract, which does not know; ``trust`` is a key of TRUST.
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
    last_idx: int | None  # the last entry in scope, in the period or not
    evidence: int
    evidence_not_here: int  # digests that entries name and whose files the pack doesn't have
    trust: str
    signed_by: tuple[str, ...]
    earlier_size: int | None  # of what --since named
    whose: TrailOwner | None  # as the trail's own entries say; None: none does
    named_since: int | None  # the entry from which on they do, 0 for all
    renamed: tuple[int, ...]  # the entries that tell of another name or number
    other_origins: tuple[str, ...] | None  # that the installation lists for the same owner; None: no list


@dataclass(frozen=True)
class PackVerdict:
    """``status`` is "holds", "fails" or "unreadable"; ``what`` a sentence; ``fault`` a key of FAULTS if it fails; ``idx`` the
    first bad entry, from 0, where there is one; ``facts`` only if it holds: nothing else about such a pack is certain.
    """

    status: str
    what: str
    fault: str | None = None
    idx: int | None = None
    facts: PackFacts | None = None

    @property
    def exit_status(self) -> int:
        return EXIT_STATUS[self.status]


def to_json(verdict: PackVerdict) -> str:
    """One line; the shape is in docs/reference/pack-format.md."""
    return json.dumps(asdict(verdict), ensure_ascii=False)


def words(verdict: PackVerdict) -> str:
    """For people, several lines."""
    if verdict.facts is None:
        return f"{verdict.status.upper()}. {verdict.what}"
    return "\n".join(
        [f"{verdict.status.upper()}. {verdict.what}", *(f"  {printable(line)}" for line in _fact_lines(verdict.facts))]
    )


def printable(text: str) -> str:
    """At most a line of it, and nothing that could steer a terminal: the text may come from a stranger."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text[:LONGEST_LINE])


def _fact_lines(facts: PackFacts) -> list[str]:
    lines = [
        *_whose(facts),
        f"Trail: {facts.origin}, {_count(facts.size, 'entry', 'entries')}, root {facts.root}",
        f"Grade: {GRADES[facts.grade]}",
        f"Seal: {TRUST[facts.trust]}{_signers(facts)}",
        f"In scope: {_count(facts.in_scope, 'entry', 'entries')} of {_count(len(facts.streams), 'stream', 'streams')}",
        *(f"  {_stream(stream)}" for stream in facts.streams[:MOST_STREAMS]),
        *([f"  and {len(facts.streams) - MOST_STREAMS:,} more"] if len(facts.streams) > MOST_STREAMS else []),
    ]
    if facts.other_streams is not None and facts.other_entries is not None:
        others = _count(facts.other_entries, "entry", "entries")
        lines.append(f"Not shown: {others} of {_count(facts.other_streams, 'other stream', 'other streams')}")
    lines += [_period(facts), f"Values withheld: {facts.withheld:,}; erased: {facts.erased:,}"]
    if facts.last_idx is not None:
        lines.append(f"Last entry in scope: {facts.last_idx + 1:,}")
    lines.append(f"Evidence: {_count(facts.evidence, 'file', 'files')} here, {facts.evidence_not_here:,} named and not here")
    lines += [_anew(idx) for idx in facts.recovered]
    if facts.earlier_size is not None:
        lines.append(f"Continues the earlier one: its {_count(facts.earlier_size, 'entry is', 'entries are')} the first of these")
    return lines


def _whose(facts: PackFacts) -> list[str]:
    """What is proven of whose trail it is, apart from what the pack merely says."""
    if facts.whose is None:
        return [f"Whose trail it is: not proven. The pack says: {facts.school}"]
    number = f", {NUMBERS[facts.whose.kind]} {facts.whose.number}" if facts.whose.number else ""
    since = f", named from entry {facts.named_since + 1:,} on" if facts.named_since else ""
    lines = [f"Whose trail it is: {facts.whose.name}{number} (proven{since})"]
    lines += [f"Another name or number from entry {idx + 1:,} on: ask why" for idx in facts.renamed]
    if facts.other_origins is not None:
        lines.append(f"Other trails of it here: {', '.join(facts.other_origins) or 'none, by the signed list in the pack'}")
    return lines


def _stream(stream: StreamCount) -> str:
    return f"{stream.name}: {stream.entries:,}" + (f", about {', later '.join(stream.called)} (proven)" if stream.called else "")


def _anew(idx: int) -> str:
    return (
        f"Began anew with entry {idx + 1:,}: what had been sealed before it was lost, as when an older backup is restored, or "
        "replaced. Ask why, and compare with a seal from before"
    )


def _signers(facts: PackFacts) -> str:
    return f" (signed by {', '.join(facts.signed_by)})" if facts.signed_by else ""


def _period(facts: PackFacts) -> str:
    asked = f"Period: from {facts.since or 'the beginning'} to {facts.until or 'the end'}"
    if facts.first_recorded is None:
        return f"{asked}; nothing was recorded in it"
    opened = _count(facts.opened, "entry", "entries")
    return f"{asked}; {opened} shown, recorded from {facts.first_recorded} to {facts.last_recorded}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def verdict_sentence(facts: PackFacts) -> str:
    """What a pack that holds amounts to."""
    anew = f" But the trail began anew with entry {facts.recovered[-1] + 1:,}: read below." if facts.recovered else ""
    if facts.grade == "complete":
        return f"The pack holds: these entries are unaltered, and none is missing.{anew}"
    return f"The pack holds: these entries are unaltered. It is an extract.{anew}"
