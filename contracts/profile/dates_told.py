"""A contract's dates for its page: each with its sentence, and what to do where notice was missed. Pure but for today's date."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from base import clock
from contracts.clock import dates_ahead
from contracts.fields import pounds
from contracts.fields.wording import weekday
from contracts.register.reading import ContractView

DAYS_A_YEAR: Final = 365.25
ASK_ANYWAY: Final = "Ask the supplier in writing all the same: late notice is often accepted."
RECEIPT: Final = "Send it today and ask for a receipt."
MAY_RENEW: Final = "How it renews is not known, so it may renew by itself: these are the safe dates."


@dataclass(frozen=True, slots=True)
class Told:
    """A day of a contract. ``name`` is that of its sentence in the answer of ``contract_dates``."""

    name: str
    label: str
    day: date
    sentence: str
    note: str = ""  # where planning and the contract's own words differ


@dataclass(frozen=True, slots=True)
class Dates:
    """``warning`` is (title, sentences) of what can't wait; ``note`` says how sure it is, ``problem`` why there is nothing."""

    days: tuple[Told, ...]
    warning: tuple[str, tuple[str, ...]] | None = None
    note: str = ""
    problem: str = ""


def dates(contract: ContractView) -> Dates:
    ceased = contract.said.ceased_on
    if ceased is not None:
        return Dates((Told("current_end", "Last day", ceased, f"Somebody here said that it ended on {weekday(ceased)}."),))
    outlook = contract.outlook
    if outlook is not None and outlook.problem == dates_ahead.RENEWAL_UNKNOWN and outlook.current_end:
        end = outlook.current_end
        by_its_dates = Told(
            "current_end", "Last day", end, f"By its dates it ended on {weekday(end)}, unless it renewed by itself."
        )
        return Dates((by_its_dates,), note="How it renews is not known. Look it up, or say that it has ended.")
    if not contract.planned:
        return Dates((), problem=contract.problem)
    is_sure = contract.said.values["renewal"] is not None or contract.said.notice_given_on is not None
    return Dates(tuple(_days(contract)), _warning(contract), "" if is_sure else MAY_RENEW)


def _days(contract: ContractView) -> Iterator[Told]:
    planned, words = contract.planned, contract.words
    why: Mapping[str, str] = planned["why"]
    is_over = words["state"] == "ended" or words["notice_missed"]
    chance = planned["next_chance"] if words["notice_missed"] else None
    if chance:
        yield from _next_days(chance)
    if given := contract.said.notice_given_on:
        yield Told("notice_given", "They had our notice", given, f"The supplier received notice on {weekday(given)}.")
    is_open = not is_over and given is None
    if is_open and (decide := _day(planned["decide_by"])):
        yield Told("decide_by", "Decide by", decide, why["decide_by"])
    if is_open and (sent := _day(planned["send_by"])):
        yield Told("send_by", "Send notice by", sent, why["send_by"])
    if is_open and (by := _day(planned["notice_received_by"])):
        yield Told("notice_received_by", "Notice with the supplier by", by, why["notice_received_by"], _both(by, words))
    if end := _day(words["current_end"]):
        yield Told("current_end", "Last day", end, words["why"]["current_end"], _with_extensions(end, words))
    elif out := _day(planned["earliest_exit"]):
        yield Told("earliest_exit", "Soonest that it can end", out, f"Notice received today would end it on {weekday(out)}.")
    yield from _break(planned, contract)


def _next_days(chance: Mapping[str, Any]) -> Iterator[Told]:
    end = weekday(_sure(chance["end"]))
    for name, label, sentence in (
        ("decide_by", "Decide by", f"Decide by {{day}}, for the next chance to end it: on {end}."),
        ("send_by", "Send notice by", f"Send notice by {{day}} to end it on {end}."),
        ("notice_received_by", "Notice with the supplier by", f"It must be in the supplier's hands by {{day}} to end on {end}."),
    ):
        if day := _day(chance[name]):
            yield Told(name, label, day, sentence.format(day=weekday(day)))


def _both(planned: date, words: Mapping[str, Any]) -> str:
    on_the_words = _day(words["notice_received_by"])
    if on_the_words is None or on_the_words == planned:
        return ""
    return f"Safe until {weekday(planned)}; on the contract's words until {weekday(on_the_words)}."


def _with_extensions(end: date, words: Mapping[str, Any]) -> str:
    latest = _day(words["latest_possible_end"])
    return f"With every extension taken it would run until {weekday(latest)}." if latest and latest > end else ""


def _break(planned: Mapping[str, Any], contract: ContractView) -> Iterator[Told]:
    clause = planned.get("break_clause")
    if not clause:
        return
    leaves = _sure(clause["earliest_exit"])
    by = _day(clause["notice_received_by"])
    when = f"By the break clause it can end on {weekday(leaves)}"
    when += f", if notice is with the supplier by {weekday(by)}." if by else ", if the supplier receives notice today."
    cost = contract.said.values["exit_penalty"]
    costs = f"Leaving costs {pounds.shown(clause['cost_pence'])}." if clause["cost_pence"] is not None else ""
    yield Told("break_clause", "Leaving early", leaves, when, costs or (f"What it costs: {cost}" if cost else ""))


def _warning(contract: ContractView) -> tuple[str, tuple[str, ...]] | None:
    planned, words, today = contract.planned, contract.words, clock.today()
    end = _day(words["current_end"])
    if words["notice_missed"] and end:
        told = (planned["why"].get("next_chance", ""), _cost(contract, end), ASK_ANYWAY)
        return "The day for notice has passed", tuple(each for each in told if each)
    by, on_the_words = _day(planned["notice_received_by"]), _day(words["notice_received_by"])
    if by and on_the_words and by < today <= on_the_words and contract.said.notice_given_on is None:
        return "Notice can still be in time", (f"{_both(by, words)} {RECEIPT}", ASK_ANYWAY)
    return None


def _cost(contract: ContractView, end: date) -> str:
    chance, annual = contract.planned["next_chance"], contract.said.values["annual_pence"]
    if not chance or not isinstance(annual, int) or contract.said.values["roll"] is None:
        return ""
    days = (_sure(chance["end"]) - end).days
    about = round(annual * days / DAYS_A_YEAR / 100, -1)  # to ten pounds: about is about
    return f"Going on until then costs about £{about:,.0f}, at today's price."


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _sure(value: object) -> date:
    return date.fromisoformat(str(value))
