"""The rows of a list, each with its name as matching reads it, worked out on several processors."""

import gc
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from typing import Final

import msgspec

from base.spreadsheets.cells import SheetRow
from suppliers.lists import list_file
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.supplier_row import RejectedSupplierRow, supplier_row
from suppliers.matching.identifiers import Identifiers
from suppliers.matching.names import Name, normalise

ROWS: Final = 1_000  # that are read at a time; of a list no longer than that, by this process
AHEAD: Final = 4  # times as many batches are under way as there are processors, and no more of the list is in memory

Fields = Sequence[SupplierField | None]
Shown = Callable[[Iterable[SheetRow]], Iterable[SheetRow]]
Row = tuple[int, tuple[str, ...], str]  # number, cells, problem: what is sent of a row


class ReadRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    number: int
    reason: str  # why it is no supplier, ending a sentence; then nothing else is given
    raw: str = ""
    name: Name | None = None
    others: tuple[Name, ...] = ()
    identifiers: Identifiers = Identifiers()
    left_out: tuple[str, ...] = ()  # why an identifier can't be right, a sentence each


_DECODER: Final = msgspec.msgpack.Decoder(list[ReadRow])


def read_rows(rows: Iterator[SheetRow], fields: Fields, shown: Shown, *, jobs: int) -> Iterator[ReadRow]:
    """In their order. ``shown`` may show progress, in a thread of its own: the processors' work has begun by then."""
    first = list(islice(rows, ROWS))
    if jobs == 1 or len(first) < ROWS:
        for row in shown(chain(first, rows)):
            yield _read(row, fields)
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), initializer=gc.freeze) as processors:
        processors.submit(len, ())
        yield from _in_turn(processors, iter(shown(chain(first, rows))), fields, jobs)


def _in_turn(processors: ProcessPoolExecutor, rows: Iterator[SheetRow], fields: Fields, jobs: int) -> Iterator[ReadRow]:
    waiting: deque[Future[bytes]] = deque()
    while batch := [(row.number, row.cells, row.problem) for row in islice(rows, ROWS)]:
        waiting.append(processors.submit(_packed, batch, fields))
        if len(waiting) > AHEAD * jobs:
            yield from _DECODER.decode(waiting.popleft().result())
    for one in waiting:
        yield from _DECODER.decode(one.result())


def _packed(batch: Sequence[Row], fields: Fields) -> bytes:
    return msgspec.msgpack.encode([_read(SheetRow(*row), fields) for row in batch])


def _read(row: SheetRow, fields: Fields) -> ReadRow:
    read = supplier_row(row, fields, for_import=False)
    if isinstance(read, RejectedSupplierRow):
        return ReadRow(row.number, read.reason)
    names = [normalise(name) for name in (read.facts.name, *read.facts.aliases)]
    return ReadRow(row.number, "", read.facts.name, names[0], tuple(names[1:]), list_file.identifiers(read), read.left_out)
