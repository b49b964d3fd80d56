"""What was written after midnight in June was written on that day, on the page and in a copy: UTC is a day behind."""

import csv
import io
import re
from datetime import UTC, date, datetime
from typing import Final

import pytest

from base import clock
from base.viewer import Viewer
from disclosure import exporting
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from tests.given.checkout import ROOT

AFTER_MIDNIGHT: Final = datetime(2026, 6, 10, 23, 30, tzinfo=UTC)
# What an entry of the trail says of a day stays as it was said.
TOLD: Final = {"suppliers/opinions/opinion.py", "suppliers/opinions/as_told.py", "sharing/people/confirmers.py"}
SLICES: Final = ("base", "web", "contracts", "disclosure", "notices", "privacy", "sharing", "suppliers", "vouch", "demo")


async def test_a_copy_has_the_day_of_the_calendar_on_the_wall(ann: Viewer) -> None:
    with clock.at(AFTER_MIDNIGHT):
        supplier = (await directory.add(ann, name="Ashby Boilers")).id
        said = Opinion(interest=None, rating=4, would_use_again=True, praise="Came at once.")
        await reviews.review(ann, supplier, opinion=said, version=None)
        await notes.note(ann, supplier, about=About.PROBLEM, body="Nobody came.", happened_on=date(2026, 6, 11), files=())
    assert await column(ann, "reviews", "Written on") == ["2026-06-11"]
    assert await column(ann, "notes", "Written on") == ["2026-06-11"]
    assert await column(ann, "suppliers", "In use since") == ["2026-06-11"]


async def column(viewer: Viewer, part: str, heading: str) -> list[str]:
    file = io.BytesIO()
    await exporting.export(viewer, part, "csv", to=file)
    return [row[heading] for row in csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig")))]


@pytest.mark.pure
def test_no_moment_is_made_a_day_without_the_calendar_on_the_wall() -> None:
    moment = re.compile(r"[_.](?:at|since)(?:\"\])?\)?\.date\(\)")
    found = {
        path.relative_to(ROOT).as_posix()
        for slice_ in SLICES
        for path in (ROOT / slice_).rglob("*.py")
        if moment.search(path.read_text("utf-8"))
    }
    assert found == TOLD
