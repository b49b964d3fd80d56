"""What is due becomes one letter a person a day, and is told once: as it is when the letter is written."""

from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest

from base import clock, mail
from base.due import Due, Urgency
from base.settings import Settings
from base.viewer import Role, Viewer
from notices import choices, lease, reminding
from sharing.people import people
from tests.given.builders import a_membership, a_person, a_school, email_of
from tests.given.mail_server import server
from tests.given.reminders import TUESDAY, a_due, letters, lines_of, source_of, told
from vouch import jobs


@pytest.fixture(autouse=True)
def by_day() -> Iterator[None]:
    with clock.at(TUESDAY):
        yield


@pytest.fixture
async def ann(db: Settings) -> Viewer:
    return await a_person(await a_school())


async def remind(*dues: Due) -> int:
    return (await reminding.remind([source_of(*dues)])).letters


async def test_a_day_has_one_letter_which_tells_all_and_the_next_day_what_is_new(ann: Viewer) -> None:
    first, second, third = (a_due(ann, name) for name in "abc")
    assert await remind(first, second) == 1
    assert await remind(first, second, third) == 0
    with clock.at(TUESDAY + timedelta(days=1)):
        assert await remind(first, second, third) == 1
        assert await remind(first, second, third) == 0
    assert told([first, second, third]) == {due.sentence: 1 for due in (first, second, third)}
    assert {letter["To"] for letter in letters()} == {await email_of(ann)}
    assert sorted(letter["Subject"] for letter in letters()) == ["Vouch: 1 thing to look at", "Vouch: 2 things to look at"]


async def test_a_letter_says_where_to_look_and_how_to_stop(ann: Viewer) -> None:
    await remind(a_due(ann))
    (letter,) = letters()
    assert "\nOakfield Primary\n\n* Thing a is due.\n  http://127.0.0.1:8000/things/a\n" in f"\n{lines_of(letter)}"
    assert str(letter["List-Unsubscribe"])[1:-1] in lines_of(letter)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_the_last_day_comes_beside_the_days_letter(ann: Viewer) -> None:
    first, last = a_due(ann, "a"), a_due(ann, "b", urgency=Urgency.LAST_DAY)
    assert [await remind(first), await remind(first, last), await remind(first, last)] == [1, 1, 0]
    assert told([first, last]) == {first.sentence: 1, last.sentence: 1}


async def test_whoever_wants_no_letters_hears_of_security_alone_and_cannot_stop_that(ann: Viewer) -> None:
    await choices.choose(ann, often="none", weekday=1)
    dues = [a_due(ann, urgency.value, urgency=urgency) for urgency in Urgency]
    assert await remind(*dues) == 1
    (letter,) = letters()
    assert told(dues)[dues[-1].sentence] == 1
    assert sum(told(dues).values()) == 1
    assert letter["List-Unsubscribe"] is None


async def test_a_weekly_letter_waits_for_its_day(ann: Viewer) -> None:
    await choices.choose(ann, often="weekly", weekday=4)
    assert await remind(a_due(ann)) == 0
    with clock.at(TUESDAY + timedelta(days=3)):  # Friday: nothing ran on Thursday
        assert await remind(a_due(ann)) == 1
        assert await remind(a_due(ann), a_due(ann, "b")) == 0


async def test_outside_the_hours_nothing_is_written_unless_somebody_says_now(ann: Viewer) -> None:
    with clock.at(TUESDAY.replace(hour=18)):
        assert await remind(a_due(ann)) == 0
        assert (await reminding.remind([source_of(a_due(ann))], anyhow=True)).letters == 1


async def test_whoever_left_the_school_or_proved_no_address_gets_no_letter(db: Settings) -> None:
    school = await a_school()
    ann = await a_person(school, Role.HEAD)
    bob, cleo = await a_person(school, name="Bob Brown"), await a_person(school, name="Cleo Cole", proved=False)
    await people.remove(ann, bob.person)
    assert await remind(a_due(bob), a_due(cleo)) == 0
    assert letters() == []


async def test_of_several_schools_the_letter_says_which(ann: Viewer) -> None:
    there = await a_membership(ann, await a_school("Elmwood Primary"))
    assert await remind(a_due(ann, "a"), a_due(there, "b")) == 1
    text = lines_of(letters()[0])
    assert text.index("Elmwood Primary") < text.index("Thing b") < text.index("Oakfield Primary") < text.index("Thing a")


async def test_a_day_that_moves_is_told_anew_with_what_moved(ann: Viewer) -> None:
    await remind(a_due(ann, step="90"))
    with clock.at(TUESDAY + timedelta(days=1)):
        assert await remind(a_due(ann, step="90", day=date(2027, 1, 5))) == 1
    texts = [lines_of(letter) for letter in letters()]
    assert sum("The day moved: when we last wrote it was 1 December 2026." in text for text in texts) == 1


async def test_one_slices_trouble_keeps_back_no_others_letters(ann: Viewer) -> None:
    async def broken(day: date) -> AsyncIterator[Due]:
        if day.year:
            raise ValueError("out of order")
        yield a_due(ann)

    done = await reminding.remind([broken, source_of(a_due(ann))])
    assert (done.letters, done.failed) == (1, (__name__,))


async def test_a_letter_that_no_server_took_is_looked_at_anew_the_next_day(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = await a_person(await a_school("Elmwood Primary"), name="Bob Brown")
    async with server(monkeypatch):
        pass  # it is not there
    gone, stays = a_due(ann, "a"), a_due(bob, "b")
    assert await remind(gone, stays) == 2
    assert await remind(gone, stays) == 0
    with clock.at(TUESDAY + timedelta(days=1)):
        assert await remind(stays) == 1
    assert told([gone, stays]) == {gone.sentence: 0, stays.sentence: 1}


async def test_without_a_mail_server_a_letter_stays_for_whoever_hands_it_on(ann: Viewer) -> None:
    await remind(a_due(ann))
    with clock.at(TUESDAY + timedelta(days=1)):
        assert await remind(a_due(ann)) == 0
    assert len(letters()) == 1


async def test_a_letter_leaves_by_day_and_a_refused_mailbox_is_not_written_to_again(
    ann: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with server(monkeypatch) as taken:
        await remind(a_due(ann))
        with clock.at(TUESDAY.replace(hour=18)):
            assert (await jobs.run_due()).sent == 0
        taken.answers = ["550 5.1.1 No such mailbox"]
        assert (await jobs.run_due()).sent == 0
        with clock.at(TUESDAY + timedelta(days=1)):
            assert await remind(a_due(ann, "b")) == 0
            assert (await choices.of(ann)).refused_at is not None
            await choices.try_again(ann)
            assert await remind(a_due(ann, "b")) == 1
            assert (await jobs.run_due()).sent == 1
    assert len(taken.messages) == 1
    assert mail.waiting() == frozenset()


async def test_a_worker_that_died_while_the_clock_was_ahead_keeps_no_other_from_writing(db: Settings) -> None:
    dead, other = uuid4(), uuid4()
    with clock.at(TUESDAY + timedelta(days=400)):
        assert await lease.take(dead)
    with clock.at(TUESDAY):
        assert await lease.take(other)
        assert not await lease.take(dead)
