"""What the timeline's reports for people share, whatever their format: the words around the rows, and none of the proof."""

from collections import ChainMap
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from audit import sheet
from audit.fingerprint import fingerprint
from audit.log.streams import ABOUT_OTHERS
from audit.log.subjects import Subject
from audit.packs.extent import Extent
from audit.reading.plain import Vocabulary
from audit.seals.seals import on_paper
from base import clock
from base.words import count, in_words

HEADINGS: Final = ("Entry", "Happened", "Recorded (UK time)", "Days between", "Who", "What", "Old", "New", "Reason", "Files")
FLAGS: Final[Mapping[str, str]] = {
    "late": "recorded late",
    "corrected": "corrected",
    "withdrawn": "withdrawn",
    "erased": "erased in part",
}
EXCEPTIONS: Final = (
    f"Entries that were recorded more than {sheet.LATE_DAYS} days after what they tell of, and what was corrected, "
    "withdrawn or erased."
)
NOT_EVIDENCE: Final = "Not evidence: a copy for reading. What proves it is the audit pack."
HOW_TO_CHECK: Final = (
    "This is a copy for reading and proves nothing: anybody could have typed it. "
    "An audit pack of the same entries proves itself: ask the school for one, and check it without an account, "
    "on the page /verify of any Vouch, or with the file vouch_verify.py. "
    "The pack has to show the same number of entries and the same root hash as here, or more entries that continue them."
)
MOST_NAMED: Final = 12  # suppliers by name on the first page


@dataclass(frozen=True, slots=True)
class TreeHead:
    """Size and root hash of a trail; ``note`` is the seal of exactly these, None if there is none."""

    size: int
    root: bytes
    note: bytes | None
    keys: tuple[str, ...]
    cosigners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """The words around the rows. ``made`` is when the last entry was recorded, so the same report has the same bytes.
    ``proven`` is what the pack proves that the report is in, in sentences; nothing for a report by itself.
    """

    school: str
    about: tuple[str, ...]
    seal: tuple[tuple[str, str], ...]
    made: datetime
    proven: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"Audit trail of {self.school}"


class Known(Protocol):
    """What other slices know and rows are made readable with; ``takeaway.Sources`` is one."""

    @property
    def titles(self) -> Callable[[str, Iterable[str]], Awaitable[Mapping[str, str]]]: ...
    @property
    def sentences(self) -> Mapping[str, str]: ...
    @property
    def words(self) -> Vocabulary: ...


class ReportFile(Protocol):
    """A file that grows row by row; ``close`` it whatever happens. All may take long: call them in a thread."""

    def add(self, rows: Iterable[sheet.TimelineRow]) -> None: ...
    def finish(self, frame: Frame) -> None: ...
    def close(self) -> None: ...


def frame(school: str, extent: Extent, head: TreeHead, *, names: Mapping[str, str], made_at: int) -> Frame:
    """``made_at`` is in microseconds since 1970, UTC; ``names`` maps streams to what people call them."""
    about = (
        _covered(extent, names),
        _period(extent),
        f"The trail has {count(head.size, 'entry', 'entries')}. They are numbered from 1, across all that the school does.",
        "Happened is what a person said; recorded is when Vouch wrote it down by itself.",
    )
    made = clock.of_microseconds(made_at).replace(microsecond=0)
    return Frame(school=school, about=about, seal=tuple(_seal(head)), made=made)


class Readable:
    """Rows as a person says them: what happened and with whom, and each value under the name that people have for it.

    Things are called as the entry itself names them, or as they are called now.
    """

    def __init__(self, trail: str, known: Known) -> None:
        self.names: dict[str, str] = {}
        self._about = ChainMap(self.names, dict(ABOUT_OTHERS))
        self._trail, self._known, self._asked = trail, known, set[str]()

    async def know(self, things: Iterable[str]) -> None:
        """Looks up what people call these, as streams and subjects name them."""
        wanted = set(things) - self._asked
        if wanted:
            self._asked |= wanted
            self.names.update(await self._known.titles(self._trail, wanted))

    def row(self, row: sheet.TimelineRow, changes: Iterable[sheet.Change], stream: str) -> sheet.TimelineRow:
        words, about = self._known.sentences.get(row.what, row.what), row.about or self.names.get(stream, "")
        told = self._known.words.changes(changes, self._about)
        old = "; ".join(f"{one.field}: {one.old}" for one in told if one.old is not None)
        new = "; ".join(f"{one.field}: {one.new}" for one in told if one.new is not None)
        return row._replace(what=f"{words}: {about}" if about else words, old=old, new=new)


def why(row: sheet.TimelineRow) -> str:
    """Why an auditor looks at this row first; "" where there is no reason."""
    return ", ".join(FLAGS[flag] for flag in row.flags)


def _covered(extent: Extent, names: Mapping[str, str]) -> str:
    if extent.is_all:
        return "Everything that the school's trail holds."
    named = sorted(names[stream] for stream in extent.streams if stream in names)
    others = [stream for stream in extent.streams if stream not in names and not Subject.SUPPLIER.id_in(stream)]
    more = [f"{len(named) - MOST_NAMED} more"] if len(named) > MOST_NAMED else []
    rest = ["what concerns the trail itself"] if others else []
    return f"Only what was recorded about: {'; '.join([*named[:MOST_NAMED], *more, *rest])}."


def _period(extent: Extent) -> str:
    first = f"from {in_words(_local(extent.since))}" if extent.since is not None else "from the first entry"
    last = f"to {in_words(_local(extent.until - 1))}" if extent.until is not None else "to the last"
    return f"Recorded {first} {last}."


def _local(at: int) -> datetime:
    return clock.of_microseconds(at).astimezone(clock.LONDON)


def _seal(head: TreeHead) -> list[tuple[str, str]]:
    return [("Entries", f"{head.size:,}"), ("Root hash", head.root.hex()), *_signed(head)]


def _signed(head: TreeHead) -> list[tuple[str, str]]:
    """What can be compared and typed on paper: the whole keys and the longer signature are in the pack."""
    if not head.note:
        return [("Signed with", "nothing: not sealed yet")]
    keys = [("Signed with", key) for key in head.keys[:1]] + [("Its fingerprint", fingerprint(key)) for key in head.keys[:1]]
    beside = [("Fingerprint of the ML-DSA-44 key", fingerprint(key)) for key in head.cosigners[:1]]
    first, *others = on_paper(head.note).split("\n")
    return [*keys, *beside, ("The seal, to be typed", first), *(("", line) for line in others)]
