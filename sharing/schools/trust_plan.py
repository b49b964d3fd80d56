"""What a file of trusts and their schools would change in those that we know. Pure: the import saves it.

``Reading`` takes the rows one by one, so that each that can't be used is told with its line; ``plan`` then says what changes.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from base.refusals import Invalid
from base.words import in_words
from sharing.schools.register_plan import FEW_ABSENT, MOST_ABSENT
from sharing.schools.trust_file import RejectedLink, TrustName, TrustRow, company_code


@dataclass(slots=True)
class Trust:
    """One that we know or are to make. What the file changes in it is changed here; ``was`` is what is stored."""

    uid: str
    company_number: str | None
    name: str
    is_open: bool = True
    team: UUID | None = None  # None: new
    was: "Trust | None" = None
    line: int = 0  # of the file, where it is named first


@dataclass(frozen=True, slots=True)
class Place:
    """A school's live membership of a trust."""

    id: UUID
    uid: str  # of the trust, as stored
    joined_on: date | None  # as the register says


@dataclass(frozen=True, slots=True)
class SchoolNow:
    id: UUID
    urn: int
    name: str
    is_open: bool
    places: tuple[Place, ...]  # one at most, unless somebody wrote past us


@dataclass(frozen=True, slots=True)
class Joining:
    school: SchoolNow
    trust: Trust
    joined_on: date | None
    moves_from: str  # the name of the trust that it leaves; "" for none


@dataclass(frozen=True, slots=True)
class Leaving:
    school: SchoolNow
    trust: Trust
    place: Place
    why: str  # "moved", "left", "closed": the trust, or "absent" from a complete file


@dataclass(frozen=True, slots=True)
class Dated:
    """A place of which the file tells another day of joining, or the first."""

    school: SchoolNow
    trust: Trust
    place: Place
    joined_on: date


@dataclass(frozen=True, slots=True)
class TrustPlan:
    trusts: tuple[Trust, ...]  # that are new, or of which something changes
    joining: tuple[Joining, ...]
    leaving: tuple[Leaving, ...]
    dated: tuple[Dated, ...]
    unchanged: int  # schools that the file has where we have them, since the day that we have
    rejected: tuple[RejectedLink, ...]


@dataclass(slots=True)
class Reading:
    """``known`` are the trusts that we have."""

    known: Collection[Trust]
    today: date
    trusts: dict[str, Trust] = field(default_factory=dict)  # by UID, and by what stands for a company number
    named: list[Trust] = field(default_factory=list)  # those that the file names
    current: dict[int, list[tuple[TrustRow, Trust]]] = field(default_factory=lambda: defaultdict(list))  # by URN
    past: dict[int, list[Trust]] = field(default_factory=lambda: defaultdict(list))
    rejected: list[RejectedLink] = field(default_factory=list)

    def __post_init__(self) -> None:
        for trust in self.known:
            self.trusts[trust.uid] = trust
            if trust.company_number:
                self.trusts.setdefault(company_code(trust.company_number), trust)

    def take(self, row: TrustRow) -> None:
        problem = self._problem_with(row)
        if problem:
            self.reject(row, problem)
            return
        trust = self._trust_of(row)
        if row.urn is None:
            return
        if not trust.is_open or (row.left_on is not None and row.left_on <= self.today):
            self.past[row.urn].append(trust)
        elif row.joined_on is not None and row.joined_on > self.today:
            self.reject(row, f"the school joins {trust.name} on {in_words(row.joined_on)}: import the file again then")
        else:
            self._add_current(row.urn, row, trust)

    def reject(self, row: TrustRow, reason: str) -> None:
        self.rejected.append(RejectedLink(row.line, reason, row.school or row.trust.name, row.urn))

    def _problem_with(self, row: TrustRow) -> str:
        """Why the trust that the row names can't be the one that it seems to be; "" where it can."""
        by_uid, by_company = self._found(row.trust)
        trust = by_uid or by_company
        if trust is None:
            return ""
        if row.trust.uid and by_uid is None and not _stands_for_company(trust):
            return f"its company number is that of {trust.name}, whose UID is {trust.uid}"
        if trust.line and trust.name.casefold() != row.trust.name.casefold():
            return f"the trust is called {trust.name} on line {trust.line}"
        if trust.line and trust.is_open is not self._is_open(row):
            return f"line {trust.line} says otherwise of whether the trust is closed"
        return ""

    def _trust_of(self, row: TrustRow) -> Trust:
        by_uid, by_company = self._found(row.trust)
        name, trust = row.trust, by_uid or by_company
        if trust is None:
            trust = Trust(name.uid or company_code(str(name.company_number)), name.company_number, name.name)
        elif trust.team is not None and trust.was is None:
            trust.was = Trust(trust.uid, trust.company_number, trust.name, trust.is_open, trust.team)
        trust.uid = name.uid or trust.uid
        if name.company_number and (by_company is None or by_company is trust):
            trust.company_number = trust.company_number or name.company_number
        if not trust.line:
            self.named.append(trust)
        trust.name, trust.line, trust.is_open = name.name, trust.line or row.line, self._is_open(row)
        for key in (trust.uid, *name.keys):
            self.trusts.setdefault(key, trust)
        return trust

    def _found(self, name: TrustName) -> tuple[Trust | None, Trust | None]:
        by_company = self.trusts.get(company_code(name.company_number)) if name.company_number else None
        return (self.trusts.get(name.uid) if name.uid else None), by_company

    def _is_open(self, row: TrustRow) -> bool:
        return not row.is_closed or (row.closed_on is not None and row.closed_on > self.today)

    def _add_current(self, urn: int, row: TrustRow, trust: Trust) -> None:
        again = next((other for other, theirs in self.current[urn] if theirs is trust), None)
        if again is None:
            self.current[urn].append((row, trust))
        else:
            self.reject(row, f"URN {urn} is in {trust.name} already on line {again.line}")


def _stands_for_company(trust: Trust) -> bool:
    return trust.company_number is not None and trust.uid == company_code(trust.company_number)


def plan(reading: Reading, schools: Mapping[int, SchoolNow], *, complete: bool, spare_all: bool = False) -> TrustPlan:
    """What changes. ``schools`` by URN.

    Where the file is ``complete``, a school that it leaves out leaves its trust, unless ``spare_all``, because the URN of a row
    could not be read. Raises Invalid where so many would leave that the file can't be complete.
    """
    placed, unclear = _placed(reading, schools)
    stored = {trust.was.uid if trust.was else trust.uid: trust for trust in reading.trusts.values()}
    joining: list[Joining] = []
    leaving: list[Leaving] = []
    dated: list[Dated] = []
    for school in schools.values():
        row, trust = placed.get(school.urn, (None, None))
        before = [(stored[place.uid], place) for place in school.places]
        for theirs, place in before:
            if theirs is not trust and school.urn not in unclear:
                absent = complete and not spare_all
                why = _why_leaving(reading, school.urn, theirs, moves=trust is not None, absent=absent)
                leaving += [Leaving(school, theirs, place, why)] if why else []
        if row is None or trust is None:
            continue
        here = next((place for theirs, place in before if theirs is trust), None)
        if here is None:
            joining.append(Joining(school, trust, row.joined_on, before[0][0].name if before else ""))
        elif row.joined_on is not None and row.joined_on != here.joined_on:
            dated.append(Dated(school, trust, here, row.joined_on))
    _require_complete(leaving, schools)
    return TrustPlan(
        trusts=tuple(trust for trust in reading.named if _changes(trust)),
        joining=tuple(joining),
        leaving=tuple(leaving),
        dated=tuple(dated),
        unchanged=len(placed) - len(joining) - len(dated),
        rejected=tuple(sorted(reading.rejected, key=lambda one: one.line)),
    )


def _placed(reading: Reading, schools: Mapping[int, SchoolNow]) -> tuple[dict[int, tuple[TrustRow, Trust]], frozenset[int]]:
    """In which trust each school belongs, by URN, with the row that says so; and the schools of which the file is not clear."""
    placed: dict[int, tuple[TrustRow, Trust]] = {}
    unclear = {rejected.urn for rejected in reading.rejected if rejected.urn is not None}
    for urn, rows in reading.current.items():
        latest = max(rows, key=lambda one: one[0].joined_on or date.min)
        is_clear = len(rows) == 1 or sum(row.joined_on == latest[0].joined_on for row, _ in rows) == 1
        for row, trust in rows:
            if (row, trust) != latest and is_clear:
                reading.reject(row, f"the school joined {latest[1].name} later, on line {latest[0].line}")
            elif not is_clear:
                others = ", ".join(f"{theirs.name} on line {other.line}" for other, theirs in rows if theirs is not trust)
                reading.reject(row, f"the school is in another trust too: {others}")
        school = schools.get(urn)
        if not is_clear:
            unclear.add(urn)
        elif school is None:
            reading.reject(latest[0], f"no school here has URN {urn}: import the school register first")
        elif not school.is_open:
            reading.reject(latest[0], "the school is closed")
        else:
            placed[urn] = latest
    return placed, frozenset(unclear - placed.keys())


def _why_leaving(reading: Reading, urn: int, trust: Trust, *, moves: bool, absent: bool) -> str:
    """Why a school leaves a trust where the file doesn't have it; "" if it stays, also in one that closed by an earlier file."""
    if moves:
        return "moved"
    if trust.line and not trust.is_open:
        return "closed"
    if any(theirs is trust for theirs in reading.past.get(urn, ())):
        return "left"
    return "absent" if absent else ""


def _require_complete(leaving: Collection[Leaving], schools: Mapping[int, SchoolNow]) -> None:
    absent = sum(one.why == "absent" for one in leaving)
    there = sum(bool(school.places) for school in schools.values())
    if absent > max(FEW_ABSENT, MOST_ABSENT * there):
        raise Invalid(
            f"This file leaves out {absent:,} of the {there:,} schools that are in a trust, so it can't be complete. "
            "Nothing was imported."
        )


_SHOWN: Final = ("uid", "company_number", "name", "is_open")


def _changes(trust: Trust) -> bool:
    """A closed trust that we never had stays away."""
    if trust.was is None:
        return trust.team is None and trust.is_open
    return any(getattr(trust, name) != getattr(trust.was, name) for name in _SHOWN)
