"""Extra questions: asked of suppliers of some categories alone, answered from a list, shared and counted with the rating."""

import re
from dataclasses import fields
from uuid import UUID

import pytest

from base.refusals import Invalid
from base.viewer import Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.directory import directory
from suppliers.opinions import readable, reviews
from suppliers.opinions.opinion import NOT_ASKED, Opinion, checked
from suppliers.record import extras, taxonomy
from suppliers.record.extras import ExtraQuestion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import hidden, text_of
from tests.given.written_from_code import is_pinned

RATING = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING),))
PRAISE = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.PRAISE),))
REFERENCE = """# Extra questions

What the form of a review asks, at most three of them, where the supplier has one of these categories. Each has one answer of its
list, or none. The slugs are for programs; `listCategories` of the API has those of each category, with the codes of the answers.
[Why so](../decisions/0081-what-matters-for-one-kind-of-supplier-is-asked-of-it-alone.md).

| question | slug | answers | asked of |
|---|---|---|---|
"""
TYPED = {"version": "", "rating": "4", "declared": "none", "comes_soon": "later", "price_as_quoted": ""}


@pytest.fixture
async def ann(db: object) -> Viewer:
    return await a_person(await a_school("Oakfield Primary"), name="Ann Archer")


@pytest.fixture
async def boilers(ann: Viewer) -> UUID:
    return (await directory.add(ann, name="Ashby Boilers", categories=["heating"])).id


async def others_say(supplier: UUID, n: int, said: dict[str, str], share: AudienceChoice = RATING, **more: object) -> None:
    viewer = await a_person(await a_school(f"Elmwood {n}"), name=f"Bob {n}")
    opinion = Opinion(**{"interest": None, "rating": 4, "extras": said, **more})  # type: ignore[arg-type]  # as a test says
    made = await reviews.review(viewer, supplier, opinion=opinion, version=None)
    await shares.share(viewer, OpinionKind.REVIEW, made.id, share)


@pytest.mark.pure
def test_each_category_has_one_to_three_questions_of_its_own_or_of_its_group() -> None:
    asked = {one.slug: extras.of_category(one.slug) for one in taxonomy.categories()}
    assert {len(of) for of in asked.values()} <= {1, 2, 3}
    assert [one.slug for one in asked["supply-teachers"]] == ["bookings_filled", "person_fitted", "bills_right"]
    assert asked["roofing"] == asked["fencing"] != asked["heating"], "those of the group, but where a category has its own"
    assert extras.of_category("gone") == ()
    known = extras.questions()
    assert {one.slug for of in asked.values() for one in of} == known.keys()
    assert not known.keys() & {one.name for one in fields(Opinion)}, "a field of the form is called like the question"
    codes = [*known, *(code for one in known.values() for code in one.answers)]
    assert all(re.fullmatch(rf"[a-z_]{{2,{extras.LONGEST_CODE}}}", code) for code in codes)
    assert all(3 <= len(one.answers) <= 5 and one.words.endswith("?") for one in known.values())


@pytest.mark.pure
def test_the_reference_tells_every_question_with_its_answers_and_of_whom_it_is_asked() -> None:
    assert is_pinned("docs/reference/extra-questions.md", REFERENCE + "".join(map(_line, extras.questions().values())))


def _line(question: ExtraQuestion) -> str:
    asked = (one.name for one in taxonomy.categories() if question in extras.of_category(one.slug))
    return f"| {question.words} | `{question.slug}` | {', '.join(question.answers.values())} | {'; '.join(asked)} |\n"


@pytest.mark.pure
def test_a_form_asks_three_in_turn_by_category_and_what_was_answered_before() -> None:
    two = ["heating", "supply-teachers"]
    assert [one.slug for one in extras.on_form(two, [])] == ["comes_soon", "bookings_filled", "fixed_first_time"]
    assert [one.slug for one in extras.on_form(two, ["pupils_eat_it"])] == ["comes_soon", "bookings_filled", "pupils_eat_it"]
    assert extras.on_form([], []) == ()


@pytest.mark.pure
@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        (
            {"comes_soon": "soon"},
            "comes_soon",
            "Choose one of the answers to “How soon does somebody come when you call?”, or none",
        ),
        ({"self": "yes"}, "extras", "There is no such extra question"),
        (dict.fromkeys(("same_people", "on_time", "bills_right", "pay_right"), "often"), "extras", "Answer at most 3"),
    ],
)
def test_what_is_no_answer_is_refused_in_a_sentence(said: dict[str, str], field: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(Opinion(interest=None, rating=4, extras=said))
    assert refused.value.fields.keys() == {field}
    assert refused.value.fields[field].startswith(sentence)


async def test_a_review_is_asked_what_matters_for_the_kind_of_supplier_and_keeps_every_answer(ann: Viewer, boilers: UUID) -> None:
    async with signed_in(ann) as browser:
        first = await browser.get(f"/suppliers/{boilers}/review")
        wrong = await browser.post(f"/suppliers/{boilers}/review", data=TYPED | {"comes_soon": "maybe", "price_as_quoted": "no"})
        await browser.post(f"/suppliers/{boilers}/review", data=TYPED)
        form = await browser.get(f"/suppliers/{boilers}/review")
        changed = TYPED | hidden(form.text) | {"comes_soon": "same_day", "price_as_quoted": "partly"}
        await browser.post(f"/suppliers/{boilers}/review", data=changed)
        current = await reviews.current(ann, boilers)
        assert current is not None
        past = text_of((await browser.get(f"/reviews/{current.id}/past")).text)
        trail = text_of((await browser.get(f"/trail?stream=supplier:{boilers}")).text)
    assert "For this kind of supplier How soon does somebody come when you call? (optional)" in text_of(first.text)
    assert wrong.status_code == 422
    assert 'href="#comes_soon"' in wrong.text
    assert re.search(r'name="price_as_quoted" type="radio" value="no" checked', wrong.text)
    assert re.search(r'name="comes_soon" type="radio" value="later" checked', form.text)
    assert current.said.extras == {"comes_soon": "same_day", "price_as_quoted": "partly"}
    assert "Comes when called The same day Price as quoted Partly" in past
    assert "Comes when called After more than a week" in past
    assert "How soon does somebody come when you call?" in trail
    assert "After more than a week" in trail


async def test_only_what_is_asked_of_its_categories_is_taken_and_what_stands_may_stay(ann: Viewer, boilers: UUID) -> None:
    with pytest.raises(Invalid) as refused:
        opinion = Opinion(interest="", rating=4, extras={"pupils_eat_it": "most"})
        await reviews.review(ann, boilers, opinion=opinion, version=None)
    assert refused.value.fields.keys() == {"pupils_eat_it", "interest"}, "all that is wrong, at once"
    assert refused.value.fields["pupils_eat_it"] == NOT_ASKED


async def test_answers_are_counted_over_other_schools_whose_rating_the_viewer_sees(ann: Viewer, boilers: UUID) -> None:
    mine = Opinion(interest=None, rating=5, extras={"comes_soon": "within_a_week"})
    ours = await reviews.review(ann, boilers, opinion=mine, version=None)
    await shares.share(ann, OpinionKind.REVIEW, ours.id, RATING)
    near = AudienceChoice((GrantChoice(GrantKind.SCHOOL, ann.school, fields=Fields.RATING),))
    await others_say(boilers, 1, {"comes_soon": "same_day", "price_as_quoted": "yes"})
    await others_say(boilers, 2, {"comes_soon": "same_day"}, near)
    await others_say(boilers, 3, {"comes_soon": "later"})
    await others_say(boilers, 4, {"comes_soon": "later"}, PRAISE)
    await others_say(boilers, 5, {"comes_soon": "later"}, interest="My uncle's firm.")
    found = await readable.about(ann, boilers)
    assert [(one.question.slug, one.schools, one.by, one.words) for one in found.answered] == [
        ("comes_soon", 3, {"same_day": 2, "later": 1}, "The same day: 2 schools; after more than a week: 1"),
        ("price_as_quoted", 1, {"yes": 1}, "Yes: 1 school"),
    ]
    kept_back = next(one for one in found.reviews if one.by.name == "Elmwood 4")
    assert kept_back.extras == {}
    async with signed_in(ann) as browser:
        page = text_of((await browser.get(f"/suppliers/{boilers}")).text)
        other = (await browser.get(f"/api/v1/suppliers/{boilers}/reviews")).json()
    assert "How soon does somebody come when you call? The same day: 2 schools; after more than a week: 1" in page
    assert "Did the price stay as quoted? Yes: 1 school" in page
    assert other["extras"][0] == {"question": "comes_soon", "schools": 3, "answers": {"same_day": 2, "later": 1}}
    assert other["ours"]["extras"] == {"comes_soon": "within_a_week"}


async def test_a_program_answers_and_is_told_which_questions_there_are(ann: Viewer, boilers: UUID) -> None:
    said = {"interest": None, "rating": 4, "extras": {"comes_soon": "same_day"}}
    async with signed_in(ann) as browser:
        listed = {one["slug"]: one for one in (await browser.get("/api/v1/categories")).json()}
        made = await browser.post(f"/api/v1/suppliers/{boilers}/reviews", json=said)
        address = f"/api/v1/reviews/{made.json()['id']}"
        version = {"If-Match": '"1"'}
        unasked = await browser.put(address, json=said | {"extras": {"on_time": "often"}}, headers=version)
        gone = await browser.put(address, json=said | {"extras": None}, headers=version)
    assert listed["heating"]["extras"][0]["slug"] == "comes_soon"
    assert listed["heating"]["extras"][0]["answers"][0] == {"code": "same_day", "words": "The same day"}
    assert made.json()["extras"] == {"comes_soon": "same_day"}
    assert unasked.status_code == 422
    assert NOT_ASKED in unasked.text
    assert gone.json()["extras"] == {}
