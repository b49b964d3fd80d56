"""The lines of entries.jsonl, one after the other."""

from dataclasses import dataclass, field
from typing import Any

from tests.third_verifier import clocks, sheets, texts, trees
from tests.third_verifier.forms import commitment, head_in, line_in, values_in

OWNERS = ("school", "trust", "operator")


class Fault(Exception):
    def __init__(self, fault: str, idx: int | None = None) -> None:
        super().__init__(fault)
        self.fault, self.idx = fault, idx


@dataclass
class Walk:
    """What the lines read so far amount to."""

    manifest: dict[str, Any]
    erased_by: dict[int, dict[str, str]] = field(default_factory=dict)
    erased_files: set[str] = field(default_factory=set)
    leaves: list[bytes] = field(default_factory=list)  # of the lines, in order
    counts: dict[str, int] = field(default_factory=dict)
    called: dict[str, list[str]] = field(default_factory=dict)
    recovered: list[int] = field(default_factory=list)
    renamed: list[int] = field(default_factory=list)
    owner: dict[str, str] | None = None
    named_since: int = 0
    times: list[int] = field(default_factory=list)
    rows: list[tuple[int, str]] = field(default_factory=list)
    attached: dict[str, set[Any]] = field(default_factory=dict)
    noted: clocks.Noted = field(default_factory=dict)
    held: list[tuple[int, int]] = field(default_factory=list)  # idx, and by how many microseconds
    before: tuple[int, int] | None = None  # the entry opened last: idx and time
    lines: int = 0
    last: int = -1
    in_scope: int = 0
    last_idx: int | None = None
    withheld: int = 0
    erased: int = 0

    @property
    def is_complete(self) -> bool:
        return bool(self.manifest["grade"] == "complete")

    @property
    def tags(self) -> dict[str, str]:
        return {one["tag"]: one["name"] for one in self.manifest["scope"]["streams"]}


def note_erasures(walk: Walk, raw: bytes) -> None:
    """What a line lists as erased, if it is an erasure.applied in its form and truly opened."""
    told = line_in(raw, is_complete=walk.is_complete)
    head = head_in(told["header"]) if told else None
    openings = {name: one for name, one in (told or {}).get("openings", {}).items() if name in ("event", "facts")}
    if head is None or len(openings) < 2 or any(commitment(name, one) not in head["c"] for name, one in openings.items()):
        return
    try:
        values = values_in(openings, walk.manifest["version"])
    except KeyError:
        return
    if values["event"]["type"] == "erasure.applied":
        for one in values["facts"]["erased"]:
            walk.erased_by.setdefault(one["idx"], {})[one["commitment"]] = one["field"]
        walk.erased_files.update(values["facts"]["evidence"])


def take(walk: Walk, raw: bytes) -> None:
    """Checks the next line against all before it. Raises Fault."""
    walk.lines += 1
    unread = walk.lines - 1 if walk.is_complete else None
    told = line_in(raw, is_complete=walk.is_complete)
    if told is None:
        raise Fault("line", unread)
    head = head_in(told["header"])
    if head is None:
        raise Fault("header", unread)
    place(walk, head)
    openings = told.get("openings", {})
    if head["stream"] not in walk.tags:
        if openings or not walk.is_complete or walk.manifest["scope"]["all"]:
            raise Fault("scope", head["idx"])
    else:
        walk.in_scope += 1
        walk.last_idx = head["idx"]
        shown(walk, head, openings)
    walk.last = head["idx"]
    hashed = trees.leaf(told["header"].encode())
    walk.leaves.append(hashed)
    if not walk.is_complete:
        proof, root = [bytes.fromhex(one) for one in told["proof"]], bytes.fromhex(walk.manifest["root"])
        if not trees.is_included(hashed, head["idx"], walk.manifest["size"], proof, root):
            raise Fault("proof", head["idx"])


def place(walk: Walk, head: dict[str, Any]) -> None:
    idx, due = head["idx"], walk.last + 1
    if idx >= walk.manifest["size"]:
        raise Fault("surplus", idx)
    if idx < due:
        raise Fault("order", idx)
    if walk.is_complete and idx > due:
        raise Fault("missing", due)
    if head["origin"] != [one["origin"] for one in walk.manifest["origins"] if one["start"] <= idx][-1]:
        raise Fault("origin", idx)
    if head["sseq"] != walk.counts.get(head["stream"], 0):
        raise Fault("sequence", idx)
    walk.counts[head["stream"]] = head["sseq"] + 1


def shown(walk: Walk, head: dict[str, Any], openings: dict[str, dict[str, str]]) -> None:
    idx = head["idx"]
    made = {name: commitment(name, openings[name]) for name in sorted(openings)}
    if any(one not in head["c"] for one in made.values()):
        raise Fault("mismatch", idx)
    if "event" not in openings:
        raise Fault("event", idx)
    try:
        values = values_in(openings, walk.manifest["version"])
    except KeyError:
        raise Fault("opening", idx) from None
    event = values["event"]
    if event["stream"] != walk.tags[head["stream"]]:
        raise Fault("stream", idx)
    if event["type"] in ("erasure.applied", "trail.recovered") and "facts" not in values:
        raise Fault("facts", idx)
    recovery(walk, idx, event, values.get("facts", {}))
    if event["stream"] == "trail" and event["type"] in ("trail.begun", "trail.renamed"):
        whose(walk, idx, event["type"], values.get("facts", {}))
    gone = {one: name for one, name in walk.erased_by.get(idx, {}).items() if one in head["c"]}
    if any(one in gone for one in made.values()):
        raise Fault("erased-here", idx)
    clocks.note(walk.noted, idx, event, walk.before)
    if clocks.is_held(idx, event, walk.before):
        walk.held.append((idx, event["at"] - event["clock"]))
    walk.before = (idx, event["at"])
    scope = walk.manifest["scope"]
    if (scope["since"] is None or scope["since"] <= event["at"]) and (scope["until"] is None or event["at"] < scope["until"]):
        opened(walk, head, values, list(gone.values()))


def opened(walk: Walk, head: dict[str, Any], values: dict[str, Any], gone: list[str]) -> None:
    """An entry in scope and period."""
    walk.times.append(values["event"]["at"])
    withheld = len(head["c"]) - len(values) - len(gone)
    walk.withheld += withheld
    walk.erased += len(gone)
    tells_about = walk.manifest["version"] > 1
    cells = sheets.row(head["idx"], values, gone, withheld, tells_about=tells_about)
    walk.rows.append((head["idx"], sheets.line(cells, tells_about=tells_about)))
    for one in values.get("facts", {}).get("attachments", []):
        told = one.get("media_type")
        walk.attached.setdefault(one["sha256"], set()).add(told if isinstance(told, str) else "")
    name = values.get("personal.supplier_name")
    if values["event"]["stream"].split(":")[0] in ("supplier", "contract") and isinstance(name, str):
        known = walk.called.setdefault(head["stream"], [])
        if known[-1:] != [name]:
            walk.called[head["stream"]] = [*known[:9], name]


def recovery(walk: Walk, idx: int, event: dict[str, Any], facts: dict[str, Any]) -> None:
    begins = [n for n, one in enumerate(walk.manifest["origins"]) if n and one["start"] == idx]
    says_so = (event["stream"], event["type"]) == ("trail", "trail.recovered")
    if begins:
        is_told = (
            says_so
            and facts.get("old_origin") == walk.manifest["origins"][begins[0] - 1]["origin"]
            and texts.is_count(facts.get("signed_size"))
            and texts.is_hex(facts.get("signed_root"), 64)
            and texts.is_count(facts.get("restored_size"))
            and facts["restored_size"] == idx
            and texts.is_hex(facts.get("restored_root"), 64)
            and (not walk.is_complete or facts["restored_root"] == trees.root(walk.leaves).hex())
        )
        if not is_told:
            raise Fault("recovery", idx)
    if says_so:
        walk.recovered.append(idx)


def owner_in(told: Any) -> dict[str, str] | None:
    if not isinstance(told, dict):
        return None
    kind, name, number = (told.get(key) for key in ("kind", "name", "number"))
    is_owner = kind in OWNERS and texts.is_name(name) and (number == "" or texts.is_name(number))
    return {"kind": str(kind), "name": str(name), "number": str(number)} if is_owner else None


def whose(walk: Walk, idx: int, what: str, facts: dict[str, Any]) -> None:
    if what == "trail.renamed":
        owner = owner_in(facts.get("new"))
        fits = walk.owner is not None and owner_in(facts.get("old")) == walk.owner
        walk.renamed.append(idx)
    else:
        owner = owner_in(facts)
        is_first = idx == 0 or (idx == 1 and walk.recovered == [0])
        is_late = facts.get("late") is True and texts.is_count(facts.get("size")) and facts["size"] == idx
        fits = walk.owner is None and (is_late or (is_first and "late" not in facts))
        walk.named_since = idx if "late" in facts else 0
    if owner is None or not fits:
        raise Fault("whose", idx)
    walk.owner = owner
