"""The description of the API contradicts nothing: not itself, not the code, not what happens.

What happens is held to it by tests/given/api_document.py, in every test that sends a request.
"""

import copy
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final
from uuid import uuid4

import httpx
import msgspec
import pytest
from jsonschema import Draft202012Validator

from base.viewer import KeyScope
from tests.given import api_document
from tests.given.api_document import Untrue
from tests.given.routes import routes

pytestmark = pytest.mark.pure

SCHEMAS: Final = api_document.document()["components"]["schemas"]
# What may be anything: a value of a record, which is text, a number, a list or null as its field is.
ANYTHING: Final = {"/FieldOut/properties/value"}


def parts(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every schema within, by where it stands."""
    if isinstance(schema, dict):
        yield path, schema
    nested = schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ()
    for name, one in nested:
        yield from parts(one, f"{path}/{name}")


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in api_document.document()["paths"].items():
        yield from (
            (f"{method.upper()} {path}", item[method]) for method in ("get", "post", "put", "patch", "delete") if method in item
        )


def structs(of: type[msgspec.Struct] = msgspec.Struct) -> Iterator[type[msgspec.Struct]]:
    for one in of.__subclasses__():
        yield one
        yield from structs(one)


def test_nothing_is_taken_for_anything_by_accident() -> None:
    empty = {path for path, schema in parts(SCHEMAS) if schema == {} and not path.endswith("/properties")}
    assert empty == ANYTHING
    for name, operation in operations():
        for where, schema in parts(operation):
            assert not (where.endswith("/schema") and schema == {}), f"{name}: {where}"


def test_every_list_says_what_it_holds_and_two_days_are_two() -> None:
    assert [path for path, schema in parts(SCHEMAS) if schema.get("type") == "array" and "items" not in schema] == []
    pair = SCHEMAS["SchoolCalendar"]["properties"]["closed"]["items"]
    assert (pair["minItems"], pair["maxItems"]) == (2, 2)


def test_every_schema_is_one_of_the_standard() -> None:
    for name, schema in SCHEMAS.items():
        Draft202012Validator.check_schema(schema)
        assert schema["title"] == name


def test_no_two_schemas_share_a_title() -> None:
    titles = Counter(schema.get("title") for schema in SCHEMAS.values())
    assert [title for title, number in titles.items() if number > 1] == []
    names = Counter(one.__name__ for one in structs() if one.__name__ in SCHEMAS)
    assert [name for name, number in names.items() if number > 1] == []


def test_every_default_fits_its_own_schema() -> None:
    for path, schema in parts(SCHEMAS):
        if "default" in schema and "/properties/" in path:
            assert not api_document.faults_by_jsonschema(schema, schema["default"]), path


def test_an_input_that_refuses_unknown_fields_says_so() -> None:
    refusing = {one.__name__ for one in structs() if one.__struct_config__.forbid_unknown_fields}
    for name, operation in operations():
        for kind, body in operation.get("requestBody", {}).get("content", {}).items():
            if kind == "application/json":
                used = re.findall(r"schemas/(\w+)", str(body))
                assert used, name
                for one in _with_what_they_name(used):
                    assert SCHEMAS[one].get("type") != "object" or one in refusing, f"{name} takes {one} with any field"
                    assert (SCHEMAS[one].get("additionalProperties") is False) == (one in refusing), one


def _with_what_they_name(names: list[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += re.findall(r"schemas/(\w+)", str(SCHEMAS[name]))
    return found


def test_what_needs_no_key_says_so_and_nothing_else_does() -> None:
    public = {route.key for route in routes() if route.is_public}
    assert {name for name, operation in operations() if operation.get("security") == []} == public & {n for n, _ in operations()}
    scopes = {scope.value for scope in KeyScope}
    for name, operation in operations():
        for asked in operation.get("security", ()):
            assert asked.keys() in ({"apiKey"}, {"session"}), name
            assert set(asked.get("apiKey", ())) <= scopes, name


def test_every_operation_says_what_it_does_and_how_it_refuses() -> None:
    tags = {tag["name"]: tag["description"] for tag in api_document.document()["tags"]}
    for name, operation in operations():
        assert operation["description"] != operation["summary"], name
        assert set(operation["tags"]) <= tags.keys(), name
        assert any(status.startswith("4") for status in operation["responses"]), name
        for parameter in operation.get("parameters", ()):
            if parameter["name"] == "If-Match":
                assert "409" in operation["responses"], name
                assert ("428" in operation["responses"]) == parameter["required"], name


def test_addresses_that_could_be_taken_for_one_another_differ_by_an_id_that_no_word_is() -> None:
    """Redocly calls `suppliers/imports/{id}` and `suppliers/{id}/use` ambiguous: "imports" is no UUID, so they are not."""
    paths = {path: item for path, item in api_document.document()["paths"].items() if "{" in path}
    for path, item in paths.items():
        for operation in (one for one in item.values() if isinstance(one, dict)):
            for parameter in operation["parameters"]:
                if parameter["in"] == "path":
                    assert parameter["schema"]["format"] == "uuid", path


async def test_the_judge_of_every_request_notices_what_is_not_described() -> None:
    """Each of these is a thing that the description does not say."""
    good = {"id": str(uuid4()), "kind": "school", "subject": None}
    of_schools = f"http://127.0.0.1:8000/api/v1/schools/{uuid4()}"
    for request, status, body in (
        (httpx.Request("GET", of_schools), 200, good),  # fields are missing
        (httpx.Request("GET", of_schools), 418, {}),  # no such status
        (httpx.Request("GET", of_schools), 404, {"detail": "no"}),  # no problem document
        (httpx.Request("GET", "http://127.0.0.1:8000/api/v1/pupils"), 200, {}),  # no such address
        (httpx.Request("POST", "http://127.0.0.1:8000/api/v1/blocks", json={"pupil": "1"}), 201, []),  # no such field
        (httpx.Request("POST", "http://127.0.0.1:8000/api/v1/blocks", json={"school": "one"}), 201, []),  # no id
        (httpx.Request("GET", "http://127.0.0.1:8000/api/v1/schools?limit=1000"), 404, {}),
    ):
        with pytest.raises(Untrue):
            await api_document.hold(httpx.Response(status, json=copy.deepcopy(body), request=request))
