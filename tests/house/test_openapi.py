"""The description of the API that programs read: whole, pinned, and the source of the page that people read."""

from collections.abc import Iterator
from html import unescape
from typing import Any

import msgspec
import pytest

from base import settings
from tests.given.builders import stranger
from tests.given.routes import routes
from tests.given.written_from_code import is_pinned
from vouch import app
from vouch.wiring import SITE
from web.pages.templating import create_environment

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    chosen = settings.current()
    made = app._application(chosen, create_environment(chosen, SITE), ()).openapi_schema.to_schema()
    read_back: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(made, enc_hook=str))
    return read_back


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in schema["paths"].items():
        yield from ((f"{method.upper()} {path}", item[method]) for method in METHODS & item.keys())


@pytest.mark.pure
def test_the_description_in_the_repository_is_the_one_that_is_served(schema: dict[str, Any]) -> None:
    text = msgspec.json.format(msgspec.json.encode(schema, order="deterministic"), indent=2).decode()
    assert is_pinned("docs/openapi.json", text + "\n")


async def test_it_is_served(schema: dict[str, Any]) -> None:
    async with stranger() as program:
        answer = await program.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == schema


@pytest.mark.pure
def test_it_describes_every_route_of_the_api_and_nothing_else(schema: dict[str, Any]) -> None:
    there = {route.key for route in routes() if route.is_api and "openapi" not in route.path}
    assert {name for name, _ in operations(schema)} == there


@pytest.mark.pure
def test_every_operation_has_an_id_of_its_own_and_a_summary(schema: dict[str, Any]) -> None:
    named = [(name, operation["operationId"]) for name, operation in operations(schema)]
    assert len({operation_id for _, operation_id in named}) == len(named)
    for name, operation in operations(schema):
        assert operation.get("summary"), name
        assert operation["operationId"].isidentifier(), name
        assert operation.get("tags"), name


@pytest.mark.pure
def test_every_operation_says_how_it_refuses_and_that_it_wants_a_key(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema):
        named = [told["$ref"] for status, told in operation["responses"].items() if not status.startswith("2")]
        refusals = [schema["components"]["responses"][ref.rpartition("/")[2]] for ref in named]
        assert len(refusals) > 3, name
        assert all(list(refusal["content"]) == ["application/problem+json"] for refusal in refusals), name
    assert schema["security"] == [{"apiKey": []}]
    assert schema["components"]["securitySchemes"]["apiKey"]["scheme"] == "bearer"


async def test_a_refusal_is_what_the_description_says(schema: dict[str, Any], db: object) -> None:
    problem = schema["components"]["schemas"]["Problem"]
    async with stranger() as program:
        answer = await program.get("/api/v1/schools")
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(problem["required"]) <= answer.json().keys() <= problem["properties"].keys()


async def test_the_page_about_the_api_lists_every_operation(schema: dict[str, Any]) -> None:
    async with stranger() as browser:
        page = unescape((await browser.get("/about/api")).text)
    for path, item in schema["paths"].items():
        assert path in page
        for method in METHODS & item.keys():
            assert item[method]["summary"] in page
