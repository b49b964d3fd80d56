"""A trail that took many names is checked in as many steps as it has entries, and not in as many as names times entries."""

import io
from dataclasses import replace
from typing import Any

import pytest

from audit.verifier.archive import chunks, lines, open_archive
from audit.verifier.entries import Walk, erasures_in, finish, take
from audit.verifier.manifest import read_manifest
from tests.given.hand_made_packs import Trail, pack

pytestmark = pytest.mark.pure

NAMES = 60


class Counted(tuple[tuple[str, int], ...]):
    """Origins that count how often one of them is looked at."""

    __slots__ = ()
    looks = 0

    def __getitem__(self, at: Any) -> Any:
        Counted.looks += 1
        return super().__getitem__(at)

    def __iter__(self) -> Any:
        for one in super().__iter__():
            Counted.looks += 1
            yield one


def test_each_entry_looks_at_a_few_names() -> None:
    trail = Trail()
    trail.add("school", "person.joined")
    for n in range(1, NAMES):
        trail.recover(f"vouch.example.org/trail/{n:016x}")
        trail.add("school", "person.joined")
    archive = open_archive(io.BytesIO(pack(trail)))
    manifest = read_manifest(archive)
    manifest = replace(manifest, origins=Counted(manifest.origins))
    entries = [*lines(chunks(archive, "entries.jsonl"))]
    walk = Walk(manifest, erasures_in(entries, manifest), frozenset())
    for line in entries:
        take(walk, line)
    finish(walk)
    assert len(walk.recovered) == NAMES - 1
    assert Counted.looks <= 8 * len(entries)
