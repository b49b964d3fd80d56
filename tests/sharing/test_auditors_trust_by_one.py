"""A trust's two are two other people than the auditor, and its head decides for academies as somebody else than who asks."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

import database
from base import clock, settings
from base.refusals import Conflict, Forbidden
from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.accounts import addresses
from sharing.auditors import auditors, trust_audits
from sharing.auditors.trust_audits import Decided
from sharing.joining import joining
from sharing.people import heads, people
from sharing.tables import School
from tests.given.builders import PASSWORD, a_membership, a_person, a_school, an_address_proved, token_in
from tests.given.letters import letters_are_sent, link_of, throw_letters_away

AUDITOR = "iris@audit.example"
DECIDED = Decided("The audit committee", "12 November, item 7")


class Rose:
    """Rose Trust with its head and business manager, and an academy with a head."""

    def __init__(self, team: School, ash: School) -> None:
        self.team, self.ash = team, ash
        self.tess: Viewer
        self.tom: Viewer
        self.hal: Viewer

    async def ask(self, email: str = AUDITOR) -> UUID:
        until = clock.today() + timedelta(days=90)
        return await trust_audits.ask(
            self.tess, email=email, reason="Annual plan.", until=until, schools=[self.ash.id], decided=DECIDED
        )


@pytest.fixture
async def rose(db: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rose:
    monkeypatch.setenv("VOUCH_DATA", str(tmp_path))
    settings.current.cache_clear()
    ash = await a_school("Ash Primary", trust="Rose Trust")
    async with database.read():
        team = await School.objects().where(School.kind == "trust").first()
    assert team is not None
    made = Rose(team, ash)
    made.tess = await a_person(team, Role.HEAD, "Tess Rose", email="tess@rose.example")
    made.tom = await a_person(team, name="Tom Rose")
    made.hal = await a_person(ash, Role.HEAD, "Hal Ash", email="hal@ash.example")
    return made


async def moved(viewer: Viewer, email: str) -> None:
    """Somebody who has a new address, and proved it by a letter."""
    throw_letters_away()
    await addresses.ask_to_prove(viewer, email=email, password=PASSWORD)
    await addresses.prove(viewer, token_in(link_of(email)))


async def test_nobody_of_the_two_becomes_the_auditor_by_moving_to_the_auditors_address(rose: Rose) -> None:
    with letters_are_sent():
        made = await trust_audits.agree(rose.tom, await rose.ask("tess.too@audit.example"))
        letter = link_of("tess.too@audit.example")
        await moved(rose.tess, "tess.too@audit.example")
        for link in (made.address, letter):
            with pytest.raises(Conflict):
                await joining.join_with_account(token_in(link), password=PASSWORD, from_address="")


async def test_nor_before_the_second_agrees(rose: Rose) -> None:
    with letters_are_sent():
        grant = await rose.ask("tess.too@audit.example")
        await moved(rose.tess, "tess.too@audit.example")
        with pytest.raises(Forbidden):
            await trust_audits.agree(rose.tom, grant)


async def test_the_link_that_the_trust_is_shown_lets_nobody_audit_who_did_not_open_the_letter(rose: Rose) -> None:
    with letters_are_sent():
        grant = await rose.ask()
        await trust_audits.agree(rose.tom, grant)
        throw_letters_away()
        shown = (await auditors.new_link(rose.tess, grant)).address
        with pytest.raises(Conflict):
            await joining.join(token_in(shown), name="Iris Inman", password=PASSWORD)
        await joining.join(token_in(link_of(AUDITOR)), name="Iris Inman", password=PASSWORD)


async def test_nobody_audits_their_own_school_by_another_name_of_one_mailbox(rose: Rose) -> None:
    with pytest.raises(Conflict):
        await rose.ask("hal+audit@ash.example")
    with pytest.raises(Conflict):
        await auditors.grant(rose.hal, email="hal+audit@ash.example", reason="x", until=clock.today())


async def test_a_head_whom_somebody_made_up_at_the_trust_decides_nothing_for_them_at_an_academy(rose: Rose) -> None:
    """Ann writes at an academy and is head of the trust; her second account there is head as well."""
    elm = await a_school("Elm Primary", trust="Rose Trust")
    ann = await a_person(elm, name="Ann Archer")
    bob = await a_person(elm, name="Bob Brown")
    at_trust = await a_membership(ann, rose.team, Role.HEAD)
    made = await people.invite(at_trust, email="theo@elsewhere.example", role=Role.HEAD)
    theo = await joining.join(token_in(made.address), name="Theo Two", password=PASSWORD)
    await an_address_proved(theo)
    naming = await heads.name(bob, ann.person)
    with pytest.raises(Forbidden):
        await heads.confirm(theo, naming)
    await heads.confirm(rose.tess, naming)


async def test_an_auditor_with_a_new_address_doesnt_join_the_school_that_they_audit(rose: Rose) -> None:
    made = await auditors.grant(rose.hal, email=AUDITOR, reason="x", until=clock.today())
    iris = await joining.join(token_in(made.address), name="Iris Inman", password=PASSWORD)
    with letters_are_sent():
        invited = await people.invite(rose.hal, email="iris@home.example", role=Role.GOVERNOR)
        await moved(iris, "iris@home.example")
        with pytest.raises(Conflict):
            await joining.join_with_account(token_in(invited.address), password=PASSWORD, from_address="")
