"""What happened under a contract as a table: every event with what the clock says of it, what was agreed, and its flags."""

import io
from collections.abc import Iterator
from typing import Final

from base.spreadsheets.writing import Cell, Csv
from contracts.judging import clock_input, sentences
from contracts.judging.kinds import AGREED_WORDS, DISCUSSED_WORDS, EVENT_WORDS, VERDICT_WORDS, Discussed, Side
from contracts.promises.kinds import HOW_WORDS, PRIORITY_WORDS, Stage
from contracts.service_events.reading import EventsPage, EventView

HEADINGS: Final = (
    "What happened", "Kind", "Day", "Happened", "They were told", "How", "Their job number", "Priority", "Acknowledged",
    "Responded", "Here", "Made safe", "Fixed", "What the clock says", "Discussed", "Agreed", "Clause", "Says who", "To know",
)  # fmt: skip


def as_csv(found: EventsPage) -> bytes:
    file = io.BytesIO()
    table = Csv(file)
    table.add(HEADINGS)
    for one in found.events:
        table.add(row(one))
    table.close()
    return file.getvalue()


def row(one: EventView) -> Iterator[Cell]:
    job, agreed, discussed = one.job, one.job.agreed(), one.job.discussed()
    yield from (one.title, EVENT_WORDS[job.kind], job.on_day.isoformat())
    yield sentences.when(job.happened_at) if job.happened_at else ""
    yield sentences.when(job.told_at) if job.told_at else ""
    yield HOW_WORDS[job.told_how] if job.told_how else ""
    yield from (job.job_number, PRIORITY_WORDS.get(job.current_priority or "", ""))
    for stage in Stage:
        reached = clock_input.reached(job, stage)
        yield sentences.when(reached) if reached else ""
    yield " ".join(f"{said.metric.name}: {VERDICT_WORDS[said.word]}. {said.sentence}" for said in one.verdicts)
    yield DISCUSSED_WORDS[discussed.state or Discussed.NOT_DISCUSSED] if discussed else ""
    yield AGREED_WORDS[agreed.outcome] if agreed and agreed.outcome else ""
    yield agreed.clause if agreed else ""
    yield "The supplier" if job.claimed_by is Side.SUPPLIER else "The school"
    yield ", ".join(one.flags)
