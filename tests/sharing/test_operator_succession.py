"""A new head for a school that lost its people: told to everybody there, stopped by anybody, in force after five school days."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

import database
from base import clock, weekdays
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from sharing.auditors import auditors
from sharing.joining import joining
from sharing.operator import break_glass, succession, succession_list
from sharing.operator.succession import Wanted
from sharing.operator.succession_list import Ground, Start
from sharing.people import heads, people
from sharing.sign_in import sessions, sign_in
from sharing.sign_in.one_time_links import DeadLink
from sharing.tables import LastSchool, Membership, School
from tests.given.builders import (
    PASSWORD,
    a_person,
    a_school,
    email_of,
    events_of,
    link_in,
    signed_in,
    stranger,
    token_in,
)

NEW = "nora@elm.example"
SILENT = Wanted(NEW, Ground.SILENCE)
ASKED = Wanted(NEW, Ground.ASKED, "head@elm.example", "Its website, Contact us, today")
WHY = "She is not our head."


async def last_signed_in(viewer: Viewer, days: int) -> None:
    """So many days ago, and not since."""
    async with database.write():
        day = clock.today() - timedelta(days=days)
        await LastSchool.delete().where(LastSchool.person == viewer.person)
        await LastSchool(person=viewer.person, school=viewer.school, signed_in_on=day).save()


async def started(olive: Viewer, school: School, wanted: Wanted = ASKED) -> tuple[Start, str]:
    """The new head on the way, and the token of her link."""
    made = await succession.start(olive, school.id, wanted, posted=True)
    return (await succession_list.started(olive))[0], token_in(made.address)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("after", "ends"),
    [(date(2026, 11, 25), date(2026, 12, 3)), (date(2026, 11, 27), date(2026, 12, 5)), (date(2026, 11, 28), date(2026, 12, 5))],
    ids=["a Wednesday", "a Friday", "a Saturday"],
)
def test_five_school_days_are_the_five_weekdays_that_follow_and_end_at_midnight_in_london(after: date, ends: date) -> None:
    assert weekdays.end_of(5, after) == datetime(ends.year, ends.month, ends.day, tzinfo=clock.LONDON)
    assert weekdays.end_of(5, date(2026, 7, 1)) == datetime(2026, 7, 8, 23, tzinfo=UTC)


async def test_silence_is_thirty_days_without_anybody_who_writes(olive: Viewer, elm: School, eve: Viewer) -> None:
    ann, gus = await a_person(elm), await a_person(elm, Role.GOVERNOR, "Gus Gray")
    await last_signed_in(gus, 90)
    for heads_days, anns_days, is_silent in ((31, 29, False), (29, 31, False), (30, 30, True)):
        await last_signed_in(eve, heads_days)
        await last_signed_in(ann, anns_days)
        if not is_silent:
            with pytest.raises(Forbidden, match="published address"):
                await succession.start(olive, elm.id, SILENT, posted=True)
    start, _ = await started(olive, elm, SILENT)
    assert start.ground is Ground.SILENCE


async def test_signing_in_or_switching_breaks_the_silence(olive: Viewer, elm: School, eve: Viewer) -> None:
    await last_signed_in(eve, 31)
    await sign_in.sign_in(await email_of(eve), PASSWORD, from_address="192.0.2.1")
    with pytest.raises(Forbidden):
        await succession.start(olive, elm.id, SILENT, posted=True)


async def test_a_school_where_nobody_writes_is_invited_in_the_usual_way(olive: Viewer, elm: School) -> None:
    for wanted, wrong in ((ASKED, Conflict), (SILENT, Forbidden)):
        with pytest.raises(wrong):
            await succession.start(olive, elm.id, wanted, posted=True)


async def test_only_the_operator_starts_it(elm: School, eve: Viewer) -> None:
    dee = await a_person(await a_school("Dale Primary"), Role.HEAD, "Dee Dale")
    for by in (eve, dee):
        with pytest.raises((NotFound, Forbidden)):
            await succession.start(by, elm.id, ASKED, posted=True)
        async with signed_in(by) as browser:
            for path in ("/people/new-heads", f"/people/new-heads/new?school={elm.id}", f"/people/break-glass?school={elm.id}"):
                assert (await browser.get(path)).status_code == 404


async def test_everybody_of_the_school_is_written_to(olive: Viewer, elm: School, eve: Viewer) -> None:
    there = [eve, await a_person(elm), await a_person(elm, Role.GOVERNOR, "Gus Gray")]
    letters = await succession.letters_about(olive, elm.id, ASKED)
    assert {letter.email for letter in letters} == {await email_of(viewer) for viewer in there}
    for told in (NEW, ASKED.address, ASKED.seen, "5 school days"):
        assert all(told in letter.text for letter in letters)
    with pytest.raises(Invalid, match="post them"):
        await succession.start(olive, elm.id, ASKED)
    for missing in (Wanted(NEW, Ground.ASKED), Wanted(NEW, Ground.ASKED, "head@elm.example"), Wanted("", Ground.SILENCE)):
        with pytest.raises(Invalid):
            await succession.start(olive, elm.id, missing, posted=True)


async def test_the_new_head_gets_in_after_five_school_days_and_not_before(olive: Viewer, elm: School, eve: Viewer) -> None:
    start, token = await started(olive, elm)
    async with stranger() as browser:
        waits = await browser.post(f"/join/{token}", data={"name": "Nora New", "password": PASSWORD})
        assert "You can sign in from" in waits.text
        refused = await browser.post("/sign-in", data={"email": NEW, "password": PASSWORD})
        assert refused.status_code == 403
        assert "if nobody there objects" in refused.text
    nora = await _nora(olive)
    held = await sessions.start(nora, elm.id)
    assert await sessions.viewer_of(held) is None
    assert [colleague.name for colleague in await people.colleagues(eve)] == ["Eve Elm"]
    with pytest.raises(Conflict, match="on the way"):
        await succession.start(olive, elm.id, Wanted("b@b.example", Ground.ASKED, "a", "b"), posted=True)
    with clock.at(start.in_force_at - timedelta(seconds=1)), pytest.raises(Forbidden):
        await sign_in.sign_in(NEW, PASSWORD, from_address="192.0.2.1")
    with clock.at(start.in_force_at):
        viewer = await sessions.viewer_of(await sign_in.sign_in(NEW, PASSWORD, from_address="192.0.2.1"))
        assert viewer is not None
        assert (viewer.role, viewer.until) == (Role.HEAD, None)
        await people.invite(viewer, email="next@elm.example", role=Role.HEAD)  # she is head like any other
        with pytest.raises(Conflict, match="are over"):
            await succession.object_to(eve, start.id, WHY)
    assert [e for e in await events_of(elm.id) if "succession" in e] == ["succession.started", "succession.accepted"]


@pytest.mark.parametrize("role", [Role.GOVERNOR, Role.BUSINESS_MANAGER, Role.HEAD])
async def test_anybody_of_the_school_stops_it_before_she_joined_and_afterwards(
    olive: Viewer, elm: School, eve: Viewer, role: Role
) -> None:
    objector = await a_person(elm, role, "Otto Objector")
    _, unused = await started(olive, elm)
    async with signed_in(objector) as browser:
        for start in [(await succession_list.started(olive))[0]]:
            assert f"/people/new-heads/{start.id}" in (await browser.get("/")).text
            assert (await browser.post(f"/people/new-heads/{start.id}/object", data={"words": ""})).status_code == 422
            assert (await browser.post(f"/people/new-heads/{start.id}/object", data={"words": WHY})).status_code == 303
    with pytest.raises(DeadLink):
        await joining.join(unused, name="Nora New", password=PASSWORD)
    start, used = await started(olive, elm)
    await joining.join(used, name="Nora New", password=PASSWORD)
    await succession.object_to(objector, start.id, WHY)
    with clock.at(start.in_force_at + timedelta(days=1)), pytest.raises(Forbidden):
        await sign_in.sign_in(NEW, PASSWORD, from_address="192.0.2.1")
    async with signed_in(olive) as browser:
        page = (await browser.get(f"/people/new-heads/{start.id}")).text
    assert WHY in page
    assert "Otto Objector" in page
    assert (await events_of(elm.id))[-1] == "succession.objected"


async def test_after_an_objection_silence_is_no_ground_any_more(olive: Viewer, elm: School, eve: Viewer) -> None:
    start, _ = await started(olive, elm)
    await succession.object_to(eve, start.id, WHY)
    await last_signed_in(eve, 100)
    with pytest.raises(Conflict, match="objected before"):
        await succession.start(olive, elm.id, SILENT, posted=True)
    assert await started(olive, elm, ASKED)


async def test_whom_the_operator_reset_objects_all_the_same_and_a_guest_does_not(olive: Viewer, elm: School, eve: Viewer) -> None:
    made = await break_glass.invite(olive, elm.id, email="g@g.example", role=Role.GOVERNOR, reason="x", posted=True)
    guest = await joining.join(token_in(made.address), name="Guest", password=PASSWORD)
    link = await break_glass.reset(elm.id, eve.person, reason="x", posted=True)
    await joining.set_password(token_in(link), password="a quiet river at dawn")
    start, _ = await started(olive, elm)
    with pytest.raises(NotFound):
        await succession.object_to(guest, start.id, WHY)
    await succession.object_to(eve, start.id, WHY)


async def test_another_schools_people_find_nothing_of_it(olive: Viewer, elm: School, eve: Viewer) -> None:
    start, _ = await started(olive, elm)
    dee = await a_person(await a_school("Dale Primary"), Role.HEAD, "Dee Dale")
    async with signed_in(dee) as browser:
        assert (await browser.get(f"/people/new-heads/{start.id}")).status_code == 404
        assert (await browser.post(f"/people/new-heads/{start.id}/object", data={"words": WHY})).status_code == 404
    for by in (dee, eve):
        for verb in (succession.withdraw(by, start.id), succession.new_link(by, start.id)):
            with pytest.raises(NotFound):
                await verb


async def test_a_head_on_the_way_counts_for_nothing(olive: Viewer, elm: School) -> None:
    ann = await a_person(elm)
    start, token = await started(olive, elm)
    await joining.join(token, name="Nora New", password=PASSWORD)
    await heads.name(ann, ann.person)  # the school has no head yet
    await auditors.grant(ann, email="iris@audit.example", reason="x", until=clock.today())
    with pytest.raises(Conflict, match="only one"):
        await people.remove(ann, ann.person)
    await succession.withdraw(olive, start.id)
    async with database.read():
        assert await Membership.count().where((Membership.school == elm.id) & Membership.valid_until.is_null()) == 1


async def test_a_link_that_was_lost_is_made_anew(olive: Viewer, elm: School, eve: Viewer) -> None:
    start, lost = await started(olive, elm)
    async with signed_in(olive) as browser:
        made = await browser.post(f"/people/new-heads/{start.id}/link")
    with pytest.raises(DeadLink):
        await joining.join(lost, name="Nora New", password=PASSWORD)
    with clock.at(start.in_force_at - timedelta(days=5)):
        await joining.join(token_in(link_in(made.text)), name="Nora New", password=PASSWORD)
    with clock.at(start.in_force_at):
        assert await sign_in.sign_in(NEW, PASSWORD, from_address="192.0.2.1")
    with pytest.raises(Conflict):
        await succession.new_link(olive, start.id)


async def test_the_pages_print_the_letters_first_and_ask_for_what_is_missing(olive: Viewer, elm: School, eve: Viewer) -> None:
    form = {"school": str(elm.id), "email": NEW, "ground": "asked", "address": "head@elm.example", "seen": "Website, today"}
    async with signed_in(olive) as browser:
        chosen = (await browser.get(f"/people/invite-school?school={elm.id}")).text
        assert f"/people/new-heads/new?school={elm.id}" in chosen
        for missing in ("ground", "address", "seen", "email"):
            answer = await browser.post("/people/new-heads", data=form | {"sure": "yes", missing: ""})
            assert (answer.status_code, f'href="#{missing}"' in answer.text) == (422, True), missing
        assert (await browser.post("/people/new-heads", data=form)).status_code == 422, "not compared"
        printed = await browser.post("/people/new-heads", data=form | {"sure": "yes"})
        assert "Personal: Eve Elm" in printed.text
        assert await succession_list.started(olive) == ()
        sent = await browser.post("/people/new-heads", data=form | {"sure": "yes", "printed": "yes", "posted": "yes"})
        assert "/join/" in sent.text
        assert NEW in (await browser.get("/people/new-heads")).text


async def _nora(olive: Viewer) -> UUID:
    found = (await succession_list.started(olive))[0].person
    assert found is not None
    return found
