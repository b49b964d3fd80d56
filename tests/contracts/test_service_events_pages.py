"""In the browser: logged in under a minute, one tap for each step, and then at once what the clock says and why."""

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from base import clock
from base.viewer import Role, Viewer
from contracts.judging.kinds import PauseReason, StampKind
from contracts.promises import stored_metrics
from contracts.promises.metric import Rules
from contracts.service_events import reading
from tests.given.builders import signed_in
from tests.given.page_text import filled_in
from tests.given.served import a_calendar, a_colleague, a_contract, a_fix_time, a_job, stamped

pytestmark = pytest.mark.usefixtures("db")

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def march() -> Any:
    with clock.at(NOW):
        yield


@pytest.fixture
async def boilers(ann: Viewer) -> UUID:
    await a_calendar(ann)
    contract = await a_contract(ann)
    await a_fix_time(ann, contract)
    return contract


def problems(answer: httpx.Response) -> list[str]:
    """The sentences of an error summary."""
    return re.findall(r'<div class="govuk-error-summary__body">.*?</div>', answer.text, flags=re.DOTALL)


async def test_a_call_is_logged_with_three_answers_and_fixed_with_one_tap(ann: Viewer, boilers: UUID) -> None:
    async with signed_in(ann) as browser:
        page = await browser.get(f"/contracts/{boilers}/log")
        form = filled_in(page.text)
        assert form["told_how"] == "telephone"
        assert form["happened_time"] == form["told_time"] == "12:00"
        answer = await browser.post(f"/contracts/{boilers}/log", data={**form, "what": "No heating", "priority": "P1"})
        assert answer.status_code == 303
        where = answer.headers["location"]
        shown = await browser.get(where)
        assert "To be fixed by Tue 3 March 2026 16:00; 0 min of service time so far (clause 4.2)." in shown.text
    with clock.at(datetime(2026, 3, 3, 16, 30, tzinfo=UTC)):
        async with signed_in(ann) as browser:
            assert (await browser.post(f"{where}/stamp", data={"kind": "fixed"})).status_code == 303
            shown = await browser.get(where)
        assert "Missed by 30 min: due Tue 3 March 2026 16:00, fixed 16:30 (clause 4.2)." in shown.text
        assert "Which time counted" in shown.text
        assert "Tue 3 March 2026 12:00 to 16:30: 4 h 30 min" in shown.text


async def test_half_term_is_named_when_it_did_not_count(ann: Viewer, boilers: UUID) -> None:
    job = await a_job(ann, boilers, "2026-02-13 15:00")
    await stamped(ann, job, StampKind.FIXED, "2026-02-23 10:30")
    (verdict,) = (await reading.event(ann, job)).event.verdicts
    assert verdict.sentence == (
        "Missed by 30 min: due Mon 23 February 2026 10:00, fixed 10:30 (clause 4.2). The weekend didn't count."
        " Half-term didn't count."
    )
    assert verdict.explanation is not None
    assert verdict.explanation.minutes == 270
    assert "written down" in " ".join((await reading.event(ann, job)).event.flags)


async def test_met_after_the_due_time_is_never_shown_bare(ann: Viewer, boilers: UUID) -> None:
    job = await a_job(ann, boilers, "2026-01-23 13:00")
    await stamped(ann, job, StampKind.FIXED, "2026-01-25 11:00")
    (verdict,) = (await reading.event(ann, job)).event.verdicts
    assert verdict.word == "met"
    assert verdict.sentence.startswith(
        "Met, though after the due time, because no service time lay in between: due Fri 23 January"
    )


async def test_the_clock_starts_when_they_are_told_and_their_number_is_shown(ann: Viewer) -> None:
    contract = await a_contract(ann)
    await a_fix_time(ann, contract, rules=Rules(told_by=("telephone",)))
    await a_calendar(ann)
    job = await a_job(ann, contract, told_at=None, told_how=None)
    async with signed_in(ann) as browser:
        shown = await browser.get(f"/service-events/{job}")
    assert "Not reported yet: the clock has not started" in shown.text


async def test_waiting_for_us_stands_still_and_waiting_for_parts_does_not(ann: Viewer, boilers: UUID) -> None:
    for reason, due in ((PauseReason.US, "Tue 20 January 2026 14:30"), (PauseReason.PARTS, "Tue 20 January 2026 13:30")):
        job = await a_job(ann, boilers)
        await stamped(ann, job, StampKind.WAITING, "2026-01-20 10:00", reason=reason)
        await stamped(ann, job, StampKind.RESUMED, "2026-01-20 11:00")
        await stamped(ann, job, StampKind.FIXED, "2026-01-20 14:00")
        (verdict,) = (await reading.event(ann, job)).event.verdicts
        assert due in verdict.sentence


async def test_after_the_cut_off_it_counts_from_the_next_day(ann: Viewer) -> None:
    await a_calendar(ann)
    contract = await a_contract(ann)
    await a_fix_time(ann, contract, rules=Rules(cut_off="15:00"))
    for at, due in (("2026-01-20 15:00", "Wed 21 January 2026 10:00"), ("2026-01-20 15:01", "Wed 21 January 2026 12:00")):
        job = await a_job(ann, contract, at)
        assert f"To be fixed by {due}" in (await reading.event(ann, job)).event.verdicts[0].sentence or due in (
            (await reading.event(ann, job)).event.verdicts[0].sentence
        )


@pytest.mark.both_engines
async def test_a_time_that_came_twice_asks_which_and_keeps_what_was_typed(ann: Viewer, boilers: UUID) -> None:
    async with signed_in(ann) as browser:
        form = filled_in((await browser.get(f"/contracts/{boilers}/log")).text)
        twice = {"happened-day": "26", "happened-month": "10", "happened-year": "2025", "happened_time": "01:30"}
        sent = {**form, "what": "Alarm rings", "priority": "P1", **twice}
        asked = await browser.post(f"/contracts/{boilers}/log", data=sent)
        assert asked.status_code == 422
        assert "came twice" in asked.text
        assert 'value="Alarm rings"' in asked.text
        answer = await browser.post(f"/contracts/{boilers}/log", data={**sent, "happened_which": "second"})
        assert answer.status_code == 303
        skipped = {**sent, "happened-day": "30", "happened-month": "3"}
        refused = await browser.post(f"/contracts/{boilers}/log", data=skipped)
        assert refused.status_code == 422
        assert "did not happen" in refused.text


async def test_a_job_is_corrected_and_its_history_shown(ann: Viewer, boilers: UUID) -> None:
    job = await a_job(ann, boilers)
    async with signed_in(ann) as browser:
        form = filled_in((await browser.get(f"/service-events/{job}/correct")).text)
        assert form["happened_time"] == "09:30"
        answer = await browser.post(f"/service-events/{job}/correct", data={**form, "happened_time": "08:30", "reason": ""})
        assert answer.status_code == 422
        sent = {**form, "happened_time": "08:30", "reason": "Rang earlier."}
        assert (await browser.post(f"/service-events/{job}/correct", data=sent)).status_code == 303
        shown = await browser.get(f"/service-events/{job}")
    assert "corrected" in shown.text
    assert "Rang earlier." in shown.text


@pytest.mark.parametrize("kind", ["time_to_event", "availability", "sample_ratio", "quantity", "schedule", "document", "money",
                                  "survey", "milestone"])  # fmt: skip
async def test_each_kind_of_promise_has_a_page_and_an_event_that_can_be_logged_and_corrected(ann: Viewer, kind: str) -> None:
    contract = await a_contract(ann, starts_on=date(2025, 9, 1))
    await a_calendar(ann)
    more = {
        "time_P1": "4 hours", "stage": "fixed", "per_open_day": "8", "unit": "hours", "window_days": "2", "planned": "3 3 2026",
        "kinds": "insurance\nDBS letter", "measure": "at_most", "pounds": "1,200.50", "at_least": "4", "grace_days": "3",
        "anchors": "first day = 5 1 2026", "name": f"A {kind}", "period": "term", "target": "95", "mostly": "90.5",
    }  # fmt: skip
    what = {
        "what": "It", "priority": "P1", "outage": "down", "passed": "yes", "qty": "7.5", "kind": "insurance", "from-day": "1",
        "from-month": "1", "from-year": "2026", "pounds": "90", "score": "4", "anchor": "first day", "offset": "-2",
        "unit": "days",
    }  # fmt: skip
    async with signed_in(ann) as browser:
        form = filled_in((await browser.get(f"/contracts/{contract}/promises/new?kind={kind}")).text)
        asked = {name: value for name, value in more.items() if name in form or name in ("stage", "period", "planned", "kinds",
                 "measure", "anchors", "cap")}  # fmt: skip
        added = await browser.post(f"/contracts/{contract}/promises/new", data={**form, **asked})
        assert added.status_code == 303, problems(added)
        _, there = await stored_metrics.metric_versions(ann, contract)
        (metric,) = there.versions
        assert (await browser.get(f"/promises/{metric.metric}")).status_code == 200
        where = f"/contracts/{contract}/log" + ("" if kind == "time_to_event" else f"?metric={metric.metric}")
        form = filled_in((await browser.get(where)).text)
        then = {"happened-day": "2", "happened-month": "3", "happened-year": "2026"} if "told_how" not in form else {}
        logged = await browser.post(f"/contracts/{contract}/log", data={**form, **what, **then})
        assert logged.status_code == 303, problems(logged)
        page = logged.headers["location"]
        assert (await browser.get(page)).status_code == 200
        form = filled_in((await browser.get(f"{page}/correct")).text)
        sent = {"kind": "insurance", "anchor": "first day", "unit": "days", **form, "what": "Better", "reason": "A slip."}
        corrected = await browser.post(f"{page}/correct", data=sent)
        assert corrected.status_code == 303, problems(corrected)
        assert "Better" in (await browser.get(page)).text
    answer = await reading.attained(ann, contract, metric.metric, date(2026, 1, 1), date(2026, 3, 27))
    assert "error" not in answer, answer


async def test_what_was_said_and_agreed_is_shown_beside_the_verdict(ann: Viewer, boilers: UUID) -> None:
    job = await a_job(ann, boilers)
    await stamped(ann, job, StampKind.FIXED, "2026-01-21 14:00")
    async with signed_in(ann) as browser:
        form = filled_in((await browser.get(f"/service-events/{job}/discussed")).text)
        sent = {**form, "state": "disputed", "theirs": "The gate was locked."}
        assert (await browser.post(f"/service-events/{job}/discussed", data=sent)).status_code == 303
        form = filled_in((await browser.get(f"/service-events/{job}/agreed")).text)
        sent = {**form, "outcome": "left_out", "reason": "Our gate.", "theirs": "Bo Brook", "clause": "9.1"}
        assert (await browser.post(f"/service-events/{job}/agreed", data=sent)).status_code == 303
        shown = (await browser.get(f"/service-events/{job}")).text
        listed = (await browser.get(f"/contracts/{boilers}/events")).text
        table = (await browser.get(f"/contracts/{boilers}/events.csv")).text
    for text in (shown, listed, table):
        assert "Missed by" in text
        assert "left out" in text.lower()
        assert "approved by the person who logged it" in text
    assert "The gate was locked." in shown


@pytest.mark.both_engines
async def test_site_staff_open_what_they_need_and_no_more(ann: Viewer, boilers: UUID) -> None:
    sam = await a_colleague(ann, Role.SITE_STAFF)
    async with signed_in(sam) as browser:
        assert "Boilers" in (await browser.get("/log")).text
        form = filled_in((await browser.get(f"/contracts/{boilers}/log")).text)
        answer = await browser.post(f"/contracts/{boilers}/log", data={**form, "what": "Gate stuck", "priority": "P2"})
        assert answer.status_code == 303
        assert "Gate stuck" in (await browser.get("/log")).text
        assert (await browser.get(f"/contracts/{boilers}/promises")).status_code == 200
        for path in (f"/contracts/{boilers}/events.csv", f"/contracts/{boilers}/job-list", f"/contracts/{boilers}/promises/new"):
            assert (await browser.get(path)).status_code == 403


async def api(browser: httpx.AsyncClient, contract: UUID, **event: Any) -> httpx.Response:
    return await browser.post(f"/api/v1/contracts/{contract}/events", json=event, headers={"Accept": "application/json"})


@pytest.mark.both_engines
async def test_programs_log_and_read_page_by_page(ann: Viewer, boilers: UUID) -> None:
    async with signed_in(ann) as browser:
        for hour in range(8, 8 + 26):
            at = f"2026-01-{12 + hour // 17:02}T{hour % 17:02}:05:00Z"
            told = {"told_at": at, "told_how": "telephone", "priority": "P1"}
            answer = await api(browser, boilers, what="No heating", happened_at=at, **told)
            assert answer.status_code == 201, answer.text
        first = (await browser.get(f"/api/v1/contracts/{boilers}/events")).json()
        rest = (await browser.get(f"/api/v1/contracts/{boilers}/events?cursor={first['next_cursor']}")).json()
        assert (len(first["events"]), len(rest["events"]), rest["next_cursor"]) == (25, 1, None)
        assert first["events"][0]["verdicts"][0]["verdict"] == "overdue"
        without = await api(browser, boilers, what="No heating", happened_at="2026-01-20T10:00:00", priority="P1")
        assert without.status_code in (400, 422)
