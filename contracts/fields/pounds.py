"""Money as somebody types it into a form, in pence. Pure. A form asks again where the readers of old registers have to guess."""

import re
from typing import Final

from base.refusals import Invalid
from contracts.fields.contract_fields import MOST_PENCE

_AMOUNT: Final = re.compile(r"(?P<pounds>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.(?P<pence>[0-9]{2}))?")
_SHORTENED: Final = re.compile(r"[0-9.,]+\s*(?:k|m|bn|thousand|million)", re.IGNORECASE)
_BELOW_NOUGHT: Final = re.compile(r"[-−(]\s*£?\s*[0-9].*|£\s*[-−].*")

HOW: Final = "Enter an amount in pounds, such as 1,200 or 1,200.50."


class NoAmount(Exception):
    """Its text is the sentence that says what to type instead."""


def pence(typed: str) -> int | None:
    """None for nothing typed. Raises NoAmount."""
    text = typed.strip()
    if not text:
        return None
    if _BELOW_NOUGHT.fullmatch(text):
        raise NoAmount("An amount can't be below nought. Enter what is paid, such as 1,200.50.")
    text = text.removeprefix("£").strip()
    if _SHORTENED.fullmatch(text):
        raise NoAmount("Write the amount in full, such as 1,200 instead of 1.2k.")
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise NoAmount(HOW)
    amount = int(found["pounds"].replace(",", "")) * 100 + int(found["pence"] or 0)
    if amount > MOST_PENCE:
        raise NoAmount(f"Enter an amount of at most £{MOST_PENCE // 100:,}.")
    return amount


def asked(typed: str, field: str) -> int:
    """Pence, where something has to be typed. Raises Invalid that names the field."""
    try:
        found = pence(typed)
    except NoAmount as wrong:
        raise Invalid(str(wrong), **{field: str(wrong)}) from wrong
    if found is None:
        raise Invalid(HOW, **{field: HOW})
    return found


def typed(amount: int) -> str:
    """As a form shows it: 1,200 or 1,200.50."""
    pounds, rest = divmod(amount, 100)
    return f"{pounds:,}" + (f".{rest:02}" if rest else "")


def shown(amount: int) -> str:
    """£1,200 or £1,200.50."""
    return f"£{typed(amount)}"
