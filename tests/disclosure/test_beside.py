"""What is kept beside a contract comes in as it was, or is named with why it can't be."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from base.refusals import Invalid
from disclosure import taking_in
from disclosure.beside.taking_in import DECIDES_ALREADY, OF_THE_TRUST, RULES_ALREADY
from tests.given.builders import a_person, a_school
from tests.given.records_to_take_in import FOLLOWED, WITH_A_VOUCH

pytestmark = pytest.mark.usefixtures("db")

SPOILT: dict[str, Callable[[dict[str, Any]], Any]] = {
    "The service credit of 14 March 2026 is not": lambda found: found["credits"][0]["states"].reverse(),
    "is no rating that somebody signed": lambda found: found["ratings"][0]["indicators"][0].pop("reason"),
    "Choose how they belong together": lambda found: found["links"][0].update(kind="cousins"),
    "Choose how it was sent": lambda found: found["notices"][0].update(how="pigeon"),
    "Choose from the list": lambda found: found["deciding"][0].update(months=[7]),
    "The question of 2 March 2026: This is in the future": lambda found: found["questions"][0].update(answered_on="2999-01-01"),
}


def records(**more: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(WITH_A_VOUCH)
    parts = {"title": "Lift parts", "starts_on": "2025-09-01"}
    second = {**found["contracts"][0], "id": FOLLOWED["links"][0]["other"], "values": parts}
    found |= json.loads(json.dumps(FOLLOWED)) | {"contracts": [*found["contracts"], second]} | more
    found["credits"][0]["promise_id"] = None
    return found


async def test_what_can_not_be_kept_is_named_and_what_is_set_here_already_stays() -> None:
    dee = await a_person(await a_school("Dale Primary"), name="Dee Dale")
    name = records()["school"]["name"]
    for expected, spoil in SPOILT.items():
        found = records()
        spoil(found)
        with pytest.raises(Invalid) as refused:
            await taking_in.take_in(dee, json.dumps(found).encode(), whose=name)
        assert expected in refused.value.sentence, refused.value.sentence
    ways = {part: FOLLOWED[part] for part in ("deciding", "buying_rules")}
    empty: dict[str, Any] = dict.fromkeys(("suppliers", "reviews", "notes", "contracts", "happened"), ())
    await taking_in.take_in(dee, json.dumps(json.loads(WITH_A_VOUCH) | empty | ways).encode(), whose=name)
    asked = [FOLLOWED["questions"][0] | {"contract": None}]
    there = await taking_in.take_in(dee, json.dumps(records(questions=asked)).encode(), whose=name)
    assert {f"1: {why}" for why in (DECIDES_ALREADY, OF_THE_TRUST, RULES_ALREADY)} <= set(there.left_out)
