"""A verdict in words, for people.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from audit.times import held_line
from audit.verifier.verdict import (
    ANNOUNCED,
    GRADES,
    LEFT_OPEN,
    LIMITS,
    TRUST,
    PackFacts,
    PackVerdict,
    StreamCount,
    other_verifier,
    printable,
)

MOST_STREAMS: Final = 20  # shown to people one by one; JSON has all
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NUMBERS: Final[Mapping[str, str]] = {"school": "URN", "trust": "UID", "operator": "number"}


ASK_WITNESSES: Final = " With --policy FILE they are."
NO_TRAIL: Final = "The stream trail is not in scope, so the pack would not say that its trail began anew. Ask why."
NO_ENTRY: Final = "No entry is in scope: the pack proves nothing of what happened."
NO_EARLIER: Final = "The earlier one has no entries: every trail continues it, and that proves nothing."


def in_words(verdict: PackVerdict, *, verifiers: Collection[str] = ()) -> str:
    """For people, several lines. ``verifiers`` are the SHA-256, in hex, of published verifiers that are known here."""
    if verdict.facts is None:
        return f"{verdict.status.upper()}. {verdict.what}"
    copy = verdict.facts.copy
    first = " ".join(filter(None, [f"{ANNOUNCED[copy].upper()}.", verdict.what, LIMITS[copy]]))
    warnings = [*verdict.warnings, *filter(None, [other_verifier(verdict.facts, verifiers)])]
    lines = [*not_checked(verdict.facts), *(f"WARNING. {sentence}" for sentence in warnings), *_fact_lines(verdict.facts)]
    return "\n".join([first, *(f"  {printable(line)}" for line in lines)])


def not_checked(facts: PackFacts) -> list[str]:
    """What the verdict says nothing about, though it lies in the pack or was given beside it."""
    named = ", ".join(facts.not_checked)
    files = [f"Not checked: {named}. Anybody could have written what they say"] if named else []
    return files + [LEFT_OPEN[what] + (ASK_WITNESSES if what == "witnesses" else "") for what in facts.left_open]


def _fact_lines(facts: PackFacts) -> list[str]:
    lines = [
        *_whose(facts),
        f"Trail: {facts.origin}, {_count(facts.size, 'entry', 'entries')}, root {facts.root}",
        f"Grade: {GRADES[facts.grade]}",
        f"Seal: {TRUST[facts.trust]}{_changes(facts)}{_signers(facts)}",
        *(f"  Key: {key.fingerprint} ({key.algorithm})" for key in facts.signers),
        *_seen(facts),
        f"In scope: {_count(facts.in_scope, 'entry', 'entries')} of {_count(len(facts.streams), 'stream', 'streams')}",
        *(f"  {_stream(stream)}" for stream in facts.streams[:MOST_STREAMS]),
        *([f"  and {len(facts.streams) - MOST_STREAMS:,} more"] if len(facts.streams) > MOST_STREAMS else []),
    ]
    if facts.other_streams is not None and facts.other_entries is not None:
        others = _count(facts.other_entries, "entry", "entries")
        lines.append(f"Not shown: {others} of {_count(facts.other_streams, 'other stream', 'other streams')}")
    lines.append(_period(facts))
    if facts.held:
        lines.append(held_line(facts.held))
    lines.append(f"Values withheld: {facts.withheld:,}; erased: {facts.erased:,}")
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


def _seen(facts: PackFacts) -> list[str]:
    if facts.seen is None:
        return []
    if not facts.seen:
        return ["Witnesses: seen by none that your policy names; it asks for none"]
    others = _count(len(facts.seen), "other", "others")
    first, last = (_day(one.at) for one in (facts.seen[0], facts.seen[-1]))
    when = f"on {first}" if first == last else f"from {first} to {last}"
    return [f"Witnesses: seen by {others} {when}: {', '.join(one.name for one in facts.seen)}"]


def _day(at: str) -> str:
    """Of 2026-11-04T09:30:00.000000Z: 4 November 2026, in UTC."""
    day = date.fromisoformat(at[:10])
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _stream(stream: StreamCount) -> str:
    return f"{stream.name}: {stream.entries:,}" + (f", about {', later '.join(stream.called)} (proven)" if stream.called else "")


def _anew(idx: int) -> str:
    return (
        f"Began anew with entry {idx + 1:,}: what had been sealed before it was lost, as when an older backup is restored, or "
        "replaced. Ask why, and compare with a seal from before"
    )


def _changes(facts: PackFacts) -> str:
    return f", through {_count(facts.key_changes, 'change', 'changes')} of key" if facts.key_changes else ""


def _signers(facts: PackFacts) -> str:
    return f" (signed by {', '.join(facts.signed_by)} with {' and '.join(facts.algorithms)})" if facts.signed_by else ""


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


def fact_warnings(facts: PackFacts, *, tells_trail: bool) -> tuple[str, ...]:
    """A sentence for each thing about a pack that holds that leaves it proving less than it seems to, or nothing.

    ``tells_trail``: its format has what is about the trail itself in every pack.
    """
    is_all = facts.other_streams == 0
    found = (
        (NO_TRAIL, tells_trail and not is_all and all(stream.name != "trail" for stream in facts.streams)),
        (NO_ENTRY, facts.in_scope == 0),
        (NO_EARLIER, facts.earlier_size == 0),
    )
    return tuple(sentence for sentence, is_so in found if is_so)
