"""The dates of a contract: when it ends, until when notice must be received, sent and decided upon (rules D1 to D12)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any, Final

from contracts.clock import date_sentences, notice, working_days
from contracts.clock.contract import ContractTerms, Deadlines, Reckoning, Renewal, contract_of, end_of
from contracts.clock.periods import Period
from contracts.clock.reading import day as a_day
from contracts.clock.reading import listed, mapping, whole
from contracts.clock.refused import Refused, bad_input

MOST_ROLLS: Final = 10_000
YEAR_IN_MONTHS: Final = 12
YEAR_IN_DAYS: Final = 52 * 7


def contract_dates(data: object) -> dict[str, Any]:
    """State, ends and deadlines; ``why`` has a sentence for each of the days. JSON in and out, as in docs/reference/sla-rules.md.

    Beside the cases' input a notice may be ``{"by": "12-31"}`` or in ``half_terms`` (their windows beside ``terms``), ``deemed``
    a number of days or working days, and ``break`` a clause ``{"from", "on": [days]?, "notice", "cost_pence"?}``, whose answer
    is ``break_clause``. Raises Refused.
    """
    contract = contract_of(mapping(data, "A contract"))
    answer = {**reckoned(contract), "latest_possible_end": _latest_possible_end(contract)}
    clause = mapping(data, "A contract").get("break")
    if clause is not None:
        answer["break_clause"] = _break_dates(contract, mapping(clause, "A break clause"))
    answer["why"] = date_sentences.sentences(
        answer, contract.notices, by_post=contract.around.posting.by_post, lead=contract.lead
    )
    return _plain(answer)


def reckoned(contract: ContractTerms) -> dict[str, Any]:
    """The answer of ``contract_dates`` as dates, without its sentences and the latest possible end. Raises Refused."""
    return _open_dates(contract) if contract.renewal is Renewal.OPEN else _dates(contract)


def ends_passed(data: object) -> tuple[date, ...]:
    """The ends at which it renewed by itself, up to the day that ``contract_dates`` is asked about. Raises Refused."""
    contract = contract_of(mapping(data, "A contract"))
    if contract.renewal is not Renewal.ROLLS:
        return ()
    end = end_of(contract, [one for one in contract.extensions if one.taken])
    rolled, _, _ = _current(contract, end)
    return tuple(ending.last for _, ending in islice(_ends(contract, end), rolled))


def term_ends(data: object) -> tuple[date, ...]:
    """The last days of its terms, up to the one that runs on the day asked about: of the first, of each extension that was taken
    and of each renewal. One that renews for less than a year goes on as one term; one without an end has none. Raises Refused.
    """
    contract = contract_of(mapping(data, "A contract"))
    if contract.renewal is Renewal.OPEN:
        return ()
    taken = [one for one in contract.extensions if one.taken]
    before = [end_of(contract, taken[:n]).last for n in range(len(taken))]
    end = end_of(contract, taken)
    rolled, now, _ = _current(contract, end)
    if contract.roll and contract.roll.months < YEAR_IN_MONTHS and contract.roll.days < YEAR_IN_DAYS:
        return (*before, *([now.last] if contract.is_last_period(rolled) else []))
    return (*before, *(each.last for _, each in islice(_ends(contract, end), rolled + 1)))


def _dates(contract: ContractTerms) -> dict[str, Any]:
    taken = [each for each in contract.extensions if each.taken]
    rolled, now, is_given = _current(contract, end_of(contract, taken))
    found = _deadlines(contract, now.last, rolled)
    is_known = contract.renewal is not Renewal.ROLLS or bool(contract.notices) or contract.is_last_period(rolled)
    by = found.notice_received_by
    is_missed = contract.renewal is Renewal.ROLLS and not is_given and by is not None and contract.as_of > by
    chance = _next_chance(contract, now, rolled) if is_missed else None
    ends = chance["end"] if chance else now.last
    return {
        "state": _state(contract, now.last, is_given=is_given),
        "current_end": now.last,
        "rolled": rolled,
        "notice_received_by": by,
        "send_by": found.send_by,
        "decide_by": found.decide_by if is_known else None,
        "notice_missed": is_missed,
        "earliest_exit": ends if is_known else None,
        "next_chance": chance,
    }


def _latest_possible_end(contract: ContractTerms) -> date | None:
    """With every extension that there may be."""
    if contract.renewal is Renewal.OPEN:
        return None
    return _current(contract, end_of(contract, contract.extensions))[1].last


def _current(contract: ContractTerms, end: Reckoning) -> tuple[int, Reckoning, bool]:
    """How often it has rolled, its current end, and whether a notice that was received makes it that."""
    given = contract.notice_given
    is_given = contract.renewal is Renewal.ROLLS and bool(contract.notices) and given is not None and given <= contract.as_of
    received = notice.counts_from(given, contract.around) if is_given and given else None
    for rolled, ending in _ends(contract, end, contract.as_of if received is None else None):
        if received is None:
            if contract.as_of <= ending.last:
                return rolled, ending, False
        elif contract.is_last_period(rolled) or received <= notice.received_by(contract.notices, ending.last, contract.around):
            return rolled, ending, True
    return rolled, ending, is_given


def _ends(contract: ContractTerms, end: Reckoning, wanted: date | None = None) -> Iterator[tuple[int, Reckoning]]:
    """The end, and those that it rolls to, as often as it may; most of those before the day that is ``wanted`` are left out."""
    rolled = _rolls_before(contract, end, wanted) if wanted else 0
    end = end.plus_times(contract.roll, rolled) if contract.roll else end
    yield rolled, end
    while contract.renewal is Renewal.ROLLS and contract.roll and not contract.is_last_period(rolled):
        rolled += 1
        if rolled > MOST_ROLLS:
            bad_input("The contract would have renewed itself ten thousand times: check its dates.")
        end = _rolled_once(contract, end, contract.roll)
        yield rolled, end


def _rolled_once(contract: ContractTerms, end: Reckoning, roll: Period) -> Reckoning:
    found = contract.known.later.get((end.anchor, end.months))
    if found is None:
        found = contract.known.later[end.anchor, end.months] = end.plus(roll)
    return found


def _rolls_before(contract: ContractTerms, end: Reckoning, wanted: date) -> int:
    if contract.renewal is not Renewal.ROLLS or contract.roll is None:
        return 0
    times = min(end.times_before(contract.roll, wanted), MOST_ROLLS)
    return times if contract.most_rolls is None else min(times, contract.most_rolls)


def _deadlines(contract: ContractTerms, end: date, rolled: int) -> Deadlines:
    needs_notice = bool(contract.notices) and not contract.ends_by_itself(rolled)
    found = contract.known.deadlines.get((end, needs_notice))
    if found is None:
        found = contract.known.deadlines[end, needs_notice] = _reckoned_deadlines(contract, end, needs_notice=needs_notice)
    return found


def _reckoned_deadlines(contract: ContractTerms, end: date, *, needs_notice: bool) -> Deadlines:
    around, by, sent = contract.around, None, None
    if needs_notice:
        by = notice.received_by(contract.notices, end, around)
        sent = notice.send_by(by, around)
    target = sent or end
    decided = notice.before(contract.lead, target, around) if contract.lead else target
    return Deadlines(by, sent, working_days.on_or_before(decided, around.nation))


def _next_chance(contract: ContractTerms, now: Reckoning, rolled: int) -> dict[str, date | None]:
    """The first later end for which there is time (rule D11)."""
    later = contract if contract.most_rolls is None else replace(contract, most_rolls=contract.most_rolls - rolled)
    for further, ending in _ends(later, now):
        if not further:
            continue
        found = _deadlines(later, ending.last, further)
        if found.notice_received_by is None or contract.as_of <= found.notice_received_by:
            return {
                "end": ending.last,
                "notice_received_by": found.notice_received_by,
                "send_by": found.send_by,
                "decide_by": found.decide_by,
            }
    raise AssertionError("a contract that renews itself has a later end")


def _open_dates(contract: ContractTerms) -> dict[str, Any]:
    """A contract without an end: when a notice received today, or the one that was received, runs out (rule D10)."""
    if not contract.notices:
        raise Refused(
            "no_notice", "A contract that goes on until somebody ends it needs its notice: look for it under termination."
        )
    given = contract.notice_given
    is_given = given is not None and given <= contract.as_of
    received = given if is_given and given else max(contract.as_of, contract.start)
    leaves = notice.runs_out(contract.notices, notice.counts_from(received, contract.around), contract.around)
    leaves = max([leaves, *([contract.term.last] if contract.term else [])])
    end = leaves if is_given else None
    return {
        "state": _state(contract, end, is_given=is_given),
        "current_end": end,
        "rolled": 0,
        "notice_received_by": None,
        "send_by": None,
        "decide_by": None,
        "notice_missed": False,
        "earliest_exit": leaves,
        "next_chance": None,
    }


def _break_dates(contract: ContractTerms, clause: Mapping[str, Any]) -> dict[str, Any] | None:
    """The earliest exit by a break clause: on one of its days, or by a notice received today; None once its days are over."""
    opens = a_day(clause.get("from", contract.start.isoformat()), "The day from which a break is possible")
    notices, around = notice.notices_of(clause.get("notice")), contract.around
    if not notices:
        raise Refused("no_notice", "A break clause needs its notice: look for it in the clause.")
    cost = whole(clause["cost_pence"], "What leaving costs") if clause.get("cost_pence") is not None else None
    if clause.get("on") is None:
        received = notice.counts_from(max(contract.as_of, contract.start), around)
        leaves = max(notice.runs_out(notices, received, around), opens)
        return {"earliest_exit": leaves, "notice_received_by": None, "send_by": None, "cost_pence": cost}
    for day in sorted(a_day(each, "A day of the break clause") for each in listed(clause["on"], "Days of the break clause")):
        by = notice.received_by(notices, day, around)
        if day >= opens and contract.as_of <= by:
            sent = notice.send_by(by, around)
            return {"earliest_exit": day, "notice_received_by": by, "send_by": sent, "cost_pence": cost}
    return None


def _state(contract: ContractTerms, end: date | None, *, is_given: bool) -> str:
    if contract.as_of < contract.start:
        return "not_started"
    if end is not None and contract.as_of > end:
        return "ended"
    return "notice_given" if is_given else "live"


def _plain(answer: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON has it."""
    days = {name: value.isoformat() if isinstance(value, date) else value for name, value in answer.items()}
    return {name: _plain(value) if isinstance(value, Mapping) else value for name, value in days.items()}
