"""Letters are chosen on a page, and stopped by whoever has one: with a press, by a mail program, and without signing in."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

import database
from audit.tables import Entry
from base import clock
from base.settings import Settings
from base.viewer import Role, Viewer
from notices import choices, reminding
from notices.planning import Often
from tests.given.builders import a_person, a_school, events_of, signed_in, stranger
from tests.given.letters import letters_are_sent
from tests.given.reminders import TUESDAY, a_due, letters, source_of


@pytest.fixture(autouse=True)
def by_day() -> Iterator[None]:
    with clock.at(TUESDAY):
        yield


@pytest.fixture
async def ann(db: Settings) -> Viewer:
    return await a_person(await a_school())


async def stop_path(ann: Viewer) -> str:
    await reminding.remind([source_of(a_due(ann))])
    return str(letters()[-1]["List-Unsubscribe"])[1:-1].removeprefix("http://127.0.0.1:8000")


async def test_what_somebody_chooses_counts_and_stands_in_the_trail(ann: Viewer) -> None:
    async with signed_in(ann) as browser:
        answer = await browser.post("/account/letters", data={"often": "weekly", "weekday": "3"})
        page = (await browser.get("/account/letters")).text
    wish = await choices.of(ann)
    assert (answer.status_code, wish.often, wish.weekday) == (303, Often.WEEKLY, 3)
    assert (await events_of(ann.school))[-1] == "letters.chosen"
    assert 'value="weekly" checked' in page
    assert 'value="3" selected' in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"often": "hourly", "weekday": "3"}, choices.NOT_OFTEN),
        ({"weekday": "3"}, choices.NOT_OFTEN),
        ({"often": "weekly", "weekday": "6"}, choices.NOT_A_WEEKDAY),
        ({"often": "weekly", "weekday": "²"}, choices.NOT_A_WEEKDAY),
        ({"often": "weekly"}, choices.NOT_A_WEEKDAY),
    ],
)
async def test_a_choice_that_is_none_is_refused_and_what_was_chosen_stays(
    ann: Viewer, sent: dict[str, str], sentence: str
) -> None:
    async with signed_in(ann) as browser:
        answer = await browser.post("/account/letters", data=sent)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert (await choices.of(ann)).often is Often.DAILY


async def test_a_press_on_the_letters_button_stops_letters_and_opening_the_link_alone_does_not(ann: Viewer) -> None:
    path = await stop_path(ann)
    async with stranger() as browser:
        assert "No more letters?" in (await browser.get(path)).text
        assert (await choices.of(ann)).often is Often.DAILY
        for _ in range(2):
            assert (await browser.post(path)).status_code == 200
    assert (await choices.of(ann)).often is Often.NONE
    async with database.read():
        assert await Entry.count().where(Entry.type == "letters.stopped") == 1
    with clock.at(TUESDAY + timedelta(days=1)):
        assert (await reminding.remind([source_of(a_due(ann, "b"))])).letters == 0


async def test_a_mail_program_stops_letters_by_itself(ann: Viewer) -> None:
    """RFC 8058, section 3.1: a POST of this body, with no cookie and no Origin, and no page in between."""
    path = await stop_path(ann)
    async with stranger() as program:
        program.headers.clear()
        answer = await program.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert (await choices.of(ann)).often is Often.NONE


async def test_what_is_no_letters_link_stops_nothing(ann: Viewer) -> None:
    path = await stop_path(ann)
    async with stranger() as browser:
        for wrong in (f"{path}0", "/letters/stop/x"):
            assert [(await browser.request(method, wrong)).status_code for method in ("GET", "POST")] == [404, 404]
    assert (await choices.of(ann)).often is Often.DAILY


async def test_the_page_says_why_no_letter_arrives(ann: Viewer) -> None:
    gus = await a_person(await a_school("Elmwood Primary"), Role.GOVERNOR, "Gus Gray", proved=False)
    async with signed_in(gus) as browser:
        assert "No reminder leaves this service" in (await browser.get("/account/letters")).text
        with letters_are_sent():
            page = (await browser.get("/account/letters")).text
    assert "No reminder leaves this service" not in page
    assert "until you have" in page


async def test_the_home_page_says_that_nothing_leaves_where_something_should(ann: Viewer) -> None:
    told = "No reminder leaves this service"
    bob = await a_person(await a_school("Elmwood Primary"), name="Bob Brown")
    await reminding.remind([source_of(a_due(ann))])
    for viewer, is_told in ((ann, True), (bob, False)):
        async with signed_in(viewer) as browser:
            assert (told in (await browser.get("/")).text) is is_told
            with letters_are_sent():
                assert told not in (await browser.get("/")).text


async def test_the_operator_reads_what_to_set(db: Settings) -> None:
    school = await a_school()
    olive = await a_person(school, Role.HEAD, "Olive Osgood", operator=True)
    ann = await a_person(school)
    await reminding.remind([source_of(a_due(ann))])
    for viewer, is_told in ((olive, True), (ann, False)):
        async with signed_in(viewer) as browser:
            assert ("VOUCH_SMTP" in (await browser.get("/")).text) is is_told
