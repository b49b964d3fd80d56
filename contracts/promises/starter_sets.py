"""Sets of promises to start from, by what is bought: what contracts read for this say most often, to be changed to one's own.

The numbers are starting points and no advice.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from base.refusals import Invalid
from contracts.promises.kinds import MetricKind, Period
from contracts.promises.metric import Promise, Rules, as_json

FILE: Final = Path(__file__).with_name("starter_sets.json")


@cache
def _sets() -> Mapping[str, Any]:
    return {one["name"]: one for one in json.loads(FILE.read_text("utf-8"))}


def titles() -> tuple[tuple[str, str, int], ...]:
    """(name, title, how many promises) of each."""
    return tuple((name, one["title"], len(one["metrics"])) for name, one in _sets().items())


def of_category(category: str | None) -> str:
    """The name of the set for what a contract of this category buys; "" where there is none."""
    return next((name for name, one in _sets().items() if category in one["for"]), "")


def promises(name: str, from_day: date) -> tuple[Promise, ...]:
    """Those of a set, from a day on. Raises Invalid for a name that there is not."""
    if name not in _sets():
        raise Invalid("Choose one of the sets.", set="Choose one of the sets.")
    return tuple(_promise(one, from_day) for one in _sets()[name]["metrics"])


def _promise(one: Mapping[str, Any], from_day: date) -> Promise:
    rules = Rules.of_json(as_json(one.get("rules", {})))
    return Promise(MetricKind(one["kind"]), one["name"], one["terms"], from_day, Period(one["period"]), rules=rules)
