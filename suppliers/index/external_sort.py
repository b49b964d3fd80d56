"""Groups more rows than fit in memory: they wait in files without a name, in parts that each fit.

A part is a range of keys, chosen from the first lines, so that writing part after part fills an index in order; parts of
mixed keys would each write most of its pages anew.
"""

import tempfile
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import IO, Final, Self

import msgspec

PARTS: Final = 128  # of a million suppliers' keys, each takes some 20 MB while it is grouped
SAMPLE: Final = 100_000  # lines from which the ranges are chosen
KEPT: Final = 10_000  # suppliers whose lines are kept in memory before they are written

KeyLine = tuple[str, str, str]  # owner, key, what the key leads to
Grouped = tuple[str, str, list[str]]  # owner, key, all that it leads to


def grouped(lines: str) -> list[Grouped]:
    """What each key of the lines leads to, in the order of owner and key."""
    found = defaultdict[str, list[str]](list)
    for line in lines.split("\n")[:-1]:
        key, _, one = line.rpartition("\t")
        found[key].append(one)
    # one text sorts much faster than two, and in the same order, because a tab comes before any letter
    return [(owner, key, found[line]) for line in sorted(found) for owner, _, key in [line.partition("\t")]]


def packed(lines: str) -> bytes:
    """What ``grouped`` gives as bytes, which are cheap to send from one process to another."""
    return msgspec.msgpack.encode(grouped(lines))


_UNPACKER: Final = msgspec.msgpack.Decoder(list[Grouped])


def unpacked(groups: bytes) -> list[Grouped]:
    return _UNPACKER.decode(groups)


class Spill:
    """``with Spill() as spill:``; the files go at its end, and with the process however that ends."""

    def __init__(self, parts: int = PARTS) -> None:
        self.parts = parts
        self._stack = ExitStack()
        self._files: list[IO[str]] = []
        self._waiting: list[list[str]] = [[] for _ in range(parts)]
        self._first: list[KeyLine] = []
        self._added = 0
        self._bounds: list[str] | None = None if parts > 1 else []

    def __enter__(self) -> Self:
        for _ in range(self.parts):
            file = self._stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))
            self._files.append(file)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()

    def add_all(self, owner: str, keys: Iterable[str], one: str) -> None:
        """Adds ``one`` under every key. No text may hold a tab or an end of line; normalised ones don't."""
        if self._bounds is None:
            self._first += [(owner, key, one) for key in keys]
            if len(self._first) >= SAMPLE:
                self._choose_ranges()
            return
        bounds, waiting = self._bounds, self._waiting
        for key in keys:  # of a million suppliers some twenty million
            waiting[bisect_right(bounds, key)].append(f"{owner}\t{key}\t{one}\n")
        self._added += 1
        if self._added % KEPT == 0:
            for part in range(self.parts):
                self._write(part)

    def lines(self, part: int) -> Iterator[KeyLine]:
        for line in self._read(part):
            owner, key, one = line[:-1].split("\t")
            yield owner, key, one

    def text(self, part: int) -> str:
        """All lines of a part, for ``grouped``."""
        return self._read(part).read()

    def _read(self, part: int) -> IO[str]:
        if self._bounds is None:
            self._choose_ranges()
        self._write(part)
        file = self._files[part]
        file.seek(0)
        return file

    def _choose_ranges(self) -> None:
        keys = sorted(key for _, key, _ in self._first)
        self._bounds = [keys[len(keys) * part // self.parts] for part in range(1, self.parts)] if keys else []
        first, self._first = self._first, []
        for owner, key, one in first:
            self.add_all(owner, [key], one)

    def _write(self, part: int) -> None:
        self._files[part].writelines(self._waiting[part])
        self._waiting[part].clear()
