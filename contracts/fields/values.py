"""What somebody says of a contract, checked: ``checked`` gives values fit to keep, or refuses with a sentence for each field."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, NoReturn

from audit.canonical import canonical_json
from base import text
from base.refusals import Invalid
from contracts.clock import notice
from contracts.clock.dates import contract_dates
from contracts.clock.periods import CALENDAR, Unit, period
from contracts.clock.reading import EARLIEST, LATEST
from contracts.clock.refused import Refused
from contracts.fields.contract_fields import BY_NAME, FIELDS, MOST_COUNT, MOST_PENCE, ContractField, Kind
from suppliers.record import taxonomy

Value = str | int | bool | date | Mapping[str, Any] | list[Any] | None
Values = Mapping[str, Value]  # by the name of a field of contract_fields.py; what is not there is None

JSON_KINDS: Final = frozenset({Kind.PERIOD, Kind.NOTICE, Kind.BREAK})
NO_TITLE: Final = "Enter what the contract is for, such as Photocopiers."
NOT_SAVED: Final = "The contract was not saved."
LONGEST_JSON: Final = 2_000  # characters: a break clause with some dozens of days


# In what a length is counted, where not in days, weeks, months and years.
_UNITS: Final = {"lead": notice.NOTICE_UNITS, "deemed": (Unit.DAYS, Unit.WORKING_DAYS)}


def checked(said: Values) -> dict[str, Value]:
    """Every field, None for what is not said. Raises Invalid that names each field that can't be kept."""
    problems: dict[str, str] = {}
    found: dict[str, Value] = {}
    for name in said:
        if name not in BY_NAME:
            problems[name] = "A contract has no such field."
    for one in FIELDS:
        try:
            found[one.name] = _checked(one, said.get(one.name))
        except Invalid as refusal:
            problems |= refusal.fields or {one.name: str(refusal)}
        except Refused as refused:
            problems[one.name] = refused.sentence
    if not problems:
        problems = _contradictions(found)
    if problems:
        raise Invalid(NOT_SAVED, **problems)
    return found


def stored(values: Values) -> dict[str, Any]:
    """As the table keeps them: what has parts as canonical JSON."""
    return {name: _stored(value) for name, value in values.items()}


def of_row(row: Mapping[str, Any]) -> dict[str, Value]:
    """The values of a row of the table."""
    return {one.name: _loaded(one, row[one.name]) for one in FIELDS}


def loaded_json(value: str | None) -> Any:
    return None if value is None else json.loads(value)


def plain(value: Value) -> Any:
    """As the trail's facts spell it."""
    return value.isoformat() if isinstance(value, date) else value


def _checked(one: ContractField, value: Value) -> Value:
    if value is None or value == "":
        if one.name == "title":
            raise Invalid(NO_TITLE, title=NO_TITLE)
        return None
    return _CHECKS[one.kind](one, value)


def _words(one: ContractField, value: Value) -> Value:
    if not isinstance(value, str):
        _refuse(one, "Enter text.")
    if one.kind is Kind.PROSE:
        return text.prose(value, field=one.name, longest=one.longest) or None
    return text.line(value, field=one.name, longest=one.longest, required=one.name == "title", missing=NO_TITLE) or None


def _whole(one: ContractField, value: Value) -> Value:
    most = MOST_PENCE if one.kind is Kind.PENCE else MOST_COUNT
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        largest = f"£{MOST_PENCE // 100:,}" if one.kind is Kind.PENCE else f"{MOST_COUNT:,}"
        _refuse(one, f"Enter a number from 0 to {largest}.")
    return value


def _day(one: ContractField, value: Value) -> Value:
    if not isinstance(value, date) or not EARLIEST <= value <= LATEST:
        _refuse(one, f"Enter a real date between the years {EARLIEST.year} and {LATEST.year}.")
    return value


def _yes_no(one: ContractField, value: Value) -> Value:
    if not isinstance(value, bool):
        _refuse(one, "Choose yes or no.")
    return value


def _choice(one: ContractField, value: Value) -> Value:
    choices = taxonomy.by_slug() if one.name == "category" else one.choices
    if not isinstance(value, str) or value not in choices:
        _refuse(one, "Choose one from the list.")
    return value


def _period(one: ContractField, value: Value) -> Value:
    units = _UNITS.get(one.name, CALENDAR)
    found = period(value, one.label, least=0 if one.name == "lead" else 1, units=units) if isinstance(value, Mapping) else None
    if found is None:
        _refuse(one, "Enter a number and what it counts, such as 3 months.")
    return {"n": found.n, "unit": found.unit.value}


def _notice(one: ContractField, value: Value) -> Value:
    def is_understood() -> None:
        if any(each.length is not None and not each.length.n for each in notice.notices_of(value)):
            _refuse(one, "A notice needs a length, such as 3 months. Leave it empty where it is not known.")

    return _fits(one, value, is_understood)


def _break(one: ContractField, value: Value) -> Value:
    def is_understood() -> None:
        year = {"start": "2026-01-01", "end": "2026-12-31", "as_of": "2026-01-01"}
        terms = {"terms": [["2025-09-01", "2026-07-21"]], "half_terms": [["2025-09-01", "2026-07-21"]]}
        try:
            contract_dates({**year, **terms, "break": value})
        except Refused as refused:
            if refused.code != "terms_missing":
                raise

    return _fits(one, value, is_understood)


def _fits(one: ContractField, value: Value, understood: Callable[[], object]) -> Value:
    if not isinstance(value, Mapping | list):
        _refuse(one, "Enter a number and what it counts, such as 3 months.")
    understood()
    try:
        is_long = len(canonical_json(value)) > LONGEST_JSON
    except ValueError:
        is_long = True  # a fraction, or what is no plain value: no rule needs one
    if is_long:
        _refuse(one, "This is longer than a contract says it. Enter the notice and the days alone.")
    return value


_CHECKS: Final[Mapping[Kind, Callable[[ContractField, Value], Value]]] = {
    Kind.LINE: _words, Kind.PROSE: _words, Kind.PENCE: _whole, Kind.COUNT: _whole, Kind.DAY: _day, Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice, Kind.PERIOD: _period, Kind.NOTICE: _notice, Kind.BREAK: _break,
}  # fmt: skip


def _contradictions(found: Values) -> dict[str, str]:
    """What no two fields may say together, before dates are reckoned."""
    starts, ends, annual, total = (found[name] for name in ("starts_on", "ends_on", "annual_pence", "total_pence"))
    problems = {}
    if isinstance(starts, date) and isinstance(ends, date) and ends < starts:
        problems["ends_on"] = "The last day is before the first day."
    if found["roll"] and found["renewal"] not in ("rolls", None):
        problems["roll"] = "Only a contract that renews by itself renews for a time. Leave this empty."
    if isinstance(annual, int) and isinstance(total, int) and _is_a_year_or_more(found) and total < annual:
        problems["total_pence"] = "The value in all is less than that of one year."
    return problems


def _is_a_year_or_more(found: Values) -> bool:
    starts, ends = found["starts_on"], found["ends_on"]
    return isinstance(starts, date) and isinstance(ends, date) and (ends - starts).days >= 364


def as_json(value: Mapping[str, Any] | list[Any]) -> str:
    return canonical_json(value).decode()


def _stored(value: Value) -> Any:
    return as_json(value) if isinstance(value, Mapping | list) else value


def _loaded(one: ContractField, value: Any) -> Value:
    found: Value = loaded_json(value) if one.kind in JSON_KINDS else value
    return found


def _refuse(one: ContractField, sentence: str) -> NoReturn:
    raise Invalid(sentence, **{one.name: sentence})
