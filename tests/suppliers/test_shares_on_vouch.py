"""A share names how many of its schools can look now, and which see it when they join."""

from uuid import UUID

import database
from base.settings import Settings
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import GrantKind
from sharing.tables import Network
from suppliers.directory import directory
from suppliers.opinions import reviews
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import text_of


async def test_what_is_shared_with_many_says_who_uses_vouch(db: Settings) -> None:
    oakfield, elm = await a_school("Oakfield Primary"), await a_school("Elm Primary")
    moor, _ = await a_school("Moor Primary"), await a_school("Far Primary", lat=54.9)
    ann, _ = await a_person(oakfield), await a_person(elm, name="Eve Elm")
    boilers = (await directory.add(ann, name="Ashby Boilers", categories=["heating"])).id
    review = (await reviews.vouch(ann, boilers)).id
    async with database.read():
        lincolnshire: UUID = (await Network.select(Network.id))[0]["id"]
    network, near = GrantChoice(GrantKind.NETWORK, lincolnshire), GrantChoice(GrantKind.NEAR, miles=5)
    to_moor, to_elm = GrantChoice(GrantKind.SCHOOL, moor.id), GrantChoice(GrantKind.SCHOOL, elm.id)
    now = await shares.share(ann, OpinionKind.REVIEW, review, AudienceChoice((network, near, to_moor, to_elm)))
    assert {line.who for line in now.lines} == {
        "Schools in Lincolnshire (3 other schools, not the council: 1 uses Vouch now, the others see it when they join)",
        "Schools within 5 miles of yours (2 other schools: 1 uses Vouch now, the other sees it when it joins)",
        "Moor Primary, Ashby (not on Vouch yet, sees it when it joins)",
        "Elm Primary, Ashby",
    }
    found = await shares.readers(ann, OpinionKind.REVIEW, review)
    assert {reader.school_name: reader.on_vouch for reader in found.named} == {
        "Elm Primary": True, "Far Primary": False, "Moor Primary": False,
    }  # fmt: skip
    async with signed_in(ann) as browser:
        told = text_of((await browser.get(f"/reviews/{review}/who-can-see")).text)
    assert "1 reader by name" in told
    assert "2 schools not on Vouch yet" in told
    assert told.index("Elm Primary:") < told.index("Moor Primary :")
