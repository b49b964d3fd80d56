"""Formal concern, improvement plan, re-assessment; credits; and ratings that are signed only where the law asks for them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

import database
from base import clock
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from contracts.improvement import assessment, concerns, crediting, duty, improvement
from contracts.improvement.assessment import FIELDS, New, Rated
from contracts.improvement.concerns import Next, Outcome, Raised, Step
from contracts.improvement.crediting import Proposed, State
from contracts.improvement.duty import Rating
from contracts.improvement.tables import Assessment
from tests.given.builders import a_person, a_school, signed_in
from tests.given.served import a_colleague, a_contract, a_fix_time

pytestmark = pytest.mark.usefixtures("db")

RAISED = Raised(date(2026, 2, 2), "Three late calls since January.", "Letter to Bo Birch", date(2026, 2, 16))
OVER_THE_LIMIT: dict[str, Any] = {"law": "act_2023", "form": "contract", "total_pence": 500_000_001, "has_kpis": True}
SIGNED = New(date(2025, 9, 1), date(2026, 3, 29), (), "Ann Archer", "ocds-1", "C-7", "1 High Street", "bo@ashby.example")


@pytest.fixture(autouse=True)
def march() -> Any:
    with clock.at(datetime(2026, 3, 30, 12, tzinfo=UTC)):
        yield


async def concern_of(viewer: Viewer, contract: UUID) -> concerns.ConcernView:
    return (await improvement.of_contract(viewer, contract)).concerns[0]


async def test_a_concern_shows_that_the_supplier_was_told_and_had_its_chance(ann: Viewer) -> None:
    contract = await a_contract(ann)
    concern = await concerns.raise_concern(ann, contract, RAISED)
    await concerns.step(ann, concern, Next(Step.ANSWERED, date(2026, 2, 18)))
    await concerns.step(ann, concern, Next(Step.PLANNED, date(2026, 2, 20), "A second engineer.", date(2026, 3, 20)))
    assert (await concern_of(ann, contract)).look_again_on == date(2026, 3, 20)
    await concerns.step(ann, concern, Next(Step.REASSESSED, date(2026, 3, 23), "No late call since.", outcome=Outcome.PUT_RIGHT))
    found = await concern_of(ann, contract)
    assert found.is_closed
    assert found.chance == (
        "Told on 2 February 2026, and given 14 days to answer.",
        "Answered on 18 February 2026, after the day that was set.",
        "A plan was agreed on 20 February 2026, with 28 days to put it right.",
        "Looked at again on 23 March 2026: put right.",
    )
    with pytest.raises(Invalid, match="closed"):
        await concerns.step(ann, concern, Next(Step.ANSWERED, date(2026, 3, 24)))


async def test_a_concern_that_nobody_answered_says_so(ann: Viewer) -> None:
    contract = await a_contract(ann)
    await concerns.raise_concern(ann, contract, RAISED)
    assert (await concern_of(ann, contract)).chance[1] == "No answer is written down; the day for it was 16 February 2026."


REFUSED: tuple[tuple[Raised, str], ...] = (
    (replace(RAISED, raised_on=None), "raised_on"),
    (replace(RAISED, raised_on=date(2026, 4, 1)), "raised_on"),
    (replace(RAISED, answer_by=date(2026, 2, 1)), "answer_by"),
    (replace(RAISED, answer_by=date(2028, 2, 1)), "answer_by"),
    (replace(RAISED, what=" "), "what"),
    (replace(RAISED, how=""), "how"),
    (replace(RAISED, metric=UUID(int=7)), "metric"),
)


@pytest.mark.parametrize(("wrong", "field"), REFUSED)
async def test_a_concern_that_cant_be_is_refused_by_its_field(ann: Viewer, wrong: Raised, field: str) -> None:
    contract = await a_contract(ann)
    with pytest.raises(Invalid) as refused:
        await concerns.raise_concern(ann, contract, wrong)
    assert field in refused.value.fields


async def test_a_credit_is_proposed_agreed_and_received_each_once(ann: Viewer) -> None:
    contract = await a_contract(ann)
    credit = await crediting.propose(ann, contract, Proposed(12_000, date(2026, 2, 2), "Two late calls, clause 9"))
    await crediting.move(ann, credit, State.AGREED, on_day=date(2026, 2, 9), pence=10_000)
    with pytest.raises(Conflict):
        await crediting.move(ann, credit, State.AGREED, on_day=date(2026, 2, 9))
    with pytest.raises(Invalid):
        await crediting.move(ann, credit, State.RECEIVED, on_day=date(2026, 2, 8))
    await crediting.move(ann, credit, State.RECEIVED, on_day=date(2026, 3, 2))
    (found,) = (await improvement.of_contract(ann, contract)).credits or ()
    assert (found.pence, found.state, list(found.days.values())) == (
        10_000,
        State.RECEIVED,
        [date(2026, 2, 2), date(2026, 2, 9), date(2026, 3, 2)],
    )
    assert found.next_states == ()


async def test_only_the_school_that_has_the_contract_reads_and_writes_of_it(ann: Viewer) -> None:
    contract = await a_contract(ann)
    concern = await concerns.raise_concern(ann, contract, RAISED)
    bo = await a_person(await a_school("Elmfield Primary"))
    with pytest.raises(NotFound):
        await improvement.of_contract(bo, contract)
    with pytest.raises(NotFound):
        await concerns.step(bo, concern, Next(Step.WITHDRAWN, date(2026, 2, 9)))
    governor = await a_colleague(ann, Role.GOVERNOR, "Gil Grey")
    assert len((await improvement.of_contract(governor, contract)).concerns) == 1
    with pytest.raises(Forbidden):
        await concerns.raise_concern(governor, contract, RAISED)


NOT_RATED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"law": "regulations_2015"}, "not bought under the Procurement Act 2023"),
    ({"law": None}, "the law is not written down"),
    ({"form": "framework"}, "It is a framework."),
    ({"form": "concession"}, "It is a concession."),
    ({"form": "light_touch"}, "It is a light-touch contract."),
    ({"form": None}, "The kind of contract is not written down."),
    ({"total_pence": 500_000_000}, "which is not over £5,000,000"),
    ({"total_pence": None}, "What it is worth in all is not written down."),
    ({"has_kpis": None}, "No key performance indicators were set"),
)


@pytest.mark.parametrize(("changed", "sentence"), NOT_RATED)
def test_a_contract_that_the_law_does_not_ask_about_says_why_not(changed: dict[str, Any], sentence: str) -> None:
    values = {**OVER_THE_LIMIT, **changed}
    (reason,) = duty.why_not(values, values["total_pence"], date(2026, 3, 30))
    assert sentence in reason


def test_before_the_act_was_in_force_nothing_is_rated() -> None:
    assert len(duty.why_not(OVER_THE_LIMIT, 10**10, date(2025, 2, 23))) == 1
    assert duty.why_not(OVER_THE_LIMIT, 10**10, date(2025, 2, 24)) == ()


async def test_a_rating_is_signed_by_a_person_and_taken_in_the_order_of_the_regulation(ann: Viewer) -> None:
    contract = await a_contract(ann, **OVER_THE_LIMIT)
    metric = await a_fix_time(ann, contract)
    rated = Rated(metric, Rating.APPROACHING, "8 of 9 in time.")
    with pytest.raises(Invalid, match="who signs"):
        await assessment.sign(ann, contract, replace(SIGNED, rated=(rated,), signed_by=""))
    made = await assessment.sign(ann, contract, replace(SIGNED, rated=(rated,)))
    (row,) = await assessment.export(ann, made)
    assert tuple(row) == FIELDS
    assert (row["rating"], row["indicator"], row["signed_by"]) == ("Approaching target", "Fixed", "Ann Archer")
    async with signed_in(ann) as browser:
        file = (await browser.get(f"/ratings/{made}/rating.csv")).text
        assert file.lstrip("\ufeff").startswith("contracting_authority,procurement_title")
        assert (await browser.get(f"/ratings/{made}/rating.json")).json() == [row]
        assert "Nothing was published" not in (await browser.get(f"/contracts/{contract}/rating")).text


async def test_a_contract_below_the_limit_is_not_signed(ann: Viewer) -> None:
    contract = await a_contract(ann, **{**OVER_THE_LIMIT, "total_pence": 100})
    with pytest.raises(Invalid, match="not over £5,000,000"):
        await assessment.sign(ann, contract, SIGNED)
    async with database.read():
        assert not await Assessment.count()


async def test_what_was_typed_comes_back_with_a_sentence(ann: Viewer) -> None:
    contract = await a_contract(ann)
    async with signed_in(ann) as browser:
        page = await browser.post(f"/contracts/{contract}/concerns", data={"what": "Late again", "how": ""})
        assert "Late again" in page.text
        days = {"raised_on-day": "2", "raised_on-month": "2", "raised_on-year": "2026"}
        done = await browser.post(f"/contracts/{contract}/concerns", data={"what": "Late", "how": "Letter", **days})
        assert done.status_code == 303
        assert "Told on 2 February 2026." in (await browser.get(f"/contracts/{contract}/improvement")).text
