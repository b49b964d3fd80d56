"""Parts of a report that tell what happened: breaches, what was left out, pauses, disputes, every event, documents. Pure."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from base.words import count, in_words
from contracts.attainment.figures import Breach, LeftOut, MetricAttained
from contracts.judging import clock_input, sentences
from contracts.judging.kinds import AGREED_WORDS, DISCUSSED_WORDS, EVENT_WORDS, PAUSE_WORDS, Agreed, Discussed
from contracts.promises.kinds import PRIORITY_WORDS, EventKind, Stage
from contracts.review.gathered import Gathered
from contracts.review.report import Cell, Edition, ReportSection
from contracts.service_events.reading import EventView

MINUTE: Final = timedelta(minutes=1)
GONE: Final = "An event that was taken back"
NOBODY: Final = "Not recorded"


def breaches(found: Gathered, _: Edition) -> ReportSection:
    """Each promise that was missed, with its clause and why; what both sides say of it beside."""
    rows = []
    for one in found.promises:
        each = [breach for period in one.periods for breach in period.breaches]
        rows += [_breach(found, one, breach) for breach in each]
    counted = sum(period.figure.breaches for one in found.promises for period in one.periods)
    unnamed = counted - len(rows)
    lines = [f"{count(counted, 'breach', 'breaches')} counted in these periods."] if found.promises else []
    if unnamed > 0:
        lines.append(f"{unnamed:,} of them are no single event, such as a visit that was not made: the figures count them.")
    rows = [(_day_in_words(row[0]), *row[1:]) for row in sorted(rows, key=lambda row: str(row[0]), reverse=True)]
    headings = ("Day", "What", "Promise", "Clause", "Priority", "Why", "Discussed", "Agreed", "Their words")
    return ReportSection("breaches", "What was missed, and why", tuple(lines), headings, tuple(rows))


def left_out(found: Gathered, edition: Edition) -> ReportSection:
    """Both sides agreed to leave these out: why, and who approved it; the supplier reads its own side's name only."""
    rows = [_left_out(found, one, each, edition) for one in found.promises for period in one.periods for each in period.left_out]
    alone = sum(each.is_self_approved for one in found.promises for period in one.periods for each in period.left_out)
    lines = [f"{alone:,} of {len(rows):,} were approved by the person who logged the event."] if alone else []
    headings = ("Day", "What", "Promise", "Why", "Approved for the school", "Approved for the supplier", "To know")
    if not rows:
        lines = ["Nothing was left out."]
    return ReportSection("left_out", "What was left out, and who approved it", tuple(lines), headings, tuple(rows))


def pauses(found: Gathered, _: Edition) -> ReportSection:
    """How often, and for how long by the clock on the wall, the supplier had to wait, by reason."""
    times: Counter[tuple[str, str]] = Counter()
    minutes: Counter[tuple[str, str]] = Counter()
    open_ones: Counter[tuple[str, str]] = Counter()
    for wait in (wait for event in found.in_the_days for wait in event.job.waits):
        began, ended = wait.began, wait.ended
        key = (PAUSE_WORDS[began.reason] if began.reason else "Waiting", "Yes" if began.is_counted else "Not yet")
        times[key] += 1
        minutes[key] += (ended.at - began.at) // MINUTE if ended else 0
        open_ones[key] += ended is None
    rows = tuple(
        (reason, agreed, times[reason, agreed], sentences.duration(minutes[reason, agreed]), open_ones[reason, agreed])
        for reason, agreed in sorted(times)
    )
    headings = ("Why they waited", "Agreed by us", "How often", "How long", "Still open")
    return ReportSection("pauses", "Pauses, by reason", () if rows else ("No pause is written down.",), headings, rows)


def disputed(found: Gathered, _: Edition) -> ReportSection:
    """What the two sides see differently, in the supplier's words."""
    rows = []
    for event in found.in_the_days:
        said = event.job.discussed()
        if said and said.state is Discussed.DISPUTED:
            theirs = found.said.get(said.id, {}).get("theirs", "")
            rows.append((in_words(event.job.on_day), event.title, _why(event), in_words(said.on_day), theirs))
    headings = ("Day", "What", "What the clock says", "Discussed on", "Their words")
    return ReportSection("disputed", "What is disputed", () if rows else ("Nothing is disputed.",), headings, tuple(rows))


def events(found: Gathered, edition: Edition) -> ReportSection:
    """Everything that happened in these days; our notes only in the edition for the file."""
    notes = edition is Edition.FILE
    headings = (
        "Day", "What", "Kind", "Their job number", "Priority", "They were told", "Fixed", "What the clock says", "Discussed",
        "Agreed", "To know", *(("Notes",) if notes else ()),
    )  # fmt: skip
    rows = tuple(tuple(_event(one, notes=notes)) for one in found.in_the_days)
    return ReportSection("events", "All that happened", (count(len(rows), "event") + ".",), headings, rows)


def documents(found: Gathered, _: Edition) -> ReportSection:
    """Insurance, letters of assurance and the like, logged or kept with the contract: in date today or not."""
    rows: list[tuple[Cell, ...]] = []
    for event in found.events:
        if event.job.kind is EventKind.DOCUMENT:
            until = str(event.job.said.get("to") or "")
            ends = date.fromisoformat(until) if until else None
            rows.append(_document(str(event.job.said.get("kind") or event.title), event.job.on_day, ends, found.today))
    rows += [_document(one.what, one.added_on, one.expires_on, found.today) for one in found.papers]
    headings = ("Document", "Logged on", "Lasts until", "Today")
    return ReportSection("documents", "Safeguarding letters, insurance and other documents", (), headings, tuple(rows))


def _document(what: str, logged: date, ends: date | None, today: date) -> tuple[Cell, ...]:
    state = NOBODY if ends is None else "In date" if ends >= today else "Out of date"
    return what[:1].upper() + what[1:], in_words(logged), in_words(ends) if ends else NOBODY, state


def _breach(found: Gathered, promise: MetricAttained, breach: Breach) -> tuple[Cell, ...]:
    event = found.by_id.get(breach.event)
    discussed = event.job.discussed() if event else None
    theirs = found.said.get(discussed.id, {}).get("theirs", "") if discussed else ""
    state = DISCUSSED_WORDS[Discussed(breach.state)] if breach.state else DISCUSSED_WORDS[Discussed.NOT_DISCUSSED]
    return (
        event.job.on_day.isoformat() if event else found.first.isoformat(),
        event.title if event else GONE,
        promise.name,
        promise.clause,
        PRIORITY_WORDS.get(breach.priority or "", ""),
        _why(event, promise.metric) if event else "",
        state,
        AGREED_WORDS[Agreed(breach.agreed)] if breach.agreed else "",
        theirs,
    )


def _left_out(found: Gathered, promise: MetricAttained, one: LeftOut, edition: Edition) -> tuple[Cell, ...]:
    event = found.by_id.get(one.event)
    ours = "The school" if edition is Edition.MEETING else one.ours or NOBODY
    return (
        in_words(event.job.on_day) if event else "", event.title if event else GONE, promise.name, one.reason or NOBODY, ours,
        one.theirs or NOBODY, "Approved by the person who logged it" if one.is_self_approved else "",
    )  # fmt: skip


def _event(event: EventView, *, notes: bool) -> Iterator[Cell]:
    job, agreed, discussed = event.job, event.job.agreed(), event.job.discussed()
    yield from (in_words(job.on_day), event.title, EVENT_WORDS[job.kind], job.job_number)
    yield PRIORITY_WORDS.get(job.current_priority or "", "")
    yield sentences.when(job.told_at) if job.told_at else ""
    fixed = clock_input.reached(job, Stage.FIXED)
    yield sentences.when(fixed) if fixed else ""
    yield _why(event)
    yield DISCUSSED_WORDS[discussed.state] if discussed and discussed.state else ""
    yield AGREED_WORDS[agreed.outcome] if agreed and agreed.outcome else ""
    yield ", ".join(event.flags)
    if notes:
        yield event.words.get("notes", "")


def _why(event: EventView, metric: UUID | None = None) -> str:
    """What the clock says, of one promise or of all."""
    said = [one for one in event.verdicts if metric in (None, one.metric.metric)]
    if len(said) == 1:
        return said[0].sentence
    return " ".join(f"{one.metric.name}: {one.sentence}" for one in said)


def _day_in_words(day: Cell) -> str:
    return in_words(date.fromisoformat(str(day)))
