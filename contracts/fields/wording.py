"""What a contract says, in the words of its page. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from base.words import in_words
from contracts.clock.periods import Period, Unit
from contracts.fields import pounds
from contracts.fields.contract_fields import ContractField, Kind
from suppliers.record import taxonomy

STATES: Final[Mapping[str, str]] = {
    "not_started": "Not started", "live": "Live", "notice_given": "Notice given", "ended": "Ended",
}  # fmt: skip


def shown(one: ContractField, value: Any) -> str:
    """A value that was checked, in words; "" where there is none."""
    if value is None:
        return ""
    if one.kind is Kind.CHOICE:
        return _choice(one, value)
    in_its_words = _WORDS.get(one.kind)
    return in_its_words(value) if in_its_words else str(value)


def period(value: Mapping[str, Any]) -> str:
    """3 months."""
    return str(Period(value["n"], Unit(value["unit"])))


def notice(value: Any) -> str:
    each = [_notice(one) for one in (value if isinstance(value, list) else [value])]
    return each[0] if len(each) == 1 else " and ".join(each) + ", whichever is earlier"


def break_clause(value: Mapping[str, Any]) -> str:
    said = [f"from {in_words(date.fromisoformat(value['from']))}"] if value.get("from") else []
    if on := value.get("on"):
        said.append("on " + ", ".join(in_words(date.fromisoformat(day)) for day in on))
    else:
        said.append("at any time")
    if value.get("notice"):
        said.append(f"with notice of {notice(value['notice'])}")
    if value.get("cost_pence") is not None:
        said.append(f"for {pounds.shown(value['cost_pence'])}")
    words = ", ".join(said)
    return words[0].upper() + words[1:]


def weekday(day: date) -> str:
    """Friday 29 May 2026."""
    return f"{day:%A} {in_words(day)}"


def _notice(one: Mapping[str, Any]) -> str:
    if "by" in one:
        month, day = one["by"].split("-")
        return f"by {date(2024, int(month), int(day)):%-d %B} each year"
    return period(one) + (", clear" if one.get("clear") else "")


def _choice(one: ContractField, value: str) -> str:
    if one.name == "category":
        known = taxonomy.by_slug().get(value)
        return known.name if known else value
    return one.choices.get(value, value)


_WORDS: Final[Mapping[Kind, Callable[[Any], str]]] = {
    Kind.PENCE: pounds.shown,
    Kind.YES_NO: lambda value: "Yes" if value else "No",
    Kind.DAY: in_words,
    Kind.PERIOD: period,
    Kind.NOTICE: notice,
    Kind.BREAK: break_clause,
}
