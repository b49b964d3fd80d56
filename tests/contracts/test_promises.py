"""What a contract promises: added from a set, changed from a day on and ended, and what was before is judged as it was."""

import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from base import clock
from base.refusals import Conflict
from base.viewer import Viewer
from contracts.promises import metrics, starter_sets, stored_metrics
from contracts.promises.metric import Promise
from suppliers.record import taxonomy
from tests.given.builders import signed_in
from tests.given.page_text import filled_in
from tests.given.served import FROM, a_contract

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize("name", [name for name, _, _ in starter_sets.titles()])
async def test_every_starter_set_has_four_promises_or_more_that_can_be_added_once(ann: Viewer, name: str) -> None:
    contract = await a_contract(ann)
    added = await metrics.add_starter_set(ann, contract, name, FROM)
    assert added >= 4
    assert await metrics.add_starter_set(ann, contract, name, FROM) == 0


async def test_the_set_for_what_the_contract_buys_is_chosen_already_and_none_where_none_is_for_it(ann: Viewer) -> None:
    chosen = {"lifts": "checks", "catering": "catering", "books": "", None: ""}
    async with signed_in(ann) as browser:
        for category, name in chosen.items():
            contract = await a_contract(ann, category=category)
            page = (await browser.get(f"/contracts/{contract}/promises")).text
            assert f'<option value="{name}" selected' in page or not name, category
            assert page.count(" selected") == (1 if name else 0), category
        none = await browser.post(f"/contracts/{contract}/promises/set", data={"set": ""})
    assert (none.status_code, "Choose one of the sets." in none.text) == (422, True)


@pytest.mark.pure
def test_each_category_has_one_set_at_most_and_is_one_of_ours() -> None:
    meant = [category for one in json.loads(starter_sets.FILE.read_text("utf-8")) for category in one["for"]]
    assert len(meant) == len(set(meant))
    assert set(meant) <= taxonomy.by_slug().keys()


async def test_a_changed_promise_holds_from_its_day_and_not_before(ann: Viewer, boilers: UUID) -> None:
    _, there = await stored_metrics.metric_versions(ann, boilers)
    (fix,) = there.versions
    tighter = Promise(fix.kind, fix.name, {**fix.terms, "targets": {"P1": {"minutes": 60}}}, date(2026, 1, 1), clause="4.3")
    await metrics.change(ann, fix.metric, tighter, version=fix.version)
    _, there = await stored_metrics.metric_versions(ann, boilers)
    assert there.on(date(2025, 12, 31))[0].clause == "4.2"
    assert there.on(date(2026, 1, 1))[0].clause == "4.3"
    with pytest.raises(Conflict):
        await metrics.change(ann, fix.metric, tighter, version=fix.version)
    await metrics.end(ann, fix.metric, date(2026, 3, 31))
    _, there = await stored_metrics.metric_versions(ann, boilers)
    assert there.on(date(2026, 4, 1)) == ()


async def test_promises_are_added_from_a_set_and_changed_from_a_day(ann: Viewer) -> None:
    with clock.at(datetime(2026, 3, 3, 12, tzinfo=UTC)):
        contract = await a_contract(ann)
        async with signed_in(ann) as browser:
            page = await browser.get(f"/contracts/{contract}/promises")
            sent = {**filled_in(page.text), "set": "ict"}
            assert (await browser.post(f"/contracts/{contract}/promises/set", data=sent)).status_code == 303
            _, there = await stored_metrics.metric_versions(ann, contract)
            fixed = next(one for one in there.versions if one.name == "Fixed")
            form = filled_in((await browser.get(f"/promises/{fixed.metric}")).text)
            later = {"from-day": "1", "from-month": "4", "from-year": "2026", "stage": "fixed", "period": "term"}
            wrong = await browser.post(f"/promises/{fixed.metric}", data={**form, **later, "time_P1": "soon"})
            assert wrong.status_code == 422
            assert "Enter a time such as 30 minutes" in wrong.text
            bound = await browser.post(f"/promises/{fixed.metric}", data={**form, **later, "target": "80", "mostly": "90"})
            assert "The lower bound lies above the target." in bound.text
            changed = await browser.post(f"/promises/{fixed.metric}", data={**form, **later, "time_P1": "2 hours"})
            assert changed.status_code == 303, changed.text
        _, there = await stored_metrics.metric_versions(ann, contract)
        latest = there.one_on(fixed.metric, date(2026, 4, 1))
        assert latest is not None
        assert latest.targets["P1"] == {"minutes": 120}
        before = there.one_on(fixed.metric, date(2026, 3, 31))
        assert before is not None
        assert before.targets["P1"] == {"minutes": 240}
