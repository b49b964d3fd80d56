"""An auditor reads what one grant opens, for as long as it lasts, and nothing else; whoever let them in can see and end it."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest

import database
from audit.packs import packs, timeline_file
from audit.packs.extent import Scope
from audit.packs.order import Grade, PackOrder
from audit.reading import timeline
from audit.reading.only import Only
from base import clock
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import KeyScope, Role, Viewer
from sharing.accounts import new_passwords
from sharing.auditors import auditors, listing
from sharing.auditors.auditors import WantedScope
from sharing.auditors.listing import GrantState
from sharing.joining import joining
from sharing.operator import break_glass
from sharing.people import people
from sharing.sign_in import api_keys, sessions, sign_in
from sharing.sign_in.one_time_links import DeadLink
from sharing.tables import AuditorGrant, Membership, Person, School
from suppliers.directory import directory
from suppliers.opinions import notes
from suppliers.opinions.notes import About
from tests.given.builders import (
    PASSWORD,
    a_membership,
    a_person,
    a_school,
    email_of,
    events_of,
    link_in,
    program,
    signed_in,
    stranger,
    token_in,
)
from tests.given.tampered_database import behind_the_triggers
from vouch.wiring import SOURCES

pytestmark = pytest.mark.usefixtures("db")

AUDITOR = "iris@audit.example"


@pytest.fixture
async def oakfield(db: object) -> School:
    return await a_school()


@pytest.fixture
async def hal(oakfield: School) -> Viewer:
    return await a_person(oakfield, Role.HEAD, "Hal Hart")


async def granted(by: Viewer, *, days: int = 30, email: str = AUDITOR, wanted: WantedScope | None = None) -> auditors.Granted:
    until = clock.today() + timedelta(days=days)
    return await auditors.grant(by, email=email, reason="Review of the year.", until=until, wanted=wanted or WantedScope())


async def an_auditor(by: Viewer, **more: object) -> tuple[Viewer, str]:
    """Iris, who took up a grant: as she is at the next request, and the token of her session."""
    made = await granted(by, **more)  # type: ignore[arg-type]
    joined = await joining.join(token_in(made.address), name="Iris Inman", password=PASSWORD)
    token = await sessions.start(joined.person, joined.school)
    viewer = await sessions.viewer_of(token)
    assert viewer is not None
    return viewer, token


async def test_a_grant_is_taken_up_by_its_link_and_opens_the_trail(hal: Viewer) -> None:
    iris, _ = await an_auditor(hal)
    assert (iris.role, iris.streams, iris.school, iris.is_operator) == (Role.AUDITOR, None, hal.school, False)
    assert iris.until is not None
    assert iris.until <= clock.now() + timedelta(days=31)
    assert (await events_of(hal.school))[-2:] == ["auditor.granted", "auditor.joined"]
    async with signed_in(iris) as browser:
        assert "Let an auditor in" in (await browser.get("/trail")).text
        assert (await browser.get("/")).headers["location"] == "/trail"
        assert (await browser.get("/trail/check")).status_code == 200
        assert (await browser.get("/api/v1/trail/entries")).json()["size"] > 0


async def test_an_auditor_of_some_suppliers_reads_these_and_is_told_how_many_others_there_are(hal: Viewer) -> None:
    boilers, drains = (await directory.add(hal, name="Ashby Boilers")).id, (await directory.add(hal, name="Dene Drains")).id
    await notes.note(hal, drains, about=About.GOOD, body="Kept for ourselves.")
    await notes.note(hal, drains, about=About.GOOD, body="Tidy.")
    iris, _ = await an_auditor(hal, wanted=WantedScope(streams=(f"supplier:{boilers}",)))
    shown = await timeline.page(iris)
    assert {line.stream for line in shown.lines} == {f"supplier:{boilers}", "trail"}
    assert (await timeline.page(iris, only=Only(stream=f"supplier:{drains}"))).lines == ()
    async with signed_in(iris) as browser:
        page = (await browser.get("/trail")).text
        assert "Open to you: 2 of 5 streams" in page
        assert "Ashby Boilers" in page
        assert "Dene Drains" not in page
        assert str(drains) not in page
        other = await browser.get(f"/trail?stream=supplier:{drains}")
        nothing = await browser.get(f"/trail?stream=supplier:{uuid4()}")
        assert "Kept for ourselves" not in other.text
        assert len(other.text.replace(f"supplier:{drains}", "")) == len(nothing.text.replace(nothing.url.params["stream"], ""))
        over_api = (await browser.get("/api/v1/trail/entries", params={"stream": f"supplier:{drains}"})).json()
        assert over_api["entries"] == []


async def test_every_read_of_an_auditor_is_an_entry_and_nobody_elses_is(hal: Viewer) -> None:
    iris, _ = await an_auditor(hal)
    async with signed_in(hal) as browser:
        await browser.get("/trail")
    before = await events_of(hal.school)
    async with signed_in(iris) as browser:
        for path in ("/trail", "/trail/check", "/api/v1/trail/entries", "/account", "/about/privacy"):
            assert (await browser.get(path)).status_code == 200
    assert (await events_of(hal.school))[len(before) :] == ["auditor.read"] * 3
    line = (await timeline.page(hal)).lines[0]
    assert (line.who, line.stream, line.changes[0].new) == ("Iris Inman", "auditors", "the timeline")


async def test_the_grant_ends_in_the_middle_of_a_session(hal: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await granted(hal, days=0)
    iris = await joining.join(token_in(made.address), name="Iris Inman", password=PASSWORD)
    async with database.read():
        grant = await AuditorGrant.objects().first()
    assert grant is not None
    async with signed_in(iris) as browser:
        assert (await browser.get("/trail")).status_code == 200
        monkeypatch.setattr(clock, "now", lambda: grant.valid_until - timedelta(microseconds=1))
        await sessions.start(iris.person, iris.school)
    async with signed_in(iris) as browser:
        assert (await browser.get("/trail")).status_code == 200
        monkeypatch.setattr(clock, "now", lambda: grant.valid_until)
        assert (await browser.get("/trail")).headers["location"] == "/sign-in?next=/trail"
        assert (await browser.get("/api/v1/trail/entries")).status_code == 401
        assert (await browser.get("/account")).status_code == 303
    with pytest.raises(Forbidden, match="Your time as an auditor has ended"):
        await sign_in.sign_in(AUDITOR, PASSWORD, from_address="127.0.0.9")


async def test_ending_the_access_counts_at_the_next_request(hal: Viewer) -> None:
    iris, _ = await an_auditor(hal)
    grant = (await listing.listed(hal))[0]
    async with signed_in(iris) as browser:
        assert (await browser.get("/trail")).status_code == 200
        await auditors.revoke(hal, grant.id)
        assert (await browser.get("/trail")).status_code == 303
    assert (await listing.one(hal, grant.id)).state is GrantState.REVOKED
    assert (await events_of(hal.school))[-1] == "auditor.revoked"
    with pytest.raises(NotFound):
        await auditors.revoke(hal, grant.id)


async def test_a_check_that_fails_names_no_stream_that_is_not_the_auditors(hal: Viewer) -> None:
    boilers, drains = (await directory.add(hal, name="Ashby Boilers")).id, (await directory.add(hal, name="Dene Drains")).id
    iris, _ = await an_auditor(hal, wanted=WantedScope(streams=(f"supplier:{boilers}",)))
    another = "(SELECT substr(leaf_hash, 1, 16) FROM audit_entry WHERE idx = 0 LIMIT 1)"
    await behind_the_triggers(f"UPDATE audit_stream SET tag = {another} WHERE name = 'supplier:{drains}'")  # noqa: S608
    for viewer, is_named in ((hal, True), (iris, False)):
        async with signed_in(viewer) as browser:
            told = (await browser.get("/trail/check")).text
        assert "The trail does not hold" in told
        assert (str(drains) in told) is is_named


async def test_one_check_of_a_trail_at_a_time(hal: Viewer) -> None:
    async with signed_in(hal) as browser:
        answers = await asyncio.gather(*(browser.get("/trail/check") for _ in range(3)))
    assert sorted({answer.status_code for answer in answers}) == [200, 503]


@pytest.mark.parametrize("taken", ["pack", "timeline"])
async def test_a_file_that_was_in_the_making_when_the_access_ended_is_not_handed_over(hal: Viewer, taken: str) -> None:
    iris, _ = await an_auditor(hal)
    (grant,) = await listing.listed(hal)

    async def meanwhile(trail: str, streams: Iterable[str]) -> Mapping[str, str]:
        await auditors.revoke(hal, grant.id)
        return await SOURCES.titles(trail, streams)

    sources = replace(SOURCES, titles=meanwhile)
    order = PackOrder(str(hal.school), hal.school_name, Scope(), Grade.COMPLETE)
    with pytest.raises(Forbidden, match="ended meanwhile"):
        if taken == "pack":
            await packs.export(iris, order, to=BytesIO(), sources=sources)
        else:
            await timeline_file.download(iris, timeline_file.TimelineFormat.CSV, stream=None, to=BytesIO(), sources=sources)
    assert (await events_of(hal.school))[-1] == "auditor.revoked"


async def test_a_link_of_a_grant_that_was_ended_opens_nothing(hal: Viewer) -> None:
    made = await granted(hal)
    await auditors.revoke(hal, made.grant)
    with pytest.raises(DeadLink):
        await joining.join(token_in(made.address), name="Iris Inman", password=PASSWORD)


async def test_a_new_link_replaces_the_one_that_was_lost(hal: Viewer) -> None:
    made = await granted(hal)
    again = await auditors.new_link(hal, made.grant)
    with pytest.raises(DeadLink):
        await joining.offer_of(token_in(made.address))
    await joining.join(token_in(again.address), name="Iris Inman", password=PASSWORD)
    with pytest.raises(Conflict, match="has joined"):
        await auditors.new_link(hal, made.grant)


async def test_only_a_head_lets_an_auditor_in_unless_there_is_none(hal: Viewer, oakfield: School) -> None:
    ann, gus = await a_person(oakfield), await a_person(oakfield, Role.GOVERNOR, "Gus Gray")
    for viewer in (ann, gus):
        with pytest.raises(Forbidden, match="Ask the head"):
            await granted(viewer)
    made = await granted(hal)
    with pytest.raises(Forbidden, match="Only a business manager or head"):
        await auditors.revoke(gus, made.grant)
    await auditors.revoke(ann, made.grant)
    elmwood = await a_school("Elmwood Primary")
    with pytest.raises(Forbidden, match="Only a business manager or head"):
        await granted(await a_person(elmwood, Role.GOVERNOR, "Gil Grove"))
    bob = await a_person(elmwood, name="Bob Brown")
    assert (await granted(bob)).email == AUDITOR


@pytest.mark.parametrize("days", [-1, 90, 4000])
async def test_a_grant_lasts_from_today_to_ninety_days(hal: Viewer, days: int) -> None:
    with pytest.raises(Invalid, match="last day of the audit"):
        await granted(hal, days=days)
    await granted(hal, days=89)


async def test_the_database_itself_refuses_a_grant_that_is_too_long_and_any_that_vanishes(hal: Viewer) -> None:
    await granted(hal)
    async with database.read():
        row = await AuditorGrant.objects().first()
    assert row is not None
    columns = {name: getattr(row, name) for name in ("granted_by", "made_by", "email", "reason", "valid_from")}
    longest = row.valid_from + timedelta(days=90)
    with pytest.raises(Exception, match="90"):
        async with database.write():
            await AuditorGrant.insert(AuditorGrant(id=uuid4(), valid_until=longest + timedelta(minutes=1), **columns))
    async with database.write():
        await AuditorGrant.insert(AuditorGrant(id=uuid4(), valid_until=longest, **columns))
    with pytest.raises(Exception, match="never deleted"):
        async with database.write():
            await AuditorGrant.delete(force=True)
    with pytest.raises(Exception, match="an_auditor_comes_by_a_grant"):
        async with database.write():
            await Membership.update({Membership.role: "auditor"}, force=True)


async def test_nobody_works_at_a_school_and_audits_it(hal: Viewer, oakfield: School) -> None:
    ann = await a_person(oakfield)
    with pytest.raises(Conflict, match="comes from outside"):
        await granted(hal, email=await email_of(ann))
    await granted(hal)
    with pytest.raises(Conflict, match="has a grant"):
        await granted(hal)
    with pytest.raises(Conflict, match="Revoke it first"):
        await people.invite(hal, email=AUDITOR, role=Role.HEAD)


async def test_an_invitation_that_was_open_can_not_be_taken_up_by_an_auditor(hal: Viewer) -> None:
    invited = await people.invite(hal, email=AUDITOR, role=Role.HEAD)
    made = await granted(hal)
    assert [invitation.email for invitation in await people.invited(hal)] == [AUDITOR]
    await joining.join(token_in(made.address), name="Iris Inman", password=PASSWORD)
    with pytest.raises(Conflict, match="has a grant"):
        await joining.join_with_account(token_in(invited.address), password=PASSWORD, from_address="")


async def test_an_auditor_is_no_colleague(hal: Viewer, oakfield: School) -> None:
    ann = await a_person(oakfield)
    iris, _ = await an_auditor(hal)
    assert {colleague.name for colleague in await people.colleagues(ann)} == {"Hal Hart", "Ann Archer"}
    assert await people.invited(hal) == ()
    for verb in (people.colleague(hal, iris.person), people.remove(hal, iris.person), new_passwords.make_link(hal, iris.person)):
        with pytest.raises(NotFound):
            await verb
    with pytest.raises(Invalid):
        await people.invite(hal, email="new@school.example", role=Role.AUDITOR)
    with pytest.raises(Invalid):
        await people.change_role(hal, ann.person, Role.AUDITOR)


async def test_the_operator_can_help_an_auditor_who_forgot_the_password(hal: Viewer) -> None:
    iris, token = await an_auditor(hal)
    address = await break_glass.reset(iris.school, iris.person, reason="Forgot it.", posted=True)
    await joining.set_password(token_in(address), password="a quiet river at dawn")
    assert await sessions.viewer_of(token) is None
    assert await sign_in.sign_in(AUDITOR, "a quiet river at dawn", from_address="127.0.0.9")


async def test_somebody_with_an_account_elsewhere_audits_with_it_and_switches(hal: Viewer) -> None:
    bob = await a_person(await a_school("Elmwood Primary"), Role.HEAD, "Bob Brown", email="bob@elm.example")
    made = await granted(hal, email="bob@elm.example")
    joined = await joining.join_with_account(token_in(made.address), password=PASSWORD, from_address="")
    assert joined.person == bob.person
    async with signed_in(joined) as browser:
        assert (await browser.get("/suppliers")).status_code == 403
        assert (await browser.post("/switch", data={"school": str(bob.school)})).status_code == 303
        assert (await browser.get("/suppliers")).status_code == 200
        assert (await browser.get("/trail")).status_code == 200
    assert "auditor.read" not in await events_of(bob.school)


async def test_a_grant_opens_the_own_trail_and_no_other_schools(db: object) -> None:
    mine, other = await a_school(trust="Rose Trust"), await a_school("Other Primary")
    async with database.read():
        team = await School.objects().where(School.kind == "trust").first()
    assert team is not None
    tess, hal = await a_person(team, Role.HEAD, "Tess Thorn"), await a_person(mine, Role.HEAD, "Hal Hart")
    for by, schools in ((tess, (mine.id, other.id)), (hal, (team.id,)), (hal, (other.id,))):
        with pytest.raises(Invalid, match="schools of your trust"):
            await granted(by, wanted=WantedScope(schools=schools))
    with pytest.raises(Invalid, match="a second person"):
        await granted(tess, wanted=WantedScope(schools=(mine.id,)))
    supplier = (await directory.add(hal, name="Ashby Boilers")).id
    with pytest.raises(Invalid, match="whole trail"):
        await granted(tess, wanted=WantedScope(streams=(f"supplier:{supplier}",), schools=(mine.id,)))


@pytest.mark.parametrize("streams", [(), ("supplier:nothing",), ("school", "supplier:nothing")])
async def test_a_grant_names_streams_that_there_are(hal: Viewer, streams: tuple[str, ...]) -> None:
    with pytest.raises(Invalid, match="at least one supplier or contract"):
        await granted(hal, wanted=WantedScope(streams=streams))


async def test_another_schools_grants_are_not_found(hal: Viewer) -> None:
    made = await granted(hal)
    bob = await a_person(await a_school("Elmwood Primary"), Role.HEAD, "Bob Brown")
    assert await listing.listed(bob) == ()
    for verb in (listing.one(bob, made.grant), auditors.revoke(bob, made.grant), auditors.new_link(bob, made.grant)):
        with pytest.raises(NotFound):
            await verb


async def test_an_api_key_from_before_opens_nothing_to_the_auditor_of_today(hal: Viewer, oakfield: School) -> None:
    ann = await a_person(oakfield, email=AUDITOR)
    key = await api_keys.create(ann, name="Old", days=90, scopes=set(KeyScope))
    await people.remove(hal, ann.person)
    made = await granted(hal)
    await joining.join_with_account(token_in(made.address), password=PASSWORD, from_address="")
    async with program(key) as old, signed_in(ann) as browser:
        assert (await old.get("/api/v1/trail/entries")).status_code == 401
        assert (await browser.get("/api-keys")).status_code == 403
        assert (await browser.post("/api-keys", data={"name": "New", "days": "30"})).status_code == 403


async def test_an_operator_who_audits_is_no_operator_there(hal: Viewer) -> None:
    async with database.write():
        await Person.update({Person.is_operator: True}).where(Person.id == hal.person)
    carr = await a_person(await a_school("Carr Primary"), Role.HEAD, "Cara Carr")
    await a_membership(hal, await a_school("Dale Primary"))
    made = await granted(carr, email=await email_of(hal))
    joined = await joining.join_with_account(token_in(made.address), password=PASSWORD, from_address="")
    viewer = await sessions.viewer_of(await sessions.start(joined.person, joined.school))
    assert viewer is not None
    assert (viewer.is_operator, viewer.several_schools) == (False, True)


async def test_a_stranger_learns_nothing_of_grants() -> None:
    async with stranger() as browser:
        assert (await browser.get("/auditors")).headers["location"].startswith("/sign-in")


async def test_the_pages_let_in_show_and_end_it(hal: Viewer) -> None:
    boilers = (await directory.add(hal, name="Ashby Boilers")).id
    day = clock.today()
    form = {"email": AUDITOR, "reason": "Heating.", "scope": "some", "streams": f"supplier:{boilers}"}
    until = {"until-day": str(day.day), "until-month": str(day.month), "until-year": str(day.year)}
    async with signed_in(hal) as browser:
        assert "Ashby Boilers" in (await browser.get("/auditors/new")).text
        wrong = await browser.post("/auditors", data={"email": "nobody", "reason": "", "scope": "all"})
        assert wrong.status_code == 422
        for sentence in ("last day of the audit", "Choose what the auditor may read", "Enter what the audit is for"):
            assert sentence in wrong.text
        sent = await browser.post("/auditors", data={**form, **until})
        joined = await joining.join(token_in(link_in(sent.text)), name="Iris Inman", password=PASSWORD)
        listed = (await browser.get("/auditors")).text
        for told in ("Iris Inman", AUDITOR, "Ashby Boilers", "May read now"):
            assert told in listed
        grant = (await listing.listed(hal))[0].id
        assert "Heating." in (await browser.get(f"/auditors/{grant}")).text
        assert (await browser.post(f"/auditors/{grant}/revoke")).status_code == 422
        assert (await browser.post(f"/auditors/{grant}/revoke", data={"sure": "yes"})).status_code == 303
        assert "Ended early" in (await browser.get("/auditors")).text
    assert await sign_in.schools_of(joined) == ()
    async with stranger() as browser:
        again = await auditors.new_link(hal, (await granted(hal)).grant)
        offered = (await browser.get(f"/join/{token_in(again.address)}")).text
        assert "Audit Oakfield Primary on Vouch" in offered
        assert AUDITOR in offered
