"""What is known by its number: whose it is, what it says, how long, and what is answered when it comes again."""

import re
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest

import database
from audit.log import sendings
from audit.tables import Entry, SendingRow
from base import clock
from database import current
from database.sending import A_MOMENT, LASTS
from database.units import UnitKind
from sharing.sign_in import keeping
from suppliers.directory import directory
from suppliers.tables import Note
from tests.given.builders import a_person, a_school, signed_in
from tests.given.sent_forms import forms_of

WORDS: Final = "Came at once."
KEY: Final = {"Idempotency-Key": '"0191d2ab-5c7e-4b1c-9f7e-3d5b2f0c8a11"'}
ALREADY: Final = "This was saved already"


async def notes() -> list[str]:
    async with database.read():
        return sorted(await Note.select(Note.body).output(as_list=True))


async def written(browser: httpx.AsyncClient, at: str, words: str = WORDS) -> dict[str, str]:
    """The form of that page, filled in."""
    (form,) = [one for one in forms_of((await browser.get(at)).text, at) if one.action == at and one.method == "post"]
    return {**dict(form.sends), "about": "good", "body": words}


@pytest.fixture
async def at(db: object) -> Any:
    ann = await a_person(await a_school())
    supplier = (await directory.add(ann, name="Ashby Boilers")).id
    return ann, f"/suppliers/{supplier}/notes/new"


async def test_a_page_drawn_anew_is_another_sending_of_the_same_words(at: Any) -> None:
    ann, page = at
    async with signed_in(ann) as browser:
        for _ in range(2):
            assert (await browser.post(page, data=await written(browser, page))).status_code == 303
    assert await notes() == [WORDS, WORDS]


async def test_other_words_on_the_same_page_are_another_thing(at: Any) -> None:
    ann, page = at
    async with signed_in(ann) as browser:
        form = await written(browser, page)
        first, again = await browser.post(page, data=form), await browser.post(page, data=form)
        other = await browser.post(page, data={**form, "body": "Came late."})
    assert first.headers["location"] == again.headers["location"] != other.headers["location"]
    assert again.cookies == first.cookies  # the same words of success
    assert await notes() == [WORDS, "Came late."]


async def test_the_number_of_somebody_else_is_nobodys(at: Any) -> None:
    ann, page = at
    cleo = await a_person(await a_school("Elmwood Primary"), name="Cleo Cole")
    theirs = f"/suppliers/{(await directory.add(cleo, name='Ashby Boilers')).id}/notes/new"
    async with signed_in(ann) as browser, signed_in(cleo) as other:
        form = await written(browser, page)
        first = await browser.post(page, data=form)
        second = await other.post(theirs, data={**await written(other, theirs), "vouch-once": form["vouch-once"]})
    assert first.status_code == second.status_code == 303
    assert await notes() == [WORDS, WORDS]


async def test_a_form_that_was_refused_keeps_its_number_and_is_saved_once(at: Any) -> None:
    ann, page = at
    async with signed_in(ann) as browser:
        form = await written(browser, page, words="")
        back = await browser.post(page, data=form)
        assert back.status_code == 422
        (again,) = [one for one in forms_of(back.text, page) if one.action == page]
        assert dict(again.sends)["vouch-once"] == form["vouch-once"]
        for _ in range(2):
            await browser.post(page, data={**form, "body": WORDS})
    assert await notes() == [WORDS]


async def test_words_kept_over_signing_in_keep_their_number(at: Any) -> None:
    ann, page = at
    async with signed_in(ann) as browser:
        form = await written(browser, page)
        assert (await browser.post(page, data=form)).status_code == 303
        browser.cookies.clear()
        sign_in = await browser.post(page, data=form)
        kept = re.search(r'name="vouch-kept" value="([^"]+)"', sign_in.text)
    assert sign_in.status_code == 401
    assert kept is not None
    typed = keeping.opened(kept[1], ann)
    assert typed is not None
    assert typed.once == form["vouch-once"]


async def test_what_was_saved_without_an_answer_that_was_kept_is_said_to_be_saved(
    at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, page = at
    monkeypatch.setattr("web.http.sent_again.LOOKS", 2)
    async with signed_in(ann) as browser:
        form = await written(browser, page)
        await browser.post(page, data=form)
        async with database.housekeeping():
            await SendingRow.update({SendingRow.answer: None}, force=True)
        again = await browser.post(page, data=form)
    assert again.status_code == 409
    assert "This was saved when it was sent the first time" in again.text
    assert WORDS in again.text
    assert await notes() == [WORDS]


async def test_what_could_not_be_told_to_be_saved_may_be_sent_again(at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer of COMMIT was lost: the person reads that nobody can tell, and sends the form that came back."""
    ann, page = at
    engine: Any = database.engine()
    real = engine.commit

    async def commit(connection: Any) -> None:
        await real(connection)
        if current.unit_now().kind is UnitKind.WRITE:
            raise ConnectionResetError

    async with signed_in(ann) as browser:
        form = await written(browser, page)
        with monkeypatch.context() as patch:
            patch.setattr(engine, "commit", commit)
            unsure = await browser.post(page, data=form)
        assert unsure.status_code == 503
        monkeypatch.setattr("web.http.sent_again.LOOKS", 2)
        again = await browser.post(page, data=form)
    assert again.status_code == 409
    assert await notes() == [WORDS]


async def test_what_can_be_undone_is_done_again_from_a_page_of_before(at: Any) -> None:
    """Ann stops using a supplier, uses it again, goes back to the first page and stops: nobody tells her so without doing it."""
    ann, page = at
    supplier = page.removesuffix("/notes/new")
    async with signed_in(ann) as browser:
        for _ in range(2):  # pressed twice
            assert (await browser.post(f"{supplier}/stop", data={"vouch-once": "a number"})).status_code == 303
        await browser.post(f"{supplier}/use")
        with clock.at(clock.now() + A_MOMENT + timedelta(seconds=1)):
            assert (await browser.post(f"{supplier}/stop", data={"vouch-once": "a number"})).status_code == 303
    async with database.read():
        left = await Entry.count().where(Entry.type == "supplier.left")
    assert left == 2


async def test_a_sending_is_forgotten_after_a_day(at: Any) -> None:
    ann, page = at
    async with signed_in(ann) as browser:
        await browser.post(page, data=await written(browser, page))
    assert await sendings.forget_old() == 0
    with clock.at(clock.now() + LASTS + timedelta(minutes=1)):
        assert await sendings.forget_old() == 1


async def test_a_sending_of_a_clock_that_was_ahead_is_forgotten_and_is_another_one(at: Any) -> None:
    ann, page = at
    supplier = page.removesuffix("/notes/new")
    async with signed_in(ann) as browser:
        now = clock.now()
        with clock.at(now + timedelta(hours=1)):
            assert (await browser.post(f"{supplier}/stop", data={"vouch-once": "a number"})).status_code == 303
        await browser.post(f"{supplier}/use")
        assert (await browser.post(f"{supplier}/stop", data={"vouch-once": "a number"})).status_code == 303
        async with database.read():
            assert await Entry.count().where(Entry.type == "supplier.left") == 2
        with clock.at(now - LASTS - timedelta(hours=1)):
            assert await sendings.forget_old() > 0


async def test_what_is_kept_of_one_account_has_an_end_and_what_is_sent_is_saved_all_the_same(
    at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    ann, page = at
    bob = await a_person(await a_school("Elmwood Primary"), name="Bob Birch")
    theirs = f"/suppliers/{(await directory.add(bob, name='Ashby Boilers')).id}/notes/new"
    monkeypatch.setattr(sendings, "MOST_OF_A_SENDER", 2_000)
    async with signed_in(ann) as browser, signed_in(bob) as other:
        for _ in range(6):
            assert (await browser.post(page, data=await written(browser, page))).status_code == 303
        form = await written(other, theirs)
        await other.post(theirs, data=form)
        assert (await other.post(theirs, data=form)).status_code == 303, "another account's answers are kept"
    async with database.read():
        kept = await SendingRow.select(SendingRow.sender, SendingRow.answer)
    anns = [row for row in kept if row["sender"] != kept[-1]["sender"]]
    assert len(anns) == 6
    assert 0 < sum(len(row["answer"] or b"") for row in anns) <= 2_000
    assert anns[-1]["answer"] is None
    assert await notes() == [WORDS] * 7


async def test_what_is_kept_tells_nothing_to_whoever_reads_the_database(at: Any) -> None:
    ann, page = at
    async with signed_in(ann) as browser:
        form = await written(browser, page)
        answer = await browser.post(page, data=form)
    async with database.read():
        (row,) = await SendingRow.select()
    whole = b"".join([row["id"].bytes, bytes(row["said"]), bytes(row["answer"])])
    for told in (form["vouch-once"], answer.headers["location"], WORDS):
        assert told.encode() not in whole


async def test_a_key_of_a_program_means_one_request(at: Any) -> None:
    ann, page = at
    address = f"/api/v1{page.removesuffix('/new')}"
    note = {"about": "good", "body": WORDS}
    async with signed_in(ann) as program:
        first = await program.post(address, json=note, headers=KEY)
        again = await program.post(address, json=note, headers={"Idempotency-Key": KEY["Idempotency-Key"].strip('"')})
        other = await program.post(address, json={**note, "body": "Came late."}, headers=KEY)
        short = await program.post(address, json=note, headers={"Idempotency-Key": "1"})
        refused = await program.post(address, json={**note, "body": ""}, headers={"Idempotency-Key": "a" * 16})
        mended = await program.post(address, json={**note, "body": "Tidy."}, headers={"Idempotency-Key": "a" * 16})
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert first.status_code == mended.status_code == 201
    assert other.status_code == short.status_code == refused.status_code == 422
    assert other.json()["errors"].keys() == short.json()["errors"].keys() == {"Idempotency-Key"}
    assert await notes() == [WORDS, "Tidy."]
