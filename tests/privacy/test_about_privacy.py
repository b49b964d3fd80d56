"""The page on privacy says who decides about the data and who keeps it, as far as that was said."""

from html import unescape

import pytest

from base import settings
from privacy import controllers
from sharing.schools.schools import one
from tests.given.builders import a_person, a_school, signed_in, stranger
from tests.given.page_text import text_of

pytestmark = pytest.mark.usefixtures("db")

NAME, ADDRESS, CONTACT = "Ashby Learning Trust", "1 Market Place, Ashby LN9 5AB", "dpo@ashby.example"


def said(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"VOUCH_OPERATOR_{name.upper()}", value)
    settings.current.cache_clear()


async def page() -> str:
    async with stranger() as browser:
        return text_of(unescape((await browser.get("/about/privacy")).text))


async def test_an_operator_that_says_who_it_is_is_named_with_address_and_contact(monkeypatch: pytest.MonkeyPatch) -> None:
    said(monkeypatch, name=NAME, address=ADDRESS, contact=CONTACT)
    text = await page()
    assert f"{NAME} runs this service, {ADDRESS}." in text
    assert f"For questions about personal data: {CONTACT}." in text
    assert "has not said" not in text


@pytest.mark.parametrize(
    ("told", "words"), [({}, "here who they are"), ({"name": NAME, "address": ADDRESS}, "here how to reach them")]
)
async def test_one_that_does_not_is_said_not_to(monkeypatch: pytest.MonkeyPatch, told: dict[str, str], words: str) -> None:
    said(monkeypatch, **told)
    assert f"Whoever runs this service has not said {words}, which they must." in await page()


async def test_the_operator_is_the_processor_of_every_school_but_its_own() -> None:
    text = await page()
    assert "a “processor”" in text
    assert "If they run a school themselves, they are the controller of that school’s own data only." in text


async def test_whoever_is_signed_in_reads_who_is_the_controller_of_their_school() -> None:
    ann = await a_person(await a_school("Oakfield Primary", trust="Ashby Learning Trust"))
    async with signed_in(ann) as browser:
        text = text_of(unescape((await browser.get("/about/privacy")).text))
    assert "For what your school keeps: Ashby Learning Trust, if Oakfield Primary is an academy" in text


@pytest.mark.parametrize(
    ("phase", "trust", "words", "is_certain"),
    [
        ("Primary", None, "its governing body if it is maintained, its proprietor if it is independent, its trust", False),
        ("Primary", "Ashby Trust", "Ashby Trust, if Elm is an academy; otherwise its governing body", False),
        ("Other independent school", None, "the proprietor of Elm", True),
        ("Non-maintained special school", None, "the proprietor of Elm", True),
        ("Academy special converter", "Ashby Trust", "Ashby Trust, the trust of Elm", True),
        ("Academy special converter", None, "the trust of Elm", True),
        ("Community special school", None, "the governing body of Elm", True),
        ("Foundation special school", "Ashby Foundation", "the governing body of Elm", True),
    ],
)
async def test_the_controller_is_told_as_far_as_the_register_does(
    phase: str, trust: str | None, words: str, *, is_certain: bool
) -> None:
    school = await a_school("Elm", phase=phase, trust=trust)
    found = controllers.of_school(await one(school.id))
    assert words in found.words
    assert found.is_certain is is_certain
