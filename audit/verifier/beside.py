"""The files of a pack that its entries give anew, compared as the entries are read: timeline.csv and the list of leaf hashes.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from audit.merkle import HASH_BYTES, Frontier
from audit.verifier.archive import Archive, chunks
from audit.verifier.manifest import COMPLETE, PackManifest
from audit.verifier.verdict import PackFault

LEAVES: Final = "leaves"
SHEET: Final = "timeline.csv"


class ComparedFile:
    """A file that should be what is expected of it, piece by piece; read until the first difference."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest, self._at = b"", 0
        self.differs = False

    def expect(self, given: bytes) -> bool:
        """Whether it goes on with just this; never again after a difference."""
        while not self.differs and len(self._rest) - self._at < len(given):
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._rest, self._at = self._rest[self._at :] + piece, 0
        self.differs = self.differs or not self._rest.startswith(given, self._at)
        self._at += len(given)
        return not self.differs

    def is_over(self) -> bool:
        return not self.differs and not self._rest[self._at :] and next(self._pieces, None) is None


class TimelineCsv:
    """timeline.csv. What is wrong with it is said later, in its turn."""

    def __init__(self, pieces: Iterator[bytes] | None) -> None:
        self._beside = ComparedFile(pieces or iter(()))
        self._fault = None if pieces else PackFault("files", name=SHEET)

    def expect(self, line: bytes, idx: int | None) -> None:
        if not self._fault and not self._beside.expect(line):
            self._fault = PackFault("csv-lines" if idx is None else "csv", idx)

    def end(self) -> PackFault | None:
        return self._fault or (None if self._beside.is_over() else PackFault("csv-lines"))


class Leaves:
    """The list of leaf hashes: proves nothing by itself, and names the header that was changed if it has the trail's root.

    A pack that was made before there were such lists has none, and nothing is expected of it.
    """

    def __init__(self, archive: Archive, manifest: PackManifest, pieces: Iterator[bytes] | None) -> None:
        self._archive, self._manifest = archive, manifest
        self._is_out_of_place = pieces is not None and manifest.grade != COMPLETE
        self._beside = ComparedFile(pieces) if pieces and not self._is_out_of_place else None
        self._first: int | None = None  # the entry that is another than the list says

    def expect(self, leaf: bytes, idx: int) -> None:
        if self._beside and self._first is None and not self._beside.expect(leaf):
            self._first = idx

    def require_same(self, root: bytes) -> None:
        """Raises PackFault for the first entry read that is not the one in the list, if the list has this root."""
        if self._first is not None and self._root() == root:
            raise PackFault("changed", self._first)

    def end(self) -> None:
        """Raises PackFault for a list that is not that of the entries, which are known to have the pack's root."""
        if self._is_out_of_place or (self._beside and not self._beside.is_over()):
            raise PackFault("leaves")

    def _root(self) -> bytes | None:
        """The tree hash of the list, read again; None if it is not as long as the trail."""
        if self._archive.members[LEAVES].size != HASH_BYTES * self._manifest.size:
            return None
        frontier, rest = Frontier(), b""
        for piece in chunks(self._archive, LEAVES):
            rest += piece
            whole = len(rest) - len(rest) % HASH_BYTES
            for at in range(0, whole, HASH_BYTES):
                frontier.push(rest[at : at + HASH_BYTES])
            rest = rest[whole:]
        return frontier.root
