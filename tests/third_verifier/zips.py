"""The zip of a pack: entries without a gap, then the directory, then the end; and every file inflated."""

import re
import zlib

MIB, GIB = 2**20, 2**30
NOTES = ("checkpoint", "origins", "since.json", "rotations", "timestamp")
LIMITS = {
    "manifest.json": MIB, "entries.jsonl": 2 * GIB, "leaves": 2 * GIB, "timeline.csv": 512 * MIB, "READ-ME.txt": MIB,
    "vouch_verify.py": MIB, "report.pdf": 256 * MIB, "report.xlsx": 256 * MIB, **dict.fromkeys(NOTES, 64 * 2**10),
}  # fmt: skip
ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "text/plain": "txt",
    "message/rfc822": "eml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-outlook": "msg",
}
EVIDENCE = re.compile(r"evidence/([0-9a-f]{64})(\.[A-Za-z0-9]{1,5})?")
MOST_FILES = 5_000
LONGEST_LINE = 256 * 2**10
MAX_FILE, MAX_IN_ALL = 32 * MIB, 2 * GIB


class Unreadable(Exception):
    """What was given can't be judged."""


def digest_of(name: str) -> str:
    """What the name of a file of evidence promises."""
    found = EVIDENCE.fullmatch(name)
    return found[1] if found else ""


def number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")


def directory(data: bytes) -> dict[str, tuple[int, int, int, int, int]]:
    """By name: method, checksum, packed size, size, and where the bytes begin. Raises Unreadable."""
    end = data[-22:]
    count, size, start = number(end, 10, 2), number(end, 12, 4), number(end, 16, 4)
    is_end = len(end) == 22 and end[:4] == b"PK\5\6" and not any(end[4:8]) and not any(end[20:])
    if not is_end or number(end, 8, 2) != count or start + size + 22 != len(data) or count > MOST_FILES:
        raise Unreadable("no end")
    listed, found, at, due = data[start : start + size], [], 0, 0
    for _ in range(count):
        record = listed[at : at + 46]
        if len(record) < 46 or record[:4] != b"PK\1\2" or any(record[30:36]):
            raise Unreadable("no record")
        if record[41] >> 4 not in (0, 8) or record[38] & 0x58:
            raise Unreadable("no plain file")
        length = number(record, 28, 2)
        found.append((number(record, 42, 4), record, listed[at + 46 : at + 46 + length]))
        at += 46 + length
    if at != size:
        raise Unreadable("more in the directory")
    files: dict[str, tuple[int, int, int, int, int]] = {}
    for offset, record, raw in sorted(found):
        local = b"PK\3\4" + record[6:30] + bytes(2) + raw
        flags, method, packed = number(record, 8, 2), number(record, 10, 2), number(record, 20, 4)
        name = raw.decode("ascii", "replace")
        require_plain(number(record, 38, 4))
        begins = offset + len(local)
        if offset != due or data[offset:begins] != local or flags & ~0x0806 or method not in (0, 8) or name in files:
            raise Unreadable("a header that is none")
        if name not in LIMITS and not digest_of(name):
            raise Unreadable("a name that no pack has")
        files[name] = (method, number(record, 16, 4), packed, number(record, 24, 4), begins)
        due = begins + packed
    if due != start:
        raise Unreadable("bytes that belong to nothing")
    require_limits(files)
    return files


def require_plain(attributes: int) -> None:
    """No link or the like, and none of DOS's label, folder and device."""
    if attributes >> 28 not in (0, 8) or attributes & 0x58:
        raise Unreadable("no plain file")


def require_limits(files: dict[str, tuple[int, int, int, int, int]]) -> None:
    evidence = [name for name in files if digest_of(name)]
    if not {"manifest.json", "entries.jsonl"} <= set(files):
        raise Unreadable("no pack")
    if any(files[name][3] > LIMITS.get(name, MAX_FILE) for name in files) or sum(files[n][3] for n in evidence) > MAX_IN_ALL:
        raise Unreadable("too large")
    if len({digest_of(name) for name in evidence}) < len(evidence):
        raise Unreadable("evidence twice")


def content(data: bytes, entry: tuple[int, int, int, int, int]) -> bytes:
    """A file as it comes out. Raises Unreadable."""
    method, checksum, packed, size, start = entry
    made = data[start : start + packed]
    if method == 8:
        inflater = zlib.decompressobj(-15)
        try:
            made = inflater.decompress(made, size + 1)
        except zlib.error as error:
            raise Unreadable("damaged") from error
        if not inflater.eof:  # the last bits may come behind the last byte
            try:
                made += inflater.decompress(inflater.unconsumed_tail, 1)
            except zlib.error as error:
                raise Unreadable("damaged") from error
        if not inflater.eof or inflater.unused_data or inflater.unconsumed_tail:
            raise Unreadable("damaged")
    if len(made) != size or zlib.crc32(made) != checksum:
        raise Unreadable("damaged")
    return made


def opened(data: bytes) -> dict[str, bytes]:
    """Every file. Raises Unreadable for a zip that no pack is, or that is damaged."""
    files = {name: content(data, entry) for name, entry in directory(data).items()}
    if any(len(line) > LONGEST_LINE for line in files["entries.jsonl"].split(b"\n")):
        raise Unreadable("a line is too long")
    return files
