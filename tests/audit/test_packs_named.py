"""Packs that said first whose they are and whom they are about verify the same for ever. tests/data/named/README.md"""

import json
from pathlib import Path
from typing import Final

import pytest

from audit.verifier import verdict
from audit.verifier.verify import verify_pack
from audit.verifier.words import in_words
from tests.given import checkout
from tests.given.as_then import as_then
from tests.given.bare_python import run as run_bare
from tests.given.hand_made_packs import listed, unzipped, zipped

DATA: Final = checkout.DATA / "named"
COMPLETE, EXTRACT = DATA / "complete.zip", DATA / "extract.zip"
KEYS: Final = (DATA / "keys.txt").read_text().split()

pytestmark = pytest.mark.pure
HELD = pytest.mark.parametrize(("pack", "since"), [(COMPLETE, None), (EXTRACT, COMPLETE)], ids=["complete", "extract"])


@HELD
def test_a_pack_that_was_handed_out_gets_the_verdict_that_it_got(pack: Path, since: Path | None) -> None:
    found = verify_pack(str(pack), keys=KEYS, since=None if since is None else str(since))
    then = json.loads(pack.with_suffix(".json").read_text())
    assert as_then(json.loads(verdict.to_json(found)), then) == then


@pytest.mark.program
@HELD
def test_the_published_file_gives_it_the_same_verdict(pack: Path, since: Path | None) -> None:
    keys = [word for key in KEYS for word in ("--key", key)]
    ended = run_bare(pack, *keys, *(() if since is None else ("--since", since)), "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    then = json.loads(pack.with_suffix(".json").read_text())
    assert as_then(json.loads(ended.stdout), then) == then


def test_people_read_what_is_proven_apart_from_what_the_pack_says() -> None:
    told = in_words(verify_pack(str(EXTRACT), keys=KEYS))
    for words in (
        "Whose trail it is: Oakfield Academy, URN 100023 (proven)",
        "Another name or number from entry 14 on: ask why",
        "Other trails of it here: none, by the signed list in the pack",
        ": 4, about Ashby Boilers, later Ashby Boilers & Sons (proven)",
    ):
        assert words in told


def test_a_pack_that_calls_itself_another_schools_does_not_hold(tmp_path: Path) -> None:
    files = unzipped(COMPLETE.read_bytes())
    forged = {**json.loads(files["manifest.json"]), "school": "Elmwood Primary"}
    (tmp_path / "pack.zip").write_bytes(zipped(listed({**files, "manifest.json": json.dumps(forged).encode()})))
    found = verify_pack(str(tmp_path / "pack.zip"), keys=KEYS)
    assert (found.fault, found.what) == (
        "school",
        "The pack says that it is that of Elmwood Primary, and its trail says that it is that of Oakfield Primary.",
    )
