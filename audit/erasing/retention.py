"""How long each kind of record is kept, and who says so: duties that come with Vouch, and what a school sets beyond them.

A setting is in force from its day until a later one replaces it; none is shorter than the duty that comes with Vouch.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import uuid4

import audit
import database
from audit.events import Event
from audit.log import subjects
from audit.tables import Retention
from base import clock, text
from base.refusals import Invalid
from base.viewer import Viewer, must_be_there_for_good

MOST_YEARS: Final = 50  # no schedule for business records that we read keeps anything longer
LONGEST_SOURCE: Final = 300
EARLIEST: Final = date(1950, 1, 1)


class RecordKind(StrEnum):
    """What is kept together. The values are stored."""

    CONTRACTS = "contracts"
    DEEDS = "deeds"
    OPINIONS = "opinions"
    NOTES = "notes"
    ACCOUNTS = "accounts"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS: Final = {
    RecordKind.CONTRACTS: "Contracts and their service records",
    RecordKind.DEEDS: "Contracts signed as a deed",
    RecordKind.OPINIONS: "Reviews and vouches",
    RecordKind.NOTES: "Notes, photos and files",
    RecordKind.ACCOUNTS: "Who had an account, and what they did",
}


@dataclass(frozen=True, slots=True)
class Duty:
    """How long one kind of record is kept. ``years`` 0: no duty. ``since`` None: it came with Vouch."""

    kind: RecordKind
    years: int
    source: str
    since: date | None

    def until(self, day: date) -> date:
        """The first day on which a record may go whose years are counted from ``day``."""
        try:
            return day.replace(year=day.year + self.years)
        except ValueError:  # the 29th of February
            return date(day.year + self.years, 3, 1)


DEFAULTS: Final = {
    RecordKind.CONTRACTS: Duty(
        RecordKind.CONTRACTS,
        6,
        "Academies: the academy trust handbook asks for at least 6 years after the end of the funding period. Maintained "
        "schools: your local authority's schedule; Devon's asks for 6 years after a cleaning or grounds contract ends.",
        None,
    ),
    RecordKind.DEEDS: Duty(
        RecordKind.DEEDS,
        12,
        "Limitation Act 1980, section 8: what a deed promises can be claimed for 12 years, counted from the end.",
        None,
    ),
    RecordKind.OPINIONS: Duty(RecordKind.OPINIONS, 0, "No law or guide that Vouch knows of asks for these.", None),
    RecordKind.NOTES: Duty(RecordKind.NOTES, 0, "No law or guide that Vouch knows of asks for these.", None),
    RecordKind.ACCOUNTS: Duty(RecordKind.ACCOUNTS, 0, "They could not sign in otherwise.", None),
}


async def duties(viewer: Viewer) -> tuple[Duty, ...]:
    """The duties in force today at the viewer's school, one for each kind."""
    async with database.read():
        in_force = await in_force_at(str(viewer.school), clock.today())
    return tuple(in_force[kind] for kind in RecordKind)


async def settings_made(viewer: Viewer) -> tuple[Duty, ...]:
    """Everything that the school has set, newest first, including what is not in force yet."""
    async with database.read():
        rows = await Retention.select().where(Retention.trail == str(viewer.school)).order_by(Retention.set_at, ascending=False)
    return tuple(Duty(RecordKind(row["kind"]), row["years"], row["source"], row["from_date"]) for row in rows)


async def in_force_at(trail: str, day: date) -> dict[RecordKind, Duty]:
    """By kind, the setting with the latest day that has come; of two for one day, the later made. Inside the caller's unit."""
    rows = (
        await Retention.select()
        .where((Retention.trail == trail) & (Retention.from_date <= day))
        .order_by(Retention.from_date, Retention.set_at)
    )
    made = {RecordKind(row["kind"]): Duty(RecordKind(row["kind"]), row["years"], row["source"], row["from_date"]) for row in rows}
    return DEFAULTS | made


async def keep(viewer: Viewer, *, kind: RecordKind | None, years: int | None, from_date: date | None, source: str) -> None:
    """Sets how long the viewer's school keeps a kind of record. Raises Forbidden, Invalid."""
    must_be_there_for_good(viewer)
    duty = _checked(kind, years, from_date, source)
    async with audit.recording(viewer) as record:
        mine = (Retention.trail == str(viewer.school)) & (Retention.kind == duty.kind.value)
        last = await Retention.select(Retention.set_at).where(mine).order_by(Retention.set_at, ascending=False).first()
        before = (await in_force_at(str(viewer.school), duty.since or clock.today()))[duty.kind]
        await Retention(
            id=uuid4(), trail=str(viewer.school), kind=duty.kind.value, years=duty.years, from_date=duty.since,
            source=duty.source, set_by=viewer.person, set_at=clock.after(last["set_at"] if last else None),
        ).save()  # fmt: skip
        facts = {
            "old": {"years": before.years},
            "new": {"years": duty.years, "from": duty.since.isoformat() if duty.since else None},
            "records": duty.kind.words,
            "source": duty.source,
        }
        record(Event.RETENTION_SET, stream=subjects.ERASURES, subject=subjects.retention(duty.kind), facts=facts)


def _checked(kind: RecordKind | None, years: int | None, from_date: date | None, source: str) -> Duty:
    problems: dict[str, str] = {}
    if kind is None:
        problems["kind"] = "Choose which records."
    least = DEFAULTS[kind].years if kind else 0
    if years is None or not least <= years <= MOST_YEARS:
        problems["years"] = f"Enter a whole number of years from {least} to {MOST_YEARS}."
    if from_date is None or not EARLIEST <= from_date <= clock.today().replace(year=clock.today().year + 2, day=1):
        problems["from_date"] = "Enter the day from which this counts, at most two years ahead."
    said = source
    try:
        said = text.line(source, field="source", longest=LONGEST_SOURCE, missing="Enter which law, guide or policy asks for it.")
    except Invalid as refusal:
        problems |= refusal.fields
    if problems or kind is None or years is None:
        raise Invalid("Nothing was set.", **problems)
    return Duty(kind, years, said, from_date)
