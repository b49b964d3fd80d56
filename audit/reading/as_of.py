"""Any record as it stood at an instant, worked out from entries and their openings, never from the live rows.

Within what the viewer may read of the trail. A value that was erased since is marked so, whatever instant is asked for.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import database
from audit import sheet
from audit.events import Event
from audit.log import hidden, known, streams
from audit.log.hidden import Hidden
from audit.reading import fold, timeline
from audit.tables import Entry, HeadRow, Opening
from base import clock
from base.refusals import Invalid, NotFound
from base.viewer import Viewer

MOST_ENTRIES: Final = 5_000  # about one record: more is no record that somebody reads
AT_A_TIME: Final = 500  # entries whose openings are read together
PERSONAL: Final = "personal."
ENDINGS: Final = ("withdrawn", "removed", "revoked")  # review.withdrawn ends a review, share.withdrawn does not


@dataclass(frozen=True, slots=True)
class Step:
    """One entry about the record."""

    idx: int
    at: datetime
    type: str
    who: str


@dataclass(frozen=True, slots=True)
class FieldAsOf:
    """``value`` is plain JSON, None where ``missing`` is "erased" or "withheld"; ``set_by`` is the entry that set it."""

    name: str
    value: Any
    set_by: Step
    missing: str
    erased_by: Step | None

    @property
    def shown(self) -> str | None:
        """The value in words; None for one that is for machines, such as an audience's grants, beside which words are kept."""
        return sheet.shown(self.value)


@dataclass(frozen=True, slots=True)
class RecordAsOf:
    """``steps`` are the entries by then, oldest first; none: it was not recorded yet. ``ended`` is the one that ended it.

    ``unread`` counts values that the entries committed to and that are neither here nor listed as erased.
    """

    subject: str
    stream: str  # of the newest entry by then
    at: datetime
    fields: tuple[FieldAsOf, ...]
    steps: tuple[Step, ...]
    ended: Step | None
    unread: int


@dataclass(frozen=True, slots=True)
class _Erased:
    """What was erased from the entries of a record: by entry the fields, each with the entry that erased it."""

    fields: Mapping[int, Mapping[str, Step]]

    def of(self, idx: int) -> Mapping[str, Step]:
        return self.fields.get(idx, {})


async def present(viewer: Viewer) -> datetime:
    """Now, or the time of the newest entry where the clock says less: nothing that is recorded is yet to come."""
    async with database.read():
        newest = await HeadRow.select(HeadRow.last_at).where(HeadRow.trail == str(viewer.school)).first()
    return max(clock.now(), clock.of_microseconds(newest["last_at"] if newest else 0))


async def record_at(
    viewer: Viewer, subject: str, at: datetime, *, criticism_kept_back: Collection[str] = timeline.NOTHING
) -> RecordAsOf:
    """``subject`` as entries name it, such as "review:…". Raises NotFound where no entry that may be read is about it.

    ``criticism_kept_back`` are the streams whose criticism is kept from the viewer.
    """
    return (await at_each(viewer, subject, (at,), criticism_kept_back=criticism_kept_back))[0]


async def at_each(
    viewer: Viewer, subject: str, instants: Sequence[datetime], *, criticism_kept_back: Collection[str] = timeline.NOTHING
) -> tuple[RecordAsOf, ...]:
    """The record at several instants, all from one snapshot. Raises NotFound as ``record_at``, Invalid for too many entries."""
    trail = str(viewer.school)
    async with database.read():
        about = (Entry.trail == trail) & (Entry.subject == subject)
        rows = await Entry.select().where(about, streams.open_to(viewer)).order_by(Entry.idx).limit(MOST_ENTRIES + 1)
        if len(rows) > MOST_ENTRIES:
            raise Invalid(f"More than {MOST_ENTRIES:,} entries are about this. Read them in the timeline.")
        opened = await _opened(rows)
        erased = await _erased(trail, {row["stream"] for row in rows})
        hidden_texts = await hidden.of(trail)
    if not rows:
        raise NotFound
    withheld = {row["idx"]: _withheld(viewer, row, opened[row["idx"]], hidden_texts, criticism_kept_back) for row in rows}
    return tuple(_at(subject, instant, rows, opened, erased, withheld=withheld) for instant in instants)


def _withheld(
    viewer: Viewer, row: Mapping[str, Any], opened: Mapping[str, Any], hidden_texts: Hidden, criticism_kept_back: Collection[str]
) -> frozenset[str]:
    """The fields of one entry that who asks may not read: texts that are hidden, and those that are not for them."""
    unread = timeline.unread_in(row["stream"], timeline.unread_by(viewer), criticism_kept_back)
    return frozenset(
        field
        for field in opened
        if hidden_texts.covers(row, field) or (field.startswith(PERSONAL) and field.removeprefix(PERSONAL).startswith(unread))
    )


def _at(
    subject: str,
    at: datetime,
    rows: Sequence[Mapping[str, Any]],
    opened: Mapping[int, Mapping[str, Any]],
    erased: _Erased,
    *,
    withheld: Mapping[int, frozenset[str]],
) -> RecordAsOf:
    """``withheld`` says by entry which of its fields who asks may not read."""
    moment = clock.microseconds(at)
    rows = [row for row in rows if row["at"] <= moment]
    steps = {row["idx"]: _step(row, opened[row["idx"]]) for row in rows}
    entries = (_readable_entry(idx, opened[idx], erased.of(idx), withheld[idx]) for idx in steps)
    fields = fold.fold(entries)
    return RecordAsOf(
        subject=subject,
        stream=rows[-1]["stream"] if rows else "",
        at=at,
        fields=tuple(_field(name, field, steps, erased) for name, field in sorted(fields.items())),
        steps=tuple(steps.values()),
        ended=next((step for step in reversed(steps.values()) if _ends(step.type, subject)), None),
        unread=sum(len(json.loads(row["header"])["c"]) - len(opened[row["idx"]]) - len(erased.of(row["idx"])) for row in rows),
    )


def _readable_entry(
    idx: int, opened: Mapping[str, Any], gone: Mapping[str, Step], withheld: Collection[str]
) -> fold.ReadableEntry:
    about = opened["event"]
    naming = known.NAMING if known.supplier_in(about["stream"], about["subject"]) else frozenset[str]()  # no field of the record
    personal = {
        name.removeprefix(PERSONAL): value for name, value in opened.items() if name.startswith(PERSONAL) and name not in naming
    }
    missing = {name: fold.WITHHELD for name in personal if PERSONAL + name in withheld}
    missing |= {name.removeprefix(PERSONAL): fold.ERASED for name in gone if name.startswith(PERSONAL) and name not in naming}
    return fold.ReadableEntry(idx, opened.get("facts", {}), {n: v for n, v in personal.items() if n not in missing}, missing)


def _field(name: str, field: fold.FoldedField, steps: Mapping[int, Step], erased: _Erased) -> FieldAsOf:
    by = None
    if field.missing == fold.ERASED:  # a file's name has the number that it had in its entry, so any of the entry will do
        gone = erased.of(field.idx)
        by = gone.get(PERSONAL + name) or next(iter(gone.values()))
    return FieldAsOf(name, field.value, steps[field.idx], field.missing, by)


def _ends(type_: str, subject: str) -> bool:
    """Whether an event of this type ends what the subject names. Beginnings count: auditor.revoked ends an auditor_grant."""
    what, _, past = type_.rpartition(".")
    return past in ENDINGS and subject.startswith(what)


def _step(row: Mapping[str, Any], opened: Mapping[str, Any]) -> Step:
    return Step(row["idx"], clock.of_microseconds(row["at"]), row["type"], sheet.who(opened.get("actor")))


async def _opened(rows: Sequence[Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """The openings that are still stored, by entry and field."""
    idx_of = {row["event_id"]: row["idx"] for row in rows}
    found: dict[int, dict[str, Any]] = {idx: {} for idx in idx_of.values()}
    ids = list(idx_of)
    for start in range(0, len(ids), AT_A_TIME):
        for opening in await Opening.select().where(database.among(Opening.event_id, ids[start : start + AT_A_TIME])):
            found[idx_of[opening["event_id"]]][opening["field"]] = json.loads(opening["value"])
    return found


async def _erased(trail: str, names: set[str]) -> _Erased:
    """What entries in the same streams say was erased."""
    if not names:
        return _Erased({})
    applied = (Entry.trail == trail) & (Entry.type == Event.ERASURE_APPLIED) & database.among(Entry.stream, sorted(names))
    rows = await Entry.select().where(applied).order_by(Entry.idx)
    opened = await _opened(rows)
    fields: dict[int, dict[str, Step]] = {}
    for row in rows:
        for item in opened[row["idx"]].get("facts", {}).get("erased", ()):
            fields.setdefault(item["idx"], {})[item["field"]] = _step(row, opened[row["idx"]])
    return _Erased(fields)
