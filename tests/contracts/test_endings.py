"""The end of a contract as people here know it: a letter that they send themselves, its proof, and what follows from notice."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from base import clock
from base.refusals import Conflict, Invalid, NotFound
from base.viewer import Viewer
from contracts.endings import ending
from contracts.endings.ending import Sends
from contracts.fields.said import Said
from contracts.register import reading, register
from tests.given.builders import a_person, a_school, signed_in

pytestmark = pytest.mark.usefixtures("db")

COPIERS: dict[str, Any] = {
    "title": "Photocopiers",
    "supplier_name": "Tallow Print Ltd",
    "reference": "TP/77",
    "starts_on": date(2025, 9, 1),
    "ends_on": date(2026, 8, 31),
    "renewal": "rolls",
    "roll": {"n": 1, "unit": "years"},
    "notice": {"n": 3, "unit": "months"},
    "notice_clause": "14.2",
    "notice_address": "The Secretary, Tallow Print Ltd, 1 Mill Lane",
    "notice_signed_by": "Hal Hart, head",
}
NOON: Any = datetime(2026, 5, 30, 12, tzinfo=UTC)


async def get(viewer: Viewer, path: str) -> httpx.Response:
    async with signed_in(viewer) as browser:
        return await browser.get(path)


async def test_a_letter_of_notice_is_filled_in(ann: Viewer) -> None:
    later = {"starts_on": clock.today(), "ends_on": clock.today() + timedelta(days=300)}
    contract = await register.add(ann, Said({**COPIERS, **later}))
    text = (await get(ann, f"/contracts/{contract}/letter.txt")).text
    for part in ("The Secretary, Tallow Print Ltd", "Oakfield Primary", "clause 14.2", "TP/77", "Hal Hart, head"):
        assert part in text
    assert (await get(ann, f"/contracts/{contract}/letter?signed_by=Bea+Birch")).text.count("Bea Birch") == 2


async def test_a_letter_says_what_is_still_to_be_filled_in(ann: Viewer) -> None:
    contract = await register.add(ann, Said({"title": "Grounds"}))
    text = (await get(ann, f"/contracts/{contract}/letter.txt")).text
    assert "[the supplier's full name, as on the contract]" in text
    assert "[the last day]" in text


async def test_notice_that_was_received_in_time_ends_the_contract(ann: Viewer) -> None:
    contract = await register.add(ann, Said(COPIERS))
    with clock.at(NOON):
        await ending.notice_given(ann, contract, date(2026, 5, 30), version=1)
        found = await reading.contract(ann, contract)
    assert found.words["state"] == "notice_given"
    assert found.words["current_end"] == "2026-08-31"


async def test_that_notice_was_sent_is_kept_with_who_wrote_it_down(ann: Viewer) -> None:
    contract = await register.add(ann, Said(COPIERS))
    with clock.at(NOON):
        await ending.sent(ann, contract, Sends(date(2026, 5, 29), "recorded", date(2026, 8, 31), "", "AB12 3456 7GB"))
    (sent,) = await ending.sendings(ann, contract)
    assert (sent.sent_on, sent.how, sent.note, sent.by) == (date(2026, 5, 29), "recorded", "AB12 3456 7GB", ann.name)


async def test_a_contract_that_a_person_says_has_ended_is_ended(ann: Viewer) -> None:
    contract = await register.add(ann, Said(COPIERS))
    with clock.at(NOON):
        await ending.ceased(ann, contract, date(2026, 5, 29), version=1)
        found = await reading.contract(ann, contract)
    assert found.outlook is not None
    assert (found.outlook.state, found.outlook.current_end) == ("ended", date(2026, 5, 29))
    assert found.said.questions == ()


async def test_what_can_not_be_so_is_refused_and_a_stale_version_too(ann: Viewer) -> None:
    contract = await register.add(ann, Said(COPIERS))
    with clock.at(NOON):
        for verb in (ending.notice_given, ending.ceased):
            with pytest.raises(Invalid):
                await verb(ann, contract, date(2026, 5, 31), version=1)
            with pytest.raises(Conflict):
                await verb(ann, contract, date(2026, 5, 29), version=2)
        with pytest.raises(Invalid) as refusal:
            await ending.notice_given(ann, contract, date(2025, 8, 31), version=1)
        assert "before the contract started" in refusal.value.fields["notice_given_on"]
        for wrong in (
            {"sent_on": date(2026, 5, 31)},
            {"sent_on": None},
            {"how": "pigeon"},
            {"sent_to": "x" * 201},
            {"note": "x" * 10_001},
        ):
            told: dict[str, Any] = {"sent_on": date(2026, 5, 1), "how": "post", "to_end_on": None, "sent_to": "", "note": ""}
            with pytest.raises(Invalid) as refusal:
                await ending.sent(ann, contract, Sends(**{**told, **wrong}))
            assert list(refusal.value.fields) == list(wrong)


async def test_another_school_reads_and_writes_none_of_it(ann: Viewer) -> None:
    contract = await register.add(ann, Said(COPIERS))
    bob = await a_person(await a_school("Elmwood School"), name="Bob Brown")
    with pytest.raises(NotFound):
        await ending.notice_given(bob, contract, date(2026, 1, 1), version=1)
    assert await ending.sendings(bob, contract) == ()
    for path in ("letter", "letter.txt", "sent", "notice-given", "ended", "take-out", "edit/people", "questions/notice", ""):
        assert (await get(bob, f"/contracts/{contract}/{path}".rstrip("/"))).status_code == 404
