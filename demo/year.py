"""The demo town's year as a row of acts, each at its own minute, through the same verbs that the pages call."""

import random
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import database
from base import clock
from base.viewer import Role, Viewer
from demo import asking as demo_asking
from demo import contracting as demo_contracting
from demo import federation as demo_federation
from demo import joining as demo_joining
from demo import keeping as demo_keeping
from demo import merging as demo_merging
from demo import opinions as demo_opinions
from demo import suppliers as demo_suppliers
from demo import town as demo_town
from demo.files import FILES
from demo.living import Act, Town
from demo.merging import ActOnTwo
from demo.opinions import DemoNote, DemoReview, DemoWithdrawal, To
from demo.suppliers import Firm
from demo.town import Staff
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from sharing.joining import joining
from sharing.networks import connections, networks
from sharing.schools.register_import import import_register
from sharing.tables import School
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.opinion import Opinion
from suppliers.record.criteria import Criterion
from suppliers.shares import shares
from suppliers.shares.publishing import SaidOfEntries
from suppliers.shares.shares import OpinionKind
from web import terminal

SEED: Final = 20  # any number: it only spreads the year's work over its days
EASY_TO_COPY: Final = "abcdefghjkmnpqrstuvwxyz23456789"
SHOWN: Final = Fields.RATING | Fields.PRAISE | Fields.DATES
SHOWN_TO_FRIENDS: Final = SHOWN | Fields.AUTHOR | Fields.ATTACHMENTS


async def live_through() -> dict[str, str]:
    """Lives through the year; returns the passwords by e-mail address."""
    town, acts = Town(), sorted(_acts(), key=lambda act: -act.days_ago)
    for moment, act in terminal.with_progress(list(_dated(acts)), doing="Building the demo town, once"):
        with clock.at(moment):
            await act.do(town)
    return town.passwords


def _dated(acts: Iterable[Act]) -> Iterator[tuple[datetime, Act]]:
    """Each act with its own minute of a working day, in their order."""
    spread = random.Random(SEED)  # noqa: S311 - protects nothing
    moment = datetime.min.replace(tzinfo=clock.LONDON)
    for act in acts:
        day = clock.today() - timedelta(days=act.days_ago)
        day -= timedelta(days=max(0, day.weekday() - 4))  # a weekend's work was Friday's
        start = datetime.combine(day, time(8), tzinfo=clock.LONDON) + timedelta(minutes=spread.randint(0, 420))
        moment = max(start, moment + timedelta(minutes=spread.randint(2, 6)))
        yield moment, act


def _acts() -> Iterator[Act]:
    """Everything that happens, in an order that holds within a day."""
    yield Act(403, _register)
    yield from (Act(staff.days_ago, _joins(staff)) for staff in demo_town.STAFF)
    yield from _links()
    for said in demo_opinions.REVIEWS:
        yield from _opinion(said, _writes(said))
    for noted in demo_opinions.NOTES:
        yield from _opinion(noted, _notes(noted))
    yield from (Act(back.days_ago, _takes_back(back)) for back in demo_opinions.TAKEN_BACK)
    yield from demo_contracting.acts(_uses)
    yield Act(40, lambda town: demo_keeping.send_seals(town.writer(demo_town.STARTS_CLUSTER)))
    yield Act(39, _are_known_as_two)
    yield Act(2, lambda town: demo_keeping.ask_to_erase(town.writer(demo_town.STARTS_CLUSTER)))
    yield from (Act(days_ago, _adds(school, firm)) for school, days_ago, firm in demo_suppliers.OWN_RECORDS)
    yield from (Act(said.days_ago, _says_of_two(said)) for said in demo_merging.OF_TWO)
    yield from demo_asking.acts()
    yield from demo_federation.acts()


def _opinion(said: DemoReview | DemoNote, write: Callable[[Town], Awaitable[None]]) -> Iterator[Act]:
    yield Act(said.days_ago, _uses(said.school, said.firm))
    yield Act(said.days_ago, write)
    if said.to or said.all_to:
        yield Act(said.days_ago, _shares(said))


def _links() -> Iterator[Act]:
    yield Act(350, _start_cluster)
    yield from (Act(348, _answers_cluster(school)) for school in demo_town.IN_CLUSTER)
    yield Act(336, _answers_cluster(demo_town.DECLINED_CLUSTER, joins=False))
    for one, other, days_ago in demo_town.CONNECTED:
        yield Act(days_ago, _asks(one, other))
        yield Act(days_ago - 5, _accepts(one, other))
    yield from (Act(days_ago, _asks(one, other)) for one, other, days_ago in demo_town.ASKED)
    yield Act(108, _blocks(*demo_town.BLOCKS))


async def _register(town: Town) -> None:
    rows = tuple(demo_town.SCHOOLS.values())
    await import_register(None, rows, digest=sha256(repr(rows).encode()).hexdigest())
    async with database.read():
        ids = {row["uid"] or row["urn"]: row["id"] for row in await School.select(School.id, School.urn, School.uid)}
    town.schools = {key: ids[row.urn] for key, row in demo_town.SCHOOLS.items()}
    town.schools |= {key: ids[uid] for key, (uid, _) in demo_town.TRUSTS.items()}


def _joins(staff: Staff) -> Callable[[Town], Awaitable[None]]:
    async def act(town: Town) -> None:
        password, school = new_password(), town.schools[staff.school]
        if link := await joining.first_link():
            viewer = await joining.join_first(
                demo_joining.token_in(link), school=school, role=staff.role, name=staff.name, email=staff.email, password=password
            )
        elif staff.role is Role.AUDITOR:
            viewer = await demo_joining.audits(staff, town.staff[staff.school, Role.HEAD], password)
        else:
            viewer = await demo_joining.invited(staff, school, town.staff, password)
        town.staff[staff.school, staff.role] = viewer
        town.passwords[staff.email] = password

    return act


async def _are_known_as_two(town: Town) -> None:
    one, other = (town.staff[demo_town.STARTS_CLUSTER, role] for role in (Role.BUSINESS_MANAGER, Role.HEAD))
    await demo_keeping.be_known_as_two(one, other, town.staff[demo_town.OPERATORS, Role.HEAD])


async def _start_cluster(town: Town) -> None:
    starter = town.writer(demo_town.STARTS_CLUSTER)
    town.network = await networks.start(starter, name=demo_town.CLUSTER, kind="cluster")
    for school in (*demo_town.IN_CLUSTER, demo_town.DECLINED_CLUSTER):
        await networks.invite(starter, town.network, town.schools[school])


def _answers_cluster(school: str, *, joins: bool = True) -> Callable[[Town], Awaitable[None]]:
    async def act(town: Town) -> None:
        viewer = town.writer(school)
        invitation = (await networks.invitations(viewer))[0].id
        await (networks.join if joins else networks.decline)(viewer, invitation)

    return act


def _asks(school: str, other: str) -> Callable[[Town], Awaitable[None]]:
    async def act(town: Town) -> None:
        town.asked[school, other] = await connections.ask(town.writer(school), town.schools[other])

    return act


def _accepts(school: str, other: str) -> Callable[[Town], Awaitable[None]]:
    async def act(town: Town) -> None:
        await connections.accept(town.writer(other), town.asked[school, other])

    return act


def _blocks(school: str, other: str) -> Callable[[Town], Awaitable[None]]:
    async def act(town: Town) -> None:
        await connections.block(town.writer(school), town.schools[other])

    return act


def _uses(school: str, key: str) -> Callable[[Town], Awaitable[None]]:
    async def act(town: Town) -> None:
        if (school, key) in town.used:
            return
        viewer = town.writer(school)
        known = town.listed.get(key)
        town.used[school, key] = (
            (await directory.adopt(viewer, known)).id if known else await _add(viewer, demo_suppliers.FIRMS[key])
        )

    return act


def _adds(school: str, firm: Firm) -> Callable[[Town], Awaitable[None]]:
    async def act(town: Town) -> None:
        town.used[school, firm.name] = await _add(town.writer(school), firm)

    return act


def _says_of_two(said: ActOnTwo) -> Callable[[Town], Awaitable[None]]:
    async def act(town: Town) -> None:
        one, other = (town.used.get((said.school, key)) or town.listed[key] for key in (said.one, said.other))
        await said.do(town.writer(said.school), one, other)

    return act


async def _add(viewer: Viewer, firm: Firm) -> UUID:
    return (
        await directory.add(
            viewer, name=firm.name, aliases=firm.aliases, identifiers=firm.identifiers, categories=firm.categories
        )
    ).id


def _writes(said: DemoReview) -> Callable[[Town], Awaitable[None]]:
    async def act(town: Town) -> None:
        viewer, supplier = town.writer(said.school, by_head=said.by_head), town.used[said.school, said.firm]
        if said.is_vouch:
            town.written[said] = (await reviews.vouch(viewer, supplier)).id
            return
        current = await reviews.current(viewer, supplier)
        judged: dict[str, Any] = dict(zip(Criterion, said.judged, strict=False))
        town.written[said] = (
            await reviews.review(
                viewer,
                supplier,
                opinion=Opinion(
                    interest=said.interest,
                    rating=said.stars,
                    would_use_again=said.again,
                    praise=said.good,
                    criticism=said.bad,
                    stage=said.stage,
                    evidence=said.evidence,
                    extras=dict(said.extras),
                    **judged,
                ),
                version=current.version if current else None,
            )
        ).id

    return act


def _notes(noted: DemoNote) -> Callable[[Town], Awaitable[None]]:
    async def act(town: Town) -> None:
        files = (Upload(noted.file, FILES[noted.file]()),) if noted.file else ()
        supplier = town.used[noted.school, noted.firm]
        town.written[noted] = await notes.note(
            town.writer(noted.school), supplier, about=noted.about, body=noted.body, files=files
        )

    return act


def _shares(said: DemoReview | DemoNote) -> Callable[[Town], Awaitable[None]]:
    async def act(town: Town) -> None:
        by_head = isinstance(said, DemoReview) and said.by_head
        viewer = town.writer(said.school, by_head=by_head)
        grants = [await _grant(viewer, to, shows_all=by_head) for to in said.to]
        if said.all_to:
            grants.append(GrantChoice(GrantKind.SCHOOL, town.schools[said.all_to], fields=ALL))
        what = OpinionKind.REVIEW if isinstance(said, DemoReview) else OpinionKind.NOTE
        of_entries = SaidOfEntries(same_as=town.listed.get(said.firm))
        town.listed[said.firm] = (
            await shares.share(viewer, what, town.written[said], AudienceChoice(tuple(grants)), of_entries=of_entries)
        ).supplier

    return act


async def _grant(viewer: Viewer, to: To, *, shows_all: bool) -> GrantChoice:
    if to is To.EVERYONE:
        return GrantChoice(GrantKind.EVERYONE, fields=SHOWN)
    if to is To.NEARBY:
        return GrantChoice(GrantKind.NEAR, miles=10, fields=SHOWN)
    if to is To.CONNECTED:
        return GrantChoice(GrantKind.CONNECTED, fields=SHOWN_TO_FRIENDS)
    mine = {membership.kind: membership.network for membership in await networks.mine(viewer)}
    fields = ALL if shows_all else SHOWN if to is To.AUTHORITY else SHOWN_TO_FRIENDS
    return GrantChoice(GrantKind.NETWORK, mine[to.value], fields=fields)


def _takes_back(back: DemoWithdrawal) -> Callable[[Town], Awaitable[None]]:
    async def act(town: Town) -> None:
        viewer = town.writer(back.school)
        current = await reviews.current(viewer, town.used[back.school, back.firm])
        if current is not None:
            await reviews.withdraw(viewer, current.id)

    return act


def new_password() -> str:
    return "-".join("".join(secrets.choice(EASY_TO_COPY) for _ in range(4)) for _ in range(3))
