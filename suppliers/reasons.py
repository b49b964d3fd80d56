"""Why a supplier ranks where it does, in words that a governor understands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from suppliers.heard import Said

SHOWN_SCHOOLS: Final = 3  # named in a result; the supplier's page names all
NOBODY: Final = "Nobody whose opinion you can see has said anything about them yet"


def reasons(said: Sequence[Said], now: datetime) -> tuple[str, ...]:
    """In the order in which they weigh: who vouches, who does not, who only uses them, how recent the newest is."""
    others = [one for one in said if not one.is_ours]
    vouch = [one for one in others if _is_told(one) and one.word.value > 0]
    against = [one for one in others if one.word.value < 0]
    rest = [one for one in others if one not in vouch and one not in against]
    found = [
        *_sentence(vouch, "vouches", "vouch", "for them"),
        *_sentence(against, "does", "do", "not recommend them"),
        *_sentence(rest, "uses", "use", "them"),
    ]
    if others:
        found.append(f"The newest word is {_age(max(one.word.written_at for one in others), now)}")
    if len(others) < len(said):
        found.append("Your own school has reviewed them")
    return tuple(found) or (NOBODY,)


def _is_told(one: Said) -> bool:
    return one.word.rating is not None or one.word.would_use_again is not None


def _sentence(schools: Sequence[Said], one: str, many: str, rest: str) -> list[str]:
    if not schools:
        return []
    n = len(schools)
    shown = ", ".join(_name(school) for school in schools[:SHOWN_SCHOOLS])
    more = f" and {n - SHOWN_SCHOOLS} more" if n > SHOWN_SCHOOLS else ""
    return [f"{n} {'school ' + one if n == 1 else 'schools ' + many} {rest}: {shown}{more}"]


def _name(one: Said) -> str:
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
