"""The facts of a pack that holds, as docs/reference/pack-format.md names them."""

from typing import Any

from tests.third_verifier import notes, sheets
from tests.third_verifier.entries import Walk
from tests.third_verifier.zips import digest_of

FOR_PEOPLE = ("report.pdf", "report.xlsx", "READ-ME.txt", "vouch_verify.py")


def told(walk: Walk, names: set[str], signed: list[notes.Key], others: list[str] | None, *, is_given: bool) -> dict[str, Any]:
    """``names`` are the pack's files, ``others`` the origins that are listed beside its own."""
    manifest, scope = walk.manifest, walk.manifest["scope"]
    here = {digest_of(name) for name in names} - {""}
    instants = {"since": scope["since"], "until": scope["until"]}
    instants |= {"first_recorded": min(walk.times, default=None), "last_recorded": max(walk.times, default=None)}
    return {
        **{name: manifest[name] for name in ("school", "grade", "size", "root")},
        **{name: None if at is None else sheets.moment(at) for name, at in instants.items()},
        **streams(walk),
        **trust(signed, is_given=is_given),
        "origin": manifest["origins"][-1]["origin"],
        "entries": walk.lines,
        "in_scope": walk.in_scope,
        "opened": len(walk.times),
        "withheld": walk.withheld,
        "erased": walk.erased,
        "recovered": walk.recovered,
        "last_idx": walk.last_idx,
        "evidence": len(here),
        "evidence_not_here": len(set(walk.attached) - here - walk.erased_files),
        "whose": walk.owner,
        "named_since": walk.named_since if walk.owner else None,
        "renamed": walk.renamed,
        "other_origins": others,
        "held": held(walk),
        "not_checked": [name for name in FOR_PEOPLE if name in names],
        "seen": None,
    }


def doubts(facts: dict[str, Any], form: str) -> list[str]:
    """The warnings about what a pack that holds does not prove."""
    found = []
    names = [one["name"] for one in facts["streams"]]
    if form == "vouch-audit-pack/3" and "trail" not in names and facts["other_streams"] != 0:
        found.append("The stream trail is not in scope, so the pack would not say that its trail began anew. Ask why.")
    if facts["in_scope"] == 0:
        found.append("No entry is in scope: the pack proves nothing of what happened.")
    if facts["earlier_size"] == 0:
        found.append("The earlier one has no entries: every trail continues it, and that proves nothing.")
    return found


def held(walk: Walk) -> dict[str, int] | None:
    if not walk.held:
        return None
    first, last = walk.held[0][0], walk.held[-1][0]
    return {"first": first, "last": last, "entries": len(walk.held), "most": max(by for _, by in walk.held)}


def streams(walk: Walk) -> dict[str, Any]:
    rest = [count for tag, count in walk.counts.items() if tag not in walk.tags]
    called = [(name, walk.counts[tag], walk.called.get(tag, [])) for tag, name in walk.tags.items()]
    return {
        "streams": [{"name": name, "entries": count, "called": names} for name, count, names in called],
        "other_streams": len(rest) if walk.is_complete else None,
        "other_entries": sum(rest) if walk.is_complete else None,
    }


def trust(signed: list[notes.Key], *, is_given: bool) -> dict[str, Any]:
    by = "unsealed" if not signed else "given" if is_given else "self-asserted"
    told = [(key.text, notes.ALGORITHMS[key.kind], notes.fingerprint(key)) for key in signed]
    return {
        "trust": by,
        "copy": {"unsealed": "none", "given": "known"}.get(by, by),
        "signed_by": list(dict.fromkeys(key.name for key in signed)),
        "signers": [{"vkey": vkey, "algorithm": algorithm, "fingerprint": letters} for vkey, algorithm, letters in told],
        "algorithms": sorted({algorithm for _, algorithm, _ in told}),
    }
