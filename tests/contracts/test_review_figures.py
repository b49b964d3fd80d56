"""A review pack says what fell short and which credits are due; and a supplier reads no name in either."""

import io
import json
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import pytest

from base import clock
from base.viewer import Role, Viewer
from contracts.judging.kinds import StampKind
from contracts.promises import metrics
from contracts.promises.kinds import EventKind, MetricKind, Period
from contracts.promises.metric import Promise
from contracts.review import pack
from contracts.review.pack import PackFormat, PackOrder
from contracts.review.report import Edition
from contracts.service_events import logging_one
from contracts.service_events.logging_one import Logged
from tests.given.served import FROM, a_calendar_of_september, a_colleague, a_contract, a_fix_time, a_job, moment, stamped
from vouch.wiring import SOURCES

pytestmark = pytest.mark.usefixtures("db")

NOW: Final = datetime(2026, 3, 20, 12, tzinfo=UTC)
NAMED: Final = "Hilda Farthingale"


@pytest.fixture
async def ann(ann: Viewer) -> Viewer:
    await a_calendar_of_september(ann)
    return ann


async def read(ann: Viewer, contract: UUID, edition: Edition = Edition.MEETING) -> dict[str, Any]:
    file, order = io.BytesIO(), PackOrder(contract, edition, date(2026, 1, 1), date(2026, 1, 31), PackFormat.JSON)
    with clock.at(NOW):
        await pack.make(ann, order, to=file, sources=SOURCES)
    found: dict[str, Any] = json.loads(file.getvalue())
    return found


def rows(found: dict[str, Any], name: str) -> list[list[Any]]:
    return next((part["rows"] for part in found["sections"] if part["name"] == name), [])


async def test_what_fell_short_is_said_in_what_it_was_counted_in(ann: Viewer) -> None:
    contract = await a_contract(ann)
    up = Promise(MetricKind.AVAILABILITY, "Internet works", {"target": 99}, FROM, Period.MONTH)
    metric = await metrics.add(ann, contract, up)
    for what, begins, ends in (
        ("watched", "2026-01-01 00:00", "2026-02-01T00:00Z"),
        ("down", "2026-01-20 09:00", "2026-01-20T14:00Z"),
    ):
        said = {"what": what, "to": ends.replace("Z", ":00+00:00")}
        await logging_one.log(
            ann, contract, Logged(EventKind.OUTAGE, what="It", metric=metric, happened_at=moment(begins), said=said)
        )
    sentence = (await read(ann, contract))["sentence"]
    assert "“Internet works” fell short: 97.2 per cent of 10,800 minutes, where 99 per cent was promised" in sentence


async def test_a_credit_says_what_is_due_and_what_was_received(ann: Viewer) -> None:
    contract = await a_contract(ann)
    fixed = await a_fix_time(ann, contract, period=Period.MONTH)
    job = await a_job(ann, contract)
    await stamped(ann, job, StampKind.FIXED, "2026-01-23 09:00")
    terms = {"measure": "credits", "of": str(fixed), "per_breach_pence": 15_000}
    metric = await metrics.add(ann, contract, Promise(MetricKind.MONEY, "Credits", terms, FROM, Period.MONTH))
    assert ["Credits", "January 2026", "£150 due, £0 received"] in rows(await read(ann, contract), "credits")
    paid = Logged(EventKind.MONEY, metric=metric, what="Credit note", on_day=date(2026, 1, 30), said={"pence": 5_000})
    await logging_one.log(ann, contract, paid)
    assert ["Credits", "January 2026", "£150 due, £50 received"] in rows(await read(ann, contract), "credits")


async def test_a_colleague_who_is_named_in_a_title_or_a_promise_is_not_named_to_the_supplier(ann: Viewer) -> None:
    await a_colleague(ann, Role.HEAD, NAMED)
    contract = await a_contract(ann, f"Boilers, ask {NAMED}")
    await a_fix_time(ann, contract, name=f"Fixed, says {NAMED}", clause=f"4.2 by {NAMED}", period=Period.MONTH)
    await stamped(ann, await a_job(ann, contract), StampKind.FIXED, "2026-01-23 09:00")
    assert NAMED not in json.dumps(await read(ann, contract))
    assert NAMED in json.dumps(await read(ann, contract, Edition.FILE))
