"""What a school said half a year ago is asked about, and said again by one button without a new word."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from base import clock
from base.refusals import Conflict, NotFound
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.directory import directory
from suppliers.opinions import readable, reviews
from suppliers.opinions.opinion import Opinion
from suppliers.ours import still_true
from suppliers.record.criteria import Stage
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, events_of
from tests.given.every_check import findings
from tests.given.searching import a_supplier

pytestmark = pytest.mark.usefixtures("db")

SAID = Opinion(interest=None, rating=4, criticism="Dear in March.")


async def asked_about(viewer: Viewer) -> set[UUID]:
    return {one.id for one in await still_true.waiting(viewer)}


async def test_an_old_review_is_asked_about_and_said_again() -> None:
    school = await a_school("Oakfield Primary")
    ann, hal = await a_person(school), await a_person(school, Role.HEAD, "Hal Hart")
    elm, fern = [await a_person(await a_school(name)) for name in ("Elmwood School", "Fern Primary")]
    boilers = await a_supplier(ann)
    review = (await reviews.review(ann, boilers, opinion=SAID, version=None)).id
    grants = [GrantChoice(GrantKind.SCHOOL, elm.school, fields=Fields.RATING)]
    grants.append(GrantChoice(GrantKind.SCHOOL, fern.school, fields=Fields.PRAISE | Fields.AUTHOR))
    boilers = (await shares.share(ann, OpinionKind.REVIEW, review, AudienceChoice(tuple(grants)))).supplier
    ended = await a_supplier(ann, "Gone Glazing")
    await reviews.review(ann, ended, opinion=replace(SAID, stage=Stage.ENDED), version=None)
    then = clock.now()
    assert await asked_about(ann) == set()
    with clock.at(then + timedelta(days=190)):
        assert await asked_about(hal) == {review}
        assert await asked_about(elm) == set()
        await directory.stop_using(ann, boilers)
        assert await asked_about(hal) == set(), "it is none of ours any more"
        await directory.adopt(ann, boilers)
        with pytest.raises(Conflict):
            await reviews.say_again(hal, review, version=2)
        with pytest.raises(NotFound):
            await reviews.say_again(elm, review, version=1)
        said = await reviews.say_again(hal, review, version=1)
        assert (said.said, said.version, await asked_about(ann)) == (SAID, 2, set())
        (seen,) = (await readable.about(elm, boilers)).reviews
        assert (seen.written_at, seen.is_revised) == (clock.now(), True)
        (kept_back,) = (await readable.about(fern, boilers)).reviews
        assert (kept_back.is_revised, kept_back.author) == (False, ann.name), "nothing that it sees was said"
        assert (await reviews.say_again(ann, review, version=2)).version == 2, "tapping twice says nothing new"
        assert await findings() == ()
    assert (await events_of(ann.school)).count("review.said_again") == 1
    assert (await reviews.past(ann, review))[0].author == ann.name
