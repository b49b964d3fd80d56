"""Checking an audit pack of 10,000 entries, 500 or all of them opened; beside it pymerkle, which does a part of the work.

The pack is complete: 20 streams, one of 500 entries in scope or all, five commitments an entry, sealed by Ed25519 and
ML-DSA-44. In one pack no text and no facts come twice, as the verifier keeps short values in case they come again. pymerkle (GPL,
a tool of tests and benchmarks only) works out the tree hash of the same 10,000 headers, already taken apart. Rounds alternate,
so that a noisy machine hits all. The published file is timed as a program, from the start of a bare Python to its exit.
"""

import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from pymerkle import InmemoryTree

from audit import entry, merkle, note, sheet, vkeys
from audit.canonical import canonical_json
from audit.verifier.verify import verify_pack

ENTRIES, STREAMS, ROUNDS = 10_000, 20, 5
ORIGIN, JUNE = "vouch.example.org/trail/0011223344556677", 1_781_000_000_000_000
PUBLISHED = Path(__file__).parent.parent / "audit/verifier/vouch_verify.py"
# Linux: getrusage would tell the memory of the process that started it, if that had more.
PEAK = """
import runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    sys.stderr.write(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def main() -> None:
    headers, files = a_trail(opened=1)
    pack = a_pack(headers, files, opened=1)
    all_headers, all_files = a_trail(opened=STREAMS)
    whole = a_pack(all_headers, all_files, opened=STREAMS)
    unlike = a_pack(*a_trail(opened=STREAMS, is_repeated=False), opened=STREAMS)
    if our_root(headers) != their_root(headers):
        raise AssertionError("the two trees differ")
    with tempfile.TemporaryDirectory() as folder:
        path, whole_path = Path(folder) / "pack.zip", Path(folder) / "whole.zip"
        path.write_bytes(pack)
        whole_path.write_bytes(whole)
        works: dict[str, Callable[[], object]] = {
            "verify the pack": partial(ours, pack),
            "vouch_verify.py, from start to exit": partial(as_a_program, path),
            "verify the pack, all opened": partial(ours, whole),
            "verify the pack, all opened, no value twice": partial(ours, unlike),
            "vouch_verify.py, all opened": partial(as_a_program, whole_path),
            "the tree hash alone": partial(our_root, headers),
            "the tree hash alone, pymerkle": partial(their_root, headers),
            "what no verifier can leave out": partial(at_least, whole),
            "a loop of 3,000,000 steps, to compare machines": a_loop,
        }
        rounds = [{name: taken(work) for name, work in works.items()} for _ in range(ROUNDS)]
        peak = as_a_program(path)
    print(f"{ENTRIES:,} entries, {len(pack) / 1e6:.2f} and {len(whole) / 1e6:.2f} MB\n")
    print("| | by the clock | of the processor |\n|---|---|---|")
    for name in works:
        clock, processor = (statistics.median(times[name][which] for times in rounds) for which in (0, 1))
        print(f"| {name} | {clock:.2f} s | {processor:.2f} s |")
    print(f"\nPeak memory of vouch_verify.py: {peak / 1024:.0f} MB")


def a_trail(opened: int, *, is_repeated: bool = True) -> tuple[list[bytes], dict[str, bytes]]:
    """Every header, and the files that hold the entries: the first ``opened`` of STREAMS are opened."""
    headers, lines, rows = [], [], []
    for idx in range(ENTRIES):
        stream = idx % STREAMS
        event = {
            "id": str(idx),
            "type": "review.written",
            "at": JUNE + idx,
            "stream": f"supplier:{stream}",
            "subject": "review:1",
        }
        values: dict[str, Any] = {"event": event, "actor": {"role": "head", "name": "Ann Archer"}, "facts": {"rating": 4}}
        values |= {"personal.praise": "On time", "personal.criticism": "Noisy"}
        if not is_repeated:
            facts = {"rating": idx % 5 + 1, "happened_on": f"20{idx % 60 + 10}-06-{idx % 28 + 1:02}", "job": f"J-{idx}"}
            texts = {name: f"{idx}: they came when they said, and left it as they found it." for name in values if "." in name}
            values |= {"facts": facts, **texts}
        openings = {name: (os.urandom(entry.SALT_BYTES), canonical_json(value)) for name, value in values.items()}
        place = entry.Place(ORIGIN, idx, tag_of(stream), idx // STREAMS)
        header = entry.header(place, (entry.commitment(name, *opening) for name, opening in openings.items()))
        line: dict[str, object] = {"header": header.decode()}
        if stream < opened:
            line["openings"] = {name: {"salt": salt.hex(), "value": text.decode()} for name, (salt, text) in openings.items()}
            rows.append(sheet.row(idx, values, tells_about=True))
        headers.append(header)
        lines.append(canonical_json(line) + b"\n")
    leaves = b"".join(map(merkle.leaf_hash, headers))
    return headers, {"entries.jsonl": b"".join(lines), "leaves": leaves, "timeline.csv": sheet.csv_bytes(rows, tells_about=True)}


def tag_of(stream: int) -> bytes:
    return sha256(f"stream {stream}".encode()).digest()[: entry.TAG_BYTES]


def a_pack(headers: list[bytes], files: dict[str, bytes], opened: int) -> bytes:
    root = our_root(headers)
    signing_key, key = vkeys.new_key("vouch.example.org")
    beside, cosigner = vkeys.new_key("vouch.example.org", vkeys.MLDSA_TYPE)
    seal = note.cosign(note.sign_note(note.checkpoint_text(ORIGIN, ENTRIES, root), signing_key), beside)
    files = {**files, "checkpoint": seal}
    streams = [{"name": f"supplier:{stream}", "tag": tag_of(stream).hex()} for stream in range(opened)]
    scope = {"streams": streams, "all": opened == STREAMS, "since": None, "until": None}
    manifest = {
        "format": "vouch-audit-pack/3", "grade": "complete", "size": ENTRIES, "root": root.hex(), "school": "Oakfield",
        "origins": [{"origin": ORIGIN, "start": 0}], "scope": scope, "keys": [key], "cosigners": [cosigner],
        "files": {name: {"size": len(data), "sha256": sha256(data).hexdigest()} for name, data in files.items()},
    }  # fmt: skip
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, data in {"manifest.json": canonical_json(manifest), **files}.items():
            made.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def ours(pack: bytes) -> None:
    found = verify_pack(io.BytesIO(pack))
    if found.status != "holds":
        raise AssertionError(found.what)


def at_least(pack: bytes) -> None:
    """Inflates the entries once, and takes each line's JSON and each value's apart and hashes them, and checks nothing."""
    with zipfile.ZipFile(io.BytesIO(pack)) as opened:
        entries = opened.read("entries.jsonl")
    frontier = merkle.Frontier()
    for line in entries.splitlines():
        parts = json.loads(line)
        frontier.push(merkle.leaf_hash(parts["header"].encode()))
        for name, one in parts["openings"].items():
            entry.commitment(name, bytes.fromhex(one["salt"]), one["value"].encode())
            json.loads(one["value"])


def a_loop() -> None:
    total = 0
    for number in range(3_000_000):
        total += number * number


def as_a_program(path: Path) -> int:
    """Its peak memory in KiB."""
    command = [sys.executable, "-I", "-S", "-c", PEAK, str(PUBLISHED), str(path), "--json"]
    return int(subprocess.run(command, check=True, capture_output=True).stderr)  # noqa: S603 - our own file


def our_root(headers: list[bytes]) -> bytes:
    frontier = merkle.Frontier()
    for header in headers:
        frontier.push(merkle.leaf_hash(header))
    return frontier.root


def their_root(headers: list[bytes]) -> bytes:
    tree = InmemoryTree(algorithm="sha256")
    for header in headers:
        tree.append_entry(header)
    return bytes(tree.get_root())


def taken(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor: ours and of the processes that we started."""
    clock, before = time.perf_counter(), os.times()
    work()
    after = os.times()
    return time.perf_counter() - clock, sum(after[:4]) - sum(before[:4])


if __name__ == "__main__":
    main()
