"""The demo town: whole, the same every time, with a real trail, and rewarding to search."""

import csv
import gzip
import re
import socket
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest

import database
import demo
from audit.log import fsck
from audit.seals import keys, recipients, sealing, seals
from audit.tables import Entry
from base import clock
from base.refusals import Conflict
from base.viewer import Role
from demo import DemoAccount
from demo import asking as demo_asking
from demo import contracting as demo_contracting
from demo import keeping as demo_keeping
from demo import merging as demo_merging
from demo import opinions as demo_opinions
from demo import suppliers as demo_suppliers
from demo import town as demo_town
from demo.opinions import To
from privacy import requests
from privacy import waiting as outside_waiting
from sharing.networks import connections, networks
from sharing.people import people
from sharing.schools import register
from sharing.tables import Person, School
from sharing.two_people import established
from suppliers.asking import answers, seen
from suppliers.directory import directory
from suppliers.matching.identifiers import Scheme, parse
from suppliers.merging import curators_queue, duplicates, history, links
from suppliers.opinions import readable
from suppliers.record import taxonomy
from suppliers.search import search
from suppliers.search.search import Question
from suppliers.tables import Note, Review, Supplier
from tests.conftest import Template, copied
from tests.given.command import free_port, refused, vouch
from tests.given.demo_accounts import OAKFOLD, Built, the, viewer_of
from tests.given.every_check import findings
from tests.given.plain_words import unplain_sentences
from vouch import serve_commands

HEXBY = "Hexby Village School"
# Numbers and addresses that nobody is ever given.
NOBODYS = {Scheme.COMPANY_NUMBER: r"99000\d{3}", Scheme.PHONE: r"\+441632960\d{3}", Scheme.DOMAIN: r".+\.example"}


async def directory_entries() -> list[UUID]:
    async with database.read():
        found: list[UUID] = await Supplier.select(Supplier.id).where(Supplier.owner.is_null()).output(as_list=True)
    return found


@pytest.mark.one_engine
async def test_its_sign_ins_work_and_no_two_builds_share_a_password(town: tuple[DemoAccount, ...]) -> None:
    for account in town:
        viewer = await viewer_of(account)
        assert (viewer.name, viewer.role, viewer.school_name) == (account.name, account.role, account.school)
    assert {account.role for account in town} == set(Role)
    assert len({account.password for account in town}) == len(town)


async def test_the_next_start_builds_nothing_and_gives_passwords_that_are_new(town: tuple[DemoAccount, ...]) -> None:
    async with database.read():
        reviews_before = await Review.count()
    again = await demo.build()
    async with database.read():
        assert await Review.count() == reviews_before
    assert [account.email for account in again] == [account.email for account in town]
    assert not {account.password for account in again} & {account.password for account in town}
    assert (await viewer_of(again[0])).name == town[0].name


async def test_whoever_visits_in_the_first_minute_finds_a_seal(town: tuple[DemoAccount, ...]) -> None:
    assert await keys.public() == ()
    await serve_commands._demo_town()
    for trail in await sealing.all_trails():
        assert await seals.latest(trail), trail


async def test_somebody_who_was_removed_is_left_out_at_the_next_start(town: tuple[DemoAccount, ...]) -> None:
    head, governor = the(town, Role.HEAD), the(town, Role.GOVERNOR)
    await people.remove(await viewer_of(head), (await viewer_of(governor)).person)
    assert governor.email not in {account.email for account in await demo.build()}


@pytest.mark.usefixtures("db")
async def test_half_a_town_is_not_served(monkeypatch: pytest.MonkeyPatch) -> None:
    for data in ("REVIEWS", "NOTES", "TAKEN_BACK"):
        monkeypatch.setattr(demo_opinions, data, ())
    monkeypatch.setattr(demo_suppliers, "OWN_RECORDS", ())
    monkeypatch.setattr(demo_merging, "OF_TWO", ())
    monkeypatch.setattr(demo_asking, "ANSWERS", ())
    monkeypatch.setattr(demo_contracting, "acts", lambda _uses: ())
    await demo.build()
    monkeypatch.undo()
    with pytest.raises(Conflict, match="half built"):
        await demo.build()


@pytest.mark.usefixtures("db")
async def test_a_town_that_an_older_vouch_built_keeps_its_passwords_and_says_how_to_build_it_anew() -> None:
    await demo.build()
    last = demo_town.SCHOOLS[demo._shown()[-2].school].urn  # a school that it would not have had yet
    async with database.write():
        await School.update({School.urn: 999_999}).where(School.urn == last)
        before = await Person.select(Person.id, Person.password_hash).order_by(Person.id)
    with pytest.raises(Conflict, match="an older Vouch built"):
        await demo.build()
    async with database.read():
        assert await Person.select(Person.id, Person.password_hash).order_by(Person.id) == before


async def what_was_said() -> list[str]:
    """Every review, past ones aside, and every note, as school, supplier and words."""
    found = []
    async with database.read():
        schools = {row["id"]: row["name"] for row in await School.select(School.id, School.name)}
        suppliers = {row["id"]: row["name"] for row in await Supplier.select(Supplier.id, Supplier.name)}
        for row in await Review.select():
            said = (row["rating"], row["would_use_again"], row["praise"], row["criticism"], row["audience"] is not None)
            found.append(f"{schools[row['school']]} {suppliers[row['supplier']]} {said} {row['written_at']:%Y-%m-%d %H:%M}")
        for row in await Note.select():
            noted = (row["about"], row["body"], row["audience"] is not None)
            found.append(f"{schools[row['school']]} {suppliers[row['supplier']]} {noted} {row['written_at']:%Y-%m-%d %H:%M}")
    return sorted(found)


@pytest.mark.one_engine
async def test_it_is_the_same_town_every_time(built: Built, template: Template, tmp_path: Path) -> None:
    async with copied(built[0], tmp_path / "first.sqlite"):
        first = await what_was_said()
    async with copied(template, tmp_path / "second.sqlite"):
        await demo.build()
        assert await what_was_said() == first


@pytest.mark.usefixtures("town")
async def test_every_trail_holds_and_tells_of_a_year_in_order() -> None:
    trails = await fsck.trails()
    assert len(trails) == len(demo_town.SCHOOLS) + len(demo_town.TRUSTS) + 1
    for trail in trails:
        async with database.read():
            times = await Entry.select(Entry.at).where(Entry.trail == trail).order_by(Entry.idx).output(as_list=True)
        assert all(earlier <= later for earlier, later in pairwise(times))
        assert times[-1] < clock.now().timestamp() * 1_000_000
    assert await findings() == ()
    assert await unplain_sentences() == set()


@pytest.mark.usefixtures("town")
async def test_nothing_happens_at_night_or_at_a_weekend() -> None:
    async with database.read():
        moments = [row["written_at"].astimezone(clock.LONDON) for row in await Review.select(Review.written_at)]
    assert all(moment.weekday() < 5 and 8 <= moment.hour < 18 for moment in moments)


async def test_the_governor_reads_no_criticism_where_the_business_manager_does(town: tuple[DemoAccount, ...]) -> None:
    manager, governor = [await viewer_of(the(town, role)) for role in (Role.BUSINESS_MANAGER, Role.GOVERNOR)]
    read = {Role.BUSINESS_MANAGER: 0, Role.GOVERNOR: 0}
    for supplier in await directory_entries():
        for viewer in (manager, governor):
            seen = await readable.about(viewer, supplier)
            said = [*(review.criticism for review in seen.reviews), seen.ours.said.criticism if seen.ours else ""]
            read[viewer.role] += sum(bool(text) for text in said)
    assert read[Role.BUSINESS_MANAGER] > 5
    assert read[Role.GOVERNOR] == 0


@pytest.mark.parametrize(
    ("need", "first"),
    [
        ("grounds maintance", "Greensward Grounds Care Ltd"),
        ("boiler servicing", "Caldbeck Heating Services Ltd"),
        ("supply teachers", "Coverline Education Ltd"),
        ("photocopier", "Printwise Document Systems Ltd"),
        ("northbite", "Northbyte ICT for Schools Ltd"),
    ],
)
async def test_a_school_linked_with_nobody_finds_who_is_good(town: tuple[DemoAccount, ...], need: str, first: str) -> None:
    priya = await viewer_of(the(town, Role.BUSINESS_MANAGER, HEXBY))
    answer = await search.recommendations(priya, Question(need=need))
    assert answer.hits[0].name == first
    assert all(hit.reasons for hit in answer.hits)
    assert [hit.score for hit in answer.hits] == sorted((hit.score for hit in answer.hits), reverse=True)


@pytest.mark.parametrize("need", ["grounds maintance", "boiler servicing", "supply teachers", "photocopier"])
async def test_schools_of_a_trust_and_a_cluster_hear_more(town: tuple[DemoAccount, ...], need: str) -> None:
    heard = []
    for school in (OAKFOLD, HEXBY):
        answer = await search.recommendations(await viewer_of(the(town, Role.BUSINESS_MANAGER, school)), Question(need, miles=50))
        heard.append(sum(not said.is_ours for hit in answer.hits for said in hit.said))
    assert heard[0] > heard[1] > 0


async def test_a_note_waits_for_the_new_school_alone(town: tuple[DemoAccount, ...]) -> None:
    priya = await viewer_of(the(town, Role.BUSINESS_MANAGER, HEXBY))
    (greensward,) = await named("Greensward Grounds Care Ltd")
    (note,) = (await readable.about(priya, greensward)).notes
    assert note.by.why == ("Shared with your school.",)


async def test_a_name_written_down_twice_is_recognised(town: tuple[DemoAccount, ...]) -> None:
    joanne = await viewer_of(the(town, Role.BUSINESS_MANAGER))
    (own,) = await named("CALDBECK HEATING SERV")
    found = await directory.suggestions(joanne, "CALDBECK HEATING SERV", other_than=own)
    assert found[0].name == "Caldbeck Heating Services Ltd"


async def test_a_school_sees_a_likely_double_a_merge_and_a_site_and_the_curator_a_proposal(town: tuple[DemoAccount, ...]) -> None:
    joanne = await viewer_of(the(town, Role.BUSINESS_MANAGER))
    waiting = {(pair.name, pair.other.name) for pair in (await duplicates.queue(joanne)).pairs}
    assert waiting == {("CALDBECK HEATING SERV", "Caldbeck Heating Services Ltd")}
    (mowden,), (sparkle,) = await named("Mowden & Sons Grounds Maintenance"), await named("Sparkle & Shine Contract Cleaning Ltd")
    (merged,) = await history.of(joanne, mowden)
    assert (merged.part_name, merged.by, merged.undone_at) == ("Mowden and Son Grounds Maintenance", "Joanne Pickering", None)
    assert [(one.words, one.other_name) for one in await links.of(joanne, sparkle)] == [
        ("Its site", "Sparkle & Shine, north depot")
    ]
    farah = await viewer_of(the(town, Role.HEAD, "Harrowmere High School"))
    (proposed,) = (await curators_queue.queue(farah)).pairs
    assert {proposed.name, proposed.other_name} == {"Fordway Coach Hire", "Fordway Minibus Hire Ltd"}


async def test_there_is_one_of_everything_to_see(town: tuple[DemoAccount, ...]) -> None:
    joanne = await viewer_of(the(town, Role.BUSINESS_MANAGER))
    links = await connections.links(joanne)
    assert (len(links.connected), len(links.blocked)) == (2, 1)
    assert {membership.kind for membership in await networks.mine(joanne)} == {"cluster", "trust", "local_authority"}
    async with database.read():
        assert await Review.count().where(Review.withdrawn_at.is_not_null()) == 1
        assert await Review.count().where(Review.interest.is_not_null()) == 1
        assert await Review.count().where(Review.audience.is_null(), Review.withdrawn_at.is_null()) > 0
        assert await Review.count().where(Review.lapses_at < clock.now()) == 1
        assert await Supplier.count() >= 40
    assert {to for said in demo_opinions.REVIEWS for to in said.to} == set(To)
    assert [named.email for named in await recipients.of(joanne)] == [demo_keeping.CHAIR]
    waiting = await requests.every(joanne)
    assert [(request.state, request.about) for request in waiting] == [(requests.RequestState.OPEN, demo_keeping.NAMED)]
    for_farah = await outside_waiting.every(await viewer_of(the(town, Role.HEAD, "Harrowmere High School")))
    assert [(request.school, request.id) for request in for_farah] == [(joanne.school, waiting[0].id)]
    (enquiry,) = (await seen.listed(joanne)).ours
    said = {answer.school_name: (answer.supplier_name, answer.rating) for answer in (await answers.of(joanne, enquiry.id)).shown}
    overslate = "Overslate Roofing Ltd"
    assert said == {"Pellgate Primary School": (overslate, 5), "St Wenna's Catholic Primary School": (overslate, None)}
    head = await viewer_of(the(town, Role.HEAD))
    async with database.read():
        assert not await established.needs_confirmation(joanne.person, head.person, joanne.school)


async def named(name: str) -> list[UUID]:
    async with database.read():
        found: list[UUID] = await Supplier.select(Supplier.id).where(Supplier.name == name).output(as_list=True)
    return found


@pytest.mark.pure
def test_no_school_of_the_town_is_a_real_one() -> None:
    with gzip.open(register.SHIPPED, "rt", encoding="utf-8", newline="") as shipped:
        real = list(csv.DictReader(shipped))
    for column in ("urn", "name", "town", "postcode", "local_authority"):
        assert not {str(getattr(school, column)) for school in demo_town.SCHOOLS.values()} & {row[column] for row in real}, column


@pytest.mark.pure
def test_its_addresses_and_numbers_belong_to_nobody() -> None:
    for firm in (*demo_suppliers.FIRMS.values(), *(firm for _, _, firm in demo_suppliers.OWN_RECORDS)):
        for scheme, raw in firm.identifiers.items():
            assert re.fullmatch(NOBODYS[Scheme(scheme)], parse(Scheme(scheme), raw)), raw
        assert set(firm.categories) <= set(taxonomy.by_slug())
    assert all(staff.email.endswith(".example") for staff in demo_town.STAFF)


@pytest.mark.pure
def test_a_taken_port_and_another_host_are_refused_before_anything_is_built(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert "Address already in use" in refused(vouch(tmp_path, "demo", VOUCH_PORT=str(listener.getsockname()[1])))
    assert "this computer only" in refused(vouch(tmp_path, "demo", VOUCH_PORT=free_port(), VOUCH_HOST="0.0.0.0"))  # noqa: S104
    assert not list(tmp_path.glob("**/*.sqlite"))
