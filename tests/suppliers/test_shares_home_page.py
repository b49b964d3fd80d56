"""The home page asks what it may have to tell, and reads no school's words to find that there is nothing."""

import pytest

from base.viewer import Role
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.networks import networks
from suppliers.directory import directory
from suppliers.opinions import reviews
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in
from tests.given.statements import listened_to

MOST = 24  # a home page is opened more often than any other


@pytest.mark.usefixtures("db")
async def test_a_home_page_with_nothing_to_tell_reads_no_reviews_or_notes() -> None:
    ann = await a_person(await a_school("Oakfield Primary"), Role.HEAD)
    cluster = await networks.start(ann, name="Ashby cluster")
    supplier = (await directory.add(ann, name="Bright Spark")).id
    written = (
        await reviews.review(ann, supplier, opinion=Opinion(interest=None, rating=4, praise="Came at once."), version=None)
    ).id
    to_cluster = GrantChoice(GrantKind.NETWORK, cluster, fields=Fields.RATING)
    await shares.share(ann, OpinionKind.REVIEW, written, AudienceChoice((to_cluster,)))
    async with signed_in(ann) as browser:
        with listened_to() as statements:
            assert (await browser.get("/")).status_code == 200
    about_words = [asked for asked in statements if "suppliers_review" in asked or "suppliers_note" in asked]
    # the count of what waits, of all slices in one, and the suppliers at hand with our own word
    assert [("UNION ALL" in asked, "suppliers_use u" in asked) for asked in about_words] == [(True, True), (False, True)]
    assert len(statements) <= MOST
