"""Tampering with single entries: found in a line, and named by it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.given.hand_made_packs import ORIGIN, Trail, canonical
from tests.given.pack_samples import BOILERS, COOKS, trail
from tests.given.tampering_tools import (
    Files,
    Tampering,
    commitment_of,
    forged,
    head,
    lines,
    manifest,
    opening,
    put,
    scope,
    streams_named,
)


def entry_changes() -> Iterator[Tampering]:
    """What is found in a line, and named by its entry."""

    def fails(name: str, change: Callable[[Files], object], fault: str, idx: int | None, sample: str = "complete") -> Tampering:
        return Tampering(name, sample, forged(change), "fails", fault, idx)

    def swapped(parsed: list[Any]) -> None:
        parsed[3], parsed[4] = parsed[4], parsed[3]

    def moved(parsed: list[Any]) -> None:
        parsed.insert(1, parsed.pop(5))

    def proofs(parsed: list[Any]) -> None:
        parsed[1]["proof"], parsed[2]["proof"] = parsed[2]["proof"], parsed[1]["proof"]

    def renumbered(parsed: list[Any]) -> None:
        del parsed[4]
        for idx, line in enumerate(parsed):
            line["head"]["idx"] = idx

    def uncommitted(parsed: list[Any]) -> None:
        parsed[3]["head"]["c"].pop()

    yield fails("a rating is edited", opening(1, "facts", {"rating": 5}), "mismatch", 1)
    yield fails("a rating is edited in an extract", opening(0, "facts", {"rating": 5}), "mismatch", 1, "extract")
    yield fails("a salt is exchanged", lines(lambda p: p[1]["openings"]["facts"].update(salt="00" * 32)), "mismatch", 1)
    yield fails("a name is exchanged", opening(3, "actor", {"role": "head", "name": "Cy Croft"}), "mismatch", 3)
    yield fails("a committed opening is dropped from the header", lines(uncommitted), "mismatch", 3)
    yield fails("an entry is deleted", lines(lambda p: p.__delitem__(4)), "missing", 4)
    yield fails("the first entry is deleted", lines(lambda p: p.__delitem__(0)), "missing", 0)
    yield fails("an entry is deleted and the rest renumbered", lines(renumbered), "changed", 4)
    yield fails("the same in a pack without leaves", lines(renumbered), "sequence", 5, "complete, without its leaves")
    yield fails("an entry of a stream is deleted in an extract", lines(lambda p: p.__delitem__(2)), "sequence", 6, "extract")
    yield fails("the last entry is deleted", lines(lambda p: p.pop()), "end", 10)
    yield fails("all entries are deleted", put("entries.jsonl", b""), "end", 0)
    yield fails("an entry is inserted", lines(lambda p: p.insert(4, {**p[3]})), "order", 3)
    yield fails("an entry is doubled in an extract", lines(lambda p: p.insert(4, {**p[3]})), "order", 6, "extract")
    yield fails("an entry is appended", lines(lambda p: p.append({**p[10], "head": {**p[10]["head"], "idx": 11}})), "surplus", 11)
    yield fails("two entries change places", lines(swapped), "missing", 3)
    yield fails("an entry is moved to the front", lines(moved), "missing", 1)
    yield fails("proofs are exchanged", lines(proofs), "proof", 3, "extract")
    yield fails("a proof is cut short", lines(lambda p: p[0]["proof"].pop()), "proof", 1, "extract")
    yield fails("a proof is empty", lines(lambda p: p[0].update(proof=[])), "proof", 1, "extract")
    yield fails("a proof has one hash too many", lines(lambda p: p[0]["proof"].append("00" * 32)), "proof", 1, "extract")
    yield fails(
        "an opening and its commitment are edited", opening(0, "facts", {"rating": 5}, commit=True), "proof", 1, "extract"
    )
    yield fails("a header is of another trail", head(2, origin="vouch.example.org/trail/ff"), "origin", 2)
    yield fails("a header is of another stream", head(2, stream=trail().tag(BOILERS)), "sequence", 2)
    yield fails("a header is of another stream, in its turn", head(2, stream=trail().tag(BOILERS), sseq=1), "stream", 2)
    yield fails("a stream's number is changed", head(3, sseq=7), "sequence", 3)
    yield fails("the event is not shown", lines(lambda p: p[2]["openings"].pop("event")), "event", 2)
    yield fails("nothing is shown of an entry in scope", lines(lambda p: p[2].pop("openings")), "event", 2)
    yield fails("another stream bears the name", scope(streams=_swapped()), "stream", 1)
    yield fails("an erased value is shown", lines(unerased), "erased-here", 4)
    yield fails(
        "a restored backup is not told", lines(lambda p: _untold(p, "review.written")), "recovery", 4, "complete, recovered"
    )
    yield fails(
        "a restored backup is told with another size", lines(lambda p: _untold(p, None)), "recovery", 4, "extract, recovered"
    )
    yield fails("another name of the trail begins untold", _renamed, "recovery", 7)
    yield fails(
        "the entry that tells of the backup is left out", lines(lambda p: p.pop(4)), "no-recovery", 4, "extract, recovered"
    )


def form_changes() -> Iterator[Tampering]:
    """Lines and headers that are not in their form."""

    def fails(name: str, change: Callable[[bytes], bytes], fault: str, idx: int | None, sample: str = "complete") -> Tampering:
        def changed(files: Files) -> None:
            rows = files["entries.jsonl"].splitlines(keepends=True)
            rows[2] = change(rows[2])
            files["entries.jsonl"] = b"".join(rows)

        return Tampering(name, sample, forged(changed), "fails", fault, idx)

    yield fails("a line is empty", lambda _: b"\n", "line", 2)
    yield fails("a line is no JSON", lambda line: line[:-2] + b"\n", "line", 2)
    yield fails("a line is no JSON in an extract", lambda line: line[:-2] + b"\n", "line", None, "extract")
    yield fails("a line has a space", lambda line: line.replace(b":", b": ", 1), "line", 2)
    yield fails("a line has another key", lambda line: line.replace(b'{"header"', b'{"extra":1,"header"', 1), "line", 2)
    yield fails("a line has a key twice", lambda line: line.replace(b'{"header"', b'{"header":"","header"', 1), "line", 2)
    yield fails("a line is a number", lambda _: b"7\n", "line", 2)
    yield fails("a line is not UTF-8", lambda line: line.replace(b"vouch", b"vou\xffh", 1), "line", 2)
    yield fails("a line has a float", lambda line: line[:-2] + b',"z":1.0}\n', "line", 2)
    yield fails("a line is nested a thousand times", lambda _: b"[" * 100_000 + b"\n", "line", 2)
    yield fails("a line ends as in Windows", lambda line: line[:-1] + b"\r\n", "line", 2)
    yield fails("a complete pack has a proof", lambda line: line[:-2] + b',"proof":[]}\n', "line", 2)
    yield fails("no openings, spelt out", lambda line: line[: line.index(b',"openings')] + b',"openings":{}}\n', "line", 2)
    yield fails("a field has an unknown name", lambda line: line.replace(b'"facts"', b'"facta"', 1), "line", 2)
    yield fails("a salt is short", lambda line: line.replace(b'"salt":"', b'"salt":"","spare":"', 1), "line", 2)
    yield fails("a header has version 2", lambda line: line.replace(rb"\"v\":1}", rb"\"v\":2}"), "header", 2)
    yield fails("a header has a true version", lambda line: line.replace(rb"\"v\":1}", rb"\"v\":true}"), "header", 2)
    yield fails("a header has a space", lambda line: line.replace(rb"\"v\":1}", rb"\"v\": 1}"), "header", 2)
    yield fails("a header has another key", lambda line: line.replace(rb"\"v\":1}", rb"\"v\":1,\"w\":1}"), "header", 2)
    yield fails("a header has a large tag", lambda line: line.replace(rb"\"stream\":\"", rb"\"stream\":\"00"), "header", 2)
    yield fails("a header is not numbered", lambda line: line.replace(rb"\"idx\":2", rb"\"idx\":-2"), "header", 2)
    yield fails("a commitment stands twice", _commitment_twice, "header", 2)


def _commitment_twice(line: bytes) -> bytes:
    fields = json.loads(line)
    head = json.loads(fields["header"])
    head["c"].insert(1, head["c"][0])
    return f"{canonical({**fields, 'header': canonical(head)})}\n".encode()


def _swapped() -> list[dict[str, str]]:
    return streams_named(**{BOILERS: trail().tag(COOKS), COOKS: trail().tag(BOILERS)})


def unerased(parsed: list[Any]) -> None:
    """As if from an old copy: the opening fits, and the trail says that it is gone."""
    fresh = Trail()
    fresh.entries = [*trail().entries[:4]]
    changed = {"old": {"rating": 4, "seen": []}, "new": {"rating": 2, "seen": ["hall", "gym"]}, "reason": "it broke again"}
    fresh.add(BOILERS, "review.revised", facts=changed, personal={"criticism": "Zoë said so", "criticism.old": "Noisy"})
    parsed[4]["openings"]["personal.criticism"] = fresh.entries[4].openings["personal.criticism"].told()


def _untold(parsed: list[Any], what: str | None) -> None:
    """The entry at which the second origin begins says something else, committed to."""
    line = parsed[4]
    name = "event" if what else "facts"
    told = line["openings"][name]
    value = json.loads(told["value"])
    if what:
        value["type"] = what
    else:
        value["restored_size"] = 5
    before, told["value"] = commitment_of(name, told), canonical(value)
    line["head"]["c"] = sorted({*line["head"]["c"], commitment_of(name, told)} - {before})


def _renamed(files: Files) -> None:
    """From idx 7 on another origin, where a key was rotated and nothing restored."""
    other = "vouch.example.org/trail/8899aabbccddeeff"
    lines(lambda parsed: [line["head"].update(origin=other) for line in parsed[7:]])(files)
    manifest(origins=[{"origin": ORIGIN, "start": 0}, {"origin": other, "start": 7}])(files)
