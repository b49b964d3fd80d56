"""A contract with promises, and what happened under it: what tests of service events start from."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from base import clock
from base.viewer import Role, Viewer
from contracts.calendars import calendars
from contracts.clock.school_calendar import SchoolCalendar, Term
from contracts.fields.said import Said
from contracts.judging.kinds import Side, StampKind
from contracts.promises import metrics
from contracts.promises.kinds import EventKind, How, MetricKind
from contracts.promises.metric import Promise, Rules
from contracts.register import register
from contracts.service_events import logging_one, stamping
from contracts.service_events.logging_one import Logged
from contracts.service_events.stamping import Stamping
from tests.given.builders import a_person, school_of

FROM = date(2025, 9, 1)
FIX: dict[str, Any] = {"stage": "fixed", "target": 95, "mostly": 90, "targets": {"P1": {"minutes": 240}, "P2": {"minutes": 480}}}
WEEKDAYS: dict[str, Any] = {
    "tz": "Europe/London",
    "versions": [
        {
            "from": "2020-01-01",
            "weekly": {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
            "bank_holidays": "ENG",
            "terms": [["2025-09-03", "2025-10-24"], ["2025-11-03", "2025-12-19"], ["2026-01-05", "2026-07-21"]],
            "only": "term",
        }
    ],
}


async def a_contract(viewer: Viewer, title: str = "Boilers", **said: Any) -> UUID:
    return await register.add(viewer, Said({"title": title, "supplier_name": "Ashby Boilers", **said}))


async def a_fix_time(viewer: Viewer, contract: UUID, **more: Any) -> UUID:
    """A promise to fix within four service hours, or eight."""
    given: dict[str, Any] = {"name": "Fixed", "clause": "4.2", "terms": FIX, "from_day": FROM, **more}
    rules = given.pop("rules", Rules())
    return await metrics.add(viewer, contract, Promise(MetricKind.TIME_TO_EVENT, rules=rules, **given))


async def a_colleague(viewer: Viewer, role: Role, name: str = "Hal Hart") -> Viewer:
    """Somebody else at the viewer's school."""
    school = await school_of(viewer)
    return await a_person(school, role, name)


def moment(text: str) -> datetime:
    """Of "2026-01-20 09:30", in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def a_call(happened: str = "2026-01-20 09:30", **more: Any) -> Logged:
    at = moment(happened)
    told = {"told_at": at, "told_how": How.TELEPHONE}
    given: dict[str, Any] = {"what": "No heating", "priority": "P1", "happened_at": at, **told, **more}
    return Logged(EventKind.JOB, **given)


async def a_job(viewer: Viewer, contract: UUID, happened: str = "2026-01-20 09:30", **more: Any) -> UUID:
    return await logging_one.log(viewer, contract, a_call(happened, **more))


async def stamped(viewer: Viewer, job: UUID, kind: StampKind, at: str, **more: Any) -> UUID:
    return await stamping.stamp(viewer, job, Stamping(kind, moment(at), **more))


SUPPLIER = Side.SUPPLIER
DAY = timedelta(days=1)


async def a_calendar(viewer: Viewer) -> None:
    """Eight to five on weekdays of three terms, each with its half-term."""
    hours = (("08:00", "17:00"),)
    terms = (
        Term("Autumn 2025", date(2025, 9, 3), date(2025, 12, 19), (date(2025, 10, 27), date(2025, 10, 31))),
        Term("Spring 2026", date(2026, 1, 5), date(2026, 3, 27), (date(2026, 2, 16), date(2026, 2, 20))),
        Term("Summer 2026", date(2026, 4, 13), date(2026, 7, 21), (date(2026, 5, 25), date(2026, 5, 29))),
    )
    weekly: Any = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours)
    await calendars.save_version(viewer, SchoolCalendar(weekly=weekly, only="term", terms=terms), from_day=FROM, version=0)


async def a_calendar_of_september(viewer: Viewer) -> None:
    """The same, saved before the year began: whatever happens later is judged by it."""
    with clock.at(datetime(2025, 9, 1, 12, tzinfo=UTC)):
        await a_calendar(viewer)
