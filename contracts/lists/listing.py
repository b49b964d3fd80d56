"""A page of a school's register: the soonest decision first, then those without one, by title."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from base import clock, cursor
from base.viewer import Viewer
from contracts.access import access
from contracts.tables import Contract
from sharing.access.visibility import ALWAYS
from sharing.people import trust_leads
from sharing.tables import School

PAGE: Final = 50
SOON: Final = timedelta(days=90)
MOST_OFFICERS: Final = 200  # names to choose from

MOST_COUNTED: Final = 1_000  # more are "1,000 or more": nobody needs to know, and counting reads every one

_NAME: Final = """COALESCE((SELECT s.name FROM suppliers_supplier s WHERE s.id = contracts_contract.supplier),
    contracts_contract.supplier_name, '')"""
# A part of the register (access.parts_of_register) as it holds today. The days come first: they are in the order of the list.
_PART: Final = """FROM contracts_dates_from d JOIN contracts_contract ON contracts_contract.id = d.contract
    WHERE {} AND d.from_day <= {} AND (d.until_day IS NULL OR d.until_day > {}) AND {}"""
_FIRST: Final = f"""SELECT * FROM (SELECT d.id AS held, d.due AS due, contracts_contract.title AS title,
    contracts_contract.id AS contract {_PART} ORDER BY d.due, contracts_contract.title, contracts_contract.id LIMIT {{}}) part"""  # noqa: S608 - our own SQL
_LISTED: Final = f"""SELECT contracts_contract.id, contracts_contract.school, contracts_contract.title,
    (SELECT o.name FROM sharing_school o WHERE o.id = contracts_contract.school) AS school_name,
    contracts_contract.supplier, {_NAME} AS supplier_name, contracts_contract.annual_pence, contracts_contract.category,
    contracts_contract.officer, contracts_contract.is_draft, contracts_contract.is_price_confidential,
    contracts_contract.open_questions, contracts_contract.version, contracts_contract.renewal,
    d.state, d.current_end, d.notice_received_by, d.due, d.is_missed, d.problem
    FROM ({{}}) first JOIN contracts_contract ON contracts_contract.id = first.contract
    JOIN contracts_dates_from d ON d.id = first.held
    ORDER BY first.due, first.title, first.contract LIMIT {{}}"""  # noqa: S608 - our own SQL
_COUNTED: Final = f"(SELECT COUNT(*) FROM (SELECT 1 FROM ({{}}) parts LIMIT {MOST_COUNTED}) counted)"  # noqa: S608 - as above


class Showing(StrEnum):
    """Which contracts: those that still run, or will; or by what stands with them."""

    CURRENT = ""
    SOON = "soon"
    MISSED = "missed"
    NOTICE_GIVEN = "notice_given"
    NOT_STARTED = "not_started"
    DRAFT = "draft"
    ENDED = "ended"
    ALL = "all"


_WHICH: Final[Mapping[Showing, str]] = {
    Showing.CURRENT: "d.state <> 'ended'",
    Showing.MISSED: "d.is_missed",
    Showing.NOTICE_GIVEN: "d.state = 'notice_given'",
    Showing.NOT_STARTED: "d.state = 'not_started'",
    Showing.DRAFT: "contracts_contract.is_draft",
    Showing.ENDED: "d.state = 'ended'",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; empty for anything. ``text`` is part of a title, a supplier's name or a reference."""

    showing: Showing = Showing.ALL
    text: str = ""
    category: str = ""
    officer: str = ""
    school: UUID | None = None  # of a trust's
    with_questions: bool = False

    @property
    def is_everything(self) -> bool:
        return not (self.text or self.category or self.officer or self.school or self.with_questions or self.showing)


@dataclass(frozen=True, slots=True)
class Line:
    """One contract of a list. ``annual_pence`` is None too where the price is confidential: a list is read over shoulders."""

    id: UUID
    school: UUID
    school_name: str
    title: str
    supplier: UUID | None
    supplier_name: str
    annual_pence: int | None
    category: str | None
    officer: str | None
    is_draft: bool
    is_price_confidential: bool
    open_questions: int  # 0 in what others keep: theirs to answer
    version: int
    renewal: str | None
    state: str
    current_end: date | None
    notice_received_by: date | None
    decide_by: date | None  # of the next chance, once notice was missed; None once it was given, and after the end
    is_missed: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class Page:
    lines: tuple[Line, ...]
    after: str  # where the next page starts; "" after the last one


@dataclass(frozen=True, slots=True)
class Counts:
    """``contracts`` are those that somebody looks for, on all pages; the others are of all, as their own lists have them:
    ``soon`` to be decided upon within SOON, ``asking`` with open questions. Each at most MOST_COUNTED, which may be more.
    """

    contracts: int
    soon: int
    missed: int
    asking: int


@dataclass(frozen=True, slots=True)
class Register:
    """A page of the list and what stands around it: officers to choose from, and for a trust lead schools (id, name)."""

    page: Page
    counts: Counts
    officers: tuple[str, ...]
    schools: tuple[tuple[UUID, str], ...]


EVERYTHING: Final = Wanted()
TO_DECIDE: Final = Wanted(Showing.SOON)
MISSED: Final = Wanted(Showing.MISSED)
ASKING: Final = Wanted(Showing.CURRENT, with_questions=True)


async def look(viewer: Viewer, after: str = "", wanted: Wanted = EVERYTHING) -> Register:
    """Of the viewer's school, and its trust's that cover it. Raises Invalid for an ``after`` that this did not give."""
    async with database.read():
        led = await trust_leads.schools_led(viewer)
        return Register(
            await _page([viewer.school], led, after, wanted),
            await _counts(viewer, led, wanted),
            await _officers(viewer.school),
            await _schools(led),
        )


async def page(viewer: Viewer, after: str = "", wanted: Wanted = EVERYTHING) -> Page:
    """The page of ``look`` alone."""
    async with database.read():
        return await _page([viewer.school], await trust_leads.schools_led(viewer), after, wanted)


async def page_of_schools(viewers: Sequence[Viewer], after: str, wanted: Wanted) -> Page:
    """The same over several schools of one person, who is a viewer at each: each contract once, as that school's register has it.

    Raises Invalid for an ``after`` that this did not give.
    """
    async with database.read():
        led = {school for one in viewers for school in await trust_leads.schools_led(one)}
        schools = [one.school for one in viewers]
        return await _page(schools, led - set(schools), after, wanted)


async def asking(viewer: Viewer) -> int:
    """How many contracts have open questions; the count stops as the others do."""
    async with database.read():
        (row,) = await Contract.raw("SELECT {} AS asking", _counted(viewer.school, await trust_leads.schools_led(viewer), ASKING))
    return int(row["asking"])


def at_most(number: int) -> str:
    """A count as it is said: "1,000 or more" where it may be more."""
    return f"{MOST_COUNTED:,} or more" if number >= MOST_COUNTED else str(number)


async def _page(schools: Collection[UUID], led: Collection[UUID], after: str, wanted: Wanted) -> Page:
    beyond = [_beyond(after)] if after else []
    parts = _parts(schools, led, wanted, beyond)
    first = _union([QueryString(_FIRST, *part, PAGE + 1) for part in parts])
    rows = await Contract.raw(_LISTED, first, PAGE + 1)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(tuple(_line(schools, row) for row in rows[:PAGE]), _key(last) if last else "")


async def _counts(viewer: Viewer, led: Collection[UUID], wanted: Wanted) -> Counts:
    each = (_counted(viewer.school, led, one) for one in (wanted, TO_DECIDE, MISSED, ASKING))
    (row,) = await Contract.raw("SELECT {} AS contracts, {} AS soon, {} AS missed, {} AS asking", *each)
    return Counts(**row)


async def _officers(school: UUID) -> tuple[str, ...]:
    """Who looks after contracts, to choose from."""
    found = await (
        Contract.select(Contract.officer)
        .where(access.ours(school), Contract.officer.is_not_null())
        .distinct()
        .order_by(Contract.officer)
        .limit(MOST_OFFICERS)
        .output(as_list=True)
    )
    return tuple(found)


async def _schools(led: Collection[UUID]) -> tuple[tuple[UUID, str], ...]:
    """Of a trust lead's, by name: whose contracts are in the list beside the trust's own."""
    if not led:
        return ()
    rows = await School.select(School.id, School.name).where(database.among(School.id, led)).order_by(School.name)
    return tuple((row["id"], row["name"]) for row in rows)


# An index has those with questions, by school: where they are counted, and so may come in any order, it is the shortest way.
_ASKING_BY_SCHOOL: Final = QueryString("contracts_contract.school = d.school")


def _counted(school: UUID, led: Collection[UUID], wanted: Wanted) -> QueryString:
    by_index = [_ASKING_BY_SCHOOL] if wanted.with_questions else []
    parts = _parts([school], led, wanted, by_index)
    return QueryString(_COUNTED, _union([QueryString(f"SELECT 1 {_PART}", *part) for part in parts]))


def _parts(
    schools: Collection[UUID], led: Collection[UUID], wanted: Wanted, more: Iterable[QueryString] = ()
) -> list[tuple[QueryString | date, ...]]:
    """What fills _PART, for each part of the schools' register."""
    today = clock.today()
    conditions = [ALWAYS, *_conditions(wanted, today), *more]
    looked_for = QueryString(" AND ".join("{}" for _ in conditions), *conditions)
    return [(part, today, today, looked_for) for part in access.parts_of_register(*schools, led=led)]


def _union(queries: Sequence[QueryString]) -> QueryString:
    return QueryString(" UNION ALL ".join("{}" for _ in queries), *queries)


def _conditions(wanted: Wanted, today: date) -> Iterator[QueryString]:
    if wanted.showing is Showing.SOON:
        yield QueryString("(d.due BETWEEN {} AND {})", today, today + SOON)
    elif wanted.showing in _WHICH:
        yield QueryString(_WHICH[wanted.showing])
    if wanted.category:
        yield QueryString("contracts_contract.category = {}", wanted.category)
    if wanted.officer:
        yield QueryString("contracts_contract.officer = {}", wanted.officer)
    if wanted.school:
        yield QueryString("contracts_contract.school = {}", wanted.school)
    if wanted.with_questions:
        yield QueryString("contracts_contract.open_questions > 0")
    if wanted.text:
        like = f"%{_plain(wanted.text.lower())}%"
        sought = f"LOWER(contracts_contract.title || ' ' || {_NAME} || ' ' || COALESCE(contracts_contract.reference, ''))"
        yield QueryString(f"{sought} LIKE {{}} ESCAPE '!'", like)


def _plain(text: str) -> str:
    """With the signs that LIKE takes for more than themselves."""
    return "".join(f"!{sign}" if sign in "!%_" else sign for sign in text)


def _beyond(after: str) -> QueryString:
    day, title, which = cursor.decode(after, keys=3)
    try:
        due = date.fromisoformat(str(day))
    except ValueError as error:
        raise cursor.nonsense() from error
    named = QueryString("({}, {}) > ({}, {})", Contract.title, Contract.id, str(title), cursor.an_id(which))
    return QueryString("(d.due >= {} AND (d.due > {} OR {}))", due, due, named)


def _key(row: Mapping[str, Any]) -> str:
    return cursor.encode(row["due"].isoformat(), row["title"], str(row["id"]))


def _line(schools: Collection[UUID], row: Mapping[str, Any]) -> Line:
    shown = {name: row[name] for name in Line.__slots__ if name != "decide_by"}
    shown["decide_by"] = row["due"] if row["due"] != date.max else None
    shown |= {name: bool(row[name]) for name in ("is_draft", "is_price_confidential", "is_missed")}
    if shown["is_price_confidential"]:
        shown["annual_pence"] = None
    if UUID(str(row["school"])) not in schools:
        shown["open_questions"] = 0
    return Line(**shown)
