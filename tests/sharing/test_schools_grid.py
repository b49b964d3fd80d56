"""National Grid references to latitude and longitude."""

import csv

import pytest

from sharing.schools.grid import lat_lon
from sharing.schools.places import Place, miles_between
from tests.given.checkout import DATA

pytestmark = pytest.mark.pure


def test_the_grid_conversion_gives_the_published_worked_example() -> None:
    """Ordnance Survey's guide, annex C: E 651409.903 N 313177.270 is Caister water tower."""
    assert lat_lon(651409.903, 313177.270) == pytest.approx((52.657979, 1.716052), abs=2e-5)


def test_the_grid_conversion_is_within_5_metres_of_400_real_postcodes() -> None:
    with (DATA / "osgb36_points.csv").open(encoding="ascii") as points:
        rows = [tuple(map(float, row)) for row in list(csv.reader(points))[1:]]
    assert len(rows) == 400
    for easting, northing, lat, lon in rows:
        metres = 1609.344 * miles_between(Place("ours", *lat_lon(easting, northing)), Place("theirs", lat, lon))
        assert metres < 5, (easting, northing)
