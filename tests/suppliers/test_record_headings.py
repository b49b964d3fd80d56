import csv
from datetime import date
from urllib.parse import urlsplit

import pytest

from suppliers.record import headings, taxonomy
from suppliers.record.headings import System
from tests.given.checkout import ROOT

pytestmark = pytest.mark.pure

DATA = ROOT / "suppliers" / "record" / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as table:
        return list(csv.DictReader(table))


def test_each_cell_has_a_category_a_heading_words_and_a_source_that_was_read_on_a_day() -> None:
    sources = {row["source"]: row for row in rows("heading_sources.csv")}
    known = {(row["system"], row["code"]) for row in rows("headings.csv")}
    cells = rows("category_headings.csv")
    assert all(date.fromisoformat(one["read_on"]) <= date(2099, 1, 1) for one in sources.values())
    assert {urlsplit(one["address"]).scheme for one in sources.values()} == {"https"}
    assert all((cell["system"], cell["code"]) in known and cell["words"] and cell["source"] in sources for cell in cells)
    assert {row["source"] for row in rows("headings.csv")} <= set(sources)
    assert {cell["slug"] for cell in cells} <= set(taxonomy.by_slug())
    assert len({(cell["slug"], cell["system"], cell["code"]) for cell in cells}) == len(cells)
    assert len(known) == len(rows("headings.csv"))


@pytest.mark.parametrize(("typed", "first"), [
    ("E16", "energy"), ("e16", "energy"), ("CFR E16", "energy"), ("E16 CFR heading", "energy"), ("BAE150", "energy"),
    ("energy CFR", "energy"), ("E14", "cleaning"), ("E20", "broadband"), ("E28", "architects"), ("E20G", "ict-support"),
    ("55524000", "catering"), ("55524000-9", "catering"), ("CPV code: 90911300-9", "window-cleaning"),
])  # fmt: skip
def test_the_code_of_a_heading_finds_what_is_filed_under_it(typed: str, first: str) -> None:
    assert taxonomy.find(typed)[0].category.slug == first
    assert taxonomy.not_understood(typed) == ()


def test_a_heading_of_many_categories_leads_to_all_of_them() -> None:
    found = [one.category.slug for one in taxonomy.find("E12")]
    assert {"heating", "roofing", "lifts"} <= set(found)
    assert found == [
        one.slug for one in taxonomy.categories() if headings.of(one.slug, System.CFR)[:1] == headings.of("heating", System.CFR)
    ]


@pytest.mark.parametrize(("typed", "slugs"), [
    ("55000000-0", {"catering", "trips"}),  # a division: all that is under it
    ("90919200-4", {"cleaning"}),  # office cleaning: the nearest that we have
    ("90910000-9", {"cleaning", "window-cleaning"}),
    ("35300000-7", set()),  # weapons
])  # fmt: skip
def test_a_cpv_code_that_is_none_of_ours_leads_to_the_nearest(typed: str, slugs: set[str]) -> None:
    assert {one.category.slug for one in taxonomy.find(typed)} == slugs


@pytest.mark.parametrize("typed", ["cleaners near E16", "E99", "E16 4PL", "12345678", "cleaning 55524000"])
def test_a_code_beside_other_words_is_a_place_or_nothing(typed: str) -> None:
    assert headings.typed_code(typed) is None


def test_headings_are_spelt_for_a_cell() -> None:
    assert headings.spelt("photocopiers", System.CFR) == "E22 Administrative supplies; E19 Learning resources (not ICT equipment)"
    assert headings.spelt("energy", System.DFE) == "Electricity; Gas"
    assert headings.spelt("fencing", System.CFR) == ""
