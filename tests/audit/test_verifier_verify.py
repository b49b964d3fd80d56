"""A pack that holds is told for what it is; whatever is done to it, the verdict names the entry and what is wrong."""

import io
import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.verifier import lines, verdict
from audit.verifier.verify import verify_pack
from audit.verifier.words import in_words
from tests.given.checkout import ROOT
from tests.given.hand_made_packs import Trail, Wish, listed, pack, unzipped, zipped
from tests.given.tampering import FACTS, OTHER_VKEY, VKEY, Tampering, flips, reads_as_before, samples, tamperings

pytestmark = pytest.mark.pure

FORMAT = (ROOT / "docs/reference/pack-format.md").read_text()


def check(data: bytes, *, keys: tuple[str, ...] = (), since: bytes | None = None) -> verdict.PackVerdict:
    return verify_pack(io.BytesIO(data), keys=keys, since=None if since is None else io.BytesIO(since))


@pytest.mark.parametrize("name", samples())
def test_an_untouched_pack_holds(name: str) -> None:
    found = check(samples()[name])
    assert (found.status, found.what) == ("holds", found.what)
    assert found.facts
    stated = asdict(found.facts)
    assert {key: stated[key] for key in FACTS.get(name, {})} == dict(FACTS.get(name, {}))


@pytest.mark.parametrize("done", tamperings(), ids=lambda done: done.name)
def test_what_was_done_to_a_pack_is_found_and_named(done: Tampering) -> None:
    found = check(done.change(samples()[done.sample]), keys=done.keys, since=done.since)
    assert (found.status, found.fault, found.idx) == (done.status, done.fault, done.idx), found.what


def test_every_fault_that_can_be_said_is_tried() -> None:
    assert {done.fault for done in tamperings()} - {None} == set(verdict.FAULTS)


def test_the_format_tells_every_fault_in_its_order_and_with_its_sentence() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \| [^|]+ \| ([^|]+) \|$", FORMAT, re.MULTILINE)
    assert [row for row in told if row[0] in verdict.FAULTS] == list(verdict.FAULTS.items())


def test_the_format_tells_every_fact_of_the_verdict() -> None:
    section = FORMAT.partition("## The verdict in JSON")[2]
    holding = json.loads(verdict.to_json(check(samples()["complete"])))
    for name in (*holding, *holding["facts"]):
        assert f"`{name}`" in section


@pytest.mark.parametrize("name", ["complete", "extract"])
def test_no_flipped_bit_holds_unless_every_file_reads_as_before(name: str) -> None:
    data = samples()[name]
    for at, changed in flips(data):
        found = check(changed)
        assert found.status != "holds" or reads_as_before(data, changed), f"bit at {at}"


def test_a_flipped_bit_that_the_zip_does_not_notice_is_noticed() -> None:
    """Every byte of every file, its checksum and the list of files mended: the forger's own way."""
    files = unzipped(samples()["extract"])
    for name in ("entries.jsonl", "checkpoint", "timeline.csv"):
        for at in range(0, len(files[name]), 251):
            changed = bytearray(files[name])
            changed[at] ^= 1
            found = check(zipped(listed({**files, name: bytes(changed)})))
            assert found.status == "fails", f"{name}, byte {at}"


def test_a_key_from_outside_is_trusted_and_told_apart_from_the_packs_own() -> None:
    data = samples()["complete"]
    mine, given, another = check(data), check(data, keys=(OTHER_VKEY, VKEY)), check(data, keys=(OTHER_VKEY,))
    assert mine.facts and given.facts  # noqa: PT018
    assert (mine.facts.trust, given.facts.trust, another.fault) == ("self-asserted", "given", "seal")
    assert check(data, keys=("no key",)).status == "unreadable"


def test_people_read_what_is_shown_what_is_not_and_whose_key_was_trusted() -> None:
    told = in_words(check(samples()["complete of one stream"], since=samples()["earlier"]))
    for words in (
        "HOLDS, BY A KEY THAT CAME WITH IT. The pack holds: these entries are unaltered, and none is missing. Whoever made",
        "  Not checked: report.pdf, READ-ME.txt. Anybody could have written what they say",
        "  Key: CDJY 2FC4 27GJ 4NJY VSZ3 TZ8A 3R42 5RSJ",
        "In scope: 8 entries of 2 streams",
        "Not shown: 3 entries of 2 other streams",
        "self-asserted: the key came with the pack (signed by vouch.example.org with Ed25519)",
        "Values withheld: 0; erased: 2",
        "Last entry in scope: 11",
        "its 6 entries are the first of these",
    ):
        assert words in told
    assert in_words(check(samples()["complete"], keys=(VKEY,))).startswith("HOLDS. The pack holds: these entries are unaltered, ")
    assert in_words(check(samples()["complete, not sealed"])).startswith("HOLDS, BUT HAS NO SEAL. The pack holds: ")
    told = in_words(check(samples()["complete, recovered"]))
    assert "none is missing. But the trail began anew with entry 5: read below." in told
    assert "Began anew with entry 5: what had been sealed before it was lost, as when an older backup is restored" in told
    edited = next(done for done in tamperings() if done.name == "a rating is edited")
    told = in_words(check(edited.change(samples()["complete"])))
    assert told == "FAILS. Entry 2: what is shown as its facts is not what the entry committed to."


def test_of_many_streams_people_are_told_the_first_and_how_many_more() -> None:
    made = Trail()
    for n in range(23):
        made.add(f"supplier:{n:02}", "review.written")
    found = check(pack(made))
    told = in_words(found)
    assert ("supplier:19: 1\n    and 3 more\n" in told, "supplier:20" in told) == (True, False)
    assert "supplier:22" in verdict.to_json(found)


def test_what_a_stranger_wrote_can_not_steer_a_terminal() -> None:
    nasty = Trail(origins=[("vouch\x1b[2J", 0)])
    nasty.add("trail", "key.rotated")
    disguised = Trail(origins=[("vouch", 0)], entries=nasty.entries)
    for made, status in ((nasty, "unreadable"), (disguised, "fails")):
        found = check(pack(made, Wish(key=None)))
        assert (found.status, "\x1b" in in_words(found)) == (status, False)


def test_a_file_that_is_not_there_is_said_to_be_unreadable(tmp_path: Path) -> None:
    found = verify_pack(tmp_path / "none.zip")
    assert (found.status, "No such file" in found.what) == ("unreadable", True)
    (tmp_path / "pack.zip").write_bytes(samples()["complete"])
    assert verify_pack(tmp_path / "pack.zip", since=str(tmp_path / "pack.zip")).status == "holds"


def test_progress_ends_where_the_entries_end() -> None:
    heard: list[tuple[int, int]] = []
    verify_pack(io.BytesIO(samples()["complete"]), on_progress=lambda done, total: heard.append((done, total)))
    assert heard[-1][0] == heard[-1][1] > 0


SOUND = {"v": 1, "origin": "vouch.example.org/trail/00", "idx": 7, "sseq": 3, "stream": "ab" * 16, "c": ["ab" * 32, "cd" * 32]}
ODD: dict[str, list[object]] = {
    "v": [2, True, "1"],
    "origin": ['a"b', "a\\b", "Zoë", "", "a\nb", "\x7f", "/", "\u2028"],
    "idx": [-1, 0, 10, 10**14, 10**15, 2**53 - 1, 2**53, 1.0, "7", None],
    "sseq": [-1, 0, 10**15, 2**53, 1.0],
    "stream": ["AB" * 16, "ab" * 15, "0g" * 16],
    "c": [[], ["ab" * 32], ["cd" * 32, "ab" * 32], ["ab" * 32] * 2, ["ab" * 31], ["AB" * 32], [7], "ab" * 32],
    "w": [1],
}
HEADS = st.just(SOUND) | st.sampled_from([{**SOUND, name: value} for name, values in ODD.items() for value in values])


OPENINGS = st.dictionaries(
    st.sampled_from(
        ["event", "actor", "facts", "facta", "personal.a", 'personal.a"b', "personal.a\\b", "personal.é", "personal."]
    ),
    st.fixed_dictionaries(
        {"salt": st.sampled_from(["ab" * 32, "AB" * 32, "ab"]), "value": st.text(max_size=4) | st.just('{"a":"b"}')}
    ),
    max_size=3,
)


@given(HEADS, OPENINGS, st.booleans(), st.binary(max_size=2), st.integers(0, 900))
def test_a_line_with_openings_is_read_quickly_as_carefully(
    head: dict[str, object], openings: dict[str, object], is_sorted: bool, noise: bytes, at: int
) -> None:
    text = json.dumps(head, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    fields = {"header": text, "openings": openings}
    line = json.dumps(fields, ensure_ascii=False, sort_keys=is_sorted, separators=(",", ":")).encode() + b"\n"
    doubled = line.replace(b'"openings":{', b'"openings":{"event":{"salt":"' + b"ab" * 32 + b'","value":"1"},')
    for tried in (line, doubled, line[:at] + noise + line[at:], line[:at] + line[at + 1 :]):
        quick = _read(tried)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(lines, "_plain_line", lambda _: None)
            assert _read(tried) == quick


@given(HEADS, st.booleans(), st.binary(max_size=2), st.integers(0, 600))
def test_the_quick_reading_of_a_line_gives_what_the_careful_one_gives(
    head: dict[str, object], is_ascii: bool, noise: bytes, at: int
) -> None:
    """Headers as they are and damaged ones, escaped in the one way and in another."""
    text = json.dumps(head, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    line = f'{{"header":{json.dumps(text, ensure_ascii=is_ascii)}}}\n'.encode()
    damaged = (line[:at] + noise + line[at:], line.replace(b'\\"', b'"', 1), line.replace(b"vouch", b"vou\x0bch"))
    for tried in (line, *damaged):
        quick = _read(tried)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(lines, "_plain_line", lambda _: None)
            patch.setattr(lines, "_plain_head", lambda _: None)
            assert _read(tried) == quick


def _read(line: bytes) -> object:
    try:
        return lines.read_line(line, is_complete=True)
    except lines.BadLine as bad:
        return bad.fault
