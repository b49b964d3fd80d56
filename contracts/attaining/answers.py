"""``sample_ratio`` and ``survey``: the share of what was looked at, or asked, that was as it should be (rules A7, A11)."""

from fractions import Fraction
from typing import Any

from contracts.attaining.asked import PER_CENT, Asked, Row, amount
from contracts.attaining.attained import BREACHED, NO_DATA, Attained, bounds_of
from contracts.clock.reading import day as a_day
from contracts.clock.reading import whole
from contracts.clock.refused import bad_input

BEST_SCORE = 5


def sample_ratio(asked: Asked) -> dict[str, Any]:
    bounds, found = bounds_of(asked.metric), Attained()
    for row in asked.rows("samples"):
        passed = row.get("passed")
        if passed is not None and not isinstance(passed, bool):
            bad_input("A sample passed, did not, or nobody filled it in.")
        if asked.leaves_out(row):
            found.excluded += 1
            continue
        found.n += 1
        found.above += passed is True
        found.breaches += passed is False
        found.missing += passed is None
    is_enough = found.n - found.missing >= _least(asked.metric)
    return found.answer(found.verdict(bounds) if is_enough else NO_DATA)


def survey(asked: Asked) -> dict[str, Any]:
    bounds, at_least = bounds_of(asked.metric), whole(asked.metric.get("at_least"), "The score that is good enough", least=1)
    if at_least > BEST_SCORE:
        bad_input(f"Scores go from 1 to {BEST_SCORE}.")
    found, voices = Attained(), dict[object, tuple[Any, int | None, object]]()
    for number, row in enumerate(asked.rows("answers")):
        score = _score(row)
        if asked.leaves_out(row):
            found.excluded += 1
            continue
        person = number if row.get("by") is None else str(row["by"])  # who doesn't say who they are has a voice each
        on = a_day(row.get("on"), "The day of an answer")
        if person not in voices or voices[person][0] <= on:
            voices[person] = (on, score, row.get("id"))
    scores = [score for _, score, _ in voices.values()]
    found.missing = scores.count(None)
    found.n = len(scores) - found.missing
    found.above = Fraction(sum(score is not None and score >= at_least for score in scores))
    found.breaches = found.n - int(found.above)
    low = frozenset(id_ for _, score, id_ in voices.values() if score is not None and score < at_least)
    return found.answer(found.verdict(bounds) if found.n >= _voices_needed(asked) else NO_DATA) | {BREACHED: low}


def _score(row: Row) -> int | None:
    if row.get("score") is None:
        return None
    score = whole(row["score"], "A score", least=1)
    if score > BEST_SCORE:
        bad_input(f"Scores go from 1 to {BEST_SCORE}.")
    return score


def _least(metric: Row) -> int:
    return whole(metric["least"], "The least number of answers") if metric.get("least") is not None else 0


def _voices_needed(asked: Asked) -> Fraction:
    least, percent = Fraction(_least(asked.metric)), asked.metric.get("least_percent")
    if percent is None:
        return least
    people = asked.given.get("asked", asked.metric.get("asked"))
    return max(
        least, amount(percent, "The least share of answers", most=PER_CENT) * whole(people, "How many were asked") / PER_CENT
    )
