"""What the operator opened for a day is closed after it: whoever came in this way opens nothing of the school to others."""

from dataclasses import replace
from uuid import UUID

import pytest

from base.refusals import Forbidden
from base.settings import Settings
from base.viewer import Role, Viewer
from contracts.documents import documents
from contracts.service_events import photos
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.joining import joining
from sharing.networks import connections, networks
from sharing.operator import break_glass, opened
from sharing.sign_in import sessions
from suppliers.asking import hidden as hidden_enquiries
from suppliers.directory import directory
from suppliers.hiding import hiding
from suppliers.opinions import confirming, readable, reviews
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import PASSWORD, a_person, a_school, signed_in, token_in
from tests.given.served import a_colleague

WHY = "The head is in hospital"
SAID = Opinion(interest=None, rating=4, praise="Tidy work.", criticism="Dear in March.")


class Elm:
    """A school with a head and a review, and the operator's own school, which asks to connect and to join."""

    def __init__(self, olive: Viewer, eve: Viewer, review: UUID, asked: UUID) -> None:
        self.olive, self.eve, self.review, self.asked = olive, eve, review, asked

    async def opens_nothing(self, viewer: Viewer) -> None:
        """Over the page, and by every verb that makes more of the school visible to others."""
        fern = self.olive.school
        async with signed_in(viewer) as browser:
            assert (await browser.post(f"/connections/{self.asked}/accept")).status_code == 403
        invited = (await networks.invitations(self.eve))[0].id
        for act in (
            connections.ask(viewer, fern),
            connections.accept(viewer, self.asked),
            networks.start(viewer, name="Ours"),
            networks.join(viewer, invited),
            shares.share(viewer, OpinionKind.REVIEW, self.review, _to(fern)),
        ):
            with pytest.raises(Forbidden):
                await act


def _to(school: UUID) -> AudienceChoice:
    return AudienceChoice((GrantChoice(GrantKind.SCHOOL, school),))


async def as_signed_in(viewer: Viewer) -> Viewer:
    found = await sessions.viewer_of(await sessions.start(viewer.person, viewer.school))
    assert found is not None
    return found


@pytest.fixture
async def elm(db: Settings) -> Elm:
    olive = await a_person(await a_school("Fern Primary"), Role.HEAD, "Olive Osgood", operator=True)
    eve = await a_person(await a_school("Elm Primary"), Role.HEAD, "Eve Elm")
    review = (await reviews.review(eve, (await directory.add(eve, name="Ashby Boilers")).id, opinion=SAID, version=None)).id
    asked = await connections.ask(olive, eve.school)
    await networks.invite(olive, await networks.start(olive, name="Fern cluster"), eve.school)
    return Elm(olive, eve, review, asked)


async def test_whoever_was_let_in_for_a_day_opens_nothing_to_others_until_a_head_keeps_them(elm: Elm) -> None:
    made = await break_glass.invite(
        None, elm.eve.school, email="olive.too@fern.example", role=Role.BUSINESS_MANAGER, reason=WHY, posted=True
    )
    guest = await joining.join(token_in(made.address), name="Olive Too", password=PASSWORD)
    await elm.opens_nothing(await as_signed_in(guest))
    await opened.keep(elm.eve, (await opened.at_school(elm.eve))[0].id)
    await shares.share(await as_signed_in(guest), OpinionKind.REVIEW, elm.review, _to(elm.olive.school))


async def with_the_operators_password(viewer: Viewer) -> Viewer:
    link = await break_glass.reset(viewer.school, viewer.person, reason=WHY, posted=True)
    await joining.set_password(token_in(link), password="a quiet river at dawn")
    return await as_signed_in(viewer)


async def test_nor_does_whoever_has_the_operators_password(elm: Elm) -> None:
    await elm.opens_nothing(await with_the_operators_password(elm.eve))


async def test_such_a_head_confirms_no_criticism(elm: Elm) -> None:
    """Neither what waits, nor by writing it into what every school reads."""
    ann = await a_colleague(elm.eve, Role.BUSINESS_MANAGER, "Ann Archer")
    boilers = (await reviews.ours(elm.eve, elm.review)).supplier
    to_all = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING | Fields.CRITICISM),))
    await shares.share(elm.eve, OpinionKind.REVIEW, elm.review, to_all)
    await reviews.review(ann, boilers, opinion=replace(SAID, criticism="They steal from schools."), version=1)
    eve = await with_the_operators_password(elm.eve)
    (waits,) = (await confirming.queue(eve)).waiting
    with pytest.raises(Forbidden):
        await confirming.confirm(eve, elm.review, digest=waits.digest)
    await reviews.review(eve, boilers, opinion=replace(SAID, criticism="They are all crooks."), version=2)
    (read,) = (await readable.about(elm.olive, boilers)).reviews
    assert read.criticism is None


async def test_such_a_head_shows_nothing_again_that_the_school_hid(elm: Elm) -> None:
    await shares.share(elm.eve, OpinionKind.REVIEW, elm.review, _to(elm.olive.school))
    await hiding.hide(elm.eve, hiding.Hideable.REVIEW, elm.review)
    eve = await with_the_operators_password(elm.eve)
    with pytest.raises(Forbidden):
        await hiding.show_again(eve, hiding.Hideable.REVIEW, elm.review)
    with pytest.raises(Forbidden):
        await documents.show_again(eve, elm.review)
    with pytest.raises(Forbidden):
        await hidden_enquiries.show_again(eve, elm.review)
    with pytest.raises(Forbidden):
        await photos.show_again(eve, elm.review)
