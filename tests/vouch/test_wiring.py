"""What slices learn of each other: each thing once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.networks import networks
from suppliers.directory import directory
from suppliers.opinions import reviews
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.conftest import Template
from tests.given.builders import a_person, a_school
from tests.given.town import Town, town_of
from vouch import wiring
from web.pages.notices import told


@pytest.fixture
async def town(template: Template, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_of(template, tmp_path) as town:
        yield town


async def test_nobody_is_told_one_thing_twice_on_their_home_page(town: Town) -> None:
    for name, viewer in town.viewers.items():
        found = await told(wiring.TELLING, viewer)
        assert len(found) == len(set(found)), name


@pytest.mark.usefixtures("db")
async def test_a_school_that_joined_lately_is_told_of_once() -> None:
    ann, bob = await a_person(await a_school("Oakfield Primary")), await a_person(await a_school("Elmwood School"), name="Bob")
    cluster = await networks.start(ann, name="Ashby cluster")
    supplier = (await directory.add(ann, name="Bright Spark")).id
    written = await reviews.review(ann, supplier, opinion=Opinion(interest=None, rating=4), version=None)
    choice = AudienceChoice((GrantChoice(GrantKind.NETWORK, cluster, fields=Fields.RATING),))
    await shares.share(ann, OpinionKind.REVIEW, written.id, choice)
    await networks.join(bob, await networks.invite(ann, cluster, bob.school))
    found = await told(wiring.TELLING, ann)
    assert [str(one) for one in found if "Elmwood School" in str(one)] != []
    assert len(found) == len(set(found))
