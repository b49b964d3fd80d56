"""What somebody says of a contract as a whole, checked, and how that differs from what the register said before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from base import clock
from base.refusals import Invalid
from contracts.register import values
from contracts.register.contract_fields import BY_NAME
from contracts.register.deriving import Extension
from contracts.register.values import Value, Values

MOST_EXTENSIONS: Final = 10
MOST_COVERED: Final = 500  # schools: twice the largest trust
BESIDE: Final = (
    "supplier",
    "is_draft",
    "notice_given_on",
    "ceased_on",
    "officer_person",
    "deputy_person",
)  # columns of the table


@dataclass(frozen=True, slots=True)
class Said:
    """What is left out is not known. ``supplier`` None: only ``supplier_name`` is. ``covers`` are schools of the trust."""

    values: Values
    supplier: UUID | None = None
    extensions: Sequence[Extension] = ()
    covers: Collection[UUID] = ()
    is_draft: bool = False
    notice_given_on: date | None = None  # the day on which the supplier received it
    ceased_on: date | None = None  # the last day, whatever its dates say
    officer_person: UUID | None = None
    deputy_person: UUID | None = None

    @property
    def beside(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in BESIDE}


def checked(said: Said) -> Said:
    """With values fit to keep. Raises Invalid that names each field that can't be kept."""
    problems = _problems(said)
    try:
        found = values.checked(said.values)
    except Invalid as refusal:
        raise Invalid(values.NOT_SAVED, **{**refusal.fields, **problems}) from refusal
    if problems:
        raise Invalid(values.NOT_SAVED, **problems)
    return replace(said, values=found)


def _problems(said: Said) -> dict[str, str]:
    problems, today = {}, clock.today()
    if len(said.extensions) > MOST_EXTENSIONS:
        problems["extensions"] = f"A contract has at most {MOST_EXTENSIONS} extensions."
    if len(said.covers) > MOST_COVERED:
        problems["covers"] = f"A contract covers at most {MOST_COVERED} schools."
    if said.notice_given_on and said.notice_given_on > today:
        problems["notice_given_on"] = "Notice counts once the supplier has received it: enter a day that is not in the future."
    if said.ceased_on and said.ceased_on > today:
        problems["ceased_on"] = "Enter the day on which it ended, not one that is still to come."
    return problems


def difference(before: Said | None, now: Said) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts {"old", "new"} and the words of what differs, of two that were checked; both empty when nothing does."""
    was, is_now = (_facts(before) if before else {}), _facts(now)
    changed = [name for name in {**was, **is_now} if was.get(name) != is_now.get(name)]
    facts = {"new": {name: is_now.get(name) for name in changed}} if changed else {}
    if before and changed:
        facts["old"] = {name: was.get(name) for name in changed}
    return facts, _words(before.values if before else {}, now.values)


def _words(was: Values, is_now: Values) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in (name for name in is_now if BY_NAME[name].is_words and is_now[name] != was.get(name)):
        found[name] = str(is_now[name] or "")
        if was.get(name):
            found[f"{name}.old"] = str(was[name])
    return found


def _facts(said: Said) -> dict[str, Any]:
    """Plain values, without words."""
    found: dict[str, Any] = {
        name: values.plain(value) for name, value in said.values.items() if not BY_NAME[name].is_words and value is not None
    }
    found |= {name: _plain(value) for name, value in said.beside.items() if value}
    if said.extensions:
        found["extensions"] = [_extension(one) for one in said.extensions]
    if said.covers:
        found["covers"] = sorted(str(school) for school in said.covers)
    return found


def _extension(one: Extension) -> Mapping[str, Any]:
    end = {"to": one.to_day.isoformat()} if one.to_day else dict(one.length or {})
    decided = {"decided_on": one.decided_on.isoformat()} if one.decided_on else {}
    return {**end, "taken": one.is_taken, **decided}


def _plain(value: Value | UUID) -> Any:
    return str(value) if isinstance(value, UUID) else values.plain(value)
