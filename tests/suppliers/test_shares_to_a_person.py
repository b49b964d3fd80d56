"""What is shared with somebody by name is for them at that school, for as long as they belong to it, and nowhere else."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

import database
from audit.reading import as_of
from base import clock
from base.refusals import Invalid
from base.viewer import Role, Viewer
from sharing.access import audiences
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.auditors import auditors
from sharing.joining import joining
from sharing.people import people
from sharing.schools.register_values import Status
from sharing.tables import AudienceGrant, Membership
from suppliers.directory import directory
from suppliers.opinions import readable, reviews
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import PASSWORD, a_membership, a_person, a_school, email_of, school_of, signed_in, token_in

pytestmark = pytest.mark.usefixtures("db")

SAID = Opinion(interest=None, rating=4, praise="On time.", criticism="Dear in March.", used_from=None)
BY_NAME = "Bea Birch at Birch Primary can see criticism of this supplier. Nobody else outside your school will see it."
ONLY_US = "Only your school can see this."


class Given:
    """Ash wrote a review of its boilers. Bea and Bo are heads of Birch; Dale's head is Dee."""

    def __init__(self, ann: Viewer, bea: Viewer, bo: Viewer, dee: Viewer, boilers: UUID, review: UUID) -> None:
        self.ann, self.bea, self.bo, self.dee, self.boilers, self.review = ann, bea, bo, dee, boilers, review

    async def share(self, *, at_school: UUID | None = None, membership: UUID | None = None) -> None:
        """The criticism, with Bea."""
        line = GrantChoice(GrantKind.PERSON, self.bea.person, fields=Fields.CRITICISM, at_school=at_school, membership=membership)
        await shares.share(self.ann, OpinionKind.REVIEW, self.review, AudienceChoice((line,)))

    async def seen_by(self, viewer: Viewer) -> list[str | None]:
        return [review.criticism for review in (await readable.about(viewer, self.boilers)).reviews]

    async def named(self) -> list[str]:
        return [reader.name for reader in (await shares.readers(self.ann, OpinionKind.REVIEW, self.review)).named]

    async def sentence(self) -> str:
        return (await shares.state(self.ann, OpinionKind.REVIEW, self.review)).sentence


@pytest.fixture
async def given(db: object) -> Given:
    ann = await a_person(await a_school("Ash Primary"), name="Ann Ash")
    birch = await a_school("Birch Primary")
    bea, bo = await a_person(birch, Role.HEAD, "Bea Birch"), await a_person(birch, Role.HEAD, "Bo Birch")
    dee = await a_person(await a_school("Dale Primary"), Role.HEAD, "Dee Dale")
    boilers = (await directory.add(ann, name="Ashby Boilers")).id
    review = (await reviews.review(ann, boilers, opinion=SAID, version=None)).id
    return Given(ann, bea, bo, dee, boilers, review)


async def audits(viewer: Viewer, school: str) -> None:
    """The viewer, with the account that they have, reads the trail of that school for a while."""
    head = await a_person(await a_school(school), Role.HEAD, f"Head of {school}")
    until = clock.today() + timedelta(days=30)
    made = await auditors.grant(head, email=await email_of(viewer), reason="Yearly.", until=until)
    await joining.join_with_account(token_in(made.address), password=PASSWORD, from_address="")


async def test_criticism_by_name_does_not_follow_its_reader_to_another_school(given: Given) -> None:
    await given.share()
    assert await given.seen_by(given.bea) == ["Dear in March."]
    assert await given.seen_by(given.bo) == []
    at_dale = await a_membership(given.bea, await school_of(given.dee), Role.HEAD)
    assert await given.seen_by(at_dale) == [], "she belongs to both: it is for her at Birch"
    assert await given.seen_by(given.bea) == ["Dear in March."]
    await people.remove(given.bo, given.bea.person)
    assert await given.seen_by(at_dale) == []
    async with signed_in(at_dale) as browser:
        assert "Dear in March." not in (await browser.get(f"/suppliers/{given.boilers}")).text
        assert "Ash Primary" not in (await browser.get(f"/suppliers/{given.boilers}")).text


async def test_who_can_see_names_no_other_school_of_hers(given: Given) -> None:
    await given.share()
    await a_membership(given.bea, await school_of(given.dee))
    await audits(given.bea, "Cedar Primary")
    assert await given.named() == ["Bea Birch at Birch Primary"]
    async with signed_in(given.ann) as browser:
        answers = [
            (await browser.get(f"/reviews/{given.review}/{page}")).text for page in ("who-can-see", "share")
        ]  # fmt: skip
        answers += [(await browser.get(f"/api/v1/reviews/{given.review}/{end}")).text for end in ("who-can-see", "audience")]
    for text in answers:
        assert "Birch Primary" in text
        assert "Dale" not in text
        assert "Cedar" not in text
    await people.remove(given.bo, given.bea.person)
    assert await given.named() == []


async def test_the_sentence_names_the_school_and_says_when_it_is_over(given: Given) -> None:
    line = GrantChoice(GrantKind.PERSON, given.bea.person, fields=Fields.CRITICISM)
    told = await shares.preview(given.ann, OpinionKind.REVIEW, given.review, AudienceChoice((line,)))
    assert [one.who for one in told] == ["Bea Birch at Birch Primary"]
    await given.share()
    assert await given.sentence() == BY_NAME
    await people.remove(given.bo, given.bea.person)
    assert await given.sentence() == ONLY_US
    (ended,) = (await shares.state(given.ann, OpinionKind.REVIEW, given.review)).lines
    assert (ended.who, ended.is_over) == ("Bea Birch at Birch Primary", True)


async def test_view_as_shows_what_she_sees_there(given: Given) -> None:
    await given.share()
    base = f"/reviews/{given.review}/who-can-see"
    async with signed_in(given.ann) as browser:
        listed = (await browser.get(base)).text
        her_view = f"{base}?school={given.bea.school}&person={given.bea.person}"
        assert her_view.replace("&", "&amp;") in listed
        as_her, as_birch = (await browser.get(her_view)).text, (await browser.get(f"{base}?school={given.bea.school}")).text
        assert "As Bea Birch at Birch Primary sees it" in as_her
        assert "Dear in March." in as_her
        assert "Dear in March." not in as_birch
        assert "What you share with one person there is not shown here." in as_birch
        for school, person in ((given.dee.school, given.bea.person), (given.bo.school, given.bo.person), (uuid4(), uuid4())):
            assert (await browser.get(f"{base}?school={school}&person={person}")).status_code == 404
        await people.remove(given.bo, given.bea.person)
        assert (await browser.get(her_view)).status_code == 404


async def test_she_is_told_why_she_sees_it_and_where(given: Given) -> None:
    await given.share()
    (review,) = (await readable.about(given.bea, given.boilers)).reviews
    assert review.by.why == ("Shared with you at Birch Primary.",)


async def test_leaving_and_coming_back_revives_nothing_until_it_is_asked_for(given: Given) -> None:
    await given.share()
    async with signed_in(given.ann) as browser:
        path = f"/api/v1/reviews/{given.review}/audience"
        as_it_was = (await browser.get(path)).json()["grants"]
        await people.remove(given.bo, given.bea.person)
        back = await a_membership(given.bea, await school_of(given.bo), Role.HEAD)
        assert await given.seen_by(back) == []
        assert await given.named() == []
        by_id_alone = [{"kind": "person", "subject": str(given.bea.person), "fields": ["criticism"]}]
        for unasked in (as_it_was, by_id_alone):
            answer = await browser.put(path, json={"grants": unasked})
            assert (answer.status_code, answer.json()["sentence"]) == (200, ONLY_US)
            assert await given.seen_by(back) == []
        anew = [by_id_alone[0] | {"at_school": str(given.bo.school)}]
        assert (await browser.put(path, json={"grants": anew})).json()["sentence"] == BY_NAME
    assert await given.seen_by(back) == ["Dear in March."]


async def test_a_list_that_is_sent_once_more_follows_nobody_to_another_school(given: Given) -> None:
    """As a program does that knows people by their ids alone."""
    await given.share()
    at_dale = await a_membership(given.bea, await school_of(given.dee))
    await given.share()
    await people.remove(given.bo, given.bea.person)
    await given.share()
    assert await given.seen_by(at_dale) == []
    assert await given.sentence() == ONLY_US
    await given.share(at_school=given.dee.school)
    assert await given.seen_by(at_dale) == ["Dear in March."]
    assert await given.named() == ["Bea Birch at Dale Primary"]


async def test_an_id_alone_is_refused_alike_for_somebody_of_none_or_several_schools(given: Given) -> None:
    await a_membership(given.bea, await school_of(given.dee))
    await audits(given.dee, "Cedar Primary")
    await people.remove(given.bea, given.bo.person)
    told = set()
    async with signed_in(given.ann) as browser:
        for person in (given.bea.person, given.bo.person, given.ann.person, uuid4()):
            grants = [{"kind": "person", "subject": str(person)}]
            answer = await browser.put(f"/api/v1/reviews/{given.review}/audience", json={"grants": grants})
            assert answer.status_code == 422
            told.add(answer.text)
    assert len(told) == 1
    assert audiences.WHICH_SCHOOL in told.pop()
    await given.share(at_school=given.bea.school)
    assert await given.named() == ["Bea Birch at Birch Primary"]
    line = GrantChoice(GrantKind.PERSON, given.dee.person)
    await shares.share(given.ann, OpinionKind.REVIEW, given.review, AudienceChoice((line,)))
    assert await given.named() == ["Dee Dale at Dale Primary"], "to audit a school is not to belong to it"


async def test_nobody_is_named_at_a_school_where_they_do_not_work_or_only_audit(given: Given) -> None:
    await audits(given.bea, "Cedar Primary")
    async with database.read():
        audited = await Membership.select(Membership.id, Membership.school).where(Membership.auditor_grant.is_not_null())
    elsewhere = [{"at_school": given.dee.school}, {"at_school": audited[0]["school"]}, {"membership": audited[0]["id"]}]
    closed = await a_school("Gone Primary", status=Status.CLOSED, close_date=clock.today())
    await a_membership(given.bea, closed)
    elsewhere.append({"at_school": closed.id})
    for more in (*elsewhere, {"at_school": given.ann.school}, {"membership": uuid4()}, {"at_school": uuid4()}):
        with pytest.raises(Invalid, match="not at the school that you named"):
            await given.share(**more)


async def test_an_auditor_with_a_membership_of_hers_elsewhere_reads_nothing_by_it(given: Given) -> None:
    await given.share()
    await audits(given.bea, "Cedar Primary")
    async with database.read():
        (cedar,) = await Membership.select(Membership.school).where(Membership.auditor_grant.is_not_null())
    as_auditor = Viewer(given.bea.person, "Bea Birch", cedar["school"], "Cedar Primary", Role.AUDITOR)
    assert await given.seen_by(as_auditor) == []


async def test_the_trail_says_which_school_and_tells_the_grants_as_they_are(given: Given) -> None:
    await given.share()
    await people.remove(given.bo, given.bea.person)
    await a_membership(given.bea, await school_of(given.bo))
    await given.share(at_school=given.bo.school)
    await shares.unshare(given.ann, OpinionKind.REVIEW, given.review)
    await given.share()
    async with database.read():
        row = await shares.own(given.ann, OpinionKind.REVIEW, given.review)
        stored = (await audiences.choice_of(row.audience)).facts()
        membership = (await AudienceGrant.objects().where(AudienceGrant.audience == row.audience))[0].membership
    (told,) = await as_of.at_each(given.ann, f"review:{given.review}", (clock.now(),))
    values = {field.name: field.value for field in told.fields}
    assert values["grants"] == stored
    (line,) = stored
    assert line["subject"] == str(given.bea.person)
    assert (line["at_school"], line["membership"]) == (str(given.bo.school), str(membership))
    assert values["who_can_see"] == BY_NAME


async def test_a_new_role_at_the_same_school_is_the_same_place(given: Given) -> None:
    await given.share()
    await people.change_role(given.bo, given.bea.person, Role.BUSINESS_MANAGER)
    assert await given.seen_by(given.bea) == ["Dear in March."]
