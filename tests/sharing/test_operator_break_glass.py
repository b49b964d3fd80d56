"""No operator gets into a school silently or for good: by the pages or at the command line, and whatever is tried afterwards."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

import database
from base import clock, settings
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import KeyScope, Role, Viewer
from sharing.accounts import new_passwords
from sharing.auditors import auditors
from sharing.joining import joining
from sharing.members.tables import BreakGlass
from sharing.operator import break_glass, opened
from sharing.people import people
from sharing.sign_in import api_keys, sessions, sign_in
from sharing.sign_in.one_time_links import DeadLink
from sharing.tables import ApiKey, Membership, School
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
    token_in,
    travel,
)

SECRET = "Came late in March and swore."
ANOTHER = "a quiet river at dawn"
WHY = "The head is in hospital"


async def broken_in(school: School, role: Role = Role.BUSINESS_MANAGER) -> Viewer:
    """Somebody whom the operator let in for a day, who has just joined."""
    made = await break_glass.invite(None, school.id, email="olive.too@fern.example", role=role, reason=WHY, posted=True)
    return await joining.join(token_in(made.address), name="Olive Too", password=PASSWORD)


async def reset(viewer: Viewer) -> None:
    """The operator made a link for somebody's new password, and used it."""
    link = await break_glass.reset(viewer.school, viewer.person, reason=WHY, posted=True)
    await joining.set_password(token_in(link), password=ANOTHER)


def outbox() -> list[str]:
    folder = Path(settings.current().data) / "mail" / "outbox"
    return sorted(path.read_text() for path in folder.glob("*.eml")) if folder.is_dir() else []


async def its_opening(viewer: Viewer) -> UUID:
    return (await opened.at_school(viewer))[0].id


async def test_the_operator_does_not_become_a_reader_of_a_school_that_has_people(
    olive: Viewer, elm: School, eve: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was done: an invitation to a second address of the operator's own, as head."""
    note = await notes.note(eve, (await directory.add(eve, name="Ashby Boilers")).id, about=About.PROBLEM, body=SECRET, files=[])
    form = {"school": str(elm.id), "email": "olive.too@fern.example", "role": "head"}
    async with signed_in(olive) as browser:
        assert (await browser.post("/people/invite-school", data=form)).status_code == 403
        assert (await browser.post("/people/break-glass", data=form | {"reason": WHY, "posted": "yes"})).status_code == 403
        form["role"] = "business_manager"
        assert (await browser.post("/people/invite-school", data=form)).status_code == 403
        assert (await browser.post("/people/break-glass", data=form | {"posted": "yes"})).status_code == 422, "no reason"
        assert not [event for event in await events_of(elm.id) if event.startswith("break_glass")]
        sent = await browser.post("/people/break-glass", data=form | {"reason": WHY, "posted": "yes"})
    assert "break_glass.invited" in await events_of(elm.id)
    async with signed_in(eve) as browser:
        home = (await browser.get("/")).text
        assert "olive.too@fern.example" in home
        assert WHY in home
    joined = await joining.join(token_in(link_in(sent.text)), name="Olive Too", password=PASSWORD)
    async with signed_in(joined) as browser:
        assert SECRET in (await browser.get(f"/notes/{note}")).text, "for a day"
        travel(monkeypatch, hours=24)
        assert (await browser.get(f"/notes/{note}")).status_code == 303, "to sign in"
    with pytest.raises(Forbidden):
        await sign_in.sign_in("olive.too@fern.example", PASSWORD, from_address="192.0.2.1")


async def test_every_head_is_written_to_and_where_there_is_none_everybody_who_writes(
    olive: Viewer, elm: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = await a_person(elm), await a_person(elm, name="Bob Brown")
    await a_person(elm, Role.GOVERNOR, "Gus Gray")
    letters = await break_glass.letters_about_inviting(olive, elm.id, email="x@y.example", role=Role.GOVERNOR, reason=WHY)
    assert {letter.email for letter in letters} == {await email_of(ann), await email_of(bob)}
    heads = [await a_person(elm, Role.HEAD, name) for name in ("Eve Elm", "Ivo Elm")]
    letters = await break_glass.letters_about_inviting(olive, elm.id, email="x@y.example", role=Role.GOVERNOR, reason=WHY)
    assert {letter.email for letter in letters} == {await email_of(head) for head in heads}
    assert all(WHY in letter.text and "x@y.example" in letter.text for letter in letters)
    monkeypatch.setenv("VOUCH_SMTP", "smtp://127.0.0.1:1")
    monkeypatch.setenv("VOUCH_MAIL_FROM", "vouch@vouch.example")
    settings.current.cache_clear()
    made = await break_glass.invite(olive, elm.id, email="x@y.example", role=Role.GOVERNOR, reason=WHY)
    written = [letter for letter in outbox() if WHY in letter]
    assert len(written) == 2
    for address in [await email_of(head) for head in heads]:
        assert [letter for letter in written if f"To: {address}" in letter]
    assert not [letter for letter in written if token_in(made.address) in letter], "the link is not in the letters"


async def test_without_a_mail_server_the_letters_are_printed_and_posted_first(olive: Viewer, elm: School, eve: Viewer) -> None:
    form = {"school": str(elm.id), "email": "olive.too@fern.example", "role": "governor", "reason": WHY}
    async with signed_in(olive) as browser:
        printed = await browser.post("/people/break-glass", data=form)
        for told in ("Print and post 1 letter", "Personal: Eve Elm", "Elm Primary", WHY, 'name="posted"'):
            assert told in printed.text
        forgot = await browser.post("/people/break-glass", data=form | {"printed": "yes"})
        assert (forgot.status_code, "/join/" in forgot.text) == (422, False)
        assert await opened.at_school(eve) == ()
        assert "/join/" in (await browser.post("/people/break-glass", data=form | {"printed": "yes", "posted": "yes"})).text
    with pytest.raises(Invalid, match="post them"):
        await break_glass.reset(elm.id, eve.person, reason=WHY)
    assert len(await opened.at_school(eve)) == 1


class TestGuest:
    async def test_does_nothing_to_the_people_of_the_school(self, elm: School, eve: Viewer) -> None:
        guest, ann = await broken_in(elm), await a_person(elm)
        assert guest.person not in {member.id for member in await people.colleagues(eve)}
        for verb in (
            people.invite(guest, email="third@fern.example", role=Role.GOVERNOR),
            people.remove(guest, ann.person),
            new_passwords.make_link(guest, ann.person),
            auditors.grant(guest, email="third@fern.example", reason="x", until=clock.today()),
            opened.keep(guest, await its_opening(eve)),
        ):
            with pytest.raises(NotFound):
                await verb

    async def test_makes_no_key_that_outlasts_the_day(self, elm: School, eve: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
        await broken_in(elm)
        guest = await sessions.viewer_of(await sign_in.sign_in("olive.too@fern.example", PASSWORD, from_address="192.0.2.1"))
        assert guest is not None
        key = await api_keys.create(guest, name="Back door", days=90, scopes=[KeyScope.TRAIL])
        async with program(key) as asking:
            assert (await asking.get("/api/v1/trail/entries")).status_code == 200
            travel(monkeypatch, hours=24)
            assert (await asking.get("/api/v1/trail/entries")).status_code == 401
            await people.invite(eve, email="olive.too@fern.example", role=Role.GOVERNOR)
            async with database.write():
                await Membership.update({Membership.valid_until: None}, force=True)
            assert (await asking.get("/api/v1/trail/entries")).status_code == 401, "whatever happens later"
        async with database.read():
            assert await ApiKey.select(ApiKey.expires_at).output(as_list=True) == [guest.until]

    async def test_stays_when_a_head_keeps_them_and_by_no_other_hand(
        self, elm: School, eve: Viewer, olive: Viewer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        guest, ann = await broken_in(elm), await a_person(elm)
        opening = await its_opening(eve)
        for by, wrong in ((ann, Forbidden), (olive, NotFound)):
            with pytest.raises(wrong):
                await opened.keep(by, opening)
        async with signed_in(eve) as browser:
            assert f"/people/opened/{opening}/keep" in (await browser.get("/people/opened")).text
            assert (await browser.post(f"/people/opened/{opening}/keep")).status_code == 303
        travel(monkeypatch, hours=25)
        assert guest.person in {member.id for member in await people.colleagues(eve)}
        assert (await events_of(elm.id))[-1] == "break_glass.kept"
        with pytest.raises(Conflict):
            await opened.cut_short(eve, opening)

    async def test_is_sent_away_at_once_and_an_unused_link_is_dead(self, elm: School, eve: Viewer) -> None:
        guest, ann = await broken_in(elm), await a_person(elm)
        token = await sessions.start(guest.person, guest.school)
        async with signed_in(ann) as browser:
            assert (await browser.post(f"/people/opened/{await its_opening(eve)}/end")).status_code == 303
        assert await sessions.viewer_of(token) is None
        made = await break_glass.invite(None, elm.id, email="a@b.example", role=Role.GOVERNOR, reason=WHY, posted=True)
        await opened.cut_short(eve, await its_opening(eve))
        with pytest.raises(DeadLink):
            await joining.join(token_in(made.address), name="Late", password=PASSWORD)

    async def test_does_not_come_twice_at_once(self, elm: School, eve: Viewer) -> None:
        await broken_in(elm)
        with pytest.raises(Conflict, match="keep that"):
            await people.invite(eve, email="olive.too@fern.example", role=Role.HEAD)


class TestReset:
    async def test_ends_after_a_day_at_each_school_that_does_not_keep_it(
        self, olive: Viewer, elm: School, eve: Viewer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ash = await a_school("Ash Primary")
        asa, both = await a_person(ash, Role.HEAD, "Asa Ash"), await a_person(elm, name="Bo Both")
        await a_membership(both, ash)
        await reset(both)
        for trail in (ash, elm):
            assert (await events_of(trail.id))[-2:] == ["break_glass.reset", "password.changed"]
        async with signed_in(asa) as browser:
            assert "Bo Both" in (await browser.get("/")).text
            await browser.post(f"/people/opened/{await its_opening(asa)}/keep")
        as_reset = await sessions.viewer_of(await sessions.start(both.person, elm.id))
        assert as_reset is not None
        key = await api_keys.create(as_reset, name="Back door", days=90, scopes=[KeyScope.TRAIL])
        async with program(key) as asking:
            assert (await asking.get("/api/v1/trail/entries")).status_code == 200
            travel(monkeypatch, hours=24)
            assert (await asking.get("/api/v1/trail/entries")).status_code == 401
        at_elm, at_ash = [await sessions.start(both.person, school.id) for school in (elm, ash)]
        assert (await sessions.viewer_of(at_elm), (await sessions.viewer_of(at_ash)) is not None) == (None, True)
        await opened.keep(eve, await its_opening(eve))
        assert await sessions.viewer_of(at_elm) is not None, "kept, if late"
        async with program(key) as asking:
            assert (await asking.get("/api/v1/trail/entries")).status_code == 401, "a key of that day does not revive"

    async def test_of_the_only_head_opens_no_other_way_in(
        self, olive: Viewer, elm: School, eve: Viewer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Otherwise a reset that nobody keeps would leave a school without a writer, into which the operator may invite."""
        ann = await a_person(elm)
        await reset(eve)
        for hours in (0, 25):
            travel(monkeypatch, hours=hours)
            with pytest.raises(Forbidden):
                await people.invite(olive, email="olive.too@fern.example", role=Role.BUSINESS_MANAGER, school=elm.id)
            with pytest.raises(Forbidden):
                await auditors.grant(ann, email="olive.too@fern.example", reason="x", until=clock.today())
            async with signed_in(ann) as browser:
                assert (await browser.post(f"/people/{ann.person}/name-head")).status_code == 403
        with pytest.raises(Forbidden, match="kept it"):
            await sign_in.sign_in(await email_of(eve), ANOTHER, from_address="192.0.2.1")

    async def test_does_nothing_to_anybody_until_a_head_keeps_it(self, elm: School, eve: Viewer) -> None:
        ivo = await a_person(elm, Role.HEAD, "Ivo Elm")
        await reset(eve)
        for verb in (
            people.invite(eve, email="olive.too@fern.example", role=Role.HEAD),
            people.remove(eve, ivo.person),
            opened.keep(eve, await its_opening(ivo)),
        ):
            with pytest.raises(NotFound):
                await verb
        await opened.keep(ivo, await its_opening(ivo))
        await people.invite(eve, email="new@elm.example", role=Role.HEAD)

    async def test_gives_way_to_a_link_of_their_own_school(
        self, elm: School, eve: Viewer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ann = await a_person(elm)
        await reset(ann)
        link = await new_passwords.make_link(eve, ann.person)
        await joining.set_password(token_in(link), password=PASSWORD)
        travel(monkeypatch, hours=30)
        assert await sign_in.sign_in(await email_of(ann), PASSWORD, from_address="192.0.2.1")
        async with database.read():
            assert await BreakGlass.select(BreakGlass.kept).output(as_list=True) == [None]

    async def test_leaves_the_operators_own_account_where_nobody_else_could_keep_it(
        self, olive: Viewer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await reset(olive)
        travel(monkeypatch, hours=25)
        assert await sign_in.sign_in(await email_of(olive), ANOTHER, from_address="192.0.2.1")

    async def test_of_an_auditor_ends_too(self, elm: School, eve: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
        made = await auditors.grant(eve, email="iris@audit.example", reason="x", until=clock.today() + timedelta(days=9))
        iris = await joining.join(token_in(made.address), name="Iris Inman", password=PASSWORD)
        await reset(iris)
        token = await sessions.start(iris.person, iris.school)
        travel(monkeypatch, hours=1)
        assert await sessions.viewer_of(token) is not None
        travel(monkeypatch, hours=25)
        assert await sessions.viewer_of(token) is None


async def test_nobody_keeps_themselves_for_the_database_itself(elm: School, eve: Viewer) -> None:
    await reset(eve)
    with pytest.raises(Exception, match="nobody_keeps_themselves"):
        async with database.write():
            await BreakGlass.update({BreakGlass.kept: True, BreakGlass.decided_by: eve.person}, force=True)


async def test_a_school_where_nobody_writes_is_no_broken_glass(olive: Viewer, elm: School) -> None:
    with pytest.raises(Forbidden, match="who stays"):
        await break_glass.invite(olive, elm.id, email="a@b.example", role=Role.GOVERNOR, reason=WHY, posted=True)
