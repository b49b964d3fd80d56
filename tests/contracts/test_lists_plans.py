"""The first page of a list of contracts, and its figures, are found by indexes, however many contracts there are."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from piccolo.querystring import QueryString

import database
from base import clock
from base.viewer import Role, Viewer
from contracts.fields.said import Said
from contracts.lists import listing
from contracts.lists.listing import Showing, Wanted
from contracts.register import register
from contracts.tables import Contract
from tests.given.builders import a_person, a_school
from tests.given.examples import examples

pytestmark = pytest.mark.usefixtures("db")

IN_ORDER, MISSED, ASKING, OFFICERS = (
    *("contracts_dates_from_due", "contracts_dates_from_missed"),
    *("contracts_contract_asking", "contracts_contract_officer"),
)


@pytest.fixture
async def ann(db: object) -> Viewer:
    return await a_person(await a_school("Oakfield Primary"), Role.BUSINESS_MANAGER)


async def how(query: QueryString) -> str:
    """The steps by which the database would answer."""
    if database.is_postgres():  # with few rows it would read them all, index or not
        await Contract.raw("SET LOCAL enable_seqscan = off")
        await Contract.raw("SET LOCAL enable_bitmapscan = off")
    explain = "EXPLAIN" if database.is_postgres() else "EXPLAIN QUERY PLAN"
    rows = await Contract.raw(f"{explain} {{}}", query)
    return "\n".join(str(row.get("detail") or row.get("QUERY PLAN")) for row in rows)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[QueryString]:
    """What the register's list asks the database from now on."""
    found: list[QueryString] = []
    ask = Contract.raw.__func__  # type: ignore[attr-defined]

    def asking(table: Any, sql: str, *values: Any) -> Any:
        if not sql.startswith(("EXPLAIN", "SET")):
            found.append(QueryString(sql, *values))
        return ask(table, sql, *values)

    monkeypatch.setattr(Contract, "raw", classmethod(asking))
    return found


def is_by(index: str, plan: str) -> bool:
    """On PostgreSQL by some index: of tables that hold next to nothing it takes any of two that cost the same."""
    return "Index" in plan and "Seq Scan" not in plan if database.is_postgres() else index in plan


async def plans(asked: list[QueryString], read: Callable[[], Awaitable[object]]) -> list[str]:
    await read()
    async with database.read():
        return [await how(query) for query in list(asked)]


async def test_the_first_page_is_read_in_the_order_of_an_index(ann: Viewer, asked: list[QueryString]) -> None:
    for showing in (Showing.CURRENT, Showing.SOON, Showing.ALL):
        asked.clear()
        (plan,) = await plans(asked, lambda showing=showing: listing.page(ann, wanted=Wanted(showing)))  # type: ignore[misc]
        assert IN_ORDER in plan, plan
        in_part = ("Incremental Sort",) if database.is_postgres() else ("PART OF ORDER BY", "TERMS OF ORDER BY")
        assert any(words in plan for words in in_part), plan  # what has one day alone is sorted


async def test_each_figure_has_its_index(ann: Viewer, asked: list[QueryString]) -> None:
    _, counted = await plans(asked, lambda: listing.look(ann, wanted=Wanted(Showing.CURRENT)))
    assert all(is_by(index, counted) for index in (IN_ORDER, MISSED, ASKING)), counted
    assert database.is_postgres() or counted.count(f"INDEX {IN_ORDER}") == 2 * counted.count(f"INDEX {MISSED}"), counted


async def test_a_number_is_what_the_list_it_leads_to_has(ann: Viewer) -> None:
    today = clock.today()
    soon: dict[str, Any] = {
        "starts_on": today,
        "ends_on": today + timedelta(days=60),
        "renewal": "expires",
        "notice": {"n": 1, "unit": "months"},
    }
    missed: dict[str, Any] = {"starts_on": today - timedelta(days=300), "ends_on": today + timedelta(days=10), "renewal": "rolls"}
    missed |= {"roll": {"n": 1, "unit": "years"}, "notice": {"n": 3, "unit": "months"}}
    nothing: dict[str, Any] = {}
    for values in (soon, missed, nothing):
        await register.add(ann, Said({"title": f"Contract {len(values)}", **values}))
    counts = (await listing.look(ann, wanted=Wanted(text="no such"))).counts
    assert counts.contracts == 0
    for figure, wanted in ((counts.soon, listing.TO_DECIDE), (counts.missed, listing.MISSED), (counts.asking, listing.ASKING)):
        assert figure == len((await listing.page(ann, wanted=wanted)).lines) > 0, wanted


async def test_from_a_thousand_on_it_says_or_more(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert listing.at_most(listing.MOST_COUNTED - 1) == "999"
    assert listing.at_most(listing.MOST_COUNTED) == "1,000 or more"


DAYS = st.one_of(st.none(), st.integers(0, 40))


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ends=st.lists(DAYS, max_size=9), pages=st.integers(1, 4))
async def test_pages_follow_each_other_in_the_order_of_the_days(ends: list[int | None], pages: int) -> None:
    """One after the other they are what a sort of all of them gives: by the day to decide, those without one last, by title."""
    ann = await a_person(await a_school("Oakfield Primary"), Role.BUSINESS_MANAGER)
    today = clock.today()
    for n, end in enumerate(ends):
        values: dict[str, Any] = {"title": f"Contract {n % 3}", "renewal": "expires", "notice": {"n": 1, "unit": "days"}}
        if end is not None:
            values |= {"starts_on": today, "ends_on": today + timedelta(days=50 + end)}
        await register.add(ann, Said(values))
    lines: list[listing.Line] = []
    after = ""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "PAGE", pages)
        while True:
            page = await listing.page(ann, after)
            lines += page.lines
            if not (after := page.after):
                break
    assert len(lines) == len(ends)
    assert lines == sorted(lines, key=lambda line: (line.decide_by or date.max, line.title, str(line.id)))
