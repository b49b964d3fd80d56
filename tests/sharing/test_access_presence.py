"""Which schools use Vouch: told of each to all who are signed in, in counts too, and turned by nothing but who reads there."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest

import database
from base import clock, settings
from base.settings import Settings
from base.viewer import KeyScope, Role
from sharing.access import presence
from sharing.networks import connections
from sharing.people import people
from sharing.sign_in import api_keys
from sharing.tables import Membership, School
from tests.given.builders import a_person, a_school, program, signed_in
from tests.given.page_text import text_of


async def uses(school: School) -> bool:
    return bool(await presence.told([school.id]))


@pytest.mark.pure
@pytest.mark.parametrize(
    ("using", "of", "said"),
    [
        (3, 3, ""),
        (0, 0, ""),
        (0, 1, "not on Vouch yet, sees it when it joins"),
        (0, 3, "none uses Vouch yet, they see it when they join"),
        (1, 2, "1 uses Vouch now, the other sees it when it joins"),
        (1_001, 2_000, "1,001 use Vouch now, the others see it when they join"),
    ],
)
def test_a_number_of_schools_says_who_sees_it_later(using: int, of: int, said: str) -> None:
    assert presence.who_sees(using, of) == said


async def test_a_school_uses_vouch_while_somebody_reads_there(db: Settings) -> None:
    oakfield, elm = await a_school("Oakfield Primary"), await a_school("Elm Primary")
    hal, eve = await a_person(oakfield, Role.HEAD, "Hal Hill"), await a_person(elm, Role.SITE_STAFF, "Eve Elm")
    assert await presence.told([oakfield.id, elm.id]) == {oakfield.id}, "a caretaker reads nothing of other schools"
    changes: tuple[tuple[dict[Any, Any], bool], ...] = (
        ({Membership.role: Role.GOVERNOR.value}, True),
        ({Membership.begins_at: clock.now() + timedelta(days=5)}, False),
        ({Membership.begins_at: None, Membership.closes_at: clock.now()}, False),
        ({Membership.closes_at: None}, True),
        ({Membership.valid_until: clock.now()}, False),
    )
    for change, then in changes:
        async with database.write():
            await Membership.update(change).where(Membership.person == eve.person)
        assert await uses(elm) is then, change
    await people.invite(None, email="new@elm.example", role=Role.BUSINESS_MANAGER, school=elm.id)
    assert not await uses(elm), "an invitation is not somebody"
    assert await uses(oakfield), hal


async def test_pages_say_who_is_on_vouch_how_far_it_is_and_how_old_the_register_is(db: Settings) -> None:
    """Of five called Moorfield, the one in our town comes first; at 400 miles too, and without a position last."""
    oakfield = await a_school("Oakfield Primary", lat=53.0, lon=-1.0)
    far = {"lat": 50.1, "lon": -5.5, "local_authority": "Cornwall"}
    for name, place in (
        ("Moorfield Academy", far),
        ("Moorfield Elsewhere", {"lat": None, "lon": None, "local_authority": ""}),
        ("Moorfield School", {"lat": 53.02, "lon": -1.0}),
    ):
        await a_school(name, **place)
    ann = await a_person(oakfield)
    async with signed_in(ann) as browser:
        found = text_of((await browser.get("/schools?q=moorfield")).text)
        assert "1.4 miles from yours, not on Vouch yet" in found
        assert found.index("Moorfield School") < found.index("Moorfield Academy") < found.index("Moorfield Elsewhere")
        assert f"of the national register loaded on {clock.today().day}" in found
        school = await _called("Moorfield School")
        told = text_of((await browser.get(f"/schools/{school.id}")).text)
        assert "1.4 miles from yours" in told
        assert "You are both in Schools in Lincolnshire (not the council)" in told
        assert "2 schools, 1 on Vouch" in text_of((await browser.get("/networks")).text)
        await connections.ask(ann, school.id)
        assert "not on Vouch yet, finds your request when it joins" in text_of((await browser.get("/connections")).text)
        await a_person(school, name="Max Moor")
        assert "Nobody of this school uses Vouch yet." not in text_of((await browser.get(f"/schools/{school.id}")).text)
        assert "2 schools, all on Vouch" in text_of((await browser.get("/networks")).text)
        assert "no answer yet" in text_of((await browser.get("/connections")).text)
    async with program(await api_keys.create(ann, name="Key", days=30, scopes=[KeyScope.READ])) as api:
        (network,) = (await api.get("/api/v1/networks")).json()
        listed = (await api.get(f"/api/v1/networks/{network['id']}/schools")).json()
        schools = (await api.get("/api/v1/schools?q=moorfield")).json()["schools"]
    assert (network["schools"], network["on_vouch"]) == (2, 2)
    assert {one["name"]: one["on_vouch"] for one in listed} == {"Moorfield School": True, "Oakfield Primary": True}
    assert [one["on_vouch"] for one in schools] == [False, False, True]


async def _called(name: str) -> School:
    async with database.read():
        found = await School.objects().where(School.name == name).first()
    assert found is not None
    return found


async def test_a_letter_tells_a_neighbour_of_vouch_and_opens_nothing(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    oakfield, elm = await a_school("Oakfield Primary"), await a_school("Elm & Ash Primary")
    ann, gus = await a_person(oakfield), await a_person(oakfield, Role.GOVERNOR, "Gus Green")
    async with signed_in(ann) as browser:
        page = await browser.get(f"/schools/{elm.id}/letter")
        asks = "To join, your school needs an invitation. Answer me, and I ask whoever runs Vouch for us"
        assert asks in text_of(page.text)
        assert f"Say that it is for Elm & Ash Primary, URN {elm.urn}, and to whose e-mail address" in text_of(page.text)
        opened = unquote(page.text.split('href="mailto:?')[1].split('"')[0])
        assert f"For the business manager of Elm & Ash Primary, URN {elm.urn}\r\n\r\nAt Oakfield Primary we keep" in opened
        assert opened.endswith("Ann Archer, business manager\r\nOakfield Primary")
        named = settings.current()
        monkeypatch.setattr(
            settings, "current", lambda: replace(named, operator_name="Ashby Hub", operator_contact="hub@ashby.example")
        )
        told = text_of((await browser.get(f"/schools/{elm.id}/letter")).text)
        assert "To join, ask Ashby Hub, who runs it, for an invitation: hub@ashby.example." in told
        await a_person(elm, name="Eve Elm")
        assert (await browser.get(f"/schools/{elm.id}/letter")).status_code == 409
        assert (await browser.get(f"/schools/{oakfield.id}/letter")).status_code == 409
    async with signed_in(gus) as browser:
        assert (await browser.get(f"/schools/{elm.id}/letter")).status_code == 403
