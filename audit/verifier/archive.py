"""Reads the zip of an audit pack that somebody may have made to do harm: every size is counted, no name is a path.

Stricter than zip: names of a closed list, no name twice, no byte that belongs to nothing, and what comes out is as long
as was said. Nothing is ever written to disk. Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

KIB, MIB, GIB = 2**10, 2**20, 2**30
MAX_MEMBERS: Final = 5_000  # as many as an inspection's photographs, and few enough to list at once
MAX_LINE: Final = 256 * KIB  # six openings at their longest
MAX_SIZES: Final[Mapping[str, int]] = {
    "manifest.json": MIB,
    "entries.jsonl": 2 * GIB,  # some two million entries
    "checkpoint": 64 * KIB,
    "since.json": 64 * KIB,
    "origins": 64 * KIB,
    "rotations": 64 * KIB,
    "timestamp": 64 * KIB,
    "leaves": 2 * GIB,  # the hashes of 2^26 entries
    "timeline.csv": 512 * MIB,
    "READ-ME.txt": MIB,
    "vouch_verify.py": MIB,
    "report.pdf": 256 * MIB,
    "report.xlsx": 256 * MIB,
}
EVIDENCE: Final = re.compile(r"evidence/([0-9a-f]{64})(?:\.[A-Za-z0-9]{1,5})?\Z")
# What a file of evidence may end with by the media type that its entry gives it, besides nothing, so that it opens by a click and
# as nothing else. Of other types nothing is known here.
EVIDENCE_ENDINGS: Final[Mapping[str, str]] = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "text/plain": ".txt",
    "message/rfc822": ".eml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-outlook": ".msg",
}
MAX_EVIDENCE: Final = 32 * MIB  # one file: a document of a contract has at most 30
MAX_EVIDENCE_IN_ALL: Final = 2 * GIB
STORED, DEFLATED = 0, 8
HARMLESS_FLAGS: Final = 0x0806  # how hard the deflating tried, and names in UTF-8
CHUNK: Final = 64 * KIB

_END: Final = struct.Struct("<IHHHHIIH")
_CENTRAL: Final = struct.Struct("<IHHHHHHIIIHHHHHII")
_LOCAL: Final = struct.Struct("<IHHHHHIIIHH")
_NO_ZIP: Final = "This is no audit pack: it is no zip file, or it was cut short or added to."
_REPACKED: Final = (
    "This zip was packed again, damaged, or made by something else than Vouch. Ask for the file as it was first made."
)
NOT_PLAIN: Final = "The zip holds a link, a device or a folder in the place of a file. Don't unpack it: no audit pack has one."


class Unreadable(Exception):
    """What was given can't be judged; the sentence says why."""


@dataclass(frozen=True)
class ZipMember:
    """One file in the zip; ``start`` is where its bytes begin, ``packed`` how many there are, ``size`` how many come out."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    start: int


@dataclass(frozen=True)
class Archive:
    file: BinaryIO
    members: Mapping[str, ZipMember]


def open_archive(file: BinaryIO) -> Archive:
    """Reads the directory and compares it with every local header. Raises Unreadable; reads no content yet."""
    length = file.seek(0, os.SEEK_END)
    if length < _END.size:
        raise Unreadable(_NO_ZIP)
    end = _END.unpack(_exactly(file, length - _END.size, _END.size))
    signature, disk, first_disk, here, count, directory_size, directory, comment = end
    if signature != 0x06054B50 or comment or directory + directory_size + _END.size != length:
        raise Unreadable(_NO_ZIP)
    if disk or first_disk or here != count:
        raise Unreadable(_REPACKED)
    if count > MAX_MEMBERS:
        raise Unreadable(f"The zip has more than {MAX_MEMBERS:,} files, and no audit pack has.")
    members = _members(file, _exactly(file, directory, directory_size), count, directory)
    _require_files(members)
    return Archive(file, members)


def chunks(archive: Archive, name: str) -> Iterator[bytes]:
    """The content in pieces of at most 64 KiB. Raises Unreadable unless its length and checksum are as the zip says.

    Several may be read at once from one file: each keeps its own place.
    """
    member = archive.members[name]
    crc = size = 0
    for piece in _deflated(archive.file, member) if member.method == DEFLATED else _stored(archive.file, member):
        size += len(piece)
        if size > member.size:
            break
        crc = zlib.crc32(piece, crc)
        yield piece
    if size != member.size or crc != member.crc:
        raise Unreadable(f"{name} is damaged: it does not have the length and the checksum that the zip gives it.")


def read_all(archive: Archive, name: str) -> bytes:
    """The whole content of a small file: at most what MAX_SIZES allows."""
    return b"".join(chunks(archive, name))


def lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Lines with their line feed; the last may have none. Raises Unreadable for one longer than MAX_LINE."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        if len(rest) > MAX_LINE or any(len(line) > MAX_LINE for line in whole):
            raise Unreadable(f"entries.jsonl has a line of more than {MAX_LINE // KIB} KiB, and no entry needs as much.")
        for line in whole:
            yield line + b"\n"
    if rest:
        yield rest


def _exactly(file: BinaryIO, start: int, size: int) -> bytes:
    file.seek(start)
    data = file.read(size)
    if len(data) != size:
        raise Unreadable(_NO_ZIP)
    return data


def _members(file: BinaryIO, directory: bytes, count: int, end: int) -> dict[str, ZipMember]:
    """In the order in which they lie in the file, from its first byte to the directory, without a gap."""
    found: dict[int, tuple[bytes, ZipMember]] = {}
    position = 0
    for _ in range(count):
        fields = _CENTRAL.unpack(directory[position : position + _CENTRAL.size].ljust(_CENTRAL.size, b"\0"))
        signature, _, needed, flags, method, time, date, crc, packed, size, name_length = fields[:11]
        raw = directory[position + _CENTRAL.size : position + _CENTRAL.size + name_length]
        if signature != 0x02014B50 or any(fields[11:14]) or flags & ~HARMLESS_FLAGS or method not in (STORED, DEFLATED):
            raise Unreadable(_REPACKED)
        if not _is_plain_file(fields[15]):
            raise Unreadable(NOT_PLAIN)
        local = _LOCAL.pack(0x04034B50, needed, flags, method, time, date, crc, packed, size, name_length, 0) + raw
        start = fields[16] + len(local)
        found[fields[16]] = local, ZipMember(_known_name(raw), method, crc, packed, size, start)
        position += _CENTRAL.size + name_length
    if position != len(directory) or len(found) != count:
        raise Unreadable(_REPACKED)
    members: dict[str, ZipMember] = {}
    due = 0
    for offset in sorted(found):
        local, member = found[offset]
        if offset != due or member.start + member.packed > end or _exactly(file, offset, len(local)) != local:
            raise Unreadable(_REPACKED)
        if member.name in members:
            raise Unreadable(f"The zip has {member.name} twice.")
        members[member.name] = member
        due = member.start + member.packed
    if due != end:
        raise Unreadable(_REPACKED)
    return members


def _is_plain_file(attributes: int) -> bool:
    """Whether whoever unpacks the file gets a file: no link, device or folder, by Unix's type or by DOS's marks."""
    return attributes >> 28 in (0, 8) and not attributes & 0x58


def _known_name(raw: bytes) -> str:
    name = raw.decode("ascii", "replace")
    if name not in MAX_SIZES and not EVIDENCE.match(name):
        raise unheard_of(name)
    return name


def unheard_of(name: str) -> Unreadable:
    """What to raise for a file that packs don't have."""
    return Unreadable(f"The zip has a file that no audit pack has: {name!r:.80}.")


def _require_files(members: Mapping[str, ZipMember]) -> None:
    for name in ("manifest.json", "entries.jsonl"):
        if name not in members:
            raise Unreadable(f"This is no audit pack: it has no {name}.")
    for name, member in members.items():
        if member.size > MAX_SIZES.get(name, MAX_EVIDENCE):
            raise Unreadable(f"{name} claims {member.size:,} bytes, more than an audit pack may have.")
    evidence = [name for name in members if name not in MAX_SIZES]
    if sum(members[name].size for name in evidence) > MAX_EVIDENCE_IN_ALL:
        raise Unreadable("The evidence claims more bytes than an audit pack may have.")
    if len({digest_in(name) for name in evidence}) != len(evidence):
        raise Unreadable("The zip has one file of evidence under two names.")


def digest_in(name: str) -> str:
    """The SHA-256, in hex, that a name of evidence promises; "" for other names."""
    found = EVIDENCE.match(name)
    return found[1] if found else ""


def has_fitting_ending(name: str, media_types: Collection[str]) -> bool:
    """Whether a name of evidence ends as a file of one of these media types does."""
    ending = name[len("evidence/") + 64 :]
    return not ending or any(EVIDENCE_ENDINGS.get(one, ending) == ending for one in media_types)


def _stored(file: BinaryIO, member: ZipMember) -> Iterator[bytes]:
    for start in range(member.start, member.start + member.packed, CHUNK):
        yield _exactly(file, start, min(CHUNK, member.start + member.packed - start))


def _deflated(file: BinaryIO, member: ZipMember) -> Iterator[bytes]:
    """Never inflates more than a chunk at a time; ends early where the deflated bytes do, which the caller notices."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    start, end = member.start, member.start + member.packed
    while not inflater.eof:
        packed = inflater.unconsumed_tail
        if not packed and start < end:
            packed = _exactly(file, start, min(CHUNK, end - start))
            start += len(packed)
        try:
            piece = inflater.decompress(packed, CHUNK)
        except zlib.error as error:
            raise Unreadable(f"{member.name} is damaged: what the zip holds of it can't be read.") from error
        if not piece and not packed:
            break
        if piece:
            yield piece
    if not inflater.eof or inflater.unused_data or start < end:
        raise Unreadable(f"{member.name} is damaged: what the zip holds of it can't be read.")
