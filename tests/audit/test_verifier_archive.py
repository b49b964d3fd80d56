"""The zip of a pack is read as zipfile reads it, or refused with a sentence; nothing that it claims costs memory."""

import io
import re
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.verifier.archive import MAX_LINE, Unreadable, chunks, lines, open_archive, read_all
from audit.verifier.verify import verify_pack
from tests.given.hand_made_packs import unzipped, zipped
from tests.given.tampering import samples, tamperings

pytestmark = pytest.mark.pure

REQUIRED = {"manifest.json": b"{}", "entries.jsonl": b""}


def read(data: bytes) -> dict[str, bytes]:
    archive = open_archive(io.BytesIO(data))
    return {name: read_all(archive, name) for name in archive.members}


@given(st.binary(max_size=300_000), st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
def test_what_comes_out_is_what_zipfile_put_in(content: bytes, method: int) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        for name, data in {**REQUIRED, "READ-ME.txt": content}.items():
            made.writestr(name, data)
    assert read(target.getvalue()) == {**REQUIRED, "READ-ME.txt": content}


@given(st.data())
def test_whatever_the_bytes_a_zip_is_read_as_before_or_refused(data: st.DataObject) -> None:
    """Bytes overwritten, cut out and put in, in headers above all."""
    whole = samples()["extract"]
    at = data.draw(st.integers(0, len(whole)) | st.integers(len(whole) - 900, len(whole)))
    dropped, put = data.draw(st.integers(0, 30)), data.draw(st.binary(max_size=30))
    changed = whole[:at] + put + whole[at + dropped :]
    try:
        found = read(changed)
    except Unreadable:
        return
    assert found == unzipped(whole)


@given(st.lists(st.binary(max_size=50), max_size=20), st.integers(1, 60))
def test_lines_are_those_of_the_whole_wherever_it_was_cut(parts: list[bytes], width: int) -> None:
    whole = b"\n".join(parts)
    pieces = (whole[at : at + width] for at in range(0, len(whole), width))
    assert list(lines(pieces)) == re.findall(rb"[^\n]*\n|[^\n]+", whole)


def test_a_line_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert len(list(lines(iter([b"x" * MAX_LINE + b"\n"])))) == 1
    with pytest.raises(Unreadable, match="256 KiB"):
        list(lines(iter([b"x" * MAX_LINE, b"x\n"])))


@pytest.mark.parametrize("name", [done.name for done in tamperings() if "bomb" in done.name or "10 GB" in done.name])
def test_a_bomb_is_refused_without_being_inflated(name: str) -> None:
    done = next(done for done in tamperings() if done.name == name)
    bomb = io.BytesIO(done.change(samples()[done.sample]))
    tracemalloc.start()
    verdict = verify_pack(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (verdict.status, peak < 4 * 2**20) == ("unreadable", True)


def test_two_files_may_be_read_at_once() -> None:
    archive = open_archive(io.BytesIO(zipped({**REQUIRED, "timeline.csv": b"a" * 200_000, "READ-ME.txt": b"b" * 200_000})))
    both = zip(chunks(archive, "timeline.csv"), chunks(archive, "READ-ME.txt"), strict=True)
    assert {(one[:1], other[:1], len(set(one + other))) for one, other in both} == {(b"a", b"b", 2)}


def test_a_pipe_is_unreadable_and_not_a_fault_of_ours(tmp_path: Path) -> None:
    class Pipe(io.BytesIO):
        def seek(self, *_: int) -> int:
            raise OSError("not seekable")

    assert "not seekable" in verify_pack(Pipe(b"PK")).what
    assert verify_pack(tmp_path).status == "unreadable"
