"""A file for people says its character set once, as RFC 9110 has it."""

import pytest

from audit.packs.timeline_file import TimelineFormat
from tests.given.builders import a_person, a_school, signed_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize("made_as", [one for one in TimelineFormat if one is not TimelineFormat.PDF])
async def test_the_timeline_says_what_it_is(made_as: TimelineFormat) -> None:
    async with signed_in(await a_person(await a_school())) as ann:
        answer = await ann.post("/trail/download", data={"format": made_as.value})
    expected = made_as.media_type + ("; charset=utf-8" if made_as is TimelineFormat.CSV else "")
    assert (answer.status_code, answer.headers["content-type"]) == (200, expected)
