"""A trust's audit of its own schools: two people of the trust, each head told, nothing private unless it says why, no longer."""

import io
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

import database
from base import clock
from base.refusals import Conflict, Forbidden, Invalid, NotFound, Refusal
from base.viewer import Role, Viewer
from sharing.auditors import auditors, listing, trust_audits
from sharing.auditors.listing import GrantState
from sharing.auditors.trust_audits import Decided
from sharing.joining import joining
from sharing.people import people
from sharing.sign_in import sessions, sign_in
from sharing.tables import AuditorGrant, NetworkMember, School
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from tests.given.builders import (
    PASSWORD,
    a_person,
    a_school,
    email_of,
    events_of,
    link_in,
    signed_in,
    token_in,
    travel,
)

AUDITOR = "iris@audit.example"
DECIDED = Decided("The audit and risk committee", "12 November 2026, item 7")
OPEN = Decided(DECIDED.by, DECIDED.minute, "A complaint about caterers")
PRIVATE = ("Came late in March and swore.", "Friendly, but slow.", "Dear in March.", "receipt.txt")
PRAISE = "On time."


class Trust:
    """Rose Trust with its head, business manager and governor, and two schools with a head each."""

    def __init__(self, team: School, ash: School, elm: School) -> None:
        self.team, self.ash, self.elm = team, ash, elm
        self.tess: Viewer
        self.tom: Viewer
        self.gov: Viewer
        self.hal: Viewer
        self.eve: Viewer

    async def ask(self, *, by: Viewer | None = None, email: str = AUDITOR, decided: Decided = DECIDED, days: int = 200) -> UUID:
        until = clock.today() + timedelta(days=days)
        return await trust_audits.ask(
            by or self.tess, email=email, reason="Annual plan.", until=until, schools=[self.ash.id], decided=decided
        )

    async def auditor(self, decided: Decided = DECIDED) -> Viewer:
        made = await trust_audits.agree(self.tom, await self.ask(decided=decided), posted=True)
        joined = await joining.join(token_in(made.address), name="Iris Inman", password=PASSWORD)
        viewer = await sessions.viewer_of(await sessions.start(joined.person, joined.school))
        assert viewer is not None
        return viewer


@pytest.fixture
async def rose(db: object) -> Trust:
    ash, elm = await a_school("Ash Primary", trust="Rose Trust"), await a_school("Elm Primary", trust="Rose Trust")
    async with database.read():
        team = await School.objects().where(School.kind == "trust").first()
    assert team is not None
    made = Trust(team, ash, elm)
    made.tess, made.tom = await a_person(team, Role.HEAD, "Tess Rose"), await a_person(team, name="Tom Rose")
    made.gov = await a_person(team, Role.GOVERNOR, "Tara Trustee")
    made.hal, made.eve = await a_person(ash, Role.HEAD, "Hal Ash"), await a_person(elm, Role.HEAD, "Eve Elm")
    return made


async def test_a_trusts_business_manager_does_not_read_its_schools_through_a_second_address(rose: Trust) -> None:
    """As it was done: at the trust, scope whole, the school ticked, an address of the manager's own."""
    day = clock.today()
    form = {
        "email": "tom.too@rose.example", "reason": "x", "scope": "whole", "schools": str(rose.ash.id),
        "until-day": str(day.day), "until-month": str(day.month), "until-year": str(day.year),
        "decided_by": "Me", "minute": "None",
    }  # fmt: skip
    async with signed_in(rose.tom) as browser:
        assert (await browser.post("/auditors", data=form)).status_code == 403
    async with signed_in(rose.tess) as browser:
        asked = await browser.post("/auditors", data=form | {"email": "tess.too@rose.example"})
        assert asked.status_code == 303
        grant = asked.headers["location"].rpartition("/")[2]
        alone = await browser.post(f"/auditors/{grant}/agree", data={"sure": "yes", "posted": "yes"})
        assert (alone.status_code, "/join/" in alone.text) == (403, False)
    assert await listing.listed(rose.hal) == (), "the school hears of it once it is decided"


async def test_two_of_the_trust_let_the_auditor_in_and_each_head_is_told(rose: Trust) -> None:
    grant = await rose.ask()
    assert (await listing.one(rose.tess, grant)).state is GrantState.ASKED
    async with signed_in(rose.tom) as browser:
        shown = (await browser.get(f"/auditors/{grant}/agree")).text
        for told in ("Personal: Hal Ash", DECIDED.by, DECIDED.minute, "stay closed", AUDITOR):
            assert told in shown
        assert (await browser.post(f"/auditors/{grant}/agree", data={"sure": "yes"})).status_code == 422, "not posted"
        agreed = await browser.post(f"/auditors/{grant}/agree", data={"sure": "yes", "posted": "yes"})
    await joining.join(token_in(link_in(agreed.text)), name="Iris Inman", password=PASSWORD)
    async with signed_in(rose.hal) as browser:
        home = (await browser.get("/")).text
        assert f"/auditors/{grant}" in home
        page = (await browser.get(f"/auditors/{grant}")).text
    for told in (DECIDED.by, DECIDED.minute, "Tess Rose and Tom Rose", "Closed"):
        assert told in page
    assert (await events_of(rose.ash.id))[-2:] == ["auditor.granted", "auditor.joined"]
    assert "auditor.granted" not in await events_of(rose.elm.id)


async def test_neither_of_the_two_is_the_auditor_nor_anybody_of_a_school_audited(rose: Trust) -> None:
    own = (await email_of(rose.tess)).replace("@", "+audit@")
    for email in (await email_of(rose.tess), own):
        with pytest.raises(Forbidden, match="other people"):
            await rose.ask(email=email)
    grant = await rose.ask(email=await email_of(rose.tom))
    with pytest.raises(Forbidden, match="other people"):
        await trust_audits.agree(rose.tom, grant, posted=True)
    ann, gus = await a_person(rose.ash), await a_person(rose.ash, Role.GOVERNOR, "Gus Gray")
    for viewer in (ann, gus, rose.hal):
        with pytest.raises(Conflict, match="comes from outside"):
            await rose.ask(email=await email_of(viewer))


@pytest.mark.parametrize("who", ["gov", "eve"])
async def test_a_trustee_or_a_peer_may_be_the_auditor(rose: Trust, who: str) -> None:
    auditor: Viewer = getattr(rose, who)
    made = await trust_audits.agree(rose.tom, await rose.ask(email=await email_of(auditor)), posted=True)
    await joining.join_with_account(token_in(made.address), password=PASSWORD, from_address="")
    assert rose.ash.id in {school.id for school in await sign_in.schools_of(auditor)}


async def test_only_a_head_of_the_trust_asks_and_only_somebody_who_writes_there_agrees(rose: Trust) -> None:
    dee = await a_person(await a_school("Dale Primary", trust="Thorn Trust"), Role.HEAD, "Dee Dale")
    for by in (rose.tom, rose.gov, rose.eve, dee):
        with pytest.raises(Refusal):
            await rose.ask(by=by)
    grant = await rose.ask()
    for by in (rose.tess, rose.gov, rose.hal, rose.eve, dee):
        with pytest.raises((Forbidden, NotFound)):
            await trust_audits.agree(by, grant, posted=True)
    await trust_audits.agree(rose.tom, grant, posted=True)
    with pytest.raises(Conflict, match="agreed already"):
        await trust_audits.agree(rose.tom, grant, posted=True)


async def test_a_school_that_is_not_the_trusts_is_not_asked_for(rose: Trust) -> None:
    other = await a_school("Other Primary", trust="Thorn Trust")
    until = clock.today()
    with pytest.raises(NotFound):
        await trust_audits.ask(rose.tess, email=AUDITOR, reason="x", until=until, schools=[other.id], decided=DECIDED)
    with pytest.raises(Invalid):
        await trust_audits.ask(rose.tess, email=AUDITOR, reason="x", until=until, schools=[rose.ash.id], decided=Decided("", ""))


async def test_it_lasts_a_year_at_most_and_any_other_grant_ninety_days(rose: Trust) -> None:
    await rose.ask(days=364)
    with pytest.raises(Invalid, match="last day of the audit"):
        await rose.ask(days=365, email="other@audit.example")
    with pytest.raises(Invalid):
        await auditors.grant(rose.hal, email="x@y.example", reason="x", until=clock.today() + timedelta(days=90))
    with pytest.raises(Exception, match="90"):
        async with database.write():
            await AuditorGrant.update({AuditorGrant.decided_by: None, AuditorGrant.minute: None}, force=True)
            row = await AuditorGrant.select().first()
            assert row is not None
            await AuditorGrant.insert(AuditorGrant(**row | {"id": rose.ash.id}))


async def test_a_head_sees_what_was_read_and_objects_and_does_not_end_it(rose: Trust) -> None:
    iris, ann = await rose.auditor(), await a_person(rose.ash)
    grant = (await listing.listed(rose.hal))[0].id
    async with signed_in(iris) as browser:
        assert (await browser.get("/trail")).status_code == 200
    assert "auditor.read" in await events_of(rose.ash.id)
    for by in (rose.hal, ann):
        async with signed_in(by) as browser:
            page = (await browser.get(f"/auditors/{grant}")).text
            assert (f"/auditors/{grant}/revoke" in page, f"/auditors/{grant}/object" in page) == (False, by is rose.hal)
            refused = await browser.post(f"/auditors/{grant}/revoke", data={"sure": "yes"})
            assert refused.status_code == 403
            assert "Your trust decided this audit" in refused.text
    with pytest.raises(Forbidden):
        await trust_audits.object_to(ann, grant, "No.")
    with pytest.raises(NotFound):
        await trust_audits.object_to(rose.eve, grant, "No.")
    async with signed_in(rose.hal) as browser:
        assert (await browser.post(f"/auditors/{grant}/object", data={"words": ""})).status_code == 422
        assert (await browser.post(f"/auditors/{grant}/object", data={"words": "She is a competitor's wife."})).status_code == 303
        assert (await browser.post(f"/auditors/{grant}/object", data={"words": "Again."})).status_code == 409
    async with signed_in(rose.tom) as browser:
        assert "competitor&#39;s wife" in (await browser.get(f"/auditors/{grant}")).text
    for trail in (rose.ash, rose.team):
        assert (await events_of(trail.id))[-1] == "auditor.objected"
    assert rose.ash.id in {school.id for school in await sign_in.schools_of(iris)}, "an objection ends nothing"
    await auditors.revoke(rose.tom, grant)
    assert await sign_in.schools_of(iris) == ()


async def something_private(rose: Trust) -> None:
    supplier = (await directory.add(rose.hal, name="Ashby Boilers")).id
    files = [Upload("receipt.txt", b"Paid twice.")]
    await notes.note(rose.hal, supplier, about=About.PROBLEM, body=PRIVATE[0], files=[])
    await notes.note(rose.hal, supplier, about=About.GOOD, body=PRIVATE[1], files=files)
    said = Opinion(interest=None, rating=4, praise=PRAISE, criticism=PRIVATE[2], used_from=None)
    await reviews.review(rose.hal, supplier, opinion=said, version=None)


async def everything_read_by(viewer: Viewer) -> str:
    """Pages, answers of the API, as-of and a complete pack, as text."""
    async with signed_in(viewer) as browser:
        entries = await browser.get("/api/v1/trail/entries")
        texts = [(await browser.get("/trail")).text, entries.text]
        for subject in {entry["subject"] for entry in entries.json()["entries"]}:
            if subject.startswith(("note:", "review:")):
                texts += [(await browser.get(f"{api}/trail/as-of?subject={subject}")).text for api in ("", "/api/v1")]
        taken = await browser.post("/api/v1/trail/pack", json={"grade": "complete"})
    with zipfile.ZipFile(io.BytesIO(taken.content)) as pack:
        names = [name for name in pack.namelist() if not name.endswith(("pdf", "xlsx"))]
        texts += [pack.read(name).decode("utf-8", "replace") for name in names]
    return "\n".join(texts)


@pytest.mark.parametrize("decided", [DECIDED, OPEN], ids=["without a reason", "with a reason"])
async def test_private_notes_and_criticism_are_read_only_where_the_grant_says_why(rose: Trust, decided: Decided) -> None:
    await something_private(rose)
    texts = await everything_read_by(await rose.auditor(decided))
    assert PRAISE in texts
    assert "Paid twice." in texts or decided is DECIDED
    for words in (*PRIVATE, "Paid twice."):
        assert (words in texts) == (decided is OPEN), words
    async with signed_in(rose.hal) as browser:
        grant = (await listing.listed(rose.hal))[0].id
        page = (await browser.get(f"/auditors/{grant}")).text
    assert ("A complaint about caterers" in page) == (decided is OPEN)


async def test_an_auditor_whom_the_school_let_in_itself_reads_as_before(rose: Trust) -> None:
    await something_private(rose)
    made = await auditors.grant(rose.hal, email=AUDITOR, reason="x", until=clock.today())
    joined = await joining.join(token_in(made.address), name="Iris Inman", password=PASSWORD)
    viewer = await sessions.viewer_of(await sessions.start(joined.person, joined.school))
    assert viewer is not None
    texts = await everything_read_by(viewer)
    assert all(words in texts for words in PRIVATE)


async def test_a_school_that_leaves_the_trust_is_closed_to_its_auditor_and_may_end_it(rose: Trust) -> None:
    await something_private(rose)
    iris = await rose.auditor(OPEN)
    grant = (await listing.listed(rose.hal))[0].id
    async with database.write():
        await NetworkMember.update({NetworkMember.until_at: clock.now()}).where(NetworkMember.school == rose.ash.id)
    async with signed_in(iris) as browser:
        text = (await browser.get("/api/v1/trail/entries")).text
        assert PRAISE not in text
        assert PRIVATE[0] not in text
    await auditors.revoke(rose.hal, grant)
    assert await sign_in.schools_of(iris) == ()


async def test_what_was_not_agreed_is_taken_back_and_opens_nothing(rose: Trust) -> None:
    grant = await rose.ask()
    with pytest.raises(NotFound):
        await auditors.new_link(rose.tess, grant)
    for by in (rose.hal, rose.eve):
        with pytest.raises(NotFound):
            await auditors.revoke(by, grant)
    await auditors.revoke(rose.tess, grant)
    with pytest.raises(Conflict):
        await trust_audits.agree(rose.tom, grant, posted=True)
    assert "auditor.revoked" not in await events_of(rose.ash.id)


async def test_the_second_agrees_while_both_count_as_two(rose: Trust, monkeypatch: pytest.MonkeyPatch) -> None:
    second = await people.invite(rose.tess, email="tia@rose.example", role=Role.BUSINESS_MANAGER)
    tia = await joining.join(token_in(second.address), name="Tia Rose", password=PASSWORD)
    grant = await rose.ask()
    travel(monkeypatch, days=1)
    with pytest.raises(Forbidden):
        await trust_audits.agree(tia, grant, posted=True)


async def test_two_are_two_for_the_database_itself(rose: Trust) -> None:
    await rose.ask()
    with pytest.raises(Exception, match="a_trusts_audit_takes_two"):
        async with database.write():
            changed: dict[Any, Any] = {AuditorGrant.agreed_by: rose.tess.person, AuditorGrant.agreed_at: clock.now()}
            await AuditorGrant.update(changed, force=True)
