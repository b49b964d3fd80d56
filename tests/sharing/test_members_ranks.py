"""Nobody gives, takes, resets or removes a rank above their own: every act of everybody towards everybody, over the pages.

Programs are refused all of it: people have no endpoints of the JSON API, and an API key opens no page about them.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest

import database
from base import clock
from base.refusals import Forbidden
from base.settings import Settings
from base.viewer import KeyScope, Role, Viewer
from sharing.accounts.tables import ResetAgreement
from sharing.auditors import auditors, trust_audits
from sharing.auditors.trust_audits import Decided
from sharing.joining import joining
from sharing.members import ranks
from sharing.members.ranks import By, Only
from sharing.members.tables import BreakGlass, Succession
from sharing.operator import break_glass, succession, succession_list
from sharing.operator.succession import Wanted
from sharing.operator.succession_list import Ground
from sharing.sign_in import api_keys
from sharing.tables import AuditorGrant, AuditorScope, Membership, OneTimeLink, Person, School, Session
from tests.given.builders import (
    PASSWORD,
    a_membership,
    a_person,
    a_school,
    an_address_proved,
    an_invitation,
    an_operator_beside,
    email_of,
    program,
    signed_in,
    token_in,
)
from tests.given.routes import routes
from tests.given.written_from_code import is_pinned

RANK: Final = {"site_staff": 0, "governor": 1, "trust_lead": 2, "business_manager": 3, "head": 4}
ACT_ON_NOBODY: Final = ("site_staff", "governor", "trust_lead")
LONG_AGO: Final = timedelta(days=400)
OF_BY: Final = {
    By.SITE_STAFF: "site_staff", By.GOVERNOR: "governor", By.TRUST_LEAD: "trust_lead",
    By.BUSINESS_MANAGER: "business_manager", By.HEAD: "head",
}  # fmt: skip


@dataclass
class Somebody:
    """One person as the school that the acts happen at knows them; ``role`` None: belongs to another school."""

    viewer: Viewer
    role: str | None
    holds_more: bool = False  # another membership that has not ended
    runs_it: bool = False  # the installation
    is_reset: bool = False  # by the operator: does nothing to anybody until a head keeps them


@dataclass
class World:
    school: School
    is_trust: bool = False  # the central team of one
    people: dict[str, Somebody] = field(default_factory=dict)
    invitations: dict[str, UUID] = field(default_factory=dict)  # open ones, by the role that they offer
    openings: dict[str, UUID] = field(default_factory=dict)  # what the operator opened, by for whom
    succession: UUID | None = None  # a new head on the way
    audits: dict[str, UUID] = field(default_factory=dict)  # of the trust: "asked", and "agreed" by its second person
    browsers: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    rows: dict[Any, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def has_head(self) -> bool:
        return any(person.role == "head" for person in self.people.values())


@dataclass(frozen=True)
class Tried:
    act: str
    by: str
    on: str = ""
    role: str = ""


@pytest.fixture(params=["a school with a head", "a school without one", "the team of a trust with a head"])
async def world(request: pytest.FixtureRequest, db: Settings) -> AsyncIterator[World]:
    """Every role, belonging for long and since now; memberships elsewhere of every sort; people from outside."""
    is_trust = "trust" in request.param
    academy = await a_school("Oakfield Primary", trust="Rose Trust")
    oakfield = await _team_of_the_trust() if is_trust else academy
    elmwood = await a_school("Elmwood Primary")
    made = World(oakfield, is_trust)
    left_out = {role for role, is_there in ((Role.HEAD, "with a" in request.param), (Role.TRUST_LEAD, is_trust)) if not is_there}
    roles = [role for role in Role if role.value in RANK and role not in left_out]
    with clock.at(clock.now() - LONG_AGO):
        olive = await a_person(oakfield, Role.BUSINESS_MANAGER, "Olive Operator", operator=True)
        made.people["operator"] = Somebody(olive, "business_manager", runs_it=True)
        made.people |= {f"old {r.value}": Somebody(await a_person(oakfield, r, f"Old {r.words}"), r.value) for r in roles}
        elms_head = await a_person(elmwood, Role.HEAD, "Eve Elm")
    made.people |= {f"new {r.value}": Somebody(await a_person(oakfield, r, f"New {r.words}"), r.value) for r in roles}
    await _with_more(made, elmwood, elms_head)
    await _from_outside(made)
    await _audited_by_the_trust(made)
    await _by_the_operator(made, roles)
    for role in roles:
        invited = await an_invitation(oakfield, role, f"{role.value}@invited.example")
        made.invitations[role.value] = await _id_of_link(invited.email)
    async with AsyncExitStack() as stack:
        for who, somebody in made.people.items():
            made.browsers[who] = await stack.enter_async_context(signed_in(somebody.viewer))
        async with database.read():
            made.rows = {table: await table.select() for table in (Membership, Session, OneTimeLink, BreakGlass, Succession)}
        yield made


async def _team_of_the_trust() -> School:
    async with database.read():
        team: School | None = await School.objects().where(School.kind == "trust").first()
    assert team is not None
    return team


async def _with_more(world: World, elmwood: School, elms_head: Viewer) -> None:
    """Colleagues who hold a second membership: lasting, an auditor's, one that begins tomorrow, one that has ended."""
    both = await a_person(world.school, name="Bo Both")
    await a_membership(both, elmwood, Role.GOVERNOR)
    audits = await a_person(world.school, name="Aud Auditor")
    until = clock.today() + timedelta(days=30)
    granted = await auditors.grant(elms_head, email=await email_of(audits), reason="Audit.", until=until)
    await joining.join_with_account(token_in(granted.address), password=PASSWORD, from_address="")
    begins, ended = await a_person(world.school, name="Bea Begins"), await a_person(world.school, name="Ed Ended")
    now = clock.now()
    spans = ((begins, now + timedelta(days=1), None), (ended, now - LONG_AGO, now - timedelta(days=1)))
    async with database.write():
        for viewer, start, end in spans:
            await Membership(
                id=uuid4(), person=viewer.person, school=elmwood.id, role="governor", valid_from=start, valid_until=end
            ).save()
    for name, viewer in (("both", both), ("audits elsewhere", audits), ("begins elsewhere", begins)):
        world.people[name] = Somebody(viewer, "business_manager", holds_more=True)
    world.people["ended elsewhere"] = Somebody(ended, "business_manager")


async def _from_outside(world: World) -> None:
    """Another school's head, and the people of the trust."""
    dale = await a_person(await a_school("Dale Primary"), Role.HEAD, "Dee Dale")
    world.people["head elsewhere"] = Somebody(dale, None)
    fern = await an_operator_beside(await a_school("Fern Primary"))
    world.people["operator elsewhere"] = Somebody(fern, None, runs_it=True)
    if world.is_trust:
        return
    team = await _team_of_the_trust()
    world.people["head of the trust"] = Somebody(await a_person(team, Role.HEAD, "Tess Trust"), None)
    world.people["manager of the trust"] = Somebody(await a_person(team, name="Tom Trust"), None)
    world.people["governor of the trust"] = Somebody(await a_person(team, Role.GOVERNOR, "Tara Trustee"), None)


async def _audited_by_the_trust(world: World) -> None:
    """Of one of its schools: an audit that its head asked for, and one that its business manager agreed to."""
    if world.is_trust:
        return
    tess, tom = (world.people[f"{who} of the trust"].viewer for who in ("head", "manager"))
    until, decided = clock.today() + timedelta(days=30), Decided("The audit committee", "12 November, item 7")
    for name in ("agreed", "asked"):
        world.audits[name] = await trust_audits.ask(
            tess, email=f"{name}@audit.example", reason="Plan.", until=until, schools=[world.school.id], decided=decided
        )
    await trust_audits.agree(tom, world.audits["agreed"], posted=True)


async def _by_the_operator(world: World, roles: list[Role]) -> None:
    """Guests for a day, colleagues whose password the operator reset, and a new head who waits."""
    school, olive = world.school.id, world.people["operator"].viewer
    for role in (Role.GOVERNOR, Role.BUSINESS_MANAGER):
        email = f"guest.{role.value}@school.example"
        invited = await break_glass.invite(olive, school, email=email, role=role, reason="Flood.", posted=True)
        guest = await joining.join(token_in(invited.address), name=f"Guest {role.words}", password=PASSWORD)
        world.people[f"guest {role.value}"] = Somebody(guest, None)
    for role in roles:
        reset = await a_person(world.school, role, f"Reset {role.words}")
        link = await break_glass.reset(school, reset.person, reason="Forgot it.", posted=True)
        await joining.set_password(token_in(link), password=PASSWORD)
        world.people[f"reset {role.value}"] = Somebody(reset, role.value, is_reset=True)
    async with database.read():
        for row in await BreakGlass.select(BreakGlass.id, BreakGlass.person):
            who = next(who for who, somebody in world.people.items() if somebody.viewer.person == row["person"])
            world.openings[who] = row["id"]
    wanted = Wanted("new.head@school.example", Ground.ASKED, "head@oakfield.example", "Its website, today")
    beside = world.people["operator elsewhere"].viewer  # who belongs to the school doesn't say that it asked
    await succession.start(beside, school, wanted, posted=True)
    world.succession = (await succession_list.started(beside))[0].id


async def _id_of_link(email: str) -> UUID:
    async with database.read():
        row: Any = await OneTimeLink.objects().where(OneTimeLink.email == email).first()
    return UUID(str(row.id))


async def restore(world: World, act: str) -> None:
    """As it was before an act that was allowed; the trail keeps its entries."""
    async with database.write():
        whole = act in ("role", "remove", "keep", "cut", "break in", "object")
        for table in world.rows if whole else (OneTimeLink,):
            await table.delete(force=True)
            await table.insert(*(table(**row) for row in world.rows[table]))
        if act == "let in":
            others = database.outside(AuditorScope.auditor_grant, list(world.audits.values()))
            let_in: Any = (AuditorScope.school == world.school.id) & others
            await AuditorScope.update({AuditorScope.revoked_at: clock.now()}).where(let_in)
        if act == "agree audit":
            again: dict[Any, Any] = {AuditorGrant.agreed_by: None, AuditorGrant.agreed_at: None}
            await AuditorGrant.update(again).where(AuditorGrant.id == world.audits["asked"])
        if act == "end audit":
            ended = AuditorScope.auditor_grant == world.audits["agreed"]
            await AuditorScope.update({AuditorScope.revoked_at: None}).where(ended)
        if act == "agree":
            await ResetAgreement.update({ResetAgreement.used_at: clock.now()}, force=True)


def everything(world: World) -> Iterator[Tried]:
    """Colleagues about everybody of the school and somebody from elsewhere; people from elsewhere about some of the school.

    Who may do nothing to anybody tries it on a third of them, another third each: between them on all.
    """
    named = ("old", "new", "reset")
    acting = [who for who, me in world.people.items() if who.startswith(named) or me.runs_it or me.role is None]
    for n, by in enumerate(acting):
        me = world.people[by]
        others = ["new governor", "old business_manager", "both"]
        if me.role is not None:
            yield from _about_nobody_in_particular(world, by)
            others = [on for on, them in world.people.items() if them.role is not None or on == "head elsewhere"]
            if _may_do_nothing(world, by):
                others = [on for m, on in enumerate(others) if m % 3 == n % 3 or on in (by, "both", "new governor")]
        for on in others:
            yield from (Tried("role", by, on, role) for role in RANK)
            yield from (Tried(act, by, on) for act in ("remove", "reset", "agree", "name", "confirm"))
        yield from (Tried("withdraw", by, role=role) for role in world.invitations)
        yield from (Tried(act, by, on) for act in ("keep", "cut") for on in world.openings)
        yield from (Tried("break in", by, role=role) for role in RANK)
        yield from (Tried("succeed", by, on=ground) for ground in ("silence", "asked"))
        yield Tried("object", by)
        yield from (Tried(f"{act} audit", by) for act in ("agree", "object to", "end") if world.audits)


def _may_do_nothing(world: World, who: str) -> bool:
    me = world.people[who]
    return me.is_reset or me.role in ACT_ON_NOBODY


def _about_nobody_in_particular(world: World, by: str) -> Iterator[Tried]:
    yield from (Tried("invite", by, role=role) for role in RANK)
    yield from (Tried("invite in the place of", by, on=role, role="governor") for role in world.invitations)
    yield Tried("let in", by)


def expected(world: World, tried: Tried) -> int:
    """The answer's status, told from the promise and not from the table."""
    me, them = world.people[tried.by], world.people.get(tried.on)
    if me.role == "site_staff":
        return 403  # before anything else is asked: no page about people is theirs
    if tried.act in ("keep", "cut", "break in", "succeed", "object"):
        return _beside_the_operator(world, tried, me)
    if tried.act.endswith("audit"):
        return _of_the_trust(tried) if tried.by.endswith("of the trust") else _of_its_audits(world, tried, me)
    if me.is_reset or me.role is None or (them is not None and them.role is None):
        return 404
    if me.role in ACT_ON_NOBODY:
        return 403
    told = _to_colleagues(world, tried, me, them)
    is_a_lead_of_no_trust = tried.act in ("invite", "role") and tried.role == "trust_lead" and not world.is_trust
    return 422 if told != 403 and is_a_lead_of_no_trust else told


def _of_the_trust(tried: Tried) -> int:
    """Its head asked, so its business manager agrees; either ends it; neither objects to what they decided."""
    who = tried.by.partition(" ")[0]
    if tried.act == "agree audit":
        return {"manager": 200, "head": 403}.get(who, 404)
    if tried.act == "end audit":
        return 403 if who == "governor" else 303
    return 404


def _of_its_audits(world: World, tried: Tried, me: Somebody) -> int:
    """The school's head objects, or whoever writes where it has none. Nobody of the school agrees or ends."""
    if me.role is None or tried.act == "agree audit":
        return 403 if (tried.by, tried.act) == ("guest governor", "end audit") else 404  # whose role is asked first
    if me.is_reset or tried.act == "end audit":
        return 403
    return 303 if me.role == "head" or (me.role == "business_manager" and not world.has_head) else 403


def _to_colleagues(world: World, tried: Tried, me: Somebody, them: Somebody | None) -> int:
    if them is not None:
        return _to_a_colleague(world, tried, me, them)
    if tried.act == "let in":
        return 200 if me.role == "head" or not world.has_head else 403
    concerned = tried.on if tried.act == "invite in the place of" else tried.role
    if RANK[concerned] > RANK[str(me.role)]:
        return 403
    return 303 if tried.act == "withdraw" else 200


def _beside_the_operator(world: World, tried: Tried, me: Somebody) -> int:
    """The operator lets in, for a day, below a head; a head keeps; who is not below ends it; everybody objects."""
    if tried.act in ("break in", "succeed"):
        refused = 409 if tried.on == "asked" and me.role is None else 403  # one is on the way; people here signed in today
        return 404 if not me.runs_it else 200 if tried.role in ("governor", "business_manager") else refused
    if me.role is None or (me.is_reset and tried.act != "object"):
        return 404
    if tried.act == "object":
        return 303
    rank = RANK[tried.on.split()[1]]
    needed = RANK["head"] if tried.act == "keep" else max(rank, RANK["business_manager"])
    return 303 if RANK[str(me.role)] >= needed else 403


def _to_a_colleague(world: World, tried: Tried, me: Somebody, them: Somebody) -> int:
    is_oneself, mine, theirs = me is them, RANK[str(me.role)], RANK[str(them.role)]
    match tried.act:
        case "role":
            is_refused = is_oneself or max(theirs, RANK[tried.role]) > mine
            allowed = 422 if tried.role == them.role else 303
        case "remove":
            is_refused, allowed = theirs > mine, 303
        case "reset":
            is_refused, allowed = theirs > mine or is_oneself or them.holds_more or them.runs_it, 200
        case "confirm":
            is_refused, allowed = me.role != "head" or is_oneself, 303
        case "agree":
            is_refused, allowed = me.role != "head" or is_oneself or not them.holds_more, 200
        case _:
            is_refused, allowed = world.has_head or them.role == "site_staff", 303
    return 403 if is_refused else allowed


def request_for(world: World, tried: Tried) -> tuple[str, Mapping[str, str]]:
    """Where the form is sent, and what is in it."""
    there = f"/people/{world.people[tried.on].viewer.person}" if tried.on in world.people else ""
    until = clock.today() + timedelta(days=3)
    forms: Mapping[str, tuple[str, Mapping[str, str]]] = {
        "invite": ("/people/invite", {"email": "new@person.example", "role": tried.role}),
        "invite in the place of": ("/people/invite", {"email": f"{tried.on}@invited.example", "role": tried.role}),
        "withdraw": (f"/people/invitations/{world.invitations.get(tried.role)}/withdraw", {}),
        "let in": ("/auditors", {
            "email": "new@audit.example", "reason": "Review.", "scope": "whole",
            "until-day": str(until.day), "until-month": str(until.month), "until-year": str(until.year),
        }),
        "role": (f"{there}/role", {"role": tried.role}),
        "remove": (f"{there}/remove", {"sure": "yes"}),
        "reset": (f"{there}/password-link", {}),
        "agree": (f"{there}/agree-password", {}),
        "name": (f"{there}/name-head", {}),
        "confirm": (f"{there}/confirm-address", {}),
        "keep": (f"/people/opened/{world.openings.get(tried.on)}/keep", {}),
        "cut": (f"/people/opened/{world.openings.get(tried.on)}/end", {}),
        "break in": ("/people/break-glass", {
            "school": str(world.school.id), "email": "new@person.example", "role": tried.role, "reason": "Flood.",
            "posted": "yes",
        }),
        "succeed": ("/people/new-heads", {
            "school": str(world.school.id), "email": "another@person.example", "ground": tried.on, "posted": "yes",
            "address": "head@oakfield.example", "seen": "Its website, today", "sure": "yes",
        }),
        "object": (f"/people/new-heads/{world.succession}/object", {"words": "She is not our head."}),
        "agree audit": (f"/auditors/{world.audits.get('asked')}/agree", {"sure": "yes", "posted": "yes"}),
        "object to audit": (f"/auditors/{world.audits.get('agreed')}/object", {"words": "We were audited in May."}),
        "end audit": (f"/auditors/{world.audits.get('agreed')}/revoke", {"sure": "yes"}),
    }  # fmt: skip
    return forms[tried.act]


async def send(browser: httpx.AsyncClient, world: World, tried: Tried) -> int:
    address, form = request_for(world, tried)
    is_by_a_head = tried.act == "confirm" and world.people[tried.by].role == "head"
    if is_by_a_head:  # of others nobody asks whether it is proved: what has been needs nobody
        async with database.write():
            await Person.update({Person.address_proved_at: None}).where(Person.id == world.people[tried.on].viewer.person)
    answer = await browser.post(address, data=form)
    if is_by_a_head:
        await an_address_proved(world.people[tried.on].viewer)
    if tried.act == "object to audit" and answer.status_code == 409:
        return 303  # a colleague's stands already, and is never deleted
    return answer.status_code


async def test_every_act_of_everybody_towards_everybody(world: World) -> None:
    wrong, tries = [], 0
    could = list(everything(world))
    half = sorted(Random(len(could)).sample(range(len(could)), len(could) // 2))  # noqa: S311 - the same half each time
    for tried in (could[n] for n in half):
        wanted, got, tries = expected(world, tried), await send(world.browsers[tried.by], world, tried), tries + 1
        if got != wanted and not (world.people[tried.by].is_reset and {got, wanted} == {403, 404}):
            wrong.append(f"{tried}: {got}, want {wanted}")
        if got in (200, 303):
            await restore(world, tried.act)
    assert not wrong, "\n".join(wrong)
    assert tries > 500 / 3
    assert {(tried.act, tried.on) for tried in everything(world) if _may_do_nothing(world, tried.by)} >= {
        (act, on) for act in ("role", "remove", "reset") for on, them in world.people.items() if them.role is not None
    }


async def test_a_page_about_a_colleague_offers_what_is_allowed_and_nothing_else(world: World) -> None:
    """Half of the pairs, another half with each world: all are asked of the table that the acts above are held to."""
    buttons = {"remove": "/remove", "reset": "/password-link", "agree": "/agree-password", "name": "/name-head"}
    colleagues = [(who, somebody) for who, somebody in world.people.items() if somebody.role is not None]
    pairs = list(product(colleagues, colleagues))
    half = sorted(Random(len(pairs)).sample(range(len(pairs)), len(pairs) // 2))  # noqa: S311 - the same half each time
    for (by, _), (on, them) in (pairs[n] for n in half):
        shown = (await world.browsers[by].get(f"/people/{them.viewer.person}")).text
        for act, path in buttons.items():
            is_allowed = expected(world, Tried(act, by, on)) in (200, 303)
            assert (f"{them.viewer.person}{path}" in shown) == is_allowed, f"{by} is offered to {act} {on}"
        for role in RANK:
            is_allowed = expected(world, Tried("role", by, on, role)) == 303
            assert is_allowed <= (f'name="role" type="radio" value="{role}"' in shown), f"{by} to make {on} {role}"


@pytest.mark.parametrize("world", ["a school with a head"], indirect=True)
async def test_no_api_key_does_any_of_it(world: World) -> None:
    """A key is refused by the address, before anybody asks whose it is: one world is as good as three."""
    assert not [route.path for route in routes() if route.is_api and ("people" in route.path or "auditors" in route.path)]
    for by, somebody in world.people.items():
        if somebody.role == "site_staff":
            with pytest.raises(Forbidden):
                await api_keys.create(somebody.viewer, name="Ours", days=30, scopes=set(KeyScope))
            continue
        key = await api_keys.create(somebody.viewer, name="Ours", days=30, scopes=set(KeyScope))
        async with program(key) as asking:
            for tried in everything(world):
                if tried.by == by and tried.on in ("", "both", "new governor"):
                    assert await send(asking, world, tried) == 403, tried


@pytest.mark.pure
def test_no_rule_reaches_above_the_rank_of_who_acts_but_the_confirming_of_a_first_head() -> None:
    for rule in ranks.TABLE:
        if rule.by in OF_BY and rule.act is not ranks.Act.OBJECT:  # of a head who has not begun
            mine = RANK[OF_BY[rule.by]]
            above = {role for role in rule.over if role is not Role.AUDITOR and RANK[role.value] > mine}
            assert not above, rule
        if rule.act is ranks.Act.CONFIRM_HEAD:
            assert rule.by in (By.OPERATOR, By.TRUST_HEAD)
            assert rule.only is Only.NO_HEAD
    for by in (By.GOVERNOR, By.TRUST_LEAD):
        assert {rule.act for rule in ranks.TABLE if rule.by is by} == {ranks.Act.OBJECT}
    assert not [rule for rule in ranks.TABLE if rule.by is By.SITE_STAFF]


@pytest.mark.pure
def test_the_documentation_shows_the_table() -> None:
    text = f"""# Who may do what to whom

Site staff, governor, trust lead, business manager, head: each rank may do more to the school than the one before. Nobody gives,
takes, resets or removes a rank above their own. There are two exceptions, and both take more than one hand: a school's first
head, whom a colleague names and somebody from outside confirms; and a new head for a school that lost its people, to whom
everybody there but site staff may object. Trust leads are only at the central team of a trust.
How long somebody has belonged to the school makes no difference here; it does where two people have to be two
[established](../glossary.md) ones.

{ranks.as_markdown()}

"Breaking the glass" takes a reason, and every head of the school hears of it by letter and on the home page (everybody who
may write, where there is no head). What it opens ends 24 hours after the link was used, unless a head keeps it. School days
are weekdays. Until it is kept, whoever came in this way does nothing to anybody.

For a change of role, "to" is the higher of the two roles. Nobody changes their own role, confirms their own address, or makes
a link for their own new password; whoever proved their address gets one by letter. Whoever comes from another school finds
nobody here. What is not in the table nobody may do, and no API key does any of it. Why:
[Sharing](../explanation/sharing.md#who-may-do-what-to-whom).
"""
    assert is_pinned("docs/reference/people.md", text)
