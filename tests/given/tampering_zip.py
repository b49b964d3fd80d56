"""Tampering with the zip itself, and manifests in no form: unreadable."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator

from tests.given.hand_made_packs import ORIGIN, PHOTO, digest, unzipped, zipped
from tests.given.pack_samples import BOILERS, trail
from tests.given.tampering_tools import (
    Files,
    Tampering,
    careless,
    forged,
    manifest,
    put,
    scope,
    streams_named,
    without,
)

THIRD = "in the third format"
EMPTY = "complete, of nothing"  # the smallest pack


def zip_changes() -> Iterator[Tampering]:
    """What is done to the zip itself, and manifests in no form: unreadable."""

    def unreadable(name: str, change: Callable[[bytes], bytes], sample: str = "earlier") -> Tampering:
        return Tampering(name, sample, change, "unreadable")

    yield unreadable("nothing", lambda _: b"")
    yield unreadable("a text", lambda _: b"This is no pack." * 100)
    yield unreadable("an empty zip", lambda _: zipped({}))
    for cut in (1, 22, 100, 1000):
        yield unreadable(f"cut short by {cut}", lambda data, cut=cut: data[:-cut])  # type: ignore[misc]  # a default binds the loop's value
    yield unreadable("bytes in front", lambda data: b"#!/bin/sh\n" + data)
    yield unreadable("bytes behind", lambda data: data + b"\0")
    yield unreadable("a comment", _with_comment)
    yield unreadable("a file that climbs out", careless(put("../../etc/passwd", b"x")))
    yield unreadable("an absolute file", careless(put("/etc/passwd", b"x")))
    yield unreadable("a folder", careless(put("evidence/", b"")))
    yield unreadable("evidence with a long ending", careless(put(f"evidence/{'a' * 64}.docxxx", b"x")))
    yield unreadable("evidence in a folder", careless(put(f"evidence/x/{'a' * 64}", b"x")))
    yield unreadable("evidence under two names", careless(put(f"evidence/{digest(PHOTO)}", PHOTO)), "complete")
    yield unreadable("a file of another name", careless(put("run-me.exe", b"MZ")))
    yield unreadable("no manifest", careless(without("manifest.json")))
    yield unreadable("no entries", careless(without("entries.jsonl")))
    yield unreadable("two manifests", _doubled("manifest.json"))
    yield unreadable("two files of entries", _doubled("entries.jsonl"))
    yield unreadable("a local header that names another file", _renamed_locally)
    yield unreadable("a local header of another size", patched(local=(22, struct.pack("<I", 9))))
    yield unreadable("encrypted", patched(local=(6, b"\1\0"), central=(8, b"\1\0")))
    yield unreadable("a data descriptor", patched(local=(6, b"\x08\0"), central=(8, b"\x08\0")))
    yield unreadable("another method", patched(local=(8, b"\x0c\0"), central=(10, b"\x0c\0")))
    yield unreadable("a size of 10 GB claimed by zip64", patched(local=(22, b"\xff" * 4), central=(24, b"\xff" * 4)))
    yield unreadable(
        "a larger size claimed", patched(local=(22, struct.pack("<I", 2**31)), central=(24, struct.pack("<I", 2**31)))
    )
    yield unreadable("a smaller size claimed", patched(local=(22, struct.pack("<I", 9)), central=(24, struct.pack("<I", 9))))
    yield unreadable("another checksum", patched(local=(14, b"\0" * 4), central=(16, b"\0" * 4)))
    yield unreadable("a zip64 directory", lambda data: data[:-22] + b"PK\6\7" + b"\0" * 16 + data[-22:])
    unix = {"a link": 0o120777, "a device": 0o020666, "a folder": 0o040755, "a pipe": 0o010666, "a socket": 0o140777}
    for kind, mode in unix.items():
        yield unreadable(f"{kind} for a file", patched(central=(38, struct.pack("<I", mode << 16))), EMPTY)
    for kind, mark in {"a label": 0x08, "a folder": 0x10, "a device": 0x40}.items():
        yield unreadable(f"{kind} by DOS's marks", patched(central=(38, struct.pack("<I", mark))), EMPTY)
    yield Tampering("a plain file by its type", EMPTY, patched(central=(38, struct.pack("<I", 0o100600 << 16))), "holds")
    yield unreadable("too many files", careless(lambda files: files.update({f"evidence/{n:064x}": b"" for n in range(5001)})))
    yield unreadable("an extra field", _with_extra)
    yield unreadable("a bomb in one line", careless(put("entries.jsonl", b"{" * 20_000_000)))
    yield unreadable("a bomb for a manifest", careless(put("manifest.json", b" " * 20_000_000)))
    yield unreadable("a bomb for a seal", careless(put("checkpoint", b" " * 20_000_000)))
    yield unreadable("a bomb that hides its size", _hidden_bomb)
    yield unreadable("a large piece of evidence", careless(put(f"evidence/{'a' * 64}", b"\0" * (33 * 2**20))))
    for name, change in _bad_manifests():
        yield unreadable(f"a manifest with {name}", careless(change))
    for name, least in {"rotations": b"[]", "timestamp": b""}.items():
        yield unreadable(f"{name} in the first format", careless(put(name, b"")))
        yield unreadable(f"{name} in the second format, listed", forged(put(name, b"")), "named")
        yield Tampering(f"{name} in the third format, not listed", THIRD, careless(put(name, least)), "fails", "files")
        yield unreadable(f"{name} beyond its size", forged(put(name, b" " * (64 * 1024 + 1))), THIRD)
    for name, cosigners in {"no list": None, "a number": [1], "an empty text": [""], "a bell": ["\a"]}.items():
        yield unreadable(f"cosigners with {name}", careless(manifest(cosigners=cosigners)), THIRD)
    yield unreadable("the third format without cosigners", careless(manifest(format="vouch-audit-pack/3")), "named")
    yield unreadable("the second format with cosigners", careless(manifest(format="vouch-audit-pack/2")), THIRD)


def _bad_manifests() -> Iterator[tuple[str, Callable[[Files], None]]]:
    one = {"origin": ORIGIN, "start": 0}
    yield "another format", manifest(format="vouch-audit-pack/4")
    yield "another grade", manifest(grade="whole")
    yield "a negative size", manifest(size=-1)
    yield "a true size", manifest(size=True)
    yield "a short root", manifest(root="ab")
    yield "a root in capitals", manifest(root="AB" * 32)
    yield "no origins", manifest(origins=[])
    yield "an origin from 1", manifest(origins=[{"origin": ORIGIN, "start": 1}])
    yield "origins out of order", manifest(origins=[one, {"origin": "a", "start": 5}, {"origin": "b", "start": 5}])
    yield "an origin beyond the end", manifest(origins=[one, {"origin": "a", "start": 11}])
    yield "an origin twice", manifest(origins=[one, {"origin": ORIGIN, "start": 5}])
    yield "a school that rings a bell", manifest(school="Oak\x07field")
    yield "a long school", manifest(school="x" * 501)
    yield "another key", manifest(extra=1)
    yield "keys that are no list", manifest(keys="k")
    yield "a tag twice", scope(streams=[*streams_named(), {"name": "again", "tag": trail().tag(BOILERS)}])
    yield "a stream twice", scope(streams=[*streams_named(), {"name": BOILERS, "tag": "ab" * 16}])
    yield "a period in words", scope(since="yesterday")
    yield "a file of another name", manifest(files={"../x": {"size": 1, "sha256": "ab" * 32}})
    yield "itself among its files", manifest(files={"manifest.json": {"size": 1, "sha256": "ab" * 32}})
    yield "a space", lambda files: files.update({"manifest.json": files["manifest.json"] + b" "})
    yield "no JSON", put("manifest.json", b"{")
    yield "a deep nest", put("manifest.json", b"[" * 200_000)
    yield "a long number", put("manifest.json", b'{"size":' + b"9" * 500_000 + b"}")


def _with_comment(data: bytes) -> bytes:
    return data[:-2] + b"\4\0note"


def _doubled(name: str) -> Callable[[bytes], bytes]:
    """A second file of the name, its own bytes other ones: the directory lists both."""

    def changed(data: bytes) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for known, content in unzipped(data).items():
                archive.writestr(zipfile.ZipInfo(known), content)
            archive.filelist.append(archive.filelist[0])
            archive.NameToInfo.pop(name)
            archive.filelist.pop()
            archive.writestr(zipfile.ZipInfo(name), b"another")
        return target.getvalue()

    return changed


def _renamed_locally(data: bytes) -> bytes:
    """Readers that go by local headers would take the seal for the advice."""
    assert data.count(b"checkpoint") == 2
    return data.replace(b"checkpoint", b"READ-ME.tx", 1)


def patched(
    *, local: tuple[int, bytes] | None = None, central: tuple[int, bytes] | None = None, of: str | None = None
) -> Callable[[bytes], bytes]:
    """Overwrites bytes at an offset of a file's local header and of its entry in the directory: of the second, or the one called
    ``of``.
    """

    def changed(data: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo(of) if of else archive.infolist()[1]
            directory = archive.start_dir
        start = info.header_offset
        found = data.index(info.filename.encode(), directory) - 46
        made = bytearray(data)
        if local:
            made[start + local[0] : start + local[0] + len(local[1])] = local[1]
        if central:
            made[found + central[0] : found + central[0] + len(central[1])] = central[1]
        return bytes(made)

    return changed


def _with_extra(data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in unzipped(data).items():
            info = zipfile.ZipInfo(name)
            info.extra = struct.pack("<HH", 0x5455, 1) + b"\0"
            archive.writestr(info, content)
    return target.getvalue()


def _hidden_bomb(data: bytes) -> bytes:
    """entries.jsonl inflates to 20 MB of lines and claims the size that it had."""
    files = unzipped(data)
    size = len(files["entries.jsonl"])
    bomb = zipped({**files, "entries.jsonl": b"{}\n" * 7_000_000})
    return patched(local=(22, struct.pack("<I", size)), central=(24, struct.pack("<I", size)))(bomb)
