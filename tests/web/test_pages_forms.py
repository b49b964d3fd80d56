"""Forms as browsers send them: what was typed comes back whole, and what can't be kept gets a sentence."""

from collections.abc import AsyncIterator
from datetime import date
from functools import cache
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Request, post
from litestar.types import ASGIApp

from base import settings
from base.refusals import Conflict, Invalid
from vouch.app import create_app
from web.pages import forms
from web.pages.forms import Form

pytestmark = pytest.mark.pure

PNG = b"\x89PNG\r\n\x1a\n picture"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@post("/sample/form/notes")
async def echo(request: Request[Any, Any, Any]) -> dict[str, Any]:
    form = await forms.read(request)
    form.file("photo")
    files = {question: (name, len(content)) for question, (name, content) in form.files.items()}
    return {"name": form.text("name"), "schools": form.many("schools"), "files": files}


@cache
def app() -> ASGIApp:
    return create_app(settings.current(), more_handlers=[echo])


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app())  # type: ignore[arg-type]
    headers = SAME_SITE | {"Accept": "application/json"}
    async with httpx.AsyncClient(transport=transport, base_url=settings.current().origin, headers=headers) as made:
        yield made


async def send(client: httpx.AsyncClient, **options: Any) -> httpx.Response:
    return await client.post("/sample/form/notes", **options)


@pytest.mark.parametrize("files", [None, {"other": ("a.png", PNG)}], ids=["urlencoded", "multipart"])
async def test_text_and_ticks_arrive_in_order(client: httpx.AsyncClient, files: Any) -> None:
    data = {"name": "Zoë’s  café\r\n£5", "schools": ["b", "a", "b"]}
    told = (await send(client, data=data, files=files)).json()
    assert (told["name"], told["schools"]) == ("Zoë’s  café\n£5", ["b", "a", "b"])


async def test_an_empty_form_is_a_form(client: httpx.AsyncClient) -> None:
    assert (await send(client)).json() == {"name": "", "schools": [], "files": {}}


async def test_a_file_arrives_under_its_name_without_the_senders_folders(client: httpx.AsyncClient) -> None:
    answer = await send(client, files={"photo": (r"C:\Users\Sam\boiler.PNG", PNG, "text/html")})
    assert answer.json()["files"] == {"photo": ["boiler.PNG", len(PNG)]}


async def test_no_file_chosen_is_no_file(client: httpx.AsyncClient) -> None:
    assert (await send(client, files={"photo": ("", b"")})).json()["files"] == {}


async def test_an_empty_file_is_refused_at_its_question(client: httpx.AsyncClient) -> None:
    answer = await send(client, files={"photo": ("empty.png", b"")})
    assert (answer.status_code, forms.EMPTY_FILE in answer.text, "photo" in answer.text) == (422, True, True)


async def test_a_file_over_ten_megabytes_is_refused(client: httpx.AsyncClient) -> None:
    answer = await send(client, files={"photo": ("a.png", PNG + b"x" * forms.LARGEST_FILE)})
    assert answer.status_code == 422
    assert answer.json()["errors"]["photo"] == "The file must be smaller than 10 MB."


@pytest.mark.parametrize("files", [None, {"other": ("a.png", PNG)}], ids=["urlencoded", "multipart"])
async def test_nul_and_endless_text_get_a_sentence(client: httpx.AsyncClient, files: Any) -> None:
    nul = await send(client, data={"name": "a\x00b"}, files=files)
    assert nul.status_code == 422
    assert "name" in nul.json()["errors"]
    endless = await send(client, data={"name": "x" * (forms.LONGEST_VALUE + 1)}, files=files)
    assert endless.json()["errors"]["name"] == "The text must be 20,000 characters or fewer."


async def test_too_many_answers_are_refused(client: httpx.AsyncClient) -> None:
    data = {f"f{number}": "x" for number in range(forms.MOST_FIELDS + 1)}
    assert (await send(client, data=data)).status_code == 413
    assert (await send(client, data=data, files={"photo": ("a.png", PNG)})).status_code in (413, 422)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"name=%FF", "application/x-www-form-urlencoded"),
        (b"name=\xff", "application/x-www-form-urlencoded"),
        (b"--x\r\nnothing", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data"),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--\r\n', "multipart/form-data; boundary=x"),
    ],
)
async def test_a_broken_form_gets_a_sentence(client: httpx.AsyncClient, body: bytes, content_type: str) -> None:
    answer = await send(client, content=body, headers={"Content-Type": content_type})
    assert answer.status_code == 422
    assert answer.json()["detail"] == forms.BROKEN


CHARSETS = ["punycode", "idna", "utf-7", "unicode_escape", "undefined", "zlib", "utf-99", "utf-16", "latin-1", "\xff"]


@pytest.mark.parametrize("charset", CHARSETS)
async def test_a_part_does_not_choose_how_its_text_is_read(client: httpx.AsyncClient, charset: str) -> None:
    """Python's punycode takes a minute for a megabyte, utf-7 gives half a character, and others are no encoding of text."""
    head = f'--b\r\nContent-Disposition: form-data; name="name"\r\nContent-Type: text/plain; charset={charset}\r\n\r\n'
    body = head.encode() + "café-+2AA-\\ud800".encode() + b"\r\n--b--\r\n"
    answer = await send(client, content=body, headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert (answer.status_code, answer.json()["name"]) == (201, "café-+2AA-\\ud800")


async def test_text_beside_a_file_has_the_limit_of_text_alone(client: httpx.AsyncClient) -> None:
    texts = {f"n{number}": "x" * 20_000 for number in range(60)}
    answer = await send(client, data=texts, files={"photo": ("a.png", PNG)})
    assert (answer.status_code, answer.json()["detail"]) == (413, forms.TOO_MUCH)


@given(st.dates(min_value=date(forms.EARLIEST_YEAR, 1, 1)))
def test_every_date_that_exists_is_read(day: date) -> None:
    boxes = {"when-day": (f" {day.day} ",), "when-month": (str(day.month),), "when-year": (str(day.year),)}
    assert Form(boxes).day("when") == day


@pytest.mark.parametrize(
    "typed", [("31", "2", "2026"), ("3", "11", "26"), ("3", "", "2026"), ("x", "1", "2026"), ("1", "1", "99999")]
)
def test_a_date_that_does_not_exist_is_refused(typed: tuple[str, str, str]) -> None:
    boxes = {f"when-{box}": (value,) for box, value in zip(("day", "month", "year"), typed, strict=True)}
    with pytest.raises(Invalid) as refused:
        Form(boxes).day("when")
    assert "when" in refused.value.fields
    assert Form({}).day("when") is None


def test_values_may_be_a_form_a_dict_or_nothing() -> None:
    form = Form({"a": ("1", "2")})
    assert (forms.typed(form, "a"), forms.typed({"a": 1}, "a"), forms.typed(None, "a")) == ("1", "1", "")
    assert (forms.chosen(form, "a"), forms.chosen({"a": (1,)}, "a"), forms.chosen(None, "a")) == (["1", "2"], ["1"], [])
    assert forms.problem_with(Conflict("No.", a="Not this"), "a") == {"text": "Not this"}
    assert forms.problem_with(None, "a") is None
