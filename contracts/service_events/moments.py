"""A day and a time on the clock of the wall, as somebody typed them: which moment that was. Pure.

In October an hour comes twice and has to be asked about, in March one is skipped.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NoReturn

from base.clock import LONDON
from base.refusals import Invalid
from base.words import in_words

_TIME: Final = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)")
NO_TIME: Final = "Enter a time on the 24-hour clock, such as 14:05."
GRACE: Final = timedelta(minutes=2)  # of a telephone's clock that runs ahead of ours
OLDEST: Final = timedelta(days=10 * 366)  # what lies further back is a slip of the year


def moment(day: date | None, typed: str, which: str, *, field: str) -> datetime:
    """In UTC. ``which`` says "first" or "second" of a time that came twice.

    Raises Invalid that names ``field``, or what asks which: the field's name and "_which".
    """
    if day is None:
        _refuse(field, "Enter the day.")
    found = _TIME.fullmatch(typed.strip())
    if found is None:
        _refuse(field, NO_TIME)
    local = datetime.combine(day, time(int(found[1]), int(found[2])), LONDON)
    first, second = (local.replace(fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(LONDON).time() != local.time():
        _refuse(field, f"On {in_words(day)} the clocks went forward, so {typed.strip()} did not happen. Enter another time.")
    if first.utcoffset() != second.utcoffset() and which not in ("first", "second"):
        _refuse(
            f"{field}_which",
            f"On {in_words(day)} the clocks went back, so {typed.strip()} came twice. Say which: before or after they went back.",
        )
    return (second if which == "second" else first).astimezone(UTC)


def past(moment: datetime | None, now: datetime, *, field: str) -> None:
    """Raises Invalid for what is still to come, or was too long ago to be meant."""
    if moment is not None and moment > now + GRACE:
        _refuse(field, "This is in the future. Enter when it happened.")
    if moment is not None and moment < now - OLDEST:
        _refuse(field, "This is more than ten years ago. Check the year.")


def boxes(name: str, moment: datetime) -> dict[str, str]:
    """What a form shows for a moment: three boxes for the day, one for the time."""
    local = moment.astimezone(LONDON)
    parts = {"day": local.day, "month": local.month, "year": local.year}
    return {f"{name}-{part}": str(value) for part, value in parts.items()} | {f"{name}_time": f"{local:%H:%M}"}


def _refuse(field: str, sentence: str) -> NoReturn:
    raise Invalid(sentence, **{field: sentence})
