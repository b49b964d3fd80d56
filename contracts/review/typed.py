"""What was typed on the pages of reviews, as the verbs take it, and a record as its form shows it. Translates only."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

from base import clock
from base.refusals import Invalid, read_apart, read_together, refuse_unread
from contracts.judging.kinds import Side
from contracts.review import meetings
from contracts.review.meetings import Minutes, ToDo
from contracts.review.pack import PackFormat, PackOrder
from contracts.review.report import Edition
from contracts.review.stored import HeldMeeting, Reviews
from contracts.review.topics import TOPICS
from web.pages import forms
from web.pages.forms import Form

ACTIONS: Final = 5  # that a form asks for; more are written down as another record
FIRST: Final = "Enter the day with which the pack begins."
LAST: Final = "Enter the day with which the pack ends."


def minutes(form: Form) -> Minutes:
    """Raises Invalid that names each wrong field."""
    (held, following), unread = read_apart(lambda: form.day("held_on"), lambda: form.day("next_on"))
    due, undated = read_apart(*(partial(form.day, f"due_{n}") for n in range(1, ACTIONS + 1)))
    words = {one.name: form.text(one.name) for one in TOPICS}
    new = Minutes(held, form.text("ours"), form.text("theirs"), words, following, tuple(_actions(form, due)))
    refuse_unread([*unread, *undated], lambda: meetings.checked(new))
    return new


def order(form: Form, contract: UUID) -> PackOrder:
    """Raises Invalid that names each wrong field."""
    edition, first, last = read_together(
        lambda: forms.one_of(Edition, form.text("edition"), "edition", "Choose for whom the pack is."),
        lambda: _needed(form, "first", FIRST),
        lambda: _needed(form, "last", LAST),
    )
    made_as = form.text("format", PackFormat.ZIP.value)
    if made_as not in set(PackFormat):
        raise Invalid("Choose one of the buttons.")
    return PackOrder(contract, edition, first, last, PackFormat(made_as))


def _needed(form: Form, name: str, sentence: str) -> date:
    day = form.day(name)
    if day is None:
        raise Invalid(sentence, **{name: sentence})
    return day


def nothing_yet(held: date | None = None) -> dict[str, Any]:
    """An empty form for a meeting, held today."""
    return boxes("held_on", held or clock.today()) | {f"side_{n}": Side.SCHOOL.value for n in range(1, ACTIONS + 1)}


def filled(there: HeldMeeting) -> dict[str, Any]:
    """The form for a record as it stands."""
    values = {**there.words, "ours": there.ours, "theirs": there.theirs, "row": str(there.row)}
    return values | boxes("held_on", there.held_on) | boxes("next_on", there.next_on)


def pack_days(reviews: Reviews) -> dict[str, Any]:
    """A form for a pack: from the last meeting, or from a year ago, until today."""
    today = clock.today()
    a_year_ago = date(today.year - 1, today.month, min(today.day, 28))
    first = reviews.meetings[0].held_on if reviews.meetings and reviews.meetings[0].held_on < today else a_year_ago
    return boxes("first", first) | boxes("last", today)


def boxes(name: str, day: date | None) -> dict[str, str]:
    parts = {"day": day.day, "month": day.month, "year": day.year} if day else {}
    return {f"{name}-{part}": str(value) for part, value in parts.items()}


def _actions(form: Form, due: Sequence[date | None]) -> Iterator[ToDo]:
    """Those of which anything is typed."""
    places = range(1, ACTIONS + 1)
    names = [[f"what_{n}", f"owner_{n}", f"due_{n}-day", f"due_{n}-month", f"due_{n}-year"] for n in places]
    for n, day, asked in zip(places, due, names, strict=True):
        if any(form.text(name).strip() for name in asked):
            side = Side.SUPPLIER if form.text(f"side_{n}") == Side.SUPPLIER.value else Side.SCHOOL
            yield ToDo(form.text(f"what_{n}"), form.text(f"owner_{n}"), side, day, row=n)
