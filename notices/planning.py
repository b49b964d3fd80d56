"""Which letter tells what to a person who wants few: of which days, at what hours, and what passes the limit. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID

from base.clock import LONDON
from base.due import Due, Urgency
from base.weekdays import DAYS, WEEKDAYS

OPENS: Final = time(8)  # local time: nobody is reminded at night
CLOSES: Final = time(17)
FRIDAY: Final = 4  # as date.weekday() counts


class Often(StrEnum):
    NONE = "none"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Hearer:
    """Somebody who can be written to, and how often they want to be. ``schools`` are those that they belong to now, by id."""

    person: UUID
    email: str
    schools: Mapping[UUID, str]
    often: Often
    weekday: int  # 1 is Monday


@dataclass(frozen=True, slots=True)
class Plan:
    """A letter to be. Of two with the same key one is written."""

    key: str
    dues: tuple[Due, ...]


def is_open(now: datetime) -> bool:
    """Whether letters are written at this moment: from 08:00 to 17:00 in London, Monday to Friday."""
    local = now.astimezone(LONDON)
    return local.weekday() < WEEKDAYS and OPENS <= local.time() < CLOSES


def days_told_on(today: date) -> tuple[date, ...]:
    """The days whose dues are told today: a weekend's on its Friday."""
    last = DAYS if today.weekday() == FRIDAY else today.weekday() + 1
    return tuple(today + timedelta(days=n) for n in range(last - today.weekday()))


def has_letter_on(hearer: Hearer, today: date) -> bool:
    """Whether a letter of the ordinary kind may go to them today, or went."""
    return bool(_periodic_key(hearer, today))


def plans(hearer: Hearer, dues: Sequence[Due], today: date) -> tuple[Plan, ...]:
    """The letters to try in turn, each with what none before it told: the periodic one, then one of what can't wait."""
    heard = [due for due in dues if due.school in hearer.schools]
    rushed = tuple(due for due in heard if due.urgency is Urgency.SECURITY or _passes(hearer, due))
    made = []
    if heard and (key := _periodic_key(hearer, today)):
        made.append(Plan(key, tuple(heard)))
    if rushed:
        made.append(Plan(_key_of(hearer, today, rushed), rushed))
    return tuple(made)


def _passes(hearer: Hearer, due: Due) -> bool:
    return due.urgency is Urgency.LAST_DAY and hearer.often is not Often.NONE


def _periodic_key(hearer: Hearer, today: date) -> str:
    """The same all day, or all week; "" where none is to go today."""
    if hearer.often is Often.DAILY:
        return f"{hearer.person}:{today}"
    if hearer.often is Often.WEEKLY and today.isoweekday() >= hearer.weekday:
        year, week, _ = today.isocalendar()
        return f"{hearer.person}:{year}-W{week:02}"
    return ""


def _key_of(hearer: Hearer, today: date, dues: Sequence[Due]) -> str:
    digest = sha256("\n".join(sorted(due.key for due in dues)).encode()).hexdigest()
    return f"{hearer.person}:{today}:{digest[:32]}"
