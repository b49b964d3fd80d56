"""Schools are found as people ask for them, page by page, and no page shows or hides one twice."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from base.refusals import Invalid, NotFound
from sharing.schools import schools
from sharing.schools.places import Place, miles_between
from sharing.schools.register_import import import_register
from sharing.schools.register_values import Status
from sharing.schools.schools import FoundSchool, SchoolsPage, find_schools, one
from tests.given import register_rows

HERE = Place("here", 53.80, -1.55)

CASTLE = replace(
    register_rows.CASTLE, postcode="LS1 4AP", lat=53.80, lon=-1.55, trust_uid=None, trust_name=None, ukprn=None, open_date=None
)
TOWN = (
    CASTLE,
    replace(CASTLE, urn=900002, name="The Castle Academy", town="Eastport", postcode="LS2 7AA", lat=53.81),
    replace(CASTLE, urn=900003, name="St. Mary's C of E Primary School", town="Westport", postcode="LS3 1AA", lat=53.83),
    replace(CASTLE, urn=900004, name="Saint Mary’s Roman Catholic School", town="Hallbury", postcode="LS10 1AA", lat=54.5),
    replace(CASTLE, urn=900005, name="Elm Infant School", town="Castleton", postcode="", lat=None, lon=None),
    replace(CASTLE, urn=900006, name="Castle Closed School", status=Status.CLOSED),
)


@pytest.fixture(autouse=True)
async def town(db: object) -> None:
    assert db
    await import_register(None, TOWN, digest="d1" * 32)


def names(page: SchoolsPage) -> list[str]:
    return [school.name for school in page.schools]


async def all_pages(text: str, *, limit: int, near: Place | None = None, miles: float = 10) -> list[FoundSchool]:
    found: list[FoundSchool] = []
    cursor = None
    for _ in range(100):
        page = await find_schools(text, near=near, miles=miles, cursor=cursor, limit=limit)
        found += page.schools
        cursor = page.next_cursor
        if cursor is None:
            return found
    raise AssertionError("the pages never end")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("castle", ["Castle Primary School", "Elm Infant School", "The Castle Academy"]),
        ("CASTLE primary", ["Castle Primary School"]),
        ("primary castle", ["Castle Primary School"]),
        ("cast", ["Castle Primary School", "Elm Infant School", "The Castle Academy"]),
        ("st marys", ["St. Mary's C of E Primary School", "Saint Mary’s Roman Catholic School"]),
        ("saint mary's church of england", ["St. Mary's C of E Primary School"]),
        ("eastport", ["The Castle Academy"]),
        ("ls1 4ap", ["Castle Primary School"]),
        ("ls14ap", ["Castle Primary School"]),
        ("900005", ["Elm Infant School"]),
        ("900006", []),
        ("999999", []),
    ],
)
async def test_a_school_is_found_by_any_words_of_its_name_its_town_its_postcode_or_its_urn(
    text: str, expected: list[str]
) -> None:
    page = await find_schools(text)
    assert names(page) == expected
    assert not page.is_guess


@pytest.mark.parametrize(("text", "first"), [("castel primry", "Castle Primary School"), ("elmm infnt", "Elm Infant School")])
async def test_a_misspelt_name_is_guessed_and_says_so(text: str, first: str) -> None:
    page = await find_schools(text)
    assert page.is_guess
    assert names(page)[0] == first


@pytest.mark.parametrize("text", ["zzzz qqqq", "castle zzzzzz", "' OR 1=1 --", "q\x00q"])
async def test_what_resembles_no_school_finds_none(text: str) -> None:
    page = await find_schools(text)
    assert page == SchoolsPage(())


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "%%%", "'"])
async def test_text_without_a_letter_or_digit_asks_for_nothing_and_lists_every_school(text: str) -> None:
    assert len((await find_schools(text)).schools) == 5


async def test_names_that_begin_with_the_text_come_first_across_pages() -> None:
    whole = [school.name for school in await all_pages("castle", limit=50)]
    assert whole == ["Castle Primary School", "Elm Infant School", "The Castle Academy"]
    for limit in (1, 2, 3):
        assert [school.name for school in await all_pages("castle", limit=limit)] == whole


async def test_every_open_school_is_listed_once_at_any_page_size() -> None:
    for limit in (1, 2, 4, 50):
        found = await all_pages("", limit=limit)
        assert sorted(school.urn or 0 for school in found) == [900001, 900002, 900003, 900004, 900005]


async def test_schools_of_one_name_and_place_are_told_apart_by_the_cursor() -> None:
    twins = [replace(CASTLE, urn=910_000 + n) for n in range(5)]
    await import_register(None, twins, digest="d2" * 32)
    for near in (None, HERE):
        found = await all_pages("castle primary", limit=2, near=near)
        assert sorted(school.urn or 0 for school in found) == [900001, *(twin.urn for twin in twins)]


@pytest.mark.parametrize("miles", [0.1, 1, 3, 50])
async def test_near_lists_exactly_the_schools_within_the_distance_nearest_first(miles: float) -> None:
    near = [row for row in TOWN if row.lat is not None and row.status is Status.OPEN]
    expected = sorted(
        (distance, row.name)
        for row in near
        if row.lat and row.lon and (distance := miles_between(HERE, Place(row.name, row.lat, row.lon))) <= miles
    )
    for limit in (1, 2, 50):
        found = await all_pages("", limit=limit, near=HERE, miles=miles)
        assert [(school.miles, school.name) for school in found] == expected


async def test_near_and_words_must_both_hold() -> None:
    page = await find_schools("mary", near=HERE, miles=5)
    assert names(page) == ["St. Mary's C of E Primary School"]


@pytest.mark.parametrize("miles", [0, -1, schools.SEARCH_MILES + 1, float("nan")])
async def test_a_distance_that_is_not_near_is_refused(miles: float) -> None:
    with pytest.raises(Invalid, match="Enter a distance from 1 to 50 miles"):
        await find_schools("", near=HERE, miles=miles)


async def test_a_search_as_long_as_a_letter_is_refused() -> None:
    with pytest.raises(Invalid, match="at most 100 characters"):
        await find_schools("castle " * 100)


@pytest.mark.parametrize("cursor", ["", "x", "W10", "WzAsMCwwXQ", "WzksImEiLCJiIl0", "é", "A" * 5_000])
@pytest.mark.parametrize("near", [None, HERE])
async def test_a_cursor_of_somebody_elses_making_is_refused(cursor: str, near: Place | None) -> None:
    with pytest.raises(Invalid, match="next page"):
        await find_schools("castle", near=near, cursor=cursor)


async def test_one_school_is_told_whole_even_when_closed() -> None:
    (castle,) = (await find_schools("900001")).schools
    assert await one(castle.id) == castle
    assert (castle.town, castle.postcode, castle.lat, castle.status) == ("Westport", "LS1 4AP", 53.80, "open")


@pytest.mark.parametrize("nobody", [uuid4(), UUID(int=0)])
async def test_a_school_that_is_not_there_is_not_found(nobody: UUID) -> None:
    with pytest.raises(NotFound):
        await one(nobody)
