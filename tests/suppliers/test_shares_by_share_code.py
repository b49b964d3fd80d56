"""One person at another school is named by the share code that they gave, on the page and over the API, and by nothing else."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from base import clock
from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.access.fields import GrantKind
from sharing.auditors import auditors
from sharing.joining import joining
from sharing.people import people
from suppliers.directory import directory
from suppliers.opinions import readable, reviews
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.people import NOBODY
from suppliers.shares.shares import OpinionKind
from tests.given.builders import PASSWORD, a_membership, a_person, a_school, email_of, school_of, signed_in, token_in
from tests.given.page_text import hidden, text_of

SAID = Opinion(interest=None, rating=4, praise="On time.", criticism="Dear in March.")
BY_NAME = "Bea Birch at Birch Primary can see criticism of this supplier. Nobody else outside your school will see it."


class Ash:
    """Ann of Ash wrote a review. Bea and Bo head Birch."""

    def __init__(self, ann: Viewer, bea: Viewer, bo: Viewer, boilers: UUID, review: UUID) -> None:
        self.ann, self.bea, self.bo, self.boilers, self.review = ann, bea, bo, boilers, review
        self.base = f"/reviews/{review}/share"

    async def criticism_seen_by(self, viewer: Viewer) -> list[str | None]:
        return [review.criticism for review in (await readable.about(viewer, self.boilers)).reviews]


@pytest.fixture
async def ash(db: Settings) -> Ash:
    ann = await a_person(await a_school("Ash Primary"), name="Ann Ash")
    birch = await a_school("Birch Primary")
    bea, bo = await a_person(birch, Role.HEAD, "Bea Birch"), await a_person(birch, Role.HEAD, "Bo Birch")
    boilers = (await directory.add(ann, name="Ashby Boilers")).id
    return Ash(ann, bea, bo, boilers, (await reviews.review(ann, boilers, opinion=SAID, version=None)).id)


@pytest.fixture
async def anns(ash: Ash) -> AsyncIterator[httpx.AsyncClient]:
    async with signed_in(ash.ann) as browser:
        yield browser


async def code_of(viewer: Viewer) -> str:
    """As it stands on their page."""
    async with signed_in(viewer) as browser:
        page = (await browser.get("/account")).text
    found = re.search(r"<code>([0-9a-f-]{36})</code>", page)
    assert found is not None
    return found[1]


async def test_who_got_the_code_shares_with_that_person_alone(ash: Ash, anns: httpx.AsyncClient) -> None:
    typed = {"with": "person", "code": f" {await code_of(ash.bea)} ", "fields-person": "criticism"}
    checking = await anns.get(f"{ash.base}/check", params=typed)
    assert BY_NAME in text_of(checking.text)
    assert (await shares.state(ash.ann, OpinionKind.REVIEW, ash.review)).lines == (), "nothing is saved yet"
    saved = await anns.post(ash.base, data=hidden(checking.text) | {"same_as": "new"})
    assert saved.status_code == 303
    assert await ash.criticism_seen_by(ash.bea) == ["Dear in March."]
    assert await ash.criticism_seen_by(ash.bo) == []
    (line,) = (await shares.state(ash.ann, OpinionKind.REVIEW, ash.review)).choice.grants
    assert (line.kind, line.subject, line.at_school) == (GrantKind.PERSON, ash.bea.person, ash.bea.school)
    assert BY_NAME in text_of((await anns.get("/trail")).text)


async def test_who_was_named_once_is_offered_again_until_they_leave(ash: Ash, anns: httpx.AsyncClient) -> None:
    nobody = (await anns.get(ash.base)).text
    assert "Bea Birch" not in nobody
    code = await code_of(ash.bea)
    asked = await anns.get(f"{ash.base}/check", params={"with": "person", "code": code, "fields-person": "rating"})
    await anns.post(ash.base, data=hidden(asked.text) | {"same_as": "new"})
    await shares.unshare(ash.ann, OpinionKind.REVIEW, ash.review)
    assert f'value="person:{code}"' in (await anns.get(ash.base)).text
    checking = await anns.get(f"{ash.base}/check", params={"with": f"person:{code}", f"fields-person-{code[:8]}": "criticism"})
    assert BY_NAME in text_of(checking.text)
    async with signed_in(ash.bo) as browser:
        assert code not in (await browser.get("/")).text
    await people.remove(ash.bo, ash.bea.person)
    assert "Bea Birch" not in (await anns.get(ash.base)).text


async def test_a_code_that_means_nobody_answers_the_same_whyever(ash: Ash, anns: httpx.AsyncClient) -> None:
    ended = await code_of(ash.bea)
    await people.remove(ash.bo, ash.bea.person)
    back = await a_membership(ash.bea, await school_of(ash.bo), Role.HEAD)
    colleague = await a_person(await school_of(ash.ann), name="Cas Ash")
    assert await code_of(back) != ended
    answers = []
    for code in (
        ended,
        await code_of(colleague),
        await code_of(ash.ann),
        str(uuid4()),
        str(ash.bo.person),
        "bea@school.example",
    ):
        answer = await anns.get(f"{ash.base}/check", params={"with": "person", "code": code})
        assert answer.status_code == 422
        answers.append(answer.text.replace(code, "…"))
    assert NOBODY in text_of(answers[0])
    assert 'href="#code"' in answers[0]
    assert len(set(answers)) == 1
    nothing = await anns.get(f"{ash.base}/check", params={"with": "person", "code": " "})
    assert "Type the share code that they gave you." in text_of(nothing.text)
    assert (await shares.state(ash.ann, OpinionKind.REVIEW, ash.review)).lines == ()


async def test_a_program_names_a_person_by_their_code(ash: Ash, anns: httpx.AsyncClient) -> None:
    path = f"/api/v1/reviews/{ash.review}/audience"
    line = {"kind": "person", "membership": await code_of(ash.bea), "fields": ["criticism"]}
    answer = await anns.put(path, json={"grants": [line]})
    assert answer.json()["sentence"] == BY_NAME
    assert (await anns.put(path, json={"grants": answer.json()["grants"]})).json() == answer.json()
    wrong = await anns.put(path, json={"grants": [line | {"membership": str(uuid4())}]})
    assert (wrong.status_code, wrong.json()["detail"]) == (422, NOBODY)


async def test_each_school_of_somebody_has_a_code_of_its_own_and_an_auditor_none(ash: Ash) -> None:
    dale = await a_school("Dale Primary")
    cas = await a_person(dale, Role.GOVERNOR, "Cas Dale")
    at_dale = await a_membership(ash.bea, dale, Role.GOVERNOR)
    assert len({await code_of(viewer) for viewer in (ash.bea, at_dale, cas)}) == 3
    until = clock.today() + timedelta(days=30)
    made = await auditors.grant(ash.bo, email=await email_of(cas), reason="Yearly.", until=until)
    at_birch = await joining.join_with_account(token_in(made.address), password=PASSWORD, from_address="")
    assert at_birch.role is Role.AUDITOR
    async with signed_in(at_birch) as browser:
        assert "Your share code" not in (await browser.get("/account")).text
