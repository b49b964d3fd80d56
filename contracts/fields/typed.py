"""What was typed into a form about a contract, as values; and values as the form shows them again.

One pair of functions for each kind of field. What a form can't show, such as three notices at once, stays as it was unless
somebody types over it: ``told`` keeps the value of every question whose boxes still hold what they were filled with.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from base.refusals import Invalid
from contracts.fields import pounds, values
from contracts.fields.contract_fields import ContractField, Kind
from contracts.fields.said import Said, checked
from contracts.fields.values import Value, Values
from web.pages.forms import Form

HALF: Final = "Enter both a number and what it counts, such as 3 months."
WHOLE: Final = "Enter a whole number, such as 3."
NO_DAY: Final = "Enter a day and a month that there are, such as 31 12."
NOTICE_ROWS: Final = ("1", "2")  # two lengths and a fixed day: more than any notice that we have read
MOST_BREAK_DAYS: Final = 40
_LISTED_DAY: Final = re.compile(r"([0-9]{1,2})[ /.-]([0-9]{1,2})[ /.-]([0-9]{4})")

Shown = dict[str, str]


def told(form: Form, fields: Iterable[ContractField], before: Said) -> Said:
    """What the register says with these fields as they were typed, checked. Raises Invalid that names every wrong one."""
    fields = tuple(fields)
    found, problems = _read(form, fields, before.values)
    new = replace(before, values={**before.values, **found})
    try:
        new = checked(new)
    except Invalid as refusal:
        problems = {**refusal.fields, **problems}
    if problems:
        raise Invalid(values.NOT_SAVED, **problems)
    return new


def shown(said: Values, fields: Iterable[ContractField]) -> Shown:
    """What the boxes of a form hold, by their names."""
    return {name: text for one in fields for name, text in _shown(one, said.get(one.name)).items()}


def _read(form: Form, fields: Iterable[ContractField], before: Values) -> tuple[dict[str, Value], dict[str, str]]:
    found: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for one in fields:
        was = before.get(one.name)
        if was is not None and holds(form, one, was):
            found[one.name] = was
            continue
        try:
            found[one.name] = _READ[one.kind](form, one.name)
        except Invalid as refusal:
            problems |= {one.name: refusal.sentence}
        except pounds.NoAmount as wrong:
            problems |= {one.name: str(wrong)}
    return found, problems


def holds(form: Form, one: ContractField, value: Value) -> bool:
    """Whether the boxes of a question hold what they would be filled with for this value."""
    boxes = _shown(one, value)
    typed = {name: form.text(name).strip() for name in form.fields if name == one.name or name.startswith(f"{one.name}-")}
    return {name: text for name, text in typed.items() if text} == {name: text for name, text in boxes.items() if text}


def _text(form: Form, name: str) -> Value:
    return form.text(name) or None


def _pence(form: Form, name: str) -> Value:
    return pounds.pence(form.text(name))


def _count(form: Form, name: str) -> Value:
    text = form.text(name).strip()
    return _number(text, name) if text else None


def _yes_no(form: Form, name: str) -> Value:
    text = form.text(name)
    return {"yes": True, "no": False, "": None}.get(text, text)


def length_in(form: Form, name: str) -> Mapping[str, Any] | None:
    """A number and what it counts, from two boxes. Raises Invalid."""
    n, unit = form.text(f"{name}-n").strip(), form.text(f"{name}-unit")
    if not n and not unit:
        return None
    if not n or not unit:
        raise Invalid(HALF, **{name: HALF})
    return {"n": _number(n, name), "unit": unit}


def _notice(form: Form, name: str) -> Value:
    """One notice, or a list where several boxes are filled in: the earliest day counts."""
    clear = {"clear": True} if form.text(f"{name}-clear") else {}
    lengths = [length_in(form, f"{name}-{row}") for row in NOTICE_ROWS]
    found = [{**length, **clear} for length in lengths if length]
    if fixed := _day_of_year(form, name):
        found.append({"by": fixed, **clear})
    if clear and not found:
        raise Invalid(HALF, **{name: HALF})
    return found[0] if len(found) == 1 else found or None


def _day_of_year(form: Form, name: str) -> str:
    day, month = form.text(f"{name}-by-day").strip(), form.text(f"{name}-by-month").strip()
    if not day and not month:
        return ""
    try:
        return f"{date(2024, int(month), int(day)):%m-%d}"
    except ValueError as error:
        raise Invalid(NO_DAY, **{name: NO_DAY}) from error


def _break(form: Form, name: str) -> Value:
    opens, cost = form.day(f"{name}-from"), pounds.pence(form.text(f"{name}-cost"))
    on, notice = _listed_days(form.text(f"{name}-on"), name), length_in(form, f"{name}-notice")
    if not (opens or on or notice or cost is not None):
        return None
    found: dict[str, Any] = {"from": opens.isoformat()} if opens else {}
    found |= {"on": on} if on else {}
    found |= {"notice": notice} if notice else {}
    return found | ({"cost_pence": cost} if cost is not None else {})


def _listed_days(text: str, name: str) -> list[str]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) > MOST_BREAK_DAYS:
        sentence = f"Enter at most {MOST_BREAK_DAYS} days."
        raise Invalid(sentence, **{name: sentence})
    return [_listed_day(line, name) for line in lines]


def _listed_day(line: str, name: str) -> str:
    parts = _LISTED_DAY.fullmatch(line)
    try:
        day, month, year = map(int, parts.groups() if parts else (0, 0, 0))
        return date(year, month, day).isoformat()
    except ValueError as error:
        sentence = "Enter each day on a line of its own, such as 31 8 2027."
        raise Invalid(sentence, **{name: sentence}) from error


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Invalid(WHOLE, **{name: WHOLE})
    return int(text)


_READ: Final[Mapping[Kind, Callable[[Form, str], Value]]] = {
    Kind.LINE: _text, Kind.PROSE: _text, Kind.CHOICE: _text, Kind.PENCE: _pence, Kind.COUNT: _count, Kind.YES_NO: _yes_no,
    Kind.DAY: lambda form, name: form.day(name), Kind.PERIOD: length_in, Kind.NOTICE: _notice, Kind.BREAK: _break,
}  # fmt: skip


def _shown(one: ContractField, value: Any) -> Shown:
    boxes = _BOXES.get(one.kind)
    if value is None:
        return {}
    return boxes(one.name, value) if boxes else {one.name: str(value)}


def day_boxes(name: str, day: date) -> Shown:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def length_boxes(name: str, value: Mapping[str, Any]) -> Shown:
    return {f"{name}-n": str(value["n"]), f"{name}-unit": value["unit"]}


def _notice_boxes(name: str, notices: Iterable[Mapping[str, Any]]) -> Shown:
    found: Shown = {}
    lengths = [one for one in notices if "n" in one]
    for row, one in zip(NOTICE_ROWS, lengths, strict=False):
        found |= length_boxes(f"{name}-{row}", one)
    for one in notices:
        if "by" in one:
            month, day = one["by"].split("-")
            found |= {f"{name}-by-day": str(int(day)), f"{name}-by-month": str(int(month))}
    return found | ({f"{name}-clear": "yes"} if any(one.get("clear") for one in notices) else {})


def _break_boxes(name: str, clause: Mapping[str, Any]) -> Shown:
    found: Shown = {}
    if clause.get("from"):
        found |= day_boxes(f"{name}-from", date.fromisoformat(clause["from"]))
    if isinstance(clause.get("notice"), Mapping) and "n" in clause["notice"]:
        found |= length_boxes(f"{name}-notice", clause["notice"])
    if clause.get("cost_pence") is not None:
        found[f"{name}-cost"] = pounds.typed(clause["cost_pence"])
    days = (date.fromisoformat(day) for day in clause.get("on") or ())
    return found | {f"{name}-on": "\n".join(f"{day.day} {day.month} {day.year}" for day in days)}


_BOXES: Final[Mapping[Kind, Callable[[str, Any], Shown]]] = {
    Kind.PENCE: lambda name, value: {name: pounds.typed(value)},
    Kind.YES_NO: lambda name, value: {name: "yes" if value else "no"},
    Kind.DAY: day_boxes,
    Kind.PERIOD: length_boxes,
    Kind.NOTICE: lambda name, value: _notice_boxes(name, value if isinstance(value, list) else [value]),
    Kind.BREAK: _break_boxes,
}
