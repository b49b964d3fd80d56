"""Whole terms with their half-terms, out of lines that each say a part: halves, edges, days off. What doesn't fit is asked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from contracts.calendars.term_labels import About, Label
from contracts.clock.school_calendar import LONGEST_HALF_TERM, ONE, SATURDAY, Days, Term

LONGEST_HOLIDAY: Final = timedelta(days=17)  # of a half-term: whatever is shorter are days off
SHORTEST_HALF: Final = timedelta(days=21)  # of a term: whatever is longer is a half
MOST_INSET: Final = 5  # days in a row
LONGEST_CLOSURE: Final = timedelta(days=14)
FRIDAY, MONDAY = 4, 0
# The months in which a season's term, or the second half of it, may begin.
BEGINS: Final = {"autumn": (8, 9, 10, 11), "spring": (1, 2, 3), "summer": (3, 4, 5, 6)}
BY_NUMBER: Final = {1: "autumn", 2: "autumn", 3: "spring", 4: "spring", 5: "summer", 6: "summer"}

SIX_TERMS: Final = "The file numbers six terms a year. Say whether your area has six terms, or whether they are halves of three."


@dataclass(frozen=True, slots=True)
class Line:
    """``last`` is None for a line of one day; ``shown`` is what a question repeats."""

    label: Label
    first: date
    last: date | None
    shown: str


@dataclass(frozen=True, slots=True)
class TermDates:
    """``questions`` are sentences about what isn't taken, ``left_out`` what says nothing of terms, such as bank holidays."""

    terms: tuple[Term, ...] = ()
    inset: tuple[date, ...] = ()
    closed: tuple[Days, ...] = ()
    questions: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A term, or a half of one."""

    first: date
    last: date
    season: str
    number: int | None
    shown: str


@dataclass(slots=True)
class _Found:
    pieces: list[_Piece] = field(default_factory=list)
    days_off: list[tuple[Days, str]] = field(default_factory=list)
    inset: set[date] = field(default_factory=set)
    closed: set[Days] = field(default_factory=set)
    questions: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def ask(self, line: str, why: str) -> None:
        sentence = f"“{line}”: {why}"
        if sentence not in self.questions:
            self.questions.append(sentence)


def assembled(lines: Sequence[Line], *, six_terms: bool | None) -> TermDates:
    """``six_terms``: whether the area has six terms a year; None where nobody said."""
    found = _Found()
    for line in lines:
        _sort(line, found)
    _pair_terms([line for line in lines if line.label.about in (About.TERM_STARTS, About.TERM_ENDS)], found)
    pieces = _without_overlaps(found)
    terms = _terms(pieces, found, six_terms=six_terms)
    _pair_days_off([line for line in lines if line.label.about in _EDGES], found)
    terms = _with_half_terms(terms, found)
    if not six_terms:
        for term in (term for term in terms if term.half_term is None):
            found.ask(term.name, "which days are off for half-term?")
    return TermDates(
        tuple(terms), tuple(sorted(found.inset)), tuple(sorted(found.closed)), tuple(found.questions), tuple(found.left_out)
    )


def _sort(line: Line, found: _Found) -> None:
    label, last = line.label, line.last or line.first
    if last < line.first:
        found.ask(line.shown, "it ends before it begins.")
    elif label.about is About.TERM:
        if line.last is None:
            found.ask(line.shown, "is this the first day of the term, or the last?")
        else:
            found.pieces.append(_Piece(line.first, last, label.season, label.number, line.shown))
    elif label.about is About.HALF_TERM:
        _sort_half_term(line, found)
    elif label.about is About.INSET:
        days = [line.first + timedelta(days=n) for n in range(min((last - line.first).days, 31) + 1)]
        days = [day for day in days if day.weekday() < SATURDAY]
        if 0 < len(days) <= MOST_INSET:
            found.inset.update(days)
        else:
            found.ask(line.shown, "which of these are the INSET days?")
    elif label.about is About.CLOSED and last - line.first <= LONGEST_CLOSURE:
        found.closed.add((line.first, last))
    elif label.about is About.HOLIDAY:
        found.left_out.append(line.shown)
    elif label.about in (About.UNKNOWN, About.CLOSED):
        found.ask(line.shown, "what is this? Nothing was taken of it.")


def _sort_half_term(line: Line, found: _Found) -> None:
    label, length = line.label, (line.last or line.first) - line.first
    if line.last is None:
        found.ask(line.shown, "which days are off for half-term?")
    elif length <= LONGEST_HOLIDAY:
        found.days_off.append(((line.first, line.last), line.shown))
    elif length >= SHORTEST_HALF and label.number:
        found.pieces.append(_Piece(line.first, line.last, label.season, label.number, line.shown))
    else:
        found.ask(line.shown, "is this the holiday, or half of a term?")


def _pair_terms(edges: Sequence[Line], found: _Found) -> None:
    """Lines that say only when a term begins or ends."""
    starts: Line | None = None
    for line in sorted(edges, key=lambda one: one.first):
        is_start = line.label.about is About.TERM_STARTS
        if line.last is not None and line.last != line.first:
            found.ask(line.shown, "this names two days: which is it?")
        elif is_start:
            if starts:
                found.ask(starts.shown, "when does this term end?")
            starts = line
        elif starts is None or not _may_be_one(starts.label, line.label):
            found.ask(line.shown, "when does this term begin?")
        else:
            season = starts.label.season or line.label.season
            found.pieces.append(_Piece(starts.first, line.first, season, starts.label.number, f"{starts.shown} … {line.shown}"))
            starts = None
    if starts:
        found.ask(starts.shown, "when does this term end?")


def _may_be_one(starts: Label, ends: Label) -> bool:
    return (not starts.season or not ends.season or starts.season == ends.season) and (
        starts.number is None or ends.number is None or starts.number == ends.number
    )


_EDGES: Final = (
    About.HALF_TERM_STARTS, About.HALF_TERM_ENDS, About.LAST_BEFORE_HALF_TERM, About.FIRST_AFTER_HALF_TERM,
)  # fmt: skip


def _pair_days_off(edges: Sequence[Line], found: _Found) -> None:
    """Lines that say only when half-term begins or ends."""
    starts: tuple[date, str] | None = None
    for line in sorted(edges, key=lambda one: one.first):
        about, day = line.label.about, line.first
        if (about is About.HALF_TERM_STARTS and day.weekday() == FRIDAY) or (
            about is About.HALF_TERM_ENDS and day.weekday() == MONDAY
        ):
            found.ask(line.shown, "is this a school day, or a day off?")
        elif about in (About.HALF_TERM_STARTS, About.LAST_BEFORE_HALF_TERM):
            starts = (day if about is About.HALF_TERM_STARTS else day + ONE, line.shown)
        elif starts and starts[0] <= day <= starts[0] + LONGEST_HALF_TERM:
            last = day if about is About.HALF_TERM_ENDS else day - ONE
            found.days_off.append(((starts[0], last), f"{starts[1]} … {line.shown}"))
            starts = None
        else:
            found.ask(line.shown, "when does this half-term begin?")
    if starts:
        found.ask(starts[1], "when does this half-term end?")


def _without_overlaps(found: _Found) -> list[_Piece]:
    """In order; of the same line twice one."""
    kept: list[_Piece] = []
    for piece in sorted(found.pieces, key=lambda one: (one.first, one.last)):
        if piece.season and piece.first.month not in BEGINS[piece.season]:
            found.ask(piece.shown, f"no {piece.season} term begins in {piece.first:%B}. Which is right?")
        elif kept and (piece.first, piece.last) == (kept[-1].first, kept[-1].last):
            continue
        elif kept and piece.first <= kept[-1].last:
            found.ask(piece.shown, f"it overlaps with “{kept[-1].shown}”. Which is right?")
        else:
            kept.append(piece)
    return kept


def _terms(pieces: Sequence[_Piece], found: _Found, *, six_terms: bool | None) -> list[Term]:
    is_numbered = any((piece.number or 0) > 3 for piece in pieces)
    if is_numbered and six_terms is None:
        found.questions.insert(0, SIX_TERMS)
        return []
    if six_terms:
        return [Term(_name(piece), piece.first, piece.last) for piece in pieces]
    if is_numbered:
        pieces = [
            replace(piece, season=BY_NUMBER[piece.number], number=2 - piece.number % 2) if piece.number else piece
            for piece in pieces
        ]
    elif not any(piece.season for piece in pieces):
        pieces = [replace(piece, number=None) for piece in pieces]  # terms 1, 2 and 3
    return list(_joined(pieces, found))


def _joined(pieces: Sequence[_Piece], found: _Found) -> Iterator[Term]:
    """Two halves of one season make a whole term."""
    rest = list(pieces)
    while rest:
        piece = rest.pop(0)
        follows = rest[0] if rest else None
        if follows and _are_halves(piece, follows):
            rest.pop(0)
            yield Term(_name(piece), piece.first, follows.last, (piece.last + ONE, follows.first - ONE))
        elif piece.number is not None and piece.season:
            found.ask(piece.shown, "where is the other half of this term?")
        else:
            yield Term(_name(piece), piece.first, piece.last)


def _are_halves(piece: _Piece, follows: _Piece) -> bool:
    return (
        bool(piece.season)
        and piece.season == follows.season
        and (piece.number, follows.number) in ((1, 2), (None, None))
        and ONE < follows.first - piece.last <= LONGEST_HALF_TERM
    )


def _name(piece: _Piece) -> str:
    if piece.season and not (piece.number or 0) > 2:
        return f"{piece.season.capitalize()} {piece.first.year}"
    if piece.number:
        begins = piece.first.year - (piece.first.month < 8)
        return f"Term {piece.number} of {begins}–{(begins + 1) % 100:02}"
    season = next((name for name, months in BEGINS.items() if piece.first.month in months), "term")
    return f"{season.capitalize()} {piece.first.year}"


def _with_half_terms(terms: Iterable[Term], found: _Found) -> list[Term]:
    made = list(terms)
    for (first, last), shown in found.days_off:
        place = next((n for n, term in enumerate(made) if term.first < first and last < term.last), None)
        if place is None:
            if not _is_between(made, first, last):
                found.ask(shown, "no term was found around it.")
        elif (there := made[place].half_term) is None:
            made[place] = Term(made[place].name, made[place].first, made[place].last, (first, last))
        elif not (there[0] <= first and last <= there[1]):
            found.ask(shown, f"{made[place].name} has another half-term. Which is right?")
    return made


def _is_between(terms: Sequence[Term], first: date, last: date) -> bool:
    """In an area of six terms half-term lies between two of them."""
    return any(before.last < first and last < after.first for before, after in pairwise(terms))


def apart(there: Sequence[Term], new: Sequence[Term]) -> tuple[Term, ...]:
    """Those that overlap none of the new ones."""
    return tuple(old for old in there if not any(old.first <= one.last and one.first <= old.last for one in new))
