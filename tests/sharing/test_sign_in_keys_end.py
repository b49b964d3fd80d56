"""API keys: who sees them, when they were used, and what ends them."""

from datetime import timedelta

import pytest

import database
from audit.tables import Entry, Opening
from base import clock
from base.refusals import Invalid, NotFound, SignInNeeded
from base.settings import Settings
from base.viewer import KeyScope, Role, Viewer
from sharing.accounts import new_passwords
from sharing.joining import joining
from sharing.operator import break_glass
from sharing.people import people
from sharing.sign_in import api_keys, sign_in
from sharing.sign_in.tables import ApiKeyUse
from sharing.tables import ApiKey
from tests.given.builders import (
    PASSWORD,
    a_membership,
    a_person,
    a_school,
    email_of,
    events_of,
    program,
    signed_in,
    stranger,
    token_in,
    travel,
)  # fmt: skip

NEW = "a quiet river at dawn"


async def a_key(viewer: Viewer, *scopes: KeyScope) -> str:
    return await api_keys.create(viewer, name="finance system", days=90, scopes=scopes or {KeyScope.READ})


async def opens(key: str) -> bool:
    async with program(key) as client:
        return (await client.get("/api/v1/schools")).status_code == 200


async def test_the_scopes_are_chosen_by_boxes_and_shown_in_words(db: Settings) -> None:
    async with signed_in(await a_person(await a_school())) as browser:
        form = {"name": "finance system", "days": "90", "scopes": ["read", "trail"]}
        made = await browser.post("/api-keys", data=form)
        page = (await browser.get("/api-keys")).text
        bare = await browser.post("/api-keys", data={"name": "finance system", "days": "90", "scopes": "everything"})
    assert made.status_code == 200
    assert "look things up; read the audit trail" in page
    assert (bare.status_code, api_keys.NO_SCOPE in bare.text) == (422, True)


async def test_a_governor_is_offered_what_governors_can_use(db: Settings) -> None:
    async with signed_in(await a_person(await a_school(), Role.GOVERNOR)) as browser:
        page = (await browser.get("/api-keys")).text
    assert [f'value="{scope}"' in page for scope in KeyScope] == [True, False, False, True]


async def test_a_key_may_do_something_or_is_not_made(db: Settings) -> None:
    with pytest.raises(Invalid):
        await api_keys.create(await a_person(await a_school()), name="Ours", days=30, scopes=())


async def test_the_trail_says_what_a_key_may_do(db: Settings) -> None:
    ann = await a_person(await a_school())
    await a_key(ann, KeyScope.WRITE, KeyScope.READ)
    async with database.read():
        made = Entry.select(Entry.event_id).where(Entry.type == "api_key.created")
        told = await Opening.select(Opening.value).where(database.among(Opening.event_id, made), Opening.field == "facts")
    assert '"scopes":"read write"' in told[0]["value"]


async def test_the_last_use_is_shown_and_written_once_an_hour(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school())
    key = await a_key(ann)
    assert (await api_keys.mine(ann))[0].last_used_at is None
    start = clock.now()
    for minutes, is_written in ((0, True), (59, False), (2, True)):
        travel(monkeypatch, minutes=minutes)
        assert await opens(key)
        used = (await api_keys.mine(ann))[0].last_used_at
        assert used is not None
        assert (clock.now() - used < timedelta(minutes=1)) == is_written
    monkeypatch.setattr(clock, "now", lambda: start)
    assert await opens(key)
    async with database.read():
        assert [row["last_used_at"] for row in await ApiKeyUse.select()] == [start], "a clock that was put back is put right"


async def test_an_erased_key_takes_its_last_use_with_it(db: Settings) -> None:
    ann = await a_person(await a_school())
    assert await opens(await a_key(ann))
    async with database.write():
        await api_keys.erase(ApiKey.person == ann.person)
    async with database.read():
        assert await ApiKeyUse.count() == 0
    assert await api_keys.mine(ann) == ()


async def test_a_head_sees_and_ends_the_keys_of_everybody_at_the_school_and_nowhere_else(db: Settings) -> None:
    oakfield, elm = await a_school("Oakfield"), await a_school("Elm")
    hal, ann = await a_person(oakfield, Role.HEAD, "Hal Hall"), await a_person(oakfield, name="Ann Archer")
    bob, eve = await a_person(oakfield, name="Bob Brown"), await a_person(elm, Role.HEAD, "Eve Evans")
    key = await a_key(ann, KeyScope.READ, KeyScope.SHARE)
    (row,) = await api_keys.mine(ann)
    assert await api_keys.of_colleagues(bob) == await api_keys.of_colleagues(eve) == ()
    for other in (bob, eve):
        with pytest.raises(NotFound):
            await api_keys.revoke(other, row.id)
    async with signed_in(hal) as browser:
        page = (await browser.get("/api-keys")).text
        assert "Ann Archer’s" in page
        assert "look things up; choose who sees" in page
        assert (await browser.post(f"/api-keys/{row.id}/revoke")).status_code == 303
        assert "Ann Archer’s" not in (await browser.get("/api-keys")).text
    assert not await opens(key)
    assert (await events_of(ann.school))[-1] == "api_key.revoked"


async def test_a_new_password_ends_every_key_of_the_person_and_each_school_reads_it(db: Settings) -> None:
    oakfield, elm = await a_school("Oakfield"), await a_school("Elm")
    ann = await a_person(oakfield)
    there, other = await a_membership(ann, elm, Role.GOVERNOR), await a_person(oakfield, name="Bob Brown")
    keys = [await a_key(ann), await a_key(ann), await a_key(there)]
    others = await a_key(other)
    await sign_in.change_password(ann, current=PASSWORD, new=NEW)
    assert [await opens(key) for key in (*keys, others)] == [False, False, False, True]
    assert (await events_of(oakfield.id))[-3:].count("api_key.revoked") == 2
    assert (await events_of(elm.id))[-1] == "api_key.revoked"
    async with database.read():
        last = await Entry.select(Entry.event_id).where(Entry.trail == str(elm.id)).order_by(Entry.idx, ascending=False).first()
        assert last is not None
        actor = await Opening.select(Opening.value).where(Opening.event_id == last["event_id"], Opening.field == "actor")
    assert '"role":"governor"' in actor[0]["value"], "a trail names the role at its own school, not the one elsewhere"


async def test_they_are_kept_when_that_is_chosen(db: Settings) -> None:
    ann = await a_person(await a_school())
    key = await a_key(ann)
    async with signed_in(ann) as browser:
        assert "Keep my API keys and feeds" in (await browser.get("/account/password")).text
        form = {"current": PASSWORD, "new": NEW, "keep_keys": "yes"}
        assert (await browser.post("/account/password", data=form)).status_code == 303
        assert await opens(key)
        form = {"current": NEW, "new": "another quiet river at dusk"}
        assert (await browser.post("/account/password", data=form)).status_code == 303
    assert not await opens(key)


async def test_a_reset_by_a_link_always_ends_them(db: Settings) -> None:
    oakfield = await a_school()
    hal, ann = await a_person(oakfield, Role.HEAD, "Hal Hall"), await a_person(oakfield)
    key, link = await a_key(ann), token_in(await new_passwords.make_link(hal, ann.person))
    async with stranger() as browser:
        form = {"password": NEW, "keep_keys": "yes"}
        assert (await browser.post(f"/new-password/{link}", data=form)).status_code == 303
    assert not await opens(key)


async def test_a_key_ends_with_a_membership_that_has_its_end_from_the_start(
    db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    oakfield = await a_school()
    await a_person(oakfield, Role.HEAD, "Hal Hall")
    link = await break_glass.invite(
        None, oakfield.id, email="ann@fern.example", role=Role.BUSINESS_MANAGER, reason="For a day", posted=True
    )
    ann = await joining.join(token_in(link.address), name="Ann Archer", password=PASSWORD)
    key = await a_key(ann)
    assert (await api_keys.mine(ann))[0].is_live
    assert await opens(key)
    travel(monkeypatch, days=1, minutes=1)
    assert not await opens(key)
    assert not (await api_keys.mine(ann))[0].is_live


async def test_a_key_ends_with_the_membership_and_does_not_revive_with_another(db: Settings) -> None:
    oakfield = await a_school()
    hal, ann = await a_person(oakfield, Role.HEAD, "Hal Hall"), await a_person(oakfield)
    key = await a_key(ann)
    await people.remove(hal, ann.person)
    assert not await opens(key)
    again = await people.invite(hal, email=await email_of(ann), role=Role.BUSINESS_MANAGER)
    back = await joining.join_with_account(token_in(again.address), password=PASSWORD, from_address="")
    with pytest.raises(SignInNeeded):
        await api_keys.asking(key)
    assert [row.is_live for row in await api_keys.mine(back)] == [False]
    assert await api_keys.of_colleagues(hal) == ()
    assert await opens(await a_key(back))
