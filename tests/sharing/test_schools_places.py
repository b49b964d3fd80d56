"""Postcodes to positions, and distances between them."""

from math import acos, asin, atan2, cos, degrees, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.schools.places import EARTH_RADIUS_MILES, Place, bounding_box, find_place, miles_between

pytestmark = pytest.mark.pure

LEEDS = Place("Leeds", 53.7997, -1.5492)
LONDON = Place("London", 51.5007, -0.1246)

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
places = st.builds(Place, st.just("somewhere"), latitudes, longitudes)
british_places = st.builds(Place, st.just("somewhere"), st.floats(49.8, 60.9), st.floats(-8.7, 1.8))


@pytest.mark.parametrize("typed", ["LS1 4AP", "ls14ap", " ls1  4ap ", "L S 1 4 A P"])
def test_a_postcode_is_found_however_it_is_typed(typed: str) -> None:
    place = find_place(typed)
    assert place is not None
    assert place.label == "LS1 4AP"
    assert miles_between(place, LEEDS) < 1


def test_a_sector_and_its_postcode_are_the_same_place() -> None:
    sector, postcode = find_place("LS1 4"), find_place("LS1 4AP")
    assert sector is not None
    assert postcode is not None
    assert (sector.lat, sector.lon) == (postcode.lat, postcode.lon)


def test_ls14_is_the_outward_code_and_ls1_4_the_sector() -> None:
    outcode, sector = find_place("ls14"), find_place("ls1 4")
    assert outcode is not None
    assert sector is not None
    assert (outcode.label, sector.label) == ("LS14", "LS1 4")
    assert miles_between(outcode, sector) > 3


def test_a_sector_typed_without_its_space_is_found_when_it_can_be_nothing_else() -> None:
    assert find_place("EC1A1") == find_place("EC1A 1")


def test_an_unknown_sector_falls_back_to_its_outward_code_and_says_so() -> None:
    place = find_place("LS1 0ZZ")
    assert place is not None
    assert place.label == "LS1"


def test_northern_ireland_and_the_islands_are_found_by_outward_code() -> None:
    belfast, jersey = find_place("BT1 5GS"), find_place("JE2")
    assert belfast is not None
    assert jersey is not None
    assert (belfast.label, round(belfast.lat), round(jersey.lat)) == ("BT1", 55, 49)


@pytest.mark.parametrize("typed", ["", "   ", "Leeds", "ZZ99 9ZZ", "LS1 4AP; DROP TABLE school", "L" * 10_000, "٣"])
def test_what_is_no_postcode_is_no_place(typed: str) -> None:
    assert find_place(typed) is None


@given(st.text(max_size=20))
def test_no_text_whatever_breaks_the_search(typed: str) -> None:
    place = find_place(typed)
    assert place is None or (49 < place.lat < 61 and -9 < place.lon < 2)


def test_leeds_to_london_is_the_published_distance() -> None:
    assert miles_between(LEEDS, LONDON) == pytest.approx(169.6, abs=0.5)


@given(places, places)
def test_distance_is_the_same_both_ways_and_at_most_half_way_round(a: Place, b: Place) -> None:
    distance = miles_between(a, b)
    assert distance == pytest.approx(miles_between(b, a))
    assert 0 <= distance <= EARTH_RADIUS_MILES * 3.1416


@given(places, places)
def test_distance_agrees_with_the_law_of_cosines(a: Place, b: Place) -> None:
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    cosine = sin(lat_a) * sin(lat_b) + cos(lat_a) * cos(lat_b) * cos(radians(b.lon - a.lon))
    # The law of cosines loses half its digits for near points: 1e-7 radians is about 0.6 metres' worth of miles.
    assert miles_between(a, b) == pytest.approx(EARTH_RADIUS_MILES * acos(max(-1.0, min(1.0, cosine))), abs=0.001)


@given(places, places, st.floats(0, 500))
def test_the_box_holds_every_point_within_the_miles(centre: Place, point: Place, miles: float) -> None:
    if miles_between(centre, point) <= miles:
        assert bounding_box(centre, miles).holds(point.lat, point.lon)


@given(british_places, st.floats(0.1, 50), st.floats(0, 360), st.floats(0, 1))
def test_the_box_holds_points_placed_inside_the_circle(centre: Place, miles: float, bearing: float, fraction: float) -> None:
    """Points are placed by bearing and distance, so that nearly all of them test the rule."""
    point = _at(centre, miles * fraction, bearing)
    assert miles_between(centre, point) <= miles * 1.000001
    assert bounding_box(centre, miles).holds(point.lat, point.lon)


@given(british_places, st.floats(0.1, 50))
def test_the_box_is_no_wider_than_it_needs_to_be(centre: Place, miles: float) -> None:
    box = bounding_box(centre, miles)
    north = Place("north edge", box.north, centre.lon)
    east = Place("east edge", centre.lat, box.east)
    assert miles_between(centre, north) == pytest.approx(miles, rel=1e-3)
    assert miles_between(centre, east) == pytest.approx(miles, rel=0.01)


def _at(start: Place, miles: float, bearing: float) -> Place:
    """The point so many miles away in that direction (the direct problem on a sphere)."""
    angle, lat, course = miles / EARTH_RADIUS_MILES, radians(start.lat), radians(bearing)
    sine = sin(lat) * cos(angle) + cos(lat) * sin(angle) * cos(course)
    east = atan2(sin(course) * sin(angle) * cos(lat), cos(angle) - sin(lat) * sine)
    return Place("there", degrees(asin(sine)), start.lon + degrees(east))
