"""Trust policies of C2SP tlog-policy: which logs and witnesses somebody knows, and which of these must have seen a head.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from audit.cosignature import Cosigner, cosigner_of, seen_by
from audit.errors import VerificationError
from audit.sheet import instant
from audit.verifier.archive import Unreadable
from audit.verifier.heads import Source, opened
from audit.verifier.verdict import PackFault, Sighting, printable
from audit.vkeys import key_name, key_parts

MAX_POLICY_BYTES: Final = 1_000_000  # hundreds of post-quantum keys
MOST_LINES: Final = 10_000
NONE: Final = "none"  # the quorum that asks for nobody


@dataclass
class Policy:
    """``logs`` are verifier keys, ``witnesses`` cosigners by their name in the policy, ``groups`` how many of which members must
    have seen a head, ``quorum`` the name of the witness or group that decides; ``urls`` the addresses of witnesses that have one.
    """

    logs: list[str] = field(default_factory=list)
    witnesses: dict[str, Cosigner] = field(default_factory=dict)
    groups: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    quorum: str = ""
    urls: dict[str, str] = field(default_factory=dict)

    def is_met(self, seen: Collection[Cosigner]) -> bool:
        """Whether these witnesses are enough."""
        met = {name for name, cosigner in self.witnesses.items() if cosigner in seen}
        for name, (least, members) in self.groups.items():  # each names only what stands before it
            if len(met.intersection(members)) >= least:
                met.add(name)
        return self.quorum == NONE or self.quorum in met


def read_policy(source: Source) -> Policy:
    """From a file, or its path. Raises Unreadable."""
    with opened(source) as file:
        return parse_policy(file.read(MAX_POLICY_BYTES + 1))


def parse_policy(data: bytes) -> Policy:
    """Reads a policy file. Raises Unreadable, with the number of the line, for anything else."""
    if len(data) > MAX_POLICY_BYTES:
        raise Unreadable("The policy is larger than a million bytes.")
    if re.search(rb"[^\t\n\x20-\x7e\x80-\xff]", data):
        raise Unreadable("The policy holds a control character other than tabs and newlines.")
    lines = data.decode(errors="surrogateescape").split("\n")
    if len(lines) > MOST_LINES:
        raise Unreadable(f"The policy has more than {MOST_LINES:,} lines.")
    policy = Policy()
    placed: set[str] = set()  # names that are members of a group already
    for number, line in enumerate(lines, 1):
        words = [word for word in line.replace("\t", " ").split(" ") if word]
        if words and not words[0].startswith("#"):
            try:
                _take(policy, placed, words)
            except (ValueError, VerificationError) as error:
                what = error.what if isinstance(error, VerificationError) else str(error)
                raise Unreadable(printable(f"The policy can't be used: line {number}: {what}.")) from error
    if not policy.quorum:
        raise Unreadable("The policy can't be used: it has no line quorum.")
    return policy


def check_witnesses(policy: Policy, note: bytes | None, origin: str, signed_by: Sequence[str]) -> tuple[Sighting, ...]:
    """Which of the policy's witnesses saw the seal, and when first; an installation with two keys counts once.

    ``signed_by`` are the names of the keys that signed it; none where another key than the policy's was given for that. Raises
    PackFault where the seal is not one that the policy trusts.
    """
    if note is None:
        raise PackFault("witnesses", why="the pack has no seal")
    if policy.logs and signed_by and not any(origin == name or origin.startswith(f"{name}/") for name in signed_by):
        raise PackFault("witnesses", why=f"it is of the log {origin}, and signed as {', '.join(signed_by)}")
    try:
        found = seen_by(note, policy.witnesses.values())
    except VerificationError as error:
        raise PackFault("witnesses", why="a signature of a witness on it is false") from error
    if not policy.is_met(found):
        raise PackFault("witnesses", why=f"of the {len(policy.witnesses):,} that it names, {len(found):,} saw it")
    first: dict[str, int] = {}
    for cosigner, at in found.items():
        first[cosigner.name] = min(at, first.get(cosigner.name, at))
    return tuple(Sighting(name, instant(at * 1_000_000)) for name, at in sorted(first.items(), key=lambda one: (one[1], one[0])))


def _take(policy: Policy, placed: set[str], words: list[str]) -> None:
    """One line. Raises ValueError or VerificationError for one that can't stand here."""
    kind, *rest = words
    if kind == "log" and len(rest) in (1, 2):
        key_name(rest[0])
        _require_new_key(rest[0], policy.logs)
        policy.logs.append(rest[0])
    elif kind == "witness" and len(rest) in (2, 3):
        cosigner = cosigner_of(rest[1])
        _require_new_name(policy, rest[0])
        if any(cosigner.data[1:] == known.data[1:] for known in policy.witnesses.values()):
            raise ValueError("another line has the same key")
        policy.witnesses[rest[0]] = cosigner
        if len(rest) == 3:
            policy.urls[rest[0]] = rest[2]
    elif kind == "group" and len(rest) >= 3:
        _require_new_name(policy, rest[0])
        policy.groups[rest[0]] = _group(policy, placed, rest[1], rest[2:])
    elif kind == "quorum" and len(rest) == 1:
        if policy.quorum:
            raise ValueError("there is a line quorum already")
        if rest[0] != NONE:
            _require_known(policy, rest[0])
        policy.quorum = rest[0]
    else:
        raise ValueError("it is no line of a policy: log, witness, group or quorum")


def _group(policy: Policy, placed: set[str], least: str, members: list[str]) -> tuple[int, tuple[str, ...]]:
    for name in members:
        _require_known(policy, name)
        if name in placed:
            raise ValueError(f"{name} is a member of a group already")
        placed.add(name)
    wanted = {"any": "1", "all": str(len(members))}.get(least, least)
    if not re.fullmatch("[1-9][0-9]{0,4}", wanted) or int(wanted) > len(members):
        raise ValueError(f"{least} is neither any nor all nor a number from 1 to {len(members)}")
    return int(wanted), tuple(members)


def _require_new_name(policy: Policy, name: str) -> None:
    if name == NONE or name in policy.witnesses or name in policy.groups:
        raise ValueError(f"the name {name} is taken")


def _require_known(policy: Policy, name: str) -> None:
    if name not in policy.witnesses and name not in policy.groups:
        raise ValueError(f"no line before this one says who {name} is")


def _require_new_key(verifier_key: str, known: list[str]) -> None:
    """Two keys are the same if the public key is, whatever their names."""
    given = key_parts(verifier_key)
    others = [key_parts(other) for other in known]
    if any(given and other and given[2][1:] == other[2][1:] for other in others):
        raise ValueError("another line has the same key")
