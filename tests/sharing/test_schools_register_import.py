"""A register file brings schools and the networks of the register up to date, whole or not at all."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

import audit
import database
from audit.tables import Entry, Opening
from base.refusals import Conflict, Forbidden, Invalid
from base.viewer import Role, Viewer
from sharing.schools.register import SHIPPED, RegisterRow, RejectedSchool, open_register
from sharing.schools.register_import import RegisterReport, import_register
from sharing.schools.register_values import Status
from sharing.tables import Network, NetworkMember, School
from tests.given.register_rows import CASTLE

pytestmark = pytest.mark.usefixtures("db")

ELM = replace(CASTLE, urn=900002, name="Elm Infant School", trust_uid=None, trust_name=None, ukprn=None)
OAK = replace(ELM, urn=900003, name="Oak Special School", local_authority="Hallbury", lat=None, lon=None)


async def imported(*rows: RegisterRow | RejectedSchool, complete: bool = True) -> RegisterReport:
    return await import_register(None, rows, digest="d1" * 32, complete=complete)


async def school(urn: int) -> dict[str, Any]:
    async with database.read():
        (found,) = await School.select().where(School.urn == urn)
    return dict(found)


async def members(*, live: bool = True) -> set[tuple[str, str]]:
    """(network, school) by name."""
    until = NetworkMember.until_at.is_null() if live else NetworkMember.until_at.is_not_null()
    async with database.read():
        rows = await NetworkMember.select(NetworkMember.network, NetworkMember.school).where(until)
        networks = {row["id"]: row["name"] for row in await Network.select(Network.id, Network.name)}
        schools = {row["id"]: row["name"] for row in await School.select(School.id, School.name)}
    return {(networks[row["network"]], schools[row["school"]]) for row in rows}


async def entries() -> int:
    async with database.read():
        return int(await Entry.count().where((Entry.trail == audit.OPERATOR) & (Entry.type != "trail.begun")))


async def test_every_column_of_a_new_school_is_kept() -> None:
    assert await imported(CASTLE) == RegisterReport(added=1, changed=0, closed=0, unchanged=0, rejected=())
    kept = await school(900001)
    assert kept.pop("id")
    assert kept.pop("registered_at").tzinfo is not None
    assert kept == {
        "kind": "school",
        "urn": 900001,
        "uid": None,
        "company_number": None,
        "ukprn": 10079319,
        "name": "Castle Primary School",
        "search_name": " castle primary school westport zz1 1aa ",
        "phase": "Primary",
        "pupils": 211,
        "is_rural": True,
        "status": "open",
        "local_authority": "Dunmere",
        "trust_name": "Dragon & Partners Trust",
        "town": "Westport",
        "postcode": "ZZ1 1AA",
        "lat": 53.8,
        "lon": -1.5,
        "opened_on": date(1998, 9, 1),
        "closed_on": None,
    }


async def test_the_same_file_again_changes_nothing_and_leaves_no_entry() -> None:
    await imported(CASTLE, ELM, OAK)
    before = (await school(900001), await members(), await entries())
    assert await imported(CASTLE, ELM, OAK) == RegisterReport(added=0, changed=0, closed=0, unchanged=3, rejected=())
    assert (await school(900001), await members(), await entries()) == before


async def test_one_file_is_one_entry_with_its_digest_and_counts() -> None:
    await imported(CASTLE, ELM, RejectedSchool(4, "the school has no name"))
    async with database.read():
        of_imports = (Entry.trail == audit.OPERATOR) & (Entry.stream == "register")
        (entry,) = await Entry.select(Entry.event_id, Entry.type).where(of_imports)
        of_entry = (Opening.event_id == entry["event_id"]) & (Opening.field == "facts")
        (facts,) = await Opening.select(Opening.value).where(of_entry)
    assert entry["type"] == "register.imported"
    assert f'"digest":"sha256:{"d1" * 32}"' in facts["value"]
    for count in ('"added":2', '"rejected":1', '"joined":4', '"complete":true'):
        assert count in facts["value"]


async def test_a_changed_school_keeps_its_identity() -> None:
    await imported(CASTLE, ELM)
    before = await school(900001)
    report = await imported(replace(CASTLE, name="Castle Academy", town="Eastport"), ELM)
    assert (report.changed, report.unchanged) == (1, 1)
    after = await school(900001)
    assert (after["id"], after["registered_at"]) == (before["id"], before["registered_at"])
    assert (after["name"], after["search_name"]) == ("Castle Academy", " castle academy eastport zz1 1aa ")


async def test_schools_of_an_authority_and_of_a_trust_are_networks() -> None:
    await imported(
        CASTLE, ELM, OAK, replace(OAK, urn=900004, name="Fort School", local_authority="Jersey Offshore Establishments")
    )
    assert await members() == {
        ("Schools in Dunmere", "Castle Primary School"),
        ("Schools in Dunmere", "Elm Infant School"),
        ("Schools in Hallbury", "Oak Special School"),
        ("Dragon & Partners Trust", "Castle Primary School"),
        ("Dragon & Partners Trust", "Dragon & Partners Trust"),  # its central team
    }


async def test_a_school_that_moves_leaves_one_network_and_joins_the_other() -> None:
    await imported(CASTLE, ELM)
    await imported(replace(CASTLE, trust_uid="3001", trust_name="Harbour Trust", local_authority="Hallbury"), ELM)
    assert {network for network, name in await members() if name == "Castle Primary School"} == {
        "Harbour Trust",
        "Schools in Hallbury",
    }
    assert await members(live=False) == {
        ("Schools in Dunmere", "Castle Primary School"),
        ("Dragon & Partners Trust", "Castle Primary School"),
    }


async def test_schools_under_one_governing_body_are_a_network_until_the_register_says_otherwise() -> None:
    two: dict[str, Any] = {"federation_uid": "77", "federation_name": "The Castle and Elm Federation"}
    await imported(replace(CASTLE, **two), replace(ELM, **two), OAK)
    both = {("The Castle and Elm Federation", name) for name in ("Castle Primary School", "Elm Infant School")}
    of_it = "The Castle and Elm Federation"
    assert {one for one in await members() if one[0] == of_it} == both
    await imported(CASTLE, ELM, OAK)
    assert {one for one in await members() if one[0] == of_it} == both, "a file without the columns does not say"
    named = two | {"federation_name": "Two Schools"}
    await imported(replace(CASTLE, **named), replace(ELM, federation_uid="", federation_name=""), OAK)
    assert {one for one in await members() if one[0] == "Two Schools"} == {("Two Schools", "Castle Primary School")}
    assert ("Two Schools", "Elm Infant School") in await members(live=False)


async def test_a_renamed_trust_is_the_same_network() -> None:
    await imported(CASTLE)
    report = await imported(replace(CASTLE, trust_name="Wyvern Trust"))
    assert report.changed == 1
    assert ("Wyvern Trust", "Wyvern Trust") in await members()
    assert await members(live=False) == set()


async def test_a_closed_school_leaves_its_networks_and_keeps_its_row() -> None:
    await imported(CASTLE, ELM)
    closed = replace(CASTLE, status=Status.CLOSED, close_date=date(2026, 8, 31))
    assert (await imported(closed, ELM)).closed == 1
    kept = await school(900001)
    assert (kept["status"], kept["closed_on"]) == ("closed", date(2026, 8, 31))
    assert {name for _, name in await members()} == {"Elm Infant School", "Dragon & Partners Trust"}
    assert (await imported(CASTLE, ELM)).changed == 1
    assert (await school(900001))["status"] == "open"


async def test_a_complete_file_closes_the_schools_that_it_leaves_out() -> None:
    await imported(CASTLE, ELM)
    report = await imported(ELM)
    assert (report.closed, report.unchanged) == (1, 1)
    assert (await school(900001))["status"] == "closed"
    assert ("Schools in Dunmere", "Castle Primary School") not in await members()


async def test_a_part_of_the_register_closes_nothing_and_its_blanks_forget_nothing() -> None:
    await imported(CASTLE, ELM)
    blank = replace(CASTLE, trust_uid=None, trust_name=None, ukprn=None, lat=None, lon=None, open_date=None, town="", pupils=None)
    blank = replace(blank, is_rural=None)
    report = await imported(blank, complete=False)
    assert report == RegisterReport(added=0, changed=0, closed=0, unchanged=1, rejected=())
    assert (await school(900001))["town"] == "Westport"
    assert (await school(900002))["status"] == "open"
    assert ("Dragon & Partners Trust", "Castle Primary School") in await members()


async def test_a_rejected_row_does_not_close_its_school() -> None:
    await imported(CASTLE, ELM)
    assert (await imported(ELM, RejectedSchool(2, "OpenDate should look like 31-08-2024", "Castle", 900001))).closed == 0
    assert (await imported(ELM, RejectedSchool(2, "the line holds a NUL character"))).closed == 0
    assert (await school(900001))["status"] == "open"


async def test_a_complete_file_that_leaves_out_too_much_is_refused_whole() -> None:
    many = [replace(ELM, urn=910_000 + n, name=f"School {n}") for n in range(50)]
    await imported(*many)
    with pytest.raises(Invalid, match="leaves out 49 of the 50 open schools"):
        await imported(replace(many[0], name="Renamed"))
    assert (await school(910_000))["name"] == "School 0"


async def test_a_file_that_breaks_half_way_changes_nothing() -> None:
    def rows() -> Iterator[RegisterRow]:
        yield CASTLE
        raise Invalid("This file is damaged or was cut short, so nothing was imported.")

    with pytest.raises(Invalid, match="cut short"):
        await import_register(None, rows(), digest="d1" * 32)
    async with database.read():
        assert await School.count() == 0
    assert await entries() == 0


async def test_only_the_operator_imports() -> None:
    manager = Viewer(uuid4(), "Asha Patel", uuid4(), "Castle", Role.BUSINESS_MANAGER)
    with pytest.raises(Forbidden):
        await import_register(manager, [CASTLE], digest="d1" * 32)
    operator = replace(manager, is_operator=True)
    assert (await import_register(operator, [CASTLE], digest="d1" * 32)).added == 1


async def test_the_names_and_quotes_that_schools_really_have_are_kept() -> None:
    odd = replace(ELM, name='St Mary\'s "Top" School; DROP TABLE sharing_school --', town="Ynys Môn 学校")
    await imported(odd)
    assert ((await school(900002))["name"], (await school(900002))["town"]) == (odd.name, odd.town)


async def test_of_two_imports_at_once_each_ends_whole_or_refused() -> None:
    both = await asyncio.gather(imported(CASTLE, ELM), imported(CASTLE, ELM), return_exceptions=True)
    assert RegisterReport(added=2, changed=0, closed=0, unchanged=0, rejected=()) in both
    assert all(isinstance(each, RegisterReport | Conflict) for each in both), both
    async with database.read():
        assert await School.count().where(School.kind == "school") == 2
    assert await entries() == 1


async def test_the_shipped_register_is_imported_whole() -> None:
    """The whole country, so that a first start is known to work on either engine."""
    with open_register(SHIPPED) as register:
        report = await import_register(None, register.rows, digest=register.digest)
    assert report == RegisterReport(added=27_108, changed=0, closed=0, unchanged=0, rejected=())
    async with database.read():
        assert await School.count() == 27_108
        assert await Network.count().where(Network.kind == "local_authority") == 178
        (leeds,) = await Network.select(Network.id).where(Network.code == "Leeds")
        assert await NetworkMember.count().where(NetworkMember.network == leeds["id"]) == 308
