"""Contracts over JSON: what goes in comes out, with what follows from it; a change names what it read."""

from datetime import date
from typing import Any

import httpx
import pytest

from base.viewer import Viewer
from contracts.fields.contract_fields import BY_NAME
from contracts.fields.said import Said
from contracts.register import contract_json, reading, register
from tests.given.builders import signed_in

pytestmark = pytest.mark.usefixtures("db")

SENT: dict[str, Any] = {
    "title": "Photocopiers",
    "supplier_name": "Tallow Print Ltd",
    "starts_on": "2025-09-01",
    "ends_on": "2028-08-31",
    "renewal": "rolls",
    "roll": {"n": 1, "unit": "years"},
    "notice": [{"n": 3, "unit": "months"}, {"by": "12-31"}],
    "break_clause": {"from": "2026-09-01", "on": ["2027-08-31"], "notice": {"n": 6, "unit": "months"}, "cost_pence": 5_000},
    "annual_pence": 486_000,
    "is_deed": False,
    "extensions": [{"length": {"n": 1, "unit": "years"}, "to_day": None, "is_taken": False}],
}


async def ask(viewer: Viewer, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    async with signed_in(viewer) as browser:
        return await browser.request(method, f"/api/v1/contracts{path}", json=body, headers=headers)


@pytest.mark.pure
def test_the_fields_over_json_are_those_of_the_register() -> None:
    assert set(contract_json.SaidJson.__struct_fields__) == set(BY_NAME)


async def test_what_goes_in_comes_out_with_what_follows(ann: Viewer) -> None:
    made = await ask(ann, "POST", "", SENT)
    assert made.status_code == 201
    assert made.headers["etag"] == '"1"'
    found = made.json()
    assert {name: found[name] for name in SENT if name != "extensions"} == {n: v for n, v in SENT.items() if n != "extensions"}
    assert found["dates"]["current_end"] == "2028-08-31"
    assert found["dates"]["why"]["decide_by"].startswith("Decide by")
    assert "officer" in [one["field"] for one in found["questions"]]
    assert (await ask(ann, "GET", f"/{found['id']}")).json() == found


@pytest.mark.both_engines
async def test_what_is_served_can_be_sent_back(ann: Viewer) -> None:
    found = (await ask(ann, "POST", "", SENT)).json()
    beside = ("id", "school", "standing", "version", "dates", "questions")
    again = {name: value for name, value in found.items() if name not in beside} | {"officer": "Ann Ash"}
    changed = await ask(ann, "PUT", f"/{found['id']}", again, **{"If-Match": '"1"'})
    assert changed.status_code == 200
    assert changed.headers["etag"] == '"2"'
    assert changed.json()["officer"] == "Ann Ash"
    assert (await ask(ann, "PUT", f"/{found['id']}", again, **{"If-Match": '"1"'})).status_code == 409
    assert (await ask(ann, "PUT", f"/{found['id']}", again)).status_code == 428


@pytest.mark.both_engines
async def test_the_list_goes_on_where_it_ended(ann: Viewer) -> None:
    for n in range(60):
        await register.add(ann, Said({"title": f"Contract {n}"}))
    first = (await ask(ann, "GET", "")).json()
    second = (await ask(ann, "GET", f"?after={first['next']}")).json()
    assert (len(first["contracts"]), len(second["contracts"]), second["next"]) == (50, 10, "")


@pytest.mark.both_engines
async def test_a_contract_is_taken_out_unless_it_changed(ann: Viewer) -> None:
    contract = await register.add(ann, Said({"title": "Grounds", "starts_on": date(2026, 1, 1)}))
    assert (await ask(ann, "DELETE", f"/{contract}", **{"If-Match": '"2"'})).status_code == 409
    assert (await ask(ann, "DELETE", f"/{contract}", **{"If-Match": '"1"'})).status_code == 204
    assert (await ask(ann, "GET", f"/{contract}")).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"title": ""}, 422),
        ({"annual_pence": -1}, 400),
        ({"annual_pence": 12.5}, 400),
        ({"starts_on": "2026-09-31"}, 400),
        ({"notice": [{"n": 0, "unit": "months"}]}, 422),
        ({"notice": [{}]}, 422),
        ({"notice": [{"by": "02-30"}]}, 422),
        ({"roll": {"n": 1, "unit": "terms"}}, 422),
        ({"ends_on": "2024-08-31"}, 422),
        ({"term": {"n": 1, "unit": "years"}}, 422),
        ({"extensions": [{}]}, 422),
        ({"extensions": [{"length": {"n": 1, "unit": "years"}}] * 11}, 400),
        ({"extensions": [{"to_day": "2028-08-01"}]}, 422),
        ({"covers": ["00000000-0000-4000-8000-000000000000"]}, 422),
        ({"officer_person": "00000000-0000-4000-8000-000000000000"}, 422),
        ({"supplier": "00000000-0000-4000-8000-000000000000"}, 404),
        ({"notice_given_on": "2999-01-01"}, 422),
        ({"ceased_on": "2999-01-01"}, 422),
        ({"no_such_field": 1}, 400),
    ],
)
async def test_what_can_not_be_so_is_refused(ann: Viewer, wrong: dict[str, Any], status: int) -> None:
    contract = await register.add(ann, Said({"title": "Grounds"}))
    answer = await ask(ann, "PUT", f"/{contract}", {**SENT, **wrong}, **{"If-Match": '"1"'})
    assert answer.status_code == status, answer.text
    assert (await reading.contract(ann, contract)).version == 1
