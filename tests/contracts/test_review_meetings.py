"""A review meeting is written down, corrected, and its actions come back until somebody says that they are done."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from base import clock
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from contracts.judging.kinds import Side
from contracts.review import meetings
from contracts.review.meetings import Minutes, ToDo
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import filled_in
from tests.given.reviewed import Reviewed, a_reviewed_contract
from tests.given.served import a_colleague, a_contract

pytestmark = pytest.mark.usefixtures("db")

HELD = date(2026, 3, 12)
ACTION = ToDo("Send the rota", "Bo Brook", Side.SUPPLIER, date(2026, 4, 1))


@pytest.fixture
async def boilers(ann: Viewer) -> UUID:
    return await a_contract(ann)


def minutes(**more: Any) -> Minutes:
    return Minutes(**{"held_on": HELD, "ours": "Ann Archer", "theirs": "Bo Brook", "actions": (ACTION,), **more})


async def test_actions_come_back_until_they_are_done(ann: Viewer, boilers: UUID) -> None:
    meeting = await meetings.hold(ann, boilers, minutes(words={"went_well": "Quick."}))
    _, found = await meetings.of_contract(ann, boilers)
    (action,) = found.open_actions
    assert (action.what, action.is_overdue(date(2026, 4, 1)), action.is_overdue(date(2026, 4, 2))) == (ACTION.what, False, True)
    await meetings.settle(ann, action.id, date(2026, 4, 2), "By e-mail.")
    _, found = await meetings.of_contract(ann, boilers)
    assert found.open_actions == ()
    assert found.of_meeting(meeting)[0].done_on == date(2026, 4, 2)
    with pytest.raises(Conflict):
        await meetings.settle(ann, action.id, date(2026, 4, 3))


async def test_a_correction_stands_in_the_place_of_the_record(ann: Viewer, boilers: UUID) -> None:
    meeting = await meetings.hold(ann, boilers, minutes())
    _, there, _ = await meetings.of_meeting(ann, meeting)
    await meetings.correct(ann, meeting, minutes(ours="Ann Archer, Hal Hart"), row=there.row, reason="Hal was there too.")
    _, now, found = await meetings.of_meeting(ann, meeting)
    assert (now.ours, now.is_corrected, len(found.meetings), len(found.actions)) == ("Ann Archer, Hal Hart", True, 1, 1)
    with pytest.raises(Conflict):
        await meetings.correct(ann, meeting, minutes(), row=there.row, reason="Again.")


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("held_on", {"held_on": None}),
        ("held_on", {"held_on": clock.today() + timedelta(days=1)}),
        ("ours", {"ours": " "}),
        ("theirs", {"theirs": ""}),
        ("next_on", {"next_on": HELD}),
        ("next_on", {"next_on": clock.today() + timedelta(days=3_000)}),
        ("what_1", {"actions": (ToDo("", "Bo", Side.SUPPLIER, HELD),)}),
        ("owner_1", {"actions": (ToDo("Rota", "", Side.SUPPLIER, HELD),)}),
        ("due_1", {"actions": (ToDo("Rota", "Bo", Side.SUPPLIER, None),)}),
        ("due_1", {"actions": (ToDo("Rota", "Bo", Side.SUPPLIER, HELD - timedelta(days=1)),)}),
        ("actions", {"actions": (ACTION,) * 21}),
        ("went_well", {"words": {"went_well": "x" * 4_001}}),
    ],
)
async def test_what_makes_no_sense_is_refused_by_its_field(ann: Viewer, boilers: UUID, field: str, more: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        await meetings.hold(ann, boilers, minutes(**more))
    assert field in refused.value.fields


async def test_reviews_are_the_schools_that_has_the_contract(ann: Viewer, boilers: UUID) -> None:
    meeting = await meetings.hold(ann, boilers, minutes())
    governor = await a_colleague(ann, Role.GOVERNOR, "Gus Green")
    assert (await meetings.of_meeting(governor, meeting))[1].ours == "Ann Archer"
    with pytest.raises(Forbidden):
        await meetings.hold(governor, boilers, minutes())
    with pytest.raises(Forbidden):
        await meetings.of_meeting(await a_colleague(ann, Role.SITE_STAFF, "Sam Stone"), meeting)
    stranger = await a_person(await a_school("Elm Primary"))
    with pytest.raises(NotFound):
        await meetings.of_meeting(stranger, meeting)
    with pytest.raises(NotFound):
        await meetings.hold(stranger, boilers, minutes())


async def test_a_meeting_is_written_down_in_a_browser_and_nothing_typed_is_lost(ann: Viewer, boilers: UUID) -> None:
    async with signed_in(ann) as browser:
        form = filled_in((await browser.get(f"/contracts/{boilers}/reviews/new")).text)
        typed = {
            **form,
            "ours": "Ann Archer",
            "theirs": "",
            "went_well": "Very tidy.",
            "what_1": "Send the rota",
            "owner_1": "Bo",
        }
        due = {"due_1-day": "1", "due_1-month": "6", "due_1-year": str(clock.today().year + 1), "side_1": "supplier"}
        refused = await browser.post(f"/contracts/{boilers}/reviews/new", data={**typed, **due})
        assert refused.status_code == 422
        assert "Very tidy." in refused.text
        assert "Enter who was there for the supplier." in refused.text
        answer = await browser.post(f"/contracts/{boilers}/reviews/new", data={**typed, **due, "theirs": "Bo Brook"})
        assert answer.status_code == 303
        meeting = answer.headers["location"]
        assert "Very tidy." in (await browser.get(meeting)).text
        form = filled_in((await browser.get(f"{meeting}/correct")).text)
        again = await browser.post(f"{meeting}/correct", data={**form, "went_well": "Tidy.", "reason": "Too kind."})
        assert again.status_code == 303
        assert "Tidy." in (await browser.get(meeting)).text
        profile = (await browser.get(f"/contracts/{boilers}")).text
        assert "Send the rota" in profile
        assert "Make the review pack" in profile


@pytest.fixture
async def reviewed(db: object) -> Reviewed:
    return await a_reviewed_contract(await a_person(await a_school("Oakfield Primary")))


async def test_each_button_sends_its_file(reviewed: Reviewed) -> None:
    async with signed_in(reviewed.ann) as browser:
        form = filled_in((await browser.get(f"/contracts/{reviewed.contract}/reviews")).text)
        days = {"first-day": "5", "first-month": "1", "first-year": "2026"}
        for made_as, begins in (("zip", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("json", b"{")):
            sent = {**form, **days, "edition": "meeting", "format": made_as}
            answer = await browser.post(f"/contracts/{reviewed.contract}/pack", data=sent)
            assert answer.status_code == 200, answer.text
            assert answer.content.startswith(begins)
            assert f"boilers-review-meeting.{made_as}" in answer.headers["content-disposition"]
        wrong = await browser.post(f"/contracts/{reviewed.contract}/pack", data={**form, **days, "edition": "everybody"})
        assert wrong.status_code == 422
        assert "Choose for whom the pack is." in wrong.text


async def test_a_program_takes_a_pack(reviewed: Reviewed) -> None:
    async with signed_in(reviewed.ann) as browser:
        asked = {"edition": "governors", "first": "2026-01-05", "last": "2026-03-27"}
        answer = await browser.post(f"/api/v1/contracts/{reviewed.contract}/pack", json=asked)
        assert answer.status_code == 200, answer.text
        assert answer.content.startswith(b"PK")
