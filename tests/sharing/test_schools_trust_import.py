"""A file of trusts brings them, and which schools are in them, up to date: whole, told in full, and as often as one likes."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import audit
import database
from audit.tables import Entry, Opening
from base import clock
from base.refusals import Forbidden, Invalid
from base.viewer import Role
from sharing.schools.register_import import import_register
from sharing.schools.trust_file import RejectedLink, TrustName, TrustRow
from sharing.schools.trust_import import Move, TrustsReport, import_trusts
from sharing.tables import Network, NetworkMember, School
from tests.given.builders import a_person, a_school
from tests.given.examples import examples

pytestmark = pytest.mark.usefixtures("db")

DRAGON, HARBOUR = TrustName("2044", "07595434", "Dragon Trust"), TrustName("3001", None, "Harbour Trust")
DRAGON_S_COMPANY = TrustName(None, "07595434", "Dragon Trust")
LONG_AGO = date(2015, 9, 1)


async def urn_of(name: str) -> int:
    school: Any = await a_school(name)
    return int(school.urn)


async def imported(*rows: TrustRow | RejectedLink, **options: bool) -> TrustsReport:
    return await import_trusts(None, rows, digest="d1" * 32, **options)


async def trust_of(urn: int) -> list[str]:
    """The names of the trusts in which a school is, and the name beside the school."""
    async with database.read():
        rows = await NetworkMember.raw(
            """SELECT n.name AS name FROM sharing_network_member m JOIN sharing_network n ON n.id = m.network
            JOIN sharing_school s ON s.id = m.school WHERE s.urn = {} AND n.kind = 'trust' AND m.until_at IS NULL""",
            urn,
        )
        beside: Any = await School.select(School.trust_name).where(School.urn == urn).first()
    return [*(row["name"] for row in rows), beside["trust_name"]]


async def told() -> list[tuple[str, dict[str, Any]]]:
    """The type and the facts of each entry about trusts, oldest first."""
    async with database.read():
        entries = (
            await Entry.select(Entry.event_id, Entry.type)
            .where((Entry.trail == audit.OPERATOR) & Entry.type.like("trust%"))
            .order_by(Entry.idx)
        )
        facts = {row["event_id"]: row["value"] for row in await Opening.select().where(Opening.field == "facts")}
    return [(row["type"], json.loads(facts[row["event_id"]])) for row in entries]


async def teams() -> list[tuple[str, str | None, str, str]]:
    async with database.read():
        rows = await School.select(School.uid, School.company_number, School.name, School.status).where(School.kind == "trust")
    return sorted((row["uid"], row["company_number"], row["name"], row["status"]) for row in rows)


async def test_a_trust_becomes_a_central_team_and_a_network_with_its_schools() -> None:
    urn = await urn_of("Castle Primary")
    report = await imported(TrustRow(2, DRAGON, urn=urn, joined_on=LONG_AGO))
    assert report.added == ("Dragon Trust",)
    assert report.moves == (Move(urn, "Castle Primary", "Dragon Trust", "joins", "", "2015-09-01"),)
    assert await teams() == [("2044", "07595434", "Dragon Trust", "open")]
    assert await trust_of(urn) == ["Dragon Trust", "Dragon Trust"]
    async with database.read():
        members = await NetworkMember.select(NetworkMember.joined_on, NetworkMember.joined_at).where(
            NetworkMember.network.is_in(Network.select(Network.id).where(Network.kind == "trust"))
        )
    assert sorted(str(row["joined_on"]) for row in members) == ["2015-09-01", "None"], "the team has no day of its own"
    assert all(row["joined_at"].date() == clock.now().date() for row in members), "what was shared before is not theirs"


async def test_every_trust_that_changes_is_an_entry_and_so_is_the_file() -> None:
    one, other = await urn_of("Castle Primary"), await urn_of("Elm Primary")
    await imported(TrustRow(2, DRAGON, urn=one, joined_on=LONG_AGO), TrustRow(3, HARBOUR, urn=other))
    entries = await told()
    assert [kind for kind, _ in entries] == ["trust.changed", "trust.changed", "trusts.imported"]
    assert entries[0][1]["joined"] == [{"urn": one, "joined_on": "2015-09-01"}]
    assert entries[0][1]["new"] == {"uid": "2044", "name": "Dragon Trust", "status": "open", "company_number": "07595434"}
    assert (entries[2][1]["added"], entries[2][1]["joined"], entries[2][1]["digest"]) == (2, 2, "sha256:" + "d1" * 32)


async def test_the_same_file_again_changes_nothing_and_leaves_no_entry() -> None:
    rows = (TrustRow(2, DRAGON, urn=await urn_of("Castle Primary"), joined_on=LONG_AGO), TrustRow(3, HARBOUR))
    await imported(*rows)
    before = await told()
    report = await imported(*rows)
    assert (report.added, report.moves, report.unchanged) == ((), (), 1)
    assert await told() == before


async def test_a_dry_run_says_the_same_and_changes_nothing() -> None:
    rows = (TrustRow(2, DRAGON, urn=await urn_of("Castle Primary")), RejectedLink(3, "the trust has no name"))
    dry = await imported(*rows, dry_run=True)
    assert (await teams(), await told()) == ([], [])
    assert await imported(*rows) == dry


async def test_a_school_that_moved_leaves_the_old_trust() -> None:
    urn = await urn_of("Castle Primary")
    await imported(TrustRow(2, DRAGON, urn=urn))
    report = await imported(TrustRow(2, HARBOUR, urn=urn))
    assert [(move.trust, move.what, move.why) for move in report.moves] == [
        ("Dragon Trust", "leaves", "moved"),
        ("Harbour Trust", "joins", "moved"),
    ]
    assert await trust_of(urn) == ["Harbour Trust", "Harbour Trust"]
    left = [facts["left"] for kind, facts in await told() if "left" in facts and kind == "trust.changed"]
    assert left == [[{"urn": urn, "why": "moved"}]]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"left_on": date(2026, 8, 31)}, "left"),
        ({"is_closed": True}, "closed"),
        ({"is_closed": True, "closed_on": date(2026, 8, 31)}, "closed"),
    ],
)
async def test_a_row_that_is_over_ends_the_membership(row: dict[str, Any], why: str) -> None:
    urn = await urn_of("Castle Primary")
    await imported(TrustRow(2, DRAGON, urn=urn))
    report = await imported(TrustRow(2, DRAGON, urn=urn, **row))
    assert [(move.what, move.why) for move in report.moves] == [("leaves", why)]
    assert await trust_of(urn) == [None]
    assert (await teams())[0][3] == ("closed" if why == "closed" else "open")


async def test_a_closed_trust_that_nobody_had_stays_away_and_one_that_opens_again_comes_back() -> None:
    urn = await urn_of("Castle Primary")
    assert (await imported(TrustRow(2, DRAGON, urn=urn, is_closed=True))).added == ()
    assert await teams() == []
    await imported(TrustRow(2, DRAGON, urn=urn))
    await imported(TrustRow(2, DRAGON, urn=urn, is_closed=True))
    assert (await imported(TrustRow(2, DRAGON, urn=urn))).reopened == ("Dragon Trust",)
    assert await trust_of(urn) == ["Dragon Trust", "Dragon Trust"]


async def test_what_lies_ahead_is_told_and_not_done() -> None:
    urn, ahead = await urn_of("Castle Primary"), clock.today() + timedelta(days=30)
    report = await imported(TrustRow(2, DRAGON, urn=urn, joined_on=ahead))
    assert report.moves == ()
    assert "import the file again then" in report.rejected[0].reason
    await imported(TrustRow(2, DRAGON, urn=urn, left_on=ahead))
    assert await trust_of(urn) == ["Dragon Trust", "Dragon Trust"]


async def test_a_school_in_two_trusts_goes_to_the_later_one_or_stays_where_it_is() -> None:
    urn = await urn_of("Castle Primary")
    report = await imported(
        TrustRow(2, DRAGON, urn=urn, joined_on=LONG_AGO), TrustRow(3, HARBOUR, urn=urn, joined_on=date(2020, 9, 1))
    )
    assert [(one.line, one.reason) for one in report.rejected] == [(2, "the school joined Harbour Trust later, on line 3")]
    assert await trust_of(urn) == ["Harbour Trust", "Harbour Trust"]
    unclear = await imported(TrustRow(2, DRAGON, urn=urn), TrustRow(3, HARBOUR, urn=urn))
    assert [one.line for one in unclear.rejected] == [2, 3]
    assert await trust_of(urn) == ["Harbour Trust", "Harbour Trust"]


async def test_schools_that_are_not_here_are_told_with_their_lines() -> None:
    report = await imported(TrustRow(7, DRAGON, urn=123456, school="Nowhere School"))
    assert report.rejected == (
        RejectedLink(7, "no school here has URN 123456: import the school register first", "Nowhere School", 123456),
    )


async def test_a_trust_known_by_company_number_alone_is_the_same_once_a_file_tells_its_uid() -> None:
    urn = await urn_of("Castle Primary")
    await imported(TrustRow(2, DRAGON_S_COMPANY, urn=urn))
    assert await teams() == [("CH07595434", "07595434", "Dragon Trust", "open")]
    report = await imported(TrustRow(2, DRAGON, urn=urn))
    assert (report.changed, report.moves) == (("Dragon Trust",), ())
    assert await teams() == [("2044", "07595434", "Dragon Trust", "open")]
    assert await trust_of(urn) == ["Dragon Trust", "Dragon Trust"]
    assert (await imported(TrustRow(2, DRAGON_S_COMPANY, urn=urn))).changed == (), "and by its number it is found again"


async def test_a_renamed_trust_is_renamed_with_its_network_and_beside_its_schools() -> None:
    urn = await urn_of("Castle Primary")
    await imported(TrustRow(2, DRAGON, urn=urn))
    await imported(TrustRow(2, TrustName("2044", None, "Wyvern Trust"), urn=urn))
    assert await trust_of(urn) == ["Wyvern Trust", "Wyvern Trust"]
    assert await teams() == [("2044", "07595434", "Wyvern Trust", "open")]


async def test_two_names_for_one_trust_in_a_file_are_told() -> None:
    report = await imported(TrustRow(2, DRAGON), TrustRow(3, TrustName("2044", None, "Wyvern Trust")))
    assert report.rejected == (RejectedLink(3, "the trust is called Dragon Trust on line 2", "Wyvern Trust"),)
    other = await imported(TrustRow(2, DRAGON), TrustRow(3, TrustName("9999", "07595434", "Wyvern Trust")))
    assert other.rejected[0].reason == "its company number is that of Dragon Trust, whose UID is 2044"


async def test_only_a_complete_file_takes_out_whom_it_leaves_out() -> None:
    one, other = await urn_of("Castle Primary"), await urn_of("Elm Primary")
    await imported(TrustRow(2, DRAGON, urn=one), TrustRow(3, DRAGON, urn=other))
    assert (await imported(TrustRow(2, DRAGON, urn=one))).moves == ()
    spared = await imported(TrustRow(2, DRAGON, urn=one), RejectedLink(3, "Joined date …", "Elm", other), complete=True)
    assert spared.moves == (), "its row is there, and can't be used"
    assert (await imported(TrustRow(2, DRAGON, urn=one), RejectedLink(3, "damaged"), complete=True)).moves == ()
    report = await imported(TrustRow(2, DRAGON, urn=one), complete=True)
    assert [(move.urn, move.why) for move in report.moves] == [(other, "absent")]


async def test_a_file_called_complete_that_leaves_out_too_much_is_refused_whole() -> None:
    urns = [await urn_of(f"School {n}") for n in range(22)]
    await imported(*(TrustRow(n, DRAGON, urn=urn) for n, urn in enumerate(urns, start=2)))
    with pytest.raises(Invalid, match="leaves out 21 of the 22 schools"):
        await imported(TrustRow(2, DRAGON, urn=urns[0]), complete=True)
    assert await trust_of(urns[5]) == ["Dragon Trust", "Dragon Trust"]


async def test_nobody_but_the_operator_imports_trusts() -> None:
    school = await a_school("Castle Primary")
    viewer = await a_person(school, Role.HEAD)
    with pytest.raises(Forbidden):
        await import_trusts(viewer, [TrustRow(2, DRAGON)], digest="")


async def test_the_school_register_goes_on_knowing_the_trust_by_its_uid() -> None:
    school: Any = await a_school("Castle Primary", trust="Rose Trust")
    async with database.read():
        team: Any = await School.objects().where(School.kind == "trust").first()
    report = await imported(TrustRow(2, TrustName(team.uid, "07595434", "Rose Trust"), urn=school.urn, joined_on=LONG_AGO))
    assert (report.added, report.moves, report.dated) == ((), (), 1)
    assert [uid for uid, *_ in await teams()] == [team.uid]
    assert import_register is not None


URNS = tuple(range(4))
ROWS = st.lists(
    st.tuples(st.sampled_from(URNS), st.sampled_from([DRAGON, HARBOUR]), st.sampled_from(["in", "left", "closed"])), max_size=6
)


def expected(rows: Sequence[tuple[int, TrustName, str]], before: dict[int, str]) -> dict[int, str]:
    """The naive way: each school by itself, from the rows about it."""
    closed: dict[str, bool] = {}
    used = []
    for n, trust, state in rows:
        if closed.setdefault(trust.name, state == "closed") is (state == "closed"):
            used.append((n, trust.name, state))
    refused = {n for n, trust, state in rows if (n, trust.name, state) not in used}
    after = {}
    for n in URNS:
        now = {name for school, name, state in used if school == n and state == "in"}
        over = {name for school, name, state in used if school == n and state == "left"}
        there = before.get(n, "")
        if len(now) == 1:
            there = now.pop()
        elif len(now) > 1:
            pass
        elif n not in refused and (there in over or closed.get(there)):
            there = ""
        after[n] = there
    return after


@settings(max_examples=examples(50), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(files=st.lists(ROWS, min_size=1, max_size=3))
async def test_whatever_the_files_say_each_school_is_where_the_rows_about_it_put_it(
    files: list[list[tuple[int, TrustName, str]]],
) -> None:
    urns = [await urn_of(f"School {n}") for n in URNS]
    before: dict[int, str] = dict.fromkeys(URNS, "")
    for rows in files:
        made = [
            TrustRow(line, trust, urn=urns[n], is_closed=state == "closed", left_on=LONG_AGO if state == "left" else None)
            for line, (n, trust, state) in enumerate(rows, start=2)
        ]
        report = await imported(*made)
        again = await imported(*made)
        assert (again.moves, again.added, again.changed, again.closed) == ((), (), (), ())
        assert len(report.moves) == len({(move.urn, move.what) for move in report.moves})
        after = expected(rows, before)
        for n in URNS:
            assert (await trust_of(urns[n]))[0] == (after[n] or None), (n, rows)
        before = after
    await imported(
        *(TrustRow(2 + n, trust, urn=urn, left_on=LONG_AGO) for n, urn in enumerate(urns) for trust in (DRAGON, HARBOUR))
    )
