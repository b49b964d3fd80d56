"""Groups more rows than fit in memory: they wait in files without a name, in parts that each do fit."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import IO, Final, Self

PARTS: Final = 48  # of a million suppliers' keys, each takes 40 MB while it is grouped
KEPT: Final = 4_000  # lines of a part in memory before they are written

Line = tuple[str, str, str]  # owner, key, what the key leads to


class Spill:
    """``with Spill() as spill:``; the files go at its end, and with the process however that ends."""

    def __init__(self, parts: int = PARTS) -> None:
        self.parts = parts
        self._stack = ExitStack()
        self._files: list[IO[str]] = []
        self._waiting: list[list[str]] = [[] for _ in range(parts)]

    def __enter__(self) -> Self:
        for _ in range(self.parts):
            file = self._stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))
            self._files.append(file)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()

    def add_all(self, owner: str, keys: Iterable[str], one: str) -> None:
        """None of the texts may hold a tab or an end of line; normalised ones don't."""
        waiting = self._waiting
        for key in keys:
            part = hash(key) % self.parts
            lines = waiting[part]
            lines.append(f"{owner}\t{key}\t{one}\n")
            if len(lines) >= KEPT:
                self._write(part)

    def lines(self, part: int) -> Iterator[Line]:
        self._write(part)
        file = self._files[part]
        file.seek(0)
        for line in file:
            owner, key, one = line[:-1].split("\t")
            yield owner, key, one

    def grouped(self, part: int) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for owner, key, one in self.lines(part):
            found.setdefault((owner, key), []).append(one)
        return found

    def _write(self, part: int) -> None:
        self._files[part].writelines(self._waiting[part])
        self._waiting[part].clear()
