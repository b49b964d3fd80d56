"""Any record as it stood on a day, beside how it is now: page and API."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Template

from audit import sheet
from audit.log import streams
from audit.log.auditor_reads import note_read
from audit.reading import as_of, plain
from audit.reading.as_of import FieldAsOf, RecordAsOf
from audit.reading.plain import Vocabulary
from audit.reading.told import Told
from base import clock
from base.refusals import Invalid
from base.viewer import KeyScope
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page

LONGEST_SUBJECT: Final = 200
LONGEST_INSTANT: Final = 40
A_MINUTE: Final = timedelta(minutes=1, microseconds=-1)  # what is typed to the minute means all of it
DAY_LENGTH: Final = len("2026-11-03")
NO_TIME: Final = "Enter a time such as 14:05, or leave it empty for the end of the day."
NO_INSTANT: Final = "Enter a day such as 2026-11-03, or a time such as 2026-11-03T14:05:00Z."

Subject = Annotated[str, QueryParameter(min_length=1, max_length=LONGEST_SUBJECT)]
Instant = Annotated[str, QueryParameter(max_length=LONGEST_INSTANT)]


@get("/trail/as-of", include_in_schema=False, auditors=True)
async def show_as_of(
    request: AnyRequest,
    viewer: CurrentViewer,
    told: NamedDependency[Told],
    criticism_kept_back: NamedDependency[frozenset[str]],
    *,
    subject: Subject,
    at: Instant = "",
) -> Template:
    """``at``, or the boxes of the form: on-day, on-month, on-year, time."""
    values = Form({name: tuple(request.query_params.getall(name)) for name in request.query_params})
    refusal, now = None, await as_of.present(viewer)
    try:
        instant = _typed(values) or _instant(at, now)
    except Invalid as wrong:
        refusal, instant = wrong, now
    then, today = await as_of.at_each(viewer, subject, (instant, now), criticism_kept_back=criticism_kept_back)
    await note_read(viewer, "a record as it stood", subject=subject)
    names = await told.titles(viewer, {today.stream, *_named_in(then), *_named_in(today)})
    about = {**streams.ABOUT_OTHERS, **names}
    local = instant.astimezone(clock.LONDON)
    shown = {"on-day": local.day, "on-month": local.month, "on-year": local.year, "time": f"{local:%H:%M}"}
    return page(
        "reading/as_of.html",
        request=request,
        viewer=viewer,
        refusal=refusal,
        values=values if refusal else shown,
        then=then,
        rows=_rows(then, today, told.words, about),
        sentences=told.sentences,
        name=names.get(today.stream, ""),
        merged=await told.merging.merged_with(viewer, subject),
        about=about,
        words=told.words,
        is_now=instant >= now,
    )


class FieldOut(msgspec.Struct, frozen=True, kw_only=True):
    """``missing`` is "erased", "withheld" (your role or an interest that you declared keeps it from you) or empty.

    ``entry`` is the one that set the value.
    """

    field: str
    value: Any
    missing: str
    entry: int
    set_at: datetime
    set_by: str
    erased_by_entry: int | None


class AsOfOut(msgspec.Struct, frozen=True, kw_only=True):
    """``entries`` are the positions, from 0, of what happened by then; none: it was not recorded yet."""

    subject: str
    at: datetime
    fields: tuple[FieldOut, ...]
    entries: tuple[int, ...]
    ended_by_entry: int | None
    unread: int


@get(
    "/trail/as-of",
    operation_id="getRecordAsOf",
    summary="A record of yours as it stood at an instant",
    auditors=True,
    key_scope=KeyScope.TRAIL,
)
async def read_as_of(
    viewer: CurrentViewer, criticism_kept_back: NamedDependency[frozenset[str]], subject: Subject, at: Instant = ""
) -> AsOfOut:
    """``subject`` as trail entries name it, such as ``review:…``; ``at`` is ISO 8601, now unless given."""
    instant = _instant(at, await as_of.present(viewer))
    found = await as_of.record_at(viewer, subject, instant, criticism_kept_back=criticism_kept_back)
    await note_read(viewer, "a record as it stood", subject=subject)
    return AsOfOut(
        subject=found.subject,
        at=found.at,
        fields=tuple(map(_field, found.fields)),
        entries=tuple(step.idx for step in found.steps),
        ended_by_entry=found.ended.idx if found.ended else None,
        unread=found.unread,
    )


def _typed(values: Form) -> datetime | None:
    """What the boxes say, as London's clocks show it; None when they are empty. Raises Invalid."""
    day, typed = values.day("on"), values.text("time").strip()
    if day is None:
        return None
    try:
        return _end_of_day(day) if not typed else _in_utc(datetime.combine(day, time.fromisoformat(typed.zfill(5)))) + A_MINUTE
    except (ValueError, OverflowError) as error:
        raise Invalid(NO_TIME, time=NO_TIME) from error


def _instant(at: str, now: datetime) -> datetime:
    """The instant that ``at`` names, ``now`` for "". Raises Invalid."""
    if not at:
        return now
    try:
        return _end_of_day(date.fromisoformat(at)) if len(at) <= DAY_LENGTH else _in_utc(datetime.fromisoformat(at))
    except (ValueError, OverflowError) as error:
        raise Invalid(NO_INSTANT, at=NO_INSTANT) from error


def _end_of_day(day: date) -> datetime:
    """Its last moment in London, on the days that the clocks change too."""
    return _in_utc(datetime.combine(day + timedelta(days=1), time())) - timedelta(microseconds=1)


def _in_utc(at: datetime) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=clock.LONDON)).astimezone(UTC)


def _rows(
    then: RecordAsOf, today: RecordAsOf, words: Vocabulary, about: Mapping[str, str]
) -> list[tuple[str, FieldAsOf | None, FieldAsOf | None]]:
    """Every field that has words for people, as it was then and as it is now."""

    def has_words(field: FieldAsOf) -> bool:
        return bool(field.missing or (field.shown and words.value(field.name, field.shown, about)))

    was, is_now = ({field.name: field for field in found.fields if has_words(field)} for found in (then, today))
    return [(name, was.get(name), is_now.get(name)) for name in sorted({*was, *is_now})]


def _named_in(record: RecordAsOf) -> frozenset[str]:
    return plain.named_in(sheet.Change(field.name, None, field.shown) for field in record.fields)


def _field(field: FieldAsOf) -> FieldOut:
    return FieldOut(
        field=field.name,
        value=field.value,
        missing=field.missing,
        entry=field.set_by.idx,
        set_at=field.set_by.at,
        set_by=field.set_by.who,
        erased_by_entry=field.erased_by.idx if field.erased_by else None,
    )


pages = Router(path="/", route_handlers=[show_as_of])
api = Router(path="/api/v1", route_handlers=[read_as_of], tags=["Audit trail"])
