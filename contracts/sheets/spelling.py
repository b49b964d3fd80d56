"""What a contract says, as a cell of a spreadsheet spells it, and back: ``read(field, spelt(field, value)) == value``. Pure.

The cells of exports, the template and the answers on the pages are all spelt so: "3 months", "£4,860.00", "31/08/2027",
"by 31 December", "12 months; to 31/08/2030 (taken)". What has no such form, as a program may have kept it, is spelt as JSON.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, NoReturn

from base.refusals import Invalid
from contracts.clock.periods import Unit
from contracts.fields.contract_fields import ContractField, Kind
from contracts.fields.values import Value
from suppliers.record import taxonomy

YES_NO: Final = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
LONGEST_PENCE: Final = 16  # digits: far more than a contract may cost
_NAMES: Final = {unit: unit.replace("_terms", "-terms").replace("_", " ") for unit in Unit}
_UNITS: Final = {name: unit for unit, several in _NAMES.items() for name in (several, several.removesuffix("s"))}
_PERIOD: Final = re.compile(r"([0-9]{1,6}) (clear )?([a-z -]+)")
_BY: Final = re.compile(r"by ([0-9]{1,2}) ([A-Z][a-z]+)")
_DAY: Final = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})")
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SUM: Final = re.compile(r"£?\s?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{1,2}))?")


def spelt(one: ContractField, value: Value) -> str:
    """Empty for None."""
    if value is None:
        return ""
    text = _SPELT[one.kind](one, value)
    return text if one.kind not in _WITH_PARTS or _is_same(one, text, value) else json.dumps(value, ensure_ascii=False)


def read(one: ContractField, text: str) -> Value:
    """None for an empty cell. Raises Invalid that names the field, with a sentence."""
    text = text.strip()
    if not text:
        return None
    if one.kind in _WITH_PARTS and text[0] in "[{":
        return _json(one, text)
    return _READ[one.kind](one, text)


def day(value: date) -> str:
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


def choices(one: ContractField) -> dict[str, str]:
    """What may be chosen, and how each is called."""
    if one.name == "category":
        return {each.slug: each.name for each in taxonomy.by_slug().values()}
    return dict(one.choices)


def _is_same(one: ContractField, text: str, value: Value) -> bool:
    try:
        return bool(read(one, text) == value)
    except Invalid:
        return False


def _words(_one: ContractField, value: Value) -> str:
    return str(value)


def _read_words(_one: ContractField, text: str) -> Value:
    return text


def pounds(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02}"


def _pence(_one: ContractField, value: Value) -> str:
    return pounds(value) if isinstance(value, int) else ""


def _read_pence(one: ContractField, text: str) -> Value:
    found = _SUM.fullmatch(text)
    if found is None or len(text) > LONGEST_PENCE + 6:
        refuse(one.name, "Enter a sum in pounds, such as 4860 or 4,860.50.")
    return int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0"))


def _read_count(one: ContractField, text: str) -> Value:
    if not re.fullmatch(r"[0-9]{1,6}", text):
        refuse(one.name, "Enter a whole number, such as 3.")
    return int(text)


def _day(_one: ContractField, value: Value) -> str:
    return day(value) if isinstance(value, date) else ""


def read_day(name: str, text: str) -> date:
    """Raises Invalid that names ``name``."""
    found = _DAY.fullmatch(text)
    iso = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else text
    try:
        return date.fromisoformat(iso if _ISO.fullmatch(iso) else "")
    except ValueError:
        refuse(name, "Enter a real date with day, month and year, such as 31/08/2027.")


def _yes_no(_one: ContractField, value: Value) -> str:
    return "Yes" if value else "No"


def _read_yes_no(one: ContractField, text: str) -> Value:
    if text.casefold() not in YES_NO:
        refuse(one.name, "Enter Yes or No.")
    return YES_NO[text.casefold()]


def _choice(one: ContractField, value: Value) -> str:
    return choices(one).get(str(value), str(value))


def _read_choice(one: ContractField, text: str) -> Value:
    known = choices(one)
    found = next((value for value, words in known.items() if text.casefold() in (value.casefold(), words.casefold())), None)
    if found is None:
        refuse(one.name, f"Choose one of these: {'; '.join(known.values())}." if len(known) < 9 else "Choose one of the list.")
    return found


def period(value: Mapping[str, Any]) -> str:
    """As 3 months or 1 term, with "clear" where the notice has it."""
    name = str(value.get("unit", "")).replace("_terms", "-terms").replace("_", " ")
    name = name.removesuffix("s") if value.get("n") == 1 else name
    return f"{value.get('n')} {'clear ' if value.get('clear') is True else ''}{name}"


def _read_period(one: ContractField, text: str) -> Value:
    found = a_period(text)
    if found is None or "clear" in found:
        refuse(one.name, "Enter a number and what it counts, such as 3 months.")
    return found


def a_period(text: str) -> dict[str, Any] | None:
    found = _PERIOD.fullmatch(" ".join(text.casefold().split()))
    unit = _UNITS.get(found[3]) if found else None
    if found is None or unit is None:
        return None
    return {"n": int(found[1]), "unit": unit.value} | ({"clear": True} if found[2] else {})


def _notice(_one: ContractField, value: Value) -> str:
    return _notices(value)


def _notices(value: Any) -> str:
    return " and ".join(map(_one_notice, value if isinstance(value, list) else [value]))


def _one_notice(value: Any) -> str:
    if not isinstance(value, Mapping):
        return ""
    if "by" not in value:
        return period(value)
    month, _, number = str(value["by"]).partition("-")
    return f"by {int(number)} {MONTHS[int(month) - 1]}" if month.isdigit() and number.isdigit() and 0 < int(month) < 13 else ""


def _read_notice(one: ContractField, text: str) -> Value:
    found = [_read_one_notice(each) for each in text.split(" and ")]
    if None in found:
        refuse(one.name, "Enter a number and what it counts, such as 3 months, or a day of the year, such as by 31 December.")
    return found[0] if len(found) == 1 else found


def _read_one_notice(text: str) -> dict[str, Any] | None:
    found = _BY.fullmatch(text.strip())
    if found and found[2] in MONTHS:
        return {"by": f"{MONTHS.index(found[2]) + 1:02}-{int(found[1]):02}"}
    return a_period(text)


def _break(_one: ContractField, value: Value) -> str:
    if not isinstance(value, Mapping):
        return ""
    parts = []
    if "from" in value:
        parts.append(f"from {_of_iso(value['from'])}")
    if "on" in value:
        parts.append(f"on {', '.join(map(_of_iso, value['on']))}")
    if "notice" in value:
        parts.append(f"notice {_notices(value['notice'])}")
    if isinstance(value.get("cost_pence"), int):
        parts.append(f"costs £{pounds(value['cost_pence'])}")
    return "; ".join(parts)


def _of_iso(value: object) -> str:
    try:
        return day(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def _read_break(one: ContractField, text: str) -> Value:
    found: dict[str, Any] = {}
    for part in text.split(";"):
        word, _, rest = part.strip().partition(" ")
        if word == "from":
            found["from"] = read_day(one.name, rest).isoformat()
        elif word == "on":
            found["on"] = [read_day(one.name, each.strip()).isoformat() for each in rest.split(",")]
        elif word == "notice":
            found["notice"] = _read_notice(one, rest)
        elif word == "costs":
            found["cost_pence"] = _read_pence(one, rest)
        else:
            refuse(one.name, "Write a break clause as: from 01/09/2027; on 31/08/2028; notice 3 months; costs £500.00.")
    return found


def _json(one: ContractField, text: str) -> Value:
    try:
        found: Value = json.loads(text)
    except (ValueError, RecursionError):
        refuse(one.name, "This can't be understood. Enter a number and what it counts, such as 3 months.")
    return found


def refuse(name: str, sentence: str) -> NoReturn:
    raise Invalid(sentence, **{name: sentence})


_WITH_PARTS: Final = frozenset({Kind.PERIOD, Kind.NOTICE, Kind.BREAK})
_SPELT: Final[Mapping[Kind, Callable[[ContractField, Any], str]]] = {
    Kind.LINE: _words, Kind.PROSE: _words, Kind.PENCE: _pence, Kind.COUNT: _words, Kind.DAY: _day, Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice, Kind.PERIOD: lambda _, value: period(value), Kind.NOTICE: _notice, Kind.BREAK: _break,
}  # fmt: skip
_READ: Final[Mapping[Kind, Callable[[ContractField, str], Value]]] = {
    Kind.LINE: _read_words, Kind.PROSE: _read_words, Kind.PENCE: _read_pence, Kind.COUNT: _read_count,
    Kind.DAY: lambda one, text: read_day(one.name, text), Kind.YES_NO: _read_yes_no, Kind.CHOICE: _read_choice,
    Kind.PERIOD: _read_period, Kind.NOTICE: _read_notice, Kind.BREAK: _read_break,
}  # fmt: skip
