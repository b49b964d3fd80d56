"""API keys: shown once, one person at one school, never more than that person may do today."""

from dataclasses import replace

import pytest

import database
from audit.tables import Opening
from base.refusals import Conflict, Invalid, NotFound, SignInNeeded
from base.settings import Settings
from base.viewer import KeyScope, Role
from sharing.people import people
from sharing.sign_in import api_keys, sessions
from sharing.tables import ApiKey
from tests.given.builders import a_membership, a_person, a_school, signed_in, stranger, travel


async def test_a_key_asks_as_its_person_at_its_school(db: Settings) -> None:
    oakfield, elm = await a_school("Oakfield"), await a_school("Elm")
    ann = await a_membership(await a_person(oakfield), elm)
    viewer = (await api_keys.asking(await api_keys.create(ann, name="finance system", days=30, scopes=set(KeyScope)))).viewer
    assert (viewer.person, viewer.school_name, viewer.role) == (ann.person, "Elm", Role.BUSINESS_MANAGER)


async def test_a_key_is_shown_once_and_kept_as_a_digest(db: Settings) -> None:
    ann = await a_person(await a_school())
    async with signed_in(ann) as browser:
        made = await browser.post("/api-keys", data={"name": "finance system", "days": "90", "scopes": "read"})
        key = made.text.partition("<code>vk_")[2].partition("</code>")[0]
        listed = (await browser.get("/api-keys")).text
    assert len(key) > 50
    assert f"vk_{key[:8]}" in listed
    assert key not in listed
    async with database.read():
        kept = str(await ApiKey.select()) + str(await Opening.select())
    assert key[9:] not in kept


async def test_the_role_is_the_one_of_today(db: Settings) -> None:
    oakfield = await a_school()
    head, ann = await a_person(oakfield, Role.HEAD, "Hal Hall"), await a_person(oakfield)
    key = await api_keys.create(ann, name="finance system", days=30, scopes=set(KeyScope))
    await people.change_role(head, ann.person, Role.GOVERNOR)
    assert (await api_keys.asking(key)).viewer.role is Role.GOVERNOR
    await people.remove(head, ann.person)
    with pytest.raises(SignInNeeded):
        await api_keys.asking(key)


async def test_a_key_expires(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school())
    key = await api_keys.create(ann, name="finance system", days=30, scopes=set(KeyScope))
    travel(monkeypatch, days=29, hours=23)
    assert (await api_keys.asking(key)).viewer == replace(ann, by_key=True)
    travel(monkeypatch, hours=1)
    with pytest.raises(SignInNeeded):
        await api_keys.asking(key)


@pytest.mark.parametrize("days", ["366", "0", "-1", "", "9" * 5000, "\u0663\u0660"])
async def test_no_key_lasts_longer_than_a_year(db: Settings, days: str) -> None:
    async with signed_in(await a_person(await a_school())) as browser:
        answer = await browser.post("/api-keys", data={"name": "finance system", "days": days})
    assert answer.status_code == 422
    assert 'value="finance system"' in answer.text


async def test_a_revoked_key_opens_nothing_at_the_next_request(db: Settings) -> None:
    ann = await a_person(await a_school())
    key = await api_keys.create(ann, name="finance system", days=30, scopes=set(KeyScope))
    row = (await api_keys.mine(ann))[0]
    async with signed_in(ann) as browser:
        assert (await browser.post(f"/api-keys/{row.id}/revoke")).status_code == 303
        assert (await browser.post(f"/api-keys/{row.id}/revoke")).status_code == 404
    with pytest.raises(SignInNeeded):
        await api_keys.asking(key)
    assert (await api_keys.mine(ann))[0].revoked_at is not None


async def test_nobody_but_a_head_revokes_or_sees_the_key_of_somebody_else(db: Settings) -> None:
    oakfield, elm = await a_school("Oakfield"), await a_school("Elm")
    ann, bob = await a_person(oakfield), await a_person(oakfield, name="Bob Brown")
    eve = await a_person(elm, name="Eve Evans")
    key = await api_keys.create(ann, name="finance system", days=30, scopes=set(KeyScope))
    row = (await api_keys.mine(ann))[0]
    for other in (bob, eve):
        with pytest.raises(NotFound):
            await api_keys.revoke(other, row.id)
        assert await api_keys.mine(other) == ()
    assert (await api_keys.asking(key)).viewer == replace(ann, by_key=True)


async def test_a_request_with_a_key_is_judged_by_the_key_alone(db: Settings) -> None:
    ann = await a_person(await a_school())
    token = await sessions.start(ann.person, ann.school)
    async with stranger() as program:
        cookie = {b"Cookie": f"{sessions.cookie_name()}={token}".encode()}
        assert (await program.get("/trail", headers=cookie)).status_code == 200
        for dead in ("Bearer vk_aaaaaaaa_nonsense", "Bearer", "bearer  ", "Bearer \u00e9"):
            headers = {b"Authorization": dead.encode("latin-1"), b"Accept": b"application/json"} | cookie
            assert (await program.get("/trail", headers=headers)).status_code == 401, dead
        refused = await program.get("/trail", headers={"Authorization": "Bearer x", "Accept": "application/json"})
    assert refused.headers["www-authenticate"] == "Bearer"


async def test_a_key_opens_no_page(db: Settings) -> None:
    ann = await a_person(await a_school())
    key = await api_keys.create(ann, name="finance system", days=30, scopes=set(KeyScope))
    headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
    async with stranger() as program:
        assert (await program.get("/trail", headers=headers)).status_code == 403
        made = await program.post("/api-keys", data={"name": "another", "days": "365"}, headers=headers)
        invited = await program.post("/people/invite", data={"email": "x@y.example", "role": "governor"}, headers=headers)
    assert (made.status_code, invited.status_code) == (403, 403)
    assert len(await api_keys.mine(ann)) == 1
    assert await people.invited(ann) == ()


async def test_a_person_has_a_limited_number_of_keys(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_keys, "MOST_KEYS", 2)
    ann = await a_person(await a_school())
    for name in ("one", "two"):
        await api_keys.create(ann, name=name, days=30, scopes=set(KeyScope))
    with pytest.raises(Conflict, match="Revoke one"):
        await api_keys.create(ann, name="three", days=30, scopes=set(KeyScope))
    await api_keys.revoke(ann, (await api_keys.mine(ann))[0].id)
    await api_keys.create(ann, name="three", days=30, scopes=set(KeyScope))


async def test_a_key_needs_a_name(db: Settings) -> None:
    with pytest.raises(Invalid) as refused:
        await api_keys.create(await a_person(await a_school()), name="", days=30, scopes={KeyScope.READ})
    assert set(refused.value.fields) == {"name"}
