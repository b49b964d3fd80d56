"""Why a supplier ranks where it does, in words that a governor understands."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum, auto
from typing import Final

from suppliers.search.visible_opinions import SchoolWord

SHOWN_SCHOOLS: Final = 3  # named in a result; the supplier's page names all
NOBODY: Final = "Nobody whose opinion you can see has said anything about them yet"


def reasons(said: Sequence[SchoolWord], now: datetime) -> tuple[str, ...]:
    """The reasons in the order in which they weigh. Each school is in one: by what it says, or that it only uses the supplier."""
    others = [one for one in said if not one.is_ours]
    stances = [(_stance(one), one) for one in others]
    found = [
        sentence
        for stance, (one, many, rest) in WORDS.items()
        for sentence in _sentence([school for its_own, school in stances if its_own is stance], one, many, rest)
    ]
    if others:
        found.append(f"The newest word is {_age(max(one.word.written_at for one in others), now)}")
    if len(others) < len(said):
        found.append("Your own school has reviewed them")
    return tuple(found) or (NOBODY,)


class _Stance(Enum):
    VOUCHES = auto()
    RATES_WELL = auto()
    AGAINST = auto()
    USES = auto()
    INTERESTED = auto()


WORDS: Final = {
    _Stance.VOUCHES: ("vouches", "vouch", "for them"),
    _Stance.RATES_WELL: ("rates", "rate", "them well"),
    _Stance.AGAINST: ("does", "do", "not recommend them"),
    _Stance.USES: ("uses", "use", "them"),
    _Stance.INTERESTED: ("uses", "use", "them and declared an interest, so what it says does not count"),
}


def _stance(one: SchoolWord) -> _Stance:
    if one.declares_interest:
        return _Stance.INTERESTED
    if one.word.value < 0:
        return _Stance.AGAINST
    if one.word.would_use_again:
        return _Stance.VOUCHES
    return _Stance.RATES_WELL if one.word.rating is not None and one.word.value > 0 else _Stance.USES


def _sentence(schools: Sequence[SchoolWord], one: str, many: str, rest: str) -> list[str]:
    if not schools:
        return []
    n = len(schools)
    shown = ", ".join(_name(school) for school in schools[:SHOWN_SCHOOLS])
    more = f" and {n - SHOWN_SCHOOLS} more" if n > SHOWN_SCHOOLS else ""
    return [f"{n} {'school ' + one if n == 1 else 'schools ' + many} {rest}: {shown}{more}"]


def _name(one: SchoolWord) -> str:
    notes = [] if one.word.miles is None else [f"{one.word.miles:.1f} miles"]
    notes += ["linked with you"] if one.is_linked else []
    return f"{one.school_name} ({', '.join(notes)})" if notes else one.school_name


def _age(then: datetime, now: datetime) -> str:
    days = (now - then).days
    for length, unit in ((365, "year"), (30, "month"), (7, "week"), (1, "day")):
        if days >= length:
            n = days // length
            return f"{n} {unit}{'' if n == 1 else 's'} old"
    return "from today"
