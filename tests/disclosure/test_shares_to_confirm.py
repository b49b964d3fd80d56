"""Who saw what elsewhere is put to the head by its names: criticism goes to many only from the page that shows its words."""

import json

import pytest

from base.viewer import Role, Viewer
from disclosure import shares_to_confirm, taking_in
from sharing.access.audiences import AudienceChoice
from suppliers.directory import directory
from suppliers.opinions import readable
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school
from tests.given.records_to_take_in import LIFTS, WITH_A_VOUCH

TO_EVERYONE = {
    "kind": "everyone", "school": None, "network_kind": None, "network_code": None, "network_name": None, "miles": None,
    "fields": ["rating", "criticism"], "until": None, "members_then": False,
}  # fmt: skip


def shared_with_everyone(**said: object) -> bytes:
    """The records of a school that showed everyone the rating and the criticism of its one review, which says this."""
    records = json.loads(WITH_A_VOUCH)
    records["reviews"][0]["said"] = {"interest": None, "rating": 2, **said}
    records["shares"] = [{"what": "review", "id": LIFTS, "sentence": "", "grant": {}, "to": TO_EVERYONE}]
    return json.dumps(records).encode()


@pytest.fixture
async def hal(db: object) -> Viewer:
    return await a_person(await a_school("Dale Primary"), Role.HEAD, "Hal Hart")


async def criticism_read_elsewhere() -> list[str | None]:
    bob = await a_person(await a_school("Elmwood School"), name="Bob Brown")
    found = [one.supplier_id for one in await directory.suggestions(bob, "Harrow Lifts")]
    return [one.criticism for supplier in found for one in (await readable.about(bob, supplier)).reviews]


async def test_criticism_that_the_head_has_not_read_is_not_shared_with_many(hal: Viewer) -> None:
    await taking_in.take_in(hal, shared_with_everyone(criticism="They steal."), whose="Dale Primary")
    (review,) = await shares_to_confirm.waiting(hal)
    done = await shares_to_confirm.confirm(hal, [review.key])
    assert (done.shared, done.refused) == (0, ((review.title, shares_to_confirm.READ_IT_FIRST),))
    assert await criticism_read_elsewhere() == []
    await shares.share(hal, OpinionKind.REVIEW, review.id, AudienceChoice(review.grants), version=1)
    assert await criticism_read_elsewhere() == ["They steal."]
    assert (await shares_to_confirm.confirm(hal, [review.key])).shared == 1, "there is nothing more to confirm"


async def test_a_review_without_criticism_is_shared_as_it_was(hal: Viewer) -> None:
    await taking_in.take_in(hal, shared_with_everyone(), whose="Dale Primary")
    (review,) = await shares_to_confirm.waiting(hal)
    assert (await shares_to_confirm.confirm(hal, [review.key])).shared == 1
    assert await criticism_read_elsewhere() == [None]
