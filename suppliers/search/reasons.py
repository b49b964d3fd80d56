"""Why a supplier ranks where it does, in words that a governor understands."""

from datetime import datetime
from typing import Final

from suppliers.search.visible_opinions import MOST_NAMED, SchoolWord, Spoken, Stance

NOBODY: Final = "Nobody whose opinion you can see has said anything about them yet"


def reasons(spoken: Spoken, now: datetime) -> tuple[str, ...]:
    """The reasons in the order in which they weigh. Each school is in one: by what it says, or that it only uses the supplier."""
    found = [_sentence(spoken, stance, *words) for stance, words in WORDS.items() if stance in spoken.many]
    if spoken.like_ours:
        found.append(_like(spoken.like_ours, spoken.total - spoken.many.get(Stance.OURS, 0)))
    if spoken.newest:
        found.append(f"The newest word is {_age(spoken.newest, now)}")
    if Stance.OURS in spoken.many:
        found.append("Your own school has reviewed them")
    return tuple(found) or (NOBODY,)


WORDS: Final = {
    Stance.VOUCHES: ("vouches", "vouch", "for them"),
    Stance.RATES_WELL: ("rates", "rate", "them well"),
    Stance.AGAINST: ("does", "do", "not recommend them"),
    Stance.USES: ("uses", "use", "them"),
    Stance.INTERESTED: ("uses", "use", "them and declared an interest, so what it says does not count"),
}


def _sentence(spoken: Spoken, stance: Stance, one: str, many: str, rest: str) -> str:
    n = spoken.many[stance]
    named = [_name(school) for school in spoken.said if school.stance is stance][:MOST_NAMED]
    more = f" and {n - len(named):,} more" if n > len(named) else ""
    return f"{n:,} {'school ' + one if n == 1 else 'schools ' + many} {rest}: {', '.join(named)}{more}"


def _like(n: int, schools: int) -> str:
    if schools == 1:
        return "That school is like yours"
    if n == schools:
        return f"All {n:,} are schools like yours"
    return "1 of them is a school like yours" if n == 1 else f"{n:,} of them are schools like yours"


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
