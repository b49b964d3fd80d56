"""What somebody says of a contract as a whole, checked, and how that differs from what the register said before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from base import clock, text
from base.refusals import Invalid
from contracts.clock import contract as contract_dates
from contracts.clock.refused import Refused
from contracts.fields import dates_asked, questions, values
from contracts.fields.contract_fields import BY_NAME, LONGEST_LINE
from contracts.fields.dates_asked import Extension, SchoolTerms
from contracts.fields.values import Value, Values

MOST_EXTENSIONS: Final = 10
MOST_COVERED: Final = 500  # schools: twice the largest trust
# Columns of the table beside those of contract_fields.py.
BESIDE: Final = ("supplier", "is_draft", "notice_given_on", "ceased_on", "officer_person", "deputy_person")
NOT_YET: Final = frozenset({"no_end", "no_notice", "terms_missing"})  # what may be missing: a question, not a mistake


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

    @property
    def questions(self) -> tuple[questions.Question, ...]:
        has_supplier, has_ceased = self.supplier is not None, self.ceased_on is not None
        return questions.of(self.values, has_supplier=has_supplier, is_draft=self.is_draft, has_ceased=has_ceased)


def checked(said: Said) -> Said:
    """With values fit to keep. Raises Invalid that names each field that can't be kept."""
    problems = _problems(said)
    try:
        found = values.checked(said.values)
    except Invalid as refusal:
        raise Invalid(values.NOT_SAVED, **{**refusal.fields, **problems}) from refusal
    said = replace(said, values=found)
    problems |= {} if problems else _contradictions(said)
    if problems:
        raise Invalid(values.NOT_SAVED, **problems)
    return said


def _problems(said: Said) -> dict[str, str]:
    problems, today = {}, clock.today()
    if len(said.extensions) > MOST_EXTENSIONS:
        problems["extensions"] = f"A contract has at most {MOST_EXTENSIONS} extensions."
    if len(said.covers) > MOST_COVERED:
        problems["covers"] = f"A contract covers at most {MOST_COVERED} schools."
    for one in said.extensions:
        problems |= _extension_problems(one)
    if said.notice_given_on and said.notice_given_on > today:
        problems["notice_given_on"] = "Notice counts once the supplier has received it: enter a day that is not in the future."
    if said.ceased_on and said.ceased_on > today:
        problems["ceased_on"] = "Enter the day on which it ended, not one that is still to come."
    return problems


def _extension_problems(one: Extension) -> dict[str, str]:
    if (one.length is None) == (one.to_day is None):
        return {"extensions": "Give each extension a length or a last day, one of the two."}
    try:
        if one.length is not None:
            values.checked({"title": "x", "term": one.length})
        for words in (one.decided_by, one.minute):
            text.line(words, field="extensions", longest=LONGEST_LINE, required=False)
    except Invalid as refusal:
        return {"extensions": refusal.fields.get("term", refusal.fields.get("extensions", refusal.sentence))}
    return {}


def _contradictions(said: Said) -> dict[str, str]:
    """What the rules of dates refuse, such as a length and a last day that disagree, beside the field that it is about."""
    asked = dates_asked.asked_of(said.values, said.extensions, None, SchoolTerms())
    if asked is None:
        return {}
    starts = said.values["starts_on"]
    if said.notice_given_on and isinstance(starts, date) and said.notice_given_on < starts:
        return {"notice_given_on": "Notice was received before the contract started. Check both days."}
    try:
        contract_dates.contract_of({**asked, "receipt": "working_day", "as_of": asked["start"]})
    except Refused as refused:
        if refused.code in NOT_YET:
            return {}
        return {_ABOUT.get(refused.code, "extensions" if said.extensions else "starts_on"): refused.sentence}
    return {}


_ABOUT: Final = {"term_and_end_disagree": "ends_on", "end_before_start": "ends_on", "extension_out_of_order": "extensions"}


def difference(before: Said | None, now: Said) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts {"old", "new"} and the words of what differs, of two that were checked; both empty when nothing does."""
    was, is_now = (_facts(before) if before else {}), _facts(now)
    changed = [name for name in {**was, **is_now} if was.get(name) != is_now.get(name)]
    facts = {"new": {name: is_now.get(name) for name in changed}} if changed else {}
    if before and changed:
        facts["old"] = {name: was.get(name) for name in changed}
    was_said, is_said = (_words(before) if before else {}), _words(now)
    words = {name: is_said.get(name, "") for name in {**was_said, **is_said} if was_said.get(name) != is_said.get(name)}
    return facts, words | {f"{name}.old": was_said[name] for name in words if name in was_said}


def _words(said: Said) -> dict[str, str]:
    """Free text and names, by what they are of."""
    found = {name: str(value) for name, value in said.values.items() if BY_NAME[name].is_words and value}
    for place, one in enumerate(said.extensions, start=1):
        of_it = {f"extension_{place}_decided_by": one.decided_by, f"extension_{place}_minute": one.minute}
        found |= {name: words for name, words in of_it.items() if words}
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
