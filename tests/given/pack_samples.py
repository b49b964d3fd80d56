"""Audit packs that hold, for every verifier to be tried on, and what a verdict must state of each."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from audit import vkeys
from tests.given.hand_made_packs import (
    HOUR,
    JUNE,
    ORIGIN,
    OTHER_KEY,
    PACK_MLDSA_KEY,
    PHOTO,
    SIGNING_KEY,
    Trail,
    Wish,
    digest,
    mldsa_vkey,
    pack,
)

VKEY: Final = vkeys.vkey_of(SIGNING_KEY)
OTHER_VKEY: Final = vkeys.vkey_of(OTHER_KEY)
MLDSA_VKEY: Final = mldsa_vkey(PACK_MLDSA_KEY)
BOILERS, COOKS = "supplier:boilers", "supplier:cooks"


@cache
def trail() -> Trail:
    """Eleven entries: idx 1, 3, 4, 6, 8, 9 about boilers, 2 and 5 about cooks, 0 the school, 7 and 10 the trail itself.
    The photograph at 3 and the praise at 1 are there; the criticism at 4 was erased by 9.
    """
    made = Trail()
    made.add("school", "person.joined", facts={"role": "head"}, personal={"name": "Bea Birch"})
    made.add(BOILERS, "review.written", facts={"rating": 4}, personal={"praise": "=On time", "criticism": "Noisy"})
    made.add(COOKS, "vouch.given", facts={})
    photo = {"id": "f1", "sha256": digest(PHOTO), "size": len(PHOTO), "media_type": "image/jpeg"}
    happened = {"happened_on": "2026-05-20", "attachments": [photo]}
    made.add(BOILERS, "note.written", facts=happened, personal={"body": 'Late, "again"\r\nand cold', "filename.f1": "boiler.jpg"})
    changed = {"old": {"rating": 4, "seen": []}, "new": {"rating": 2, "seen": ["hall", "gym"]}, "reason": "it broke again"}
    made.add(BOILERS, "review.revised", facts=changed, personal={"criticism": "Zoë said so", "criticism.old": "Noisy"})
    made.add(COOKS, "review.written", facts={"rating": 5, "is_open": True}, actor={"role": "system"})
    made.add(BOILERS, "share.given", facts={"new": {"grants": [{"kind": "near", "miles": 5}]}})
    made.add("trail", "key.rotated", facts={"new": {"key": "k2"}}, actor={"role": "system"})
    made.add(BOILERS, "note.withdrawn", facts={}, personal={"reason": "@wrong supplier"})
    made.erase(4, "actor", "personal.criticism")
    made.add("trail", "key.rotated", facts={"new": {"key": "k3"}}, actor={"role": "system"})
    return made


@cache
def recovered() -> Trail:
    """A backup is restored before idx 4: the last seal had been of three entries more."""
    made = Trail()
    for n in range(4):
        made.add(BOILERS, "review.written", facts={"n": n})
    made.recover("vouch.example.org/trail/8899aabbccddeeff", lost=3)
    made.add(BOILERS, "review.written", facts={"n": 4})
    return made


OAKFIELD: Final = {"kind": "school", "name": "Oakfield Primary School", "number": "100023"}
ACADEMY: Final = {"kind": "school", "name": "Oakfield Academy", "number": "148000"}
OTHER_ORIGIN: Final = "vouch.example.org/trail/ffeeddccbbaa9988"


@cache
def named(*, late: bool = False) -> Trail:
    """Idx 0 says whose it is, or with ``late`` 2; then 3, 4 and 6 about a supplier whose name changes and whose first was erased
    by 5; 7 about the contract with it. The last, 8, tells of another name.
    """
    made = Trail()
    if late:
        made.add(BOILERS, "supplier.adopted", facts={"new": {"in_use": True}})
        made.add("school", "person.joined", facts={"role": "head"})
    made.begin(OAKFIELD, late=late)
    while len(made.entries) < 3:
        made.add("school", "person.joined", facts={"role": "head"})
    hand = {"supplier_name": "Wm Boyle", "supplier_identifiers": "company_number:01234567, phone:0123"}
    made.add(BOILERS, "vouch.given", personal=hand)
    made.add(BOILERS, "review.written", facts={"rating": 4}, personal={"supplier_name": "=Boyle, Ltd", "praise": "On time"})
    made.erase(3, "personal.supplier_name")
    made.add(BOILERS, "review.revised", personal={"supplier_name": "Boyle & Sons"})
    made.add("contract:1", "contract.changed", personal={"contract_title": "Heating", "supplier_name": "Boyle & Sons"})
    made.rename(OAKFIELD, ACADEMY)
    return made


@cache
def held() -> Trail:
    """The clock goes back by two hours and a half before idx 2 and is right again at 4."""
    made = Trail()
    made.add(BOILERS, "vouch.given")
    made.add(COOKS, "vouch.given")
    for minutes in (150, 90):
        made.add(BOILERS, "note.written", times={"at": JUNE + HOUR, "clock": JUNE + HOUR - minutes * 60_000_000})
    made.add(BOILERS, "note.written")
    return made


@cache
def unexplained() -> Trail:
    """What no clock that keeps time leaves: idx 1 and 2 lie before 0, 3 commits a clock that was ahead, the id of 4 is older than
    it by a year and that of 5 tells no time.
    """
    made = Trail()
    for hours in (5, 2, 3):
        made.add(BOILERS, "note.written", times={"at": JUNE + hours * HOUR})
    made.add(BOILERS, "note.written", times={"at": JUNE + 5 * HOUR, "clock": JUNE + 6 * HOUR})
    made.add(BOILERS, "note.written", times={"at": JUNE + 7 * HOUR}, made=JUNE - 365 * 24 * HOUR)
    made.add(BOILERS, "note.written", times={"at": JUNE + 8 * HOUR}, made=2**48 * 1000 - 1)
    return made


@cache
def samples() -> Mapping[str, bytes]:
    whole = trail()
    boilers = (BOILERS,)
    later = JUNE + 3 * HOUR
    return {
        "complete": pack(whole, Wish(evidence=(PHOTO,))),
        "complete of one stream": pack(whole, Wish(streams=boilers, evidence=(PHOTO,))),
        "complete, for one who reads no criticism": pack(whole, Wish(shows=lambda name: "criticism" not in name)),
        "complete of a period": pack(whole, Wish(streams=boilers, since=later, until=JUNE + 8 * HOUR)),
        "complete, before the erasure": pack(whole, Wish(size=9)),
        "complete since an earlier one": pack(whole, Wish(earlier=6)),
        "complete, not sealed": pack(whole, Wish(key=None)),
        "complete, of nothing": pack(Trail(), Wish()),
        "complete, recovered": pack(recovered(), Wish()),
        "complete, without its leaves": pack(whole, Wish(lists_leaves=False)),
        "extract": pack(whole, Wish(grade="extract", streams=boilers, evidence=(PHOTO,))),
        "extract since an earlier one": pack(whole, Wish(grade="extract", streams=boilers, earlier=6)),
        "extract of a period": pack(whole, Wish(grade="extract", streams=boilers, since=later)),
        "extract, recovered": pack(recovered(), Wish(grade="extract")),
        "named": pack(named(), Wish(format=2, size=8, listed=(ORIGIN, OTHER_ORIGIN))),
        "of nothing, in the third format": pack(Trail(), Wish(format=3)),
        "in the third format": pack(named(), Wish(format=3, size=8, listed=(ORIGIN,))),
        "sealed by two keys": pack(whole, Wish(format=3, mldsa_key=PACK_MLDSA_KEY)),
        "sealed by two keys, in the second format": pack(whole, Wish(format=2, mldsa_key=PACK_MLDSA_KEY)),
        "extract, sealed by two keys": pack(whole, Wish(format=3, grade="extract", streams=boilers, mldsa_key=PACK_MLDSA_KEY)),
        "named, in the first format": pack(named(), Wish(size=8)),
        "named, in an extract of a period": pack(
            named(), Wish(grade="extract", streams=boilers, since=JUNE + 4 * HOUR, format=2, size=8, listed=(ORIGIN,))
        ),
        "named late, and renamed": pack(named(late=True), Wish(format=2, school=ACADEMY["name"])),
        "held times": pack(held(), Wish(format=3)),
        "held times, in an extract": pack(held(), Wish(format=3, grade="extract", streams=boilers, since=JUNE + 4 * HOUR)),
        "times that no clock explains": pack(unexplained(), Wish(format=3)),
        "earlier": pack(whole, Wish(size=6)),
        "earlier, lost": pack(_lost(), Wish()),
    }


def _lost() -> Trail:
    """What the recovered trail was before: seven entries, of which four are still there."""
    made = Trail()
    for n in range(7):
        made.add(BOILERS, "review.written", facts={"n": n})
    return made


# What a verdict states of a pack that holds, beyond what is the same of all or follows from the manifest.
FACTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "complete": {
        "grade": "complete", "origin": ORIGIN, "size": 11, "entries": 11, "in_scope": 11, "opened": 11, "withheld": 0,
        "erased": 2, "recovered": (), "other_streams": 0, "other_entries": 0, "since": None, "until": None, "last_idx": 10,
        "first_recorded": "2026-06-09T10:13:20Z", "last_recorded": "2026-06-09T20:13:20Z", "evidence": 1, "evidence_not_here": 0,
        "not_checked": ("report.pdf", "READ-ME.txt"),
        "trust": "self-asserted", "copy": "self-asserted", "signed_by": ("vouch.example.org",), "earlier_size": None,
        "algorithms": ("Ed25519",),
        "signers": ({"vkey": VKEY, "algorithm": "Ed25519", "fingerprint": "CDJY 2FC4 27GJ 4NJY VSZ3 TZ8A 3R42 5RSJ"},),
        "whose": None, "named_since": None, "renamed": (), "other_origins": None, "held": None,
    },
    "complete of one stream": {"in_scope": 8, "opened": 8, "other_streams": 2, "other_entries": 3, "last_idx": 10},
    "complete, for one who reads no criticism": {"withheld": 2, "erased": 2, "evidence": 0, "evidence_not_here": 1},
    "complete of a period": {
        "in_scope": 8, "opened": 4, "since": "2026-06-09T13:13:20Z", "until": "2026-06-09T18:13:20Z", "erased": 2,
        "first_recorded": "2026-06-09T13:13:20Z", "last_recorded": "2026-06-09T17:13:20Z",
    },
    "complete, before the erasure": {"size": 9, "withheld": 2, "erased": 0},
    "complete, not sealed": {"trust": "unsealed", "copy": "none", "signed_by": (), "signers": (), "algorithms": ()},
    "complete, of nothing": {"size": 0, "entries": 0, "last_idx": None, "first_recorded": None, "other_entries": 0},
    "complete, recovered": {"recovered": (4,), "size": 6},
    "extract": {"grade": "extract", "entries": 8, "in_scope": 8, "other_streams": None, "other_entries": None, "size": 11},
    "extract, recovered": {"recovered": (4,), "entries": 6},
    "named": {
        "whose": OAKFIELD, "named_since": 0, "renamed": (), "other_origins": (OTHER_ORIGIN,), "erased": 1,
        "streams": (
            {"name": "contract:1", "entries": 1, "called": ("Boyle & Sons",)},
            {"name": "school", "entries": 2, "called": ()},
            {"name": "supplier:boilers", "entries": 4, "called": ("=Boyle, Ltd", "Boyle & Sons")},
            {"name": "trail", "entries": 1, "called": ()},
        ),
    },
    "in the third format": {"whose": OAKFIELD, "other_origins": (), "erased": 1},
    "sealed by two keys": {"signed_by": ("vouch.example.org",), "algorithms": ("Ed25519", "ML-DSA-44")},
    "sealed by two keys, in the second format": {"algorithms": ("Ed25519",)},
    "extract, sealed by two keys": {"grade": "extract", "algorithms": ("Ed25519", "ML-DSA-44")},
    "named, in the first format": {"whose": OAKFIELD, "other_origins": None},
    "named, in an extract of a period": {"whose": OAKFIELD, "named_since": 0, "other_origins": ()},
    "held times": {"held": {"first": 2, "last": 3, "entries": 2, "most": 5 * HOUR // 2}, "opened": 5},
    "held times, in an extract": {"held": {"first": 2, "last": 3, "entries": 2, "most": 5 * HOUR // 2}, "opened": 1},
    "times that no clock explains": {"held": None},
    "named late, and renamed": {"whose": ACADEMY, "named_since": 2, "renamed": (8,), "other_origins": None},
}  # fmt: skip
